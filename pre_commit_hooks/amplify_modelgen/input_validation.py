"""Validation of names, paths and documents that come from files.

Names and paths go into requests, messages, the lock file and onto the disk, so they must not
contain characters that forge a line there. Their types raise `ValueError` with what was expected;
`validate_document` adds the file and the key.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec

from .errors import ConfigError
from .text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

_T = TypeVar("_T")

MAX_TIMEOUT = 86_400.0
"""The largest timeout in seconds: a day."""

_ABSOLUTE_PATH = re.compile(r"[/~]|[A-Za-z]:")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_MAX_NAME_LENGTH = 255
_MAX_QUOTED_LENGTH = 80
_MESSAGE = re.compile(r"\A(.*?)(?: field `(.*?)`)?(?: - at `\$\.?(.*)`)?\Z", re.DOTALL)
_TYPE_NAMES = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "a boolean",
    "array": "a list",
    "object": "an object",
    "date": "a date",
    "datetime": "a date",
    "time": "a time",
}


def quote(value: object) -> str:
    """Return the `repr` of a value for a message, shortened to a line."""
    text = repr(value)
    if len(text) <= _MAX_QUOTED_LENGTH:
        return text
    return f"{text[: _MAX_QUOTED_LENGTH - 3]}..."


class Name(str):
    """The name of an app, an environment, a resource, a profile or a plugin."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the text."""
        is_plain = text.strip() == text and escape(text) == text
        is_part = text not in ("", ".", "..") and "/" not in text and "\\" not in text
        if not is_plain or not is_part or len(text) > _MAX_NAME_LENGTH:
            raise ValueError(f"expected a name (no slash), found {quote(text)}")
        return super().__new__(cls, text)


class Region(str):
    """An AWS region, which becomes part of a host name."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the text."""
        if not _REGION.match(text) or len(text) > _MAX_NAME_LENGTH:
            raise ValueError(f"expected a region such as 'us-east-1', found {quote(text)}")
        return super().__new__(cls, text)


class RelativePath(str):
    """A path relative to the root in normalized form: forward slashes, no `.` or `..`."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Normalize the text. Symbolic links are refused when the path is opened."""
        path = posixpath.normpath(text)
        parts = path.lower().split("/")
        is_plain = text and escape(text) == text and "\\" not in text
        if not is_plain or _ABSOLUTE_PATH.match(text) or parts[0] == ".." or ".git" in parts:
            expected = "expected a path below the root, with forward slashes, and not of .git"
            raise ValueError(f"{expected}, found {quote(text)}")
        return super().__new__(cls, path)


class Seconds(float):
    """A timeout in seconds, above 0 and up to `MAX_TIMEOUT`."""

    __slots__ = ()

    def __new__(cls, value: float | str) -> Self:
        """Check the number, or the text of one."""
        try:
            seconds = super().__new__(cls, value)
        except (ValueError, OverflowError):
            seconds = super().__new__(cls, 0)
        if not 0 < seconds <= MAX_TIMEOUT:
            expected = f"expected a number above 0 and up to {MAX_TIMEOUT:g}"
            raise ValueError(f"{expected}, found {quote(value)}")
        return seconds


JSON_SCHEMAS: dict[type, dict[str, Any]] = {
    Name: {"type": "string", "minLength": 1, "pattern": r"^[^/\\]+$"},
    Region: {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    RelativePath: {"type": "string", "minLength": 1, "pattern": r"^[^\\/~]"},
    Seconds: {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_TIMEOUT},
}
"""The types as editors check them."""


def suggest(word: str, known: Iterable[str], kind: str) -> str:
    """Return a hint for an unknown word: the closest known one, or all; `kind` is a plural."""
    from difflib import get_close_matches

    words = sorted(known)
    for match in get_close_matches(word, words, n=1):
        return f"did you mean '{match}'?"
    return f"known {kind}: {', '.join(words)}" if words else f"no {kind} are defined"


def validate_document(value: object, shape: type[_T], *, file: str, path: str = "") -> _T:
    """Return a decoded TOML or JSON value as a msgspec struct.

    `path` is the key of the value in the file.

    Raises:
        ConfigError: `FILE: key.path: expected ..., found ...`.
    """
    try:
        return msgspec.convert(value, shape, dec_hook=_convert)
    except msgspec.ValidationError as error:
        raise _config_error(str(error), shape, file, path) from error


def _convert(kind: type, value: object) -> object:
    """Convert a value to one of the types of this module, as the `dec_hook` of msgspec."""
    base: Any = int | float if issubclass(kind, float) else str
    try:
        return kind(msgspec.convert(value, base))
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error  # msgspec adds the place to this one only


def _config_error(text: str, shape: type, file: str, path: str) -> ConfigError:
    """Translate a message of msgspec, such as "Expected `str`, got `int` - at `$.a[0].b`"."""
    message, key, place = _MESSAGE.findall(text)[0]
    where = ".".join(filter(None, (path, place, quote(key)[1:-1]))).replace(".[", "[")
    hint = None
    if not key:
        message = f"{message[0].lower()}{message[1:].replace('`, got `', '`, found `')}"
        message = re.sub("`([^`]*)`", _describe_types, message)
    elif "missing" in message:
        message = "missing key"
    else:
        message, hint = "unknown key", suggest(key, _keys_at(shape, place), "keys")
    if file.endswith(".toml"):
        message = message.replace("an object", "a table")
    return ConfigError(": ".join(filter(None, (file, where, message))), hint=hint)


def _describe_types(types: re.Match[str]) -> str:
    names = types[1].split(" | ")
    implied = {"null"} if len(names) > 1 else set()
    if "float" in names:
        implied.add("int")
    *others, last = (_TYPE_NAMES.get(name, name) for name in names if name not in implied)
    return f"{', '.join(others)} or {last}" if others else last


def _keys_at(shape: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401 (a type expression)
    """Return the keys of the struct at a path such as `target[0].flags` of a struct."""
    for key in re.findall(r"[a-z-]+", place):
        fields = msgspec.structs.fields(shape)
        shape = next((field.type for field in fields if field.encode_name == key), shape)
        while get_args(shape):  # Annotated, a union or a list
            shape = get_args(shape)[0]
    return tuple(field.encode_name for field in msgspec.structs.fields(shape))
