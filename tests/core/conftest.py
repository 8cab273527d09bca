from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.pipeline import CONFIGURATION, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNPRIVILEGED = 65534


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, the working directory, with one target that was never generated."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "amplify-modelgen.toml").write_text(CONFIGURATION)
    (root / "blog.graphql").write_text(SCHEMA)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def unprivileged_directory() -> Iterator[Path]:
    """A directory of a user to whom permissions apply, also if the tests run as root."""
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name).resolve()
            return
        os.chown(name, _UNPRIVILEGED, _UNPRIVILEGED)
        os.setresuid(_UNPRIVILEGED, _UNPRIVILEGED, 0)
        try:
            yield Path(name).resolve()
        finally:
            os.setresuid(0, 0, 0)
