"""Typed reading of Amplify CLI's JSON files; every error names file, key and expectation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from amplify_modelgen import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MOST_BYTES = 20_000_000
_T = TypeVar("_T")
_KINDS = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    list: "a list",
    dict: "an object",
}


class Document:
    """An object of a JSON file: `file` is relative to the root, `place` the key of the object."""

    def __init__(self, file: str, values: Mapping[str, Any], place: str = "") -> None:
        self.file = file
        self.values = values
        self._place = place

    def error(self, key: str, expected: str) -> ConfigError:
        """Return the error for the value of `key`."""
        place = f"{self._place}.{key}" if self._place else key
        return ConfigError(f"{self.file}: {place}: {expected}")

    def get(self, key: str, kind: type[_T]) -> _T | None:
        """Return the value of `key`, None where it is absent or null."""
        value = self.values.get(key)
        if value is None or type(value) is kind:
            return value
        found = _KINDS.get(type(value), "something else")
        raise self.error(key, f"expected {_KINDS[kind]}, found {found}")

    def child(self, key: str) -> Document:
        """Return the object of `key`, an empty one where it is absent or null."""
        place = f"{self._place}.{key}" if self._place else key
        return Document(self.file, self.get(key, dict) or {}, place)

    def folded(self) -> Document:
        """Return the same object with its keys in lower case."""
        values = {key.lower(): value for key, value in self.values.items()}
        return Document(self.file, values, self._place)


def read_document(root: Path, file: str) -> Document:
    """Return the object in a JSON file, an empty one where there is no such file.

    Raises:
        ConfigError: it cannot be read, is not UTF-8, not JSON or not an object.
    """
    text = _read_text(root / file, file)
    if text is None:
        return Document(file, {})
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ConfigError(
            f"{file} is not JSON: {str(error)[:1].lower()}{str(error)[1:]}",
            hint="mend it, or get it back with 'git checkout' or 'amplify pull'",
        ) from error
    except RecursionError as error:
        raise ConfigError(f"{file} is not usable: it is nested too deeply") from error
    if not isinstance(value, dict):
        raise ConfigError(f"{file}: expected an object, found {_KINDS.get(type(value), 'null')}")
    return Document(file, value)


def _read_text(path: Path, file: str) -> str | None:
    try:
        # A pipe of that name would be waited for.
        if path.exists() and not path.is_file():
            raise ConfigError(f"{file} is not a file")
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
    if len(content) > _MOST_BYTES:
        raise ConfigError(f"{file} is larger than {_MOST_BYTES:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text", hint="save it as UTF-8") from error
