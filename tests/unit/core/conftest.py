from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOBODY = 65534


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """A folder of a user to whom permissions apply, also where the tests run as root."""
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name).resolve()
            return
        os.chown(name, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, 0)
        try:
            yield Path(name).resolve()
        finally:
            os.setresuid(0, 0, 0)
