"""Files that are there whole or not at all, wherever the user wants them: reports."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .paths import read_by_somebody

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a text to be (UTF-8, line feeds) that takes the place of `path` once it is complete.

    Where the body raises, what was at `path` stays. Folders on the way are made. A device or a
    pipe is written to as it is.

    Raises:
        OSError: it cannot be written; `strerror` says why.
    """
    _make_folder(path)
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", newline="\n", opener=read_by_somebody) as stream:
            yield stream
        return
    real = Path(os.path.realpath(path))
    beside = real.with_name(f".amplify-modelgen-{os.urandom(4).hex()}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            yield stream
        _adopt_mode(real, beside)
        beside.replace(real)
    finally:
        beside.unlink(missing_ok=True)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        file = next(each for each in path.parents if os.path.lexists(each) and not each.is_dir())
        raise NotADirectoryError(error.errno, f"{file} is not a folder") from error


def _adopt_mode(old: Path, new: Path) -> None:
    if old.exists():
        # A rename would replace a file that somebody protected, without asking.
        if not os.access(old, os.W_OK):
            raise PermissionError(13, "the file is read-only")
        new.chmod(old.stat().st_mode & 0o777)
