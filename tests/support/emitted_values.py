"""Strategies for objects of generated classes, from the tables of their modules."""

from __future__ import annotations

import datetime as dt
import enum
import json
from typing import Any

from hypothesis import strategies as st

_OFFSETS = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))
)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _NUMBERS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "_TEXT": st.text(max_size=8),
    "_INTEGER": st.integers(-(2**31), 2**31 - 1),
    "_BOOLEAN": st.booleans(),
    "_FLOAT": _NUMBERS,
    "_DATE": st.dates(),
    "_TIME": st.times(timezones=st.none() | _OFFSETS),
    "_DATETIME": st.datetimes(
        min_value=dt.datetime(1900, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
        max_value=dt.datetime(2200, 1, 1),  # noqa: DTZ001 (the same)
        timezones=_OFFSETS,
    ),
    "_JSON": _JSON,
}


def objects(module: Any, model: Any, depth: int = 1) -> st.SearchStrategy[Any]:
    """Objects of a class of `module`; relations and custom types are at most `depth` deep.

    Empty if a type requires itself.
    """
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for field in module._FIELDS[model]:
        strategies = required if field.required else optional
        strategies[field.attribute] = _values(module, field, depth)
    if any(strategy.is_empty for strategy in required.values()):
        return st.nothing()
    possible = {name: values for name, values in optional.items() if not values.is_empty}
    return st.fixed_dictionaries(required, optional=possible).map(lambda values: model(**values))


def _values(module: Any, field: Any, depth: int) -> st.SearchStrategy[Any]:
    items = _items(module, field.kind, depth)
    if field.many:
        item = items if field.items_required else st.none() | items
        items = st.just([]) if item.is_empty else st.lists(item, max_size=2)
        for is_required in reversed(field.inner_required):
            items = st.lists(items if is_required else st.none() | items, max_size=2)
    return items if field.required else st.none() | items


def _items(module: Any, kind: Any, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(kind, module._Scalar):
        names = [name for name in _SCALARS if getattr(module, name) is kind]
        return _SCALARS[names[0]]
    if issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind)) if list(kind) else st.nothing()
    return objects(module, kind, depth - 1) if depth else st.nothing()


def without_relations(module: Any, model: Any, value: Any) -> Any:
    """The object without relations at any depth, as DynamoDB stores it."""
    stored = {}
    for field in module._FIELDS[model]:
        item = (
            value.get(field.json_name)
            if isinstance(value, dict)
            else getattr(value, field.attribute)
        )
        if not field.related and (item is not None or field.required):
            stored[field.attribute] = _stripped(module, field.kind, item)
    return model(**stored)


def _stripped(module: Any, kind: Any, value: Any) -> Any:
    if kind not in module._FIELDS:
        return value
    if isinstance(value, list):
        return [_stripped(module, kind, item) for item in value]
    if value is None:
        return None
    return without_relations(module, kind, value)


def through_json(value: Any) -> Any:
    """The value after it was encoded as JSON and decoded."""
    return json.loads(json.dumps(value, allow_nan=False))
