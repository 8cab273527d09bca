"""Compile Java files with stubs of Amplify's libraries; many cases in one call of javac."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_STUBS = Path(__file__).with_name("stubs")
_PACKAGE = "package com.amplifyframework.datastore.generated.model;"
_MAX_ERRORS = "100000"


class MissingCompilerError(Exception):
    """There is no javac on PATH."""


def compile_cases(cases: Mapping[str, Mapping[str, str]], directory: Path) -> dict[str, str]:
    """Compile the files of each case, in a separate package; return the first errors by case.

    `cases` has the texts of the files by name. Cases without errors are not in the result.
    """
    if shutil.which("javac") is None:
        raise MissingCompilerError("javac is not on PATH")
    packages = {name: f"case{number}" for number, name in enumerate(cases)}
    for name, package in packages.items():
        package_directory = directory / package
        package_directory.mkdir(parents=True)
        for file, text in cases[name].items():
            (package_directory / file).write_text(text.replace(_PACKAGE, f"package {package};"))
    errors: dict[str, str] = {}
    # Without the cases that do not parse, javac reports the other errors, and then the next ones.
    while True:
        remaining = {packages[name]: name for name in cases if name not in errors}
        found = _compile(directory, remaining)
        if not found:
            return errors
        errors |= found


def _compile(directory: Path, cases: Mapping[str, str]) -> dict[str, str]:
    files = [file for package in cases for file in sorted((directory / package).glob("*.java"))]
    listing = directory / "files"
    listing.write_text("\n".join(map(str, [*sorted(_STUBS.rglob("*.java")), *files])))
    command = ["javac", "-proc:none", "-Xmaxerrs", _MAX_ERRORS, "-d", str(directory / "classes")]
    done = subprocess.run(
        [*command, f"@{listing}"], check=False, capture_output=True, text=True, timeout=600
    )
    errors: dict[str, str] = {}
    for match in re.finditer(r"/(case\d+)/(\S+:\d+: error: .*)", done.stderr):
        errors.setdefault(cases[match[1]], match[2])
    assert bool(errors) == bool(done.returncode), done.stderr[-3000:]
    return errors
