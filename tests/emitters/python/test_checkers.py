"""The module of every recorded schema, checked by type checkers, formatter and linter."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STYLES = ("dataclass", "pydantic", "typeddict")


@pytest.fixture(scope="module", params=STYLES)
def directory(request: pytest.FixtureRequest, modules: Callable[[str], Path]) -> Path:
    """All modules of one style."""
    return modules(request.param)


@pytest.fixture(scope="module")
def pyright_output(directory: Path, judge: Callable[[str], None]) -> str:
    # In a fixture of the module, before the caches are redirected: pyright downloads itself.
    judge("pyright")
    settings = {"typeCheckingMode": "strict"}
    (directory / "pyrightconfig.json").write_text(json.dumps(settings))
    return run("pyright", "--pythonpath", sys.executable, cwd=directory)


def run(module: str, *arguments: str, cwd: Path) -> str:
    """Return the output of a tool, which must not find anything."""
    command = [sys.executable, "-m", module, *arguments]
    result = subprocess.run(command, cwd=cwd, capture_output=True, check=False, encoding="utf-8")
    assert result.returncode == 0, (result.stdout + result.stderr)[-3000:]
    return result.stdout


def test_mypy_accepts_all(directory: Path, judge: Callable[[str], None], tmp_path: Path) -> None:
    judge("mypy")
    files = sorted(path.name for path in directory.glob("*.py"))
    defaults = f"--config-file={tmp_path / 'none.ini'}"
    (tmp_path / "none.ini").write_text("[mypy]\n")
    output = run("mypy", "--strict", defaults, f"--cache-dir={tmp_path}", *files, cwd=directory)
    assert f"no issues found in {len(files)} source files" in output
    assert len(files) > 300


def test_pyright_accepts_all(pyright_output: str) -> None:
    assert "0 errors, 0 warnings" in pyright_output


def test_ruff_formats_none(directory: Path, judge: Callable[[str], None]) -> None:
    judge("ruff")
    run("ruff", "format", "--isolated", "--check", ".", cwd=directory)


# The rules of today and of an earlier version of ruff.
@pytest.mark.parametrize("rules", [[], ["--select", "E4,E7,E9,F"]], ids=["today", "before"])
def test_ruff_finds_nothing(
    directory: Path, judge: Callable[[str], None], rules: list[str]
) -> None:
    judge("ruff")
    run("ruff", "check", "--isolated", *rules, ".", cwd=directory)


def test_python_imports_all_without_a_warning(directory: Path) -> None:
    names = ", ".join(sorted(path.stem for path in directory.glob("*.py")))
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import {names}"],
        cwd=directory,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert result.stderr == ""
