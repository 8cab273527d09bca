from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emitters.npm import MissingPeerError
from emitters.swift.compiler import SwiftCompiler, install
from emitters.syntax import SyntaxChecker

if TYPE_CHECKING:
    from collections.abc import Callable

Judge = SwiftCompiler | SyntaxChecker


@pytest.fixture(scope="session")
def installed_judge(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judge, str]:
    """The compiler, or a parser where it cannot be had, and the line that says which."""
    try:
        compiler = install(tmp_path_factory.mktemp("modules"))
    except MissingPeerError as error:
        return SyntaxChecker("swift"), f"swift: tree-sitter, because {error}"
    version = compiler.run("-version").stdout.splitlines()[0]
    return compiler, f"swift: compiled with {version}"


@pytest.fixture
def judge(
    installed_judge: tuple[Judge, str], record_property: Callable[[str, object], None]
) -> Judge:
    record_property("judge", installed_judge[1])
    return installed_judge[0]
