from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY = Path("/dev/shm")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A directory in memory if there is one, because hundreds of runs write to it."""
    if not _IN_MEMORY.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=_IN_MEMORY) as directory:
        yield Path(directory).resolve()


@pytest.fixture(autouse=True)
def no_user_files(fake_aws: None, foreign_git: None, environment: pytest.MonkeyPatch) -> None:
    """Name configuration files that do not exist, so that no test depends on `/dev/null`."""
    del fake_aws, foreign_git
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "GIT_CONFIG_GLOBAL"):
        environment.setenv(name, "/nonexistent/configuration")
