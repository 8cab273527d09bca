from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The directory of a repository, which the first commit creates."""
    root = tmp_path / "repository"
    root.mkdir()
    return root
