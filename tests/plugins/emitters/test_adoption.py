"""Projects whose models Amplify CLI wrote: what is up to date stays as it is, also reformatted."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from conformance.javascript_files import RECORDED
from conformance.profiles import PROFILES
from support.pipeline import run_check, run_generate, snapshot

if TYPE_CHECKING:
    from pathlib import Path

# A push by version 1 refuses the directives of the recorded schema; the models do not depend on it.
CONFIGURATION = """\
[lint]
ignore = ["newer-directive"]
[[target]]
resource = "shop"
schema = "schema.graphql"
outputs = [{{ emitter = "javascript", path = "models" }}]
[target.flags]
transformer-version = {version}
respect-primary-key-attributes-on-connection-field = {respect}
use-experimental-pipelined-transformer = {pipelined}
add-timestamp-fields = {timestamps}
"""
LICENSE = "/* eslint-disable */\n// Copyright Example\n\n"


def project(root: Path, profile: str) -> Path:
    """Create a project with the files of Amplify CLI."""
    flags = PROFILES[profile]
    respect = flags.respect_primary_key_attributes_on_connection_field
    values = {
        "version": flags.transformer_version,
        "respect": respect,
        "pipelined": flags.use_experimental_pipelined_transformer,
        "timestamps": flags.add_timestamp_fields,
    }
    shutil.copy(RECORDED / "schema.graphql", root)
    shutil.copytree(RECORDED / profile, root / "models")
    text = {name: str(value).lower() for name, value in values.items()}
    (root / "amplify-modelgen.toml").write_text(CONFIGURATION.format(**text))
    return root


@pytest.mark.parametrize("profile", PROFILES)
def test_files_of_amplify_are_up_to_date(tmp_path: Path, profile: str) -> None:
    root = project(tmp_path, profile)
    before = snapshot(root)
    assert run_check(root).exit_code == 0
    assert run_generate(root).exit_code == 0
    assert snapshot(root) == before


def test_hooks_that_fix_whitespace_and_licences_do_not_matter(tmp_path: Path) -> None:
    root = project(tmp_path, "new-project")
    for path in (root / "models").iterdir():
        text = LICENSE + path.read_text().replace("\n\n\n", "\n\n") + "\n"
        path.write_bytes(text.replace("\n", "\r\n").encode())
    assert run_check(root).exit_code == 0


def test_files_for_other_flags_are_replaced(tmp_path: Path) -> None:
    root = project(tmp_path, "respect-false")
    shutil.rmtree(root / "models")
    shutil.copytree(RECORDED / "timestamps-off", root / "models")
    report = run_generate(root)
    (outcome,) = report.outcomes
    assert {file.path: file.action for file in outcome.files} == {
        "models/index.js": "unchanged",
        "models/index.d.ts": "changed",
        "models/schema.js": "changed",
        "models/schema.d.ts": "unchanged",
    }
    assert run_check(root).exit_code == 0


def test_a_module_with_other_content_is_a_conflict(tmp_path: Path) -> None:
    root = project(tmp_path, "new-project")
    index = root / "models/index.js"
    mine = f"{index.read_text()}\nexport const cart = [];\n"
    index.write_text(mine)
    (outcome,) = run_generate(root).outcomes
    assert (outcome.status, outcome.exit_code) == ("failed", 3)
    assert "models/index.js" in outcome.reason
    assert index.read_text() == mine
