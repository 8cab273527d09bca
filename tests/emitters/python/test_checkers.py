"""Every recorded schema's module, as type checkers, formatter and linter see it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STYLES = ("dataclass", "pydantic", "typeddict")


@pytest.fixture(scope="module", params=STYLES)
def folder(request: pytest.FixtureRequest, modules: Callable[[str], Path]) -> Path:
    """All modules of one style."""
    return modules(request.param)


@pytest.fixture(scope="module")
def pyright_says(folder: Path, judge: Callable[[str], None]) -> str:
    # For all tests at once, and before the caches are put elsewhere: it fetches itself.
    judge("pyright")
    return run("pyright", "--pythonpath", sys.executable, cwd=folder)


def run(module: str, *arguments: str, cwd: Path) -> str:
    """Return what a tool says, which must find nothing to complain of."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def test_mypy_accepts_all(folder: Path, judge: Callable[[str], None], tmp_path: Path) -> None:
    judge("mypy")
    files = sorted(path.name for path in folder.glob("*.py"))
    nothing = f"--config-file={tmp_path / 'none.ini'}"
    (tmp_path / "none.ini").write_text("[mypy]\n")
    said = run("mypy", "--strict", nothing, f"--cache-dir={tmp_path}", *files, cwd=folder)
    assert f"no issues found in {len(files)} source files" in said
    assert len(files) > 300


def test_pyright_accepts_all(pyright_says: str) -> None:
    assert "0 errors, 0 warnings" in pyright_says


def test_ruff_would_format_none(folder: Path, judge: Callable[[str], None]) -> None:
    judge("ruff")
    run("ruff", "format", "--isolated", "--check", ".", cwd=folder)


# The default rules grew; a project may have a ruff of before or after.
@pytest.mark.parametrize("rules", [[], ["--select", "E4,E7,E9,F"]], ids=["today", "before"])
def test_ruff_complains_of_none(
    folder: Path, judge: Callable[[str], None], rules: list[str]
) -> None:
    judge("ruff")
    run("ruff", "check", "--isolated", *rules, ".", cwd=folder)


def test_python_imports_all_without_a_warning(folder: Path) -> None:
    names = ", ".join(sorted(path.stem for path in folder.glob("*.py")))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import {names}"],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.stderr == ""
