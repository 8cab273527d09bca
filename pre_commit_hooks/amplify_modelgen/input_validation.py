"""Validation of names, paths and documents that come from files.

Names and paths go into requests, messages, the lock file and onto the disk, so they must not
contain characters that forge a line there. A check raises `ValueError` with what was expected;
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
    from collections.abc import Callable, Iterable

_T = TypeVar("_T")

MAX_TIMEOUT = 86_400.0
"""The largest timeout in seconds: a day."""

_ABSOLUTE_PATH = re.compile(r"[/~]|[A-Za-z]:")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_MAX_NAME_LENGTH = 255
_MAX_QUOTED_LENGTH = 80
_TYPE_NAMES = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "a boolean",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "date": "a date or time",
    "time": "a date or time",
    "datetime": "a date or time",
}
_JSON_TYPES: dict[type, str] = {list: "array", dict: "object"}


class Name(str):
    """The name of an app, an environment, a resource, a profile, a backend or an emitter."""

    __slots__ = ()


class Region(str):
    """An AWS region, which becomes part of a host name."""

    __slots__ = ()


class RelativePath(str):
    """A path below the root, normalized."""

    __slots__ = ()


class Seconds(float):
    """A timeout in seconds, above 0 and up to `MAX_TIMEOUT`."""

    __slots__ = ()


def quote(value: object) -> str:
    """Return the `repr` of a value for a message, shortened to a line."""
    text = repr(value)
    if len(text) <= _MAX_QUOTED_LENGTH:
        return text
    return f"{text[: _MAX_QUOTED_LENGTH - 3]}..."


def check_name(text: str) -> str:
    """Return `text` if it is a valid name; see `Name`."""
    is_plain = text.strip() == text and escape(text) == text
    if not text or not is_plain or text in (".", "..") or len(text) > _MAX_NAME_LENGTH:
        raise ValueError(f"expected a name, found {quote(text)}")
    if "/" in text or "\\" in text:
        raise ValueError(f"expected a name without slashes, found {quote(text)}")
    return text


def check_region(text: str) -> str:
    """Return `text` if it has the form of an AWS region."""
    if not _REGION.match(text) or len(text) > _MAX_NAME_LENGTH:
        raise ValueError(f"expected a region such as 'us-east-1', found {quote(text)}")
    return text


def check_path(text: str) -> str:
    """Return a path relative to the root in normalized form: forward slashes, no `.` or `..`.

    Only the text is checked. Symbolic links are refused when the path is opened.
    """
    if not text or escape(text) != text:
        raise ValueError(f"expected a path, found {quote(text)}")
    if "\\" in text:
        raise ValueError(f"expected a path with forward slashes, found {quote(text)}")
    if _ABSOLUTE_PATH.match(text):
        raise ValueError(f"expected a path relative to the root, found {quote(text)}")
    path = posixpath.normpath(text)
    if path.split("/")[0] == "..":
        raise ValueError(f"expected a path below the root, found {quote(text)}")
    if ".git" in path.lower().split("/"):
        raise ValueError(f"expected a path outside the .git directory, found {quote(text)}")
    return path


def check_timeout(value: float) -> float:
    """Return a number of seconds above 0 and up to `MAX_TIMEOUT`."""
    if not 0 < value <= MAX_TIMEOUT:
        expected = f"expected a number above 0 and up to {MAX_TIMEOUT:g}"
        raise ValueError(f"{expected}, found {quote(value)}")
    return float(value)


def suggest(word: str, known: Iterable[str], kind: str) -> str:
    """Return a hint for an unknown word: the closest known one, or all; `kind` is a plural."""
    from difflib import get_close_matches

    words = sorted(known)
    matches = get_close_matches(word, words, n=1)
    if matches:
        return f"did you mean '{matches[0]}'?"
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
    if kind is Seconds:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"expected a number, found {_describe(value)}")
        return Seconds(check_timeout(value))
    if not isinstance(value, str):
        raise ValueError(f"expected a string, found {_describe(value)}")  # noqa: TRY004 (msgspec)
    return kind(_STRING_CHECKS[kind](value))


_STRING_CHECKS: dict[type, Callable[[str], str]] = {
    Name: check_name,
    Region: check_region,
    RelativePath: check_path,
}


def _describe(value: object) -> str:
    kind = type(value)
    return _type_name(_JSON_TYPES.get(kind, "null" if value is None else kind.__name__))


def _type_name(name: str) -> str:
    return _TYPE_NAMES.get(name.removesuffix(" | null"), "another type")


def _config_error(text: str, shape: type, file: str, path: str) -> ConfigError:
    """Translate a message of msgspec, such as "Expected `str`, got `int` - at `$.a[0].b`"."""
    message, has_place, place = text.rpartition(" - at `$")
    if not has_place:
        message, place = text, ""
    place = place.removesuffix("`").lstrip(".")
    prefix = f"{path}.{place}" if path and place else path or place
    words = message.split("`")
    if message.startswith("Object contains unknown field"):
        key = message.partition("`")[2].removesuffix("`")
        where = _join(prefix, quote(key)[1:-1])
        hint = suggest(key, _keys_at(shape, place), "keys")
        return ConfigError(f"{file}: {where}: unknown key", hint=hint)
    if message.startswith("Object missing required field"):
        # All required keys are strings.
        return ConfigError(f"{file}: {_join(prefix, words[1])}: expected a string, found nothing")
    if message.startswith("Expected `"):
        message = f"expected {_type_name(words[1])}, found {_type_name(words[3])}"
    if file.endswith(".toml"):
        message = message.replace("an object", "a table")
    return ConfigError(f"{file}: {prefix}: {message}" if prefix else f"{file}: {message}")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _keys_at(shape: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401 (a type expression)
    """Return the keys of the struct at a path such as `target[0].flags` of a struct."""
    for key in re.sub(r"\[[^]]*\]", "", place).split(".") if place else ():
        types = [field.type for field in msgspec.structs.fields(shape) if field.encode_name == key]
        shape = next((each for each in _nested_types(types) if _is_struct(each)), None)
        if shape is None:
            return ()
    return tuple(field.encode_name for field in msgspec.structs.fields(shape))


def _nested_types(types: Iterable[Any]) -> list[Any]:
    return [each for kind in types for each in (kind, *_nested_types(get_args(kind)))]


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
