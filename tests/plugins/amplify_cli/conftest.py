from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNPRIVILEGED = 65534


@pytest.fixture
def unprivileged_directory() -> Iterator[Path]:
    """A directory of a user whom permissions apply to, even if the tests run as root."""
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
