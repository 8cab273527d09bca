"""Values for the classes of generated modules, as the modules' own tables describe them."""

from __future__ import annotations

import datetime as dt
import enum
import json
from typing import Any

from hypothesis import strategies as st

_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda each: dt.timezone(dt.timedelta(minutes=each)))
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

    Empty where a type needs itself.
    """
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for field in module._FIELDS[model]:
        home = required if field.required else optional
        home[field.attribute] = _values(module, field, depth)
    if any(each.is_empty for each in required.values()):
        return st.nothing()
    given = {name: each for name, each in optional.items() if not each.is_empty}
    return st.fixed_dictionaries(required, optional=given).map(lambda values: model(**values))


def _values(module: Any, field: Any, depth: int) -> st.SearchStrategy[Any]:
    items = _items(module, field.kind, depth)
    if field.many:
        whole = items if field.items_required else st.none() | items
        items = st.just([]) if whole.is_empty else st.lists(whole, max_size=2)
    return items if field.required else st.none() | items


def _items(module: Any, kind: Any, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(kind, module._Scalar):
        names = [name for name in _SCALARS if getattr(module, name) is kind]
        return _SCALARS[names[0]]
    if issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind)) if list(kind) else st.nothing()
    return objects(module, kind, depth - 1) if depth else st.nothing()


def without_relations(module: Any, model: Any, value: Any) -> Any:
    """What is left of an object once DynamoDB has stored it: no relation, at any depth."""
    kept = {}
    for field in module._FIELDS[model]:
        given = (
            value.get(field.wire) if isinstance(value, dict) else getattr(value, field.attribute)
        )
        if not field.related and (given is not None or field.required):
            kept[field.attribute] = _stripped(module, field.kind, given)
    return model(**kept)


def _stripped(module: Any, kind: Any, given: Any) -> Any:
    if kind not in module._FIELDS:
        return given
    if isinstance(given, list):
        return [None if each is None else without_relations(module, kind, each) for each in given]
    return without_relations(module, kind, given)


def wired(value: Any) -> Any:
    """What arrives of JSON that was sent."""
    return json.loads(json.dumps(value, allow_nan=False))
