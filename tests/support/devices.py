"""Devices of a test's own: a defect must not replace one of the system."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def make_device(path: Path) -> Path:
    """Make a device like `/dev/null`; skip the test if the user must not."""
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    except (PermissionError, AttributeError):
        pytest.skip("only root makes devices")
    return path
