"""Amplify's files are recognized after Prettier has formatted them in any of its styles."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen_plugins.emitters import javascript
from conformance.javascript_files import RECORDED, recorded
from conformance.profiles import PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from emitters.javascript.workspace import Workspace

pytestmark = pytest.mark.node

STYLES = {
    "default": [],
    "standard": ["--no-semi", "--single-quote", "--trailing-comma=none"],
    "wide": ["--print-width=200", "--use-tabs", "--quote-props=consistent", "--tab-width=4"],
    "narrow": ["--print-width=40", "--single-quote", "--no-bracket-spacing", "--end-of-line=crlf"],
}


@pytest.mark.parametrize("style", STYLES)
def test_formatted_files_are_recognized(
    make_workspace: Callable[[str], Workspace], style: str
) -> None:
    workspace = make_workspace(style)
    for profile in PROFILES:
        shutil.copytree(RECORDED / profile, workspace.root / profile)
    workspace.prettier([*PROFILES], STYLES[style])
    for profile in PROFILES:
        for name, text in recorded(profile).items():
            content = (workspace.root / profile / name).read_bytes()
            assert name == "schema.d.ts" or content != text.encode()
            assert javascript.recognizes(f"src/models/{name}", content), (profile, name)
            assert not javascript.recognizes(f"src/{name}", content + b"\nrun();\n")
