"""Typed reading of a TOML table that knows its place: every error names file, key and wish."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.records import Source

from . import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_T = TypeVar("_T")
_KINDS = {
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "a table",
}


class Table:
    """A table of the configuration file `file`, found there under `place` (empty at the top)."""

    def __init__(self, file: str, place: str, values: Mapping[str, object]) -> None:
        self.file = file
        self._place = place
        self._values = values

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        return key in self._values

    def error(self, key: str, expected: str) -> ConfigError:
        """Return the error for the value of `key`."""
        return ConfigError(f"{self.file}: {self.place(key)}: {expected}")

    def place(self, key: str) -> str:
        """Return the full name of a key: `target[1].outputs[0].path`."""
        return f"{self._place}.{key}" if self._place else key

    def allow(self, known: Collection[str]) -> None:
        """Refuse every key that is not known."""
        for key in self._values:
            if key not in known:
                where = self.place(checks.shown(key)[1:-1])
                raise ConfigError(
                    f"{self.file}: {where}: nobody knows this key",
                    hint=checks.did_you_mean(key, known),
                )

    def others(self, known: Collection[str]) -> dict[str, object]:
        """Return what is in the table besides the known keys."""
        return {key: value for key, value in self._values.items() if key not in known}

    def text(self, key: str, check: Callable[[str], str] = checks.name) -> str | None:
        """Return a string that passes `check`, or None where it is absent."""
        value = self._typed(key, str)
        return None if value is None else self._checked(key, check, value)

    def texts(self, key: str, check: Callable[[str], str] = checks.name) -> tuple[str, ...] | None:
        """Return a list of strings that pass `check`, or None where it is absent."""
        values = self._typed(key, list)
        if values is None:
            return None
        items = Table(self.file, "", {f"{self.place(key)}[{i}]": v for i, v in enumerate(values)})
        return tuple(items.required(place, check) for place in items._values)

    def required(self, key: str, check: Callable[[str], str] = checks.name) -> str:
        """Return a string that passes `check` and has to be there."""
        value = self.text(key, check)
        if value is None:
            raise self.error(key, "expected a string, found nothing")
        return value

    def switch(self, key: str) -> bool | None:
        """Return a boolean, or None where it is absent."""
        return self._typed(key, bool)

    def integer(self, key: str) -> int | None:
        """Return an integer, or None where it is absent."""
        return self._typed(key, int)

    def number(self, key: str, most: float) -> float | None:
        """Return a number above 0 and up to `most`, or None where it is absent."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, f"expected a number, found {_kind(value)}")
        return self._checked(key, lambda given: positive(given, most), value)

    def table(self, key: str) -> Table:
        """Return a table, an empty one where it is absent."""
        return Table(self.file, self.place(key), self._typed(key, dict) or {})

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return a list of tables, an empty one where it is absent."""
        values = self._typed(key, list) or []
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.error(f"{key}[{index}]", f"expected a table, found {_kind(value)}")
        return tuple(
            Table(self.file, f"{self.place(key)}[{index}]", value)
            for index, value in enumerate(values)
        )

    def sources(self, keys: Collection[str], prefix: str = "") -> tuple[Source, ...]:
        """Return where each of `keys` came from, as far as the table has it."""
        return tuple(
            Source(key=f"{prefix}{key}", value=as_text(self._values[key]), origin=self.file)
            for key in keys
            if key in self._values
        )

    def _typed(self, key: str, kind: type[_T]) -> _T | None:
        value = self._values.get(key)
        if value is None or type(value) is kind:
            return value
        raise self.error(key, f"expected {_KINDS[kind]}, found {_kind(value)}")

    def _checked(self, key: str, check: Callable[[_T], _T], value: _T) -> _T:
        try:
            return check(value)
        except ValueError as error:
            raise self.error(key, str(error)) from error


def positive(value: float, most: float) -> float:
    """Return a number above 0 and up to `most`; raise `ValueError` for any other."""
    if not 0 < value <= most:
        raise ValueError(f"expected a number above 0 and up to {most:g}, not {checks.shown(value)}")
    return float(value)


def as_text(value: object) -> str:
    """Return a value as people would write it, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(as_text(item) for item in value)
    return str(value)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a date or time")
