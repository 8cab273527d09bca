"""Read untyped JSON. An invalid value is an error that names its place in the document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from amplify_modelgen.errors import ModelgenError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

T = TypeVar("T")

_HINT = "regenerate the document, or compare the schemas themselves"
_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    str: "text",
    list: "a list",
    dict: "an object",
}


class JsonObject:
    """An object of a document; `path` is its place there. A member that is null is absent.

    Raises:
        ModelgenError: the value is not an object. The methods raise it for an invalid member.
    """

    def __init__(self, value: object, path: str) -> None:
        self.path = path
        self.members: dict[str, Any] = {} if value is None else _check(value, dict, path)

    def get(self, key: str, kind: type[T]) -> T | None:
        """Return a member of a kind, None if it is absent."""
        value = self.members.get(key)
        return None if value is None else _check(value, kind, self._path(key))

    def string(self, key: str, default: str | None = None) -> str:
        """Return a text, which must not be absent without a default."""
        return _check(self.members.get(key, default), str, self._path(key))

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list with one item."""
        value = self.members.get(key)
        items = [value] if isinstance(value, str) else self.get(key, list) or ()
        path = self._path(key)
        return tuple(_check(item, str, f"{path}[{index}]") for index, item in enumerate(items))

    def child(self, key: str) -> JsonObject:
        """Return an object, which is empty if it is absent."""
        return JsonObject(self.members.get(key), self._path(key))

    def children(self, key: str) -> dict[str, JsonObject]:
        """Return the objects in an object, by their names."""
        members = self.child(key)
        return {name: members.child(name) for name in members.members}

    def listed(self, key: str) -> Iterator[JsonObject]:
        """Yield the objects in a list."""
        for index, item in enumerate(self.get(key, list) or ()):
            yield JsonObject(item, f"{self._path(key)}[{index}]")

    def unknown(self, known: Collection[str], defaults: Mapping[str, object] | None = None) -> str:
        """Return the members that are not `known` as canonical JSON; empty if there are none.

        A member that has its default value does not count.
        """
        defaults = defaults or {}
        unknown = {
            name: item
            for name, item in self.members.items()
            if name not in known and not (name in defaults and defaults[name] == item)
        }
        return canonical_json(unknown) if unknown else ""

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def canonical_json(value: object) -> str:
    """Return JSON text that is equal for values that differ only in the order of keys.

    Raises:
        ModelgenError: it is nested too deeply.
    """
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    except RecursionError as error:
        raise ModelgenError("the document is nested too deeply", hint=_HINT) from error


def _check(value: object, kind: type[T], path: str) -> T:
    if isinstance(value, kind):
        return value
    found = _KINDS.get(type(value), "a number")
    raise ModelgenError(
        f"{path or 'the document'}: expected {_KINDS[kind]}, found {found}", hint=_HINT
    )
