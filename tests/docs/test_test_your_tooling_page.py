"""docs/test-your-tooling.md: its sample runs as a user would run it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from support.pages import DOCS, blocks

if TYPE_CHECKING:
    from pathlib import Path

FORBIDDEN = ("amplify_modelgen.plugin", "amplify_modelgen_plugins.serve.server", "boto3", "msgspec")


def _pytest(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def test_the_sample_passes(tmp_path: Path) -> None:
    [sample] = blocks(DOCS / "test-your-tooling.md", "python")
    (tmp_path / "test_sample.py").write_text(sample, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    done = _pytest(tmp_path)
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_pytest_imports_no_library_for_the_fixtures(tmp_path: Path) -> None:
    check = f"assert not [name for name in {FORBIDDEN!r} if name in sys.modules]"
    code = (
        f"import sys\nimport amplify_modelgen_plugins.serve\n\n\ndef test() -> None:\n    {check}\n"
    )
    (tmp_path / "test_modules.py").write_text(code)
    done = _pytest(tmp_path, "-p", "no:xdist")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_the_fixtures_are_listed_with_their_documentation(tmp_path: Path) -> None:
    done = _pytest(tmp_path, "--fixtures")
    assert "amplify_backend" in done.stdout
    assert "Return a boto3 client that is connected to the emulated API" in done.stdout
