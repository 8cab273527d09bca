"""What a name, a path or a text file has to be like before anything else looks at it.

Names and paths come from files that others wrote, and go into requests, messages, the lock and
onto the disk, so no character may be in them that could forge a line there. Each check raises
`ValueError` with what was expected; its caller knows the place.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_BYTES = 20_000_000
"""The size of the largest file that is read; AppSync itself takes schemas of 1 MB."""

_ABSOLUTE = re.compile(r"[/~]|[A-Za-z]:")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_MOST_NAME = 255
_MOST_SHOWN = 80


def shown(value: object) -> str:
    """Return a value for a message: quoted where it is text, and never longer than a line."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def name(text: str) -> str:
    """Return `text` if it can name an app, an environment, a resource, a profile or an emitter."""
    plain = text.strip() == text and printable(text) == text
    if not text or not plain or text in (".", "..") or len(text) > _MOST_NAME:
        raise ValueError(f"expected a name, not {shown(text)}")
    if "/" in text or "\\" in text:
        raise ValueError(f"expected a name without slashes, not {shown(text)}")
    return text


def region(text: str) -> str:
    """Return `text` if it can be an AWS region: it becomes a part of a host name."""
    if not _REGION.match(text) or len(text) > _MOST_NAME:
        raise ValueError(f"expected a region such as 'us-east-1', not {shown(text)}")
    return text


def path_below(root: Path, text: str) -> str:
    """Return a path relative to `root` in its one spelling: forward slashes, no `.` or `..`.

    It need not exist. Symbolic links on its way must not leave the root.
    """
    if not text or printable(text) != text:
        raise ValueError(f"expected a path, not {shown(text)}")
    if "\\" in text:
        raise ValueError(f"expected a path with forward slashes, not {shown(text)}")
    if _ABSOLUTE.match(text):
        raise ValueError(f"expected a path relative to the root, not {shown(text)}")
    path = posixpath.normpath(text)
    if path.split("/")[0] == ".." or not _stays_below(root, path):
        raise ValueError(f"expected a path below the root, and {shown(text)} is outside it")
    if ".git" in path.lower().split("/"):
        raise ValueError(f"expected a path outside git's own folder, not {shown(text)}")
    return path


def _stays_below(root: Path, path: str) -> bool:
    return Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root))


def label(app_id: str, resource: str, environment: str) -> str:
    """Return `app/resource@environment`, less what is empty."""
    before = f"{app_id}/" if app_id else ""
    after = f"@{environment}" if environment else ""
    return f"{before}{resource}{after}"


def read_text(path: Path, relative: str, *, most: int = MOST_BYTES) -> str:
    """Return the text of a UTF-8 file: no byte-order mark, every line end a single line feed.

    `relative` is how messages call the file, `most` the largest size in bytes.

    Raises:
        ConfigError: there is no such file, or nobody can read it as text.
    """
    content = _read_bytes(path, relative, most)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{relative} is not UTF-8 text: byte {error.start + 1} is 0x{content[error.start]:02x}",
            hint="save the file as UTF-8",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_bytes(path: Path, relative: str, most: int) -> bytes:
    try:
        # A pipe or a device of that name would be waited for.
        if not stat.S_ISREG(path.stat().st_mode):
            raise ConfigError(f"{relative} is not a file", hint="put a plain file there")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"cannot read {relative}: {reason}") from error
    if len(content) > most:
        raise ConfigError(f"{relative} is larger than {most:,} bytes")
    return content


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint for a word that nobody knows: the nearest known one, or all of them."""
    from difflib import get_close_matches

    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known are: {', '.join(words)}" if words else "there are none"
