"""Compares two introspection documents, part by part, with the tables of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .access import listed
from .field_rules import FIELD_RULES
from .index_rules import ATTRIBUTE_RULES, INDEX_RULES
from .model_rules import (
    ACCESS_RULES,
    AUTH_RULES,
    KEY_RULES,
    MODEL_RULES,
    OPTION_RULES,
    RENAME_RULES,
)
from .operation_rules import ANSWER_RULES, OPERATION_RULES, SENT_RULES
from .parts import Access, CustomType, Document, Enum, Model, Operation, Option, Value
from .reading import read_document
from .relation_rules import RELATION_RULES
from .renames import follow_renames
from .rules import Rule, judge
from .type_rules import (
    CUSTOM_TYPE_RULES,
    DOCUMENT_RULES,
    ENUM_RULES,
    ENUM_VALUE_RULES,
    INPUT_RULES,
    KIND_RULES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from amplify_modelgen.records import ModelChange

    Changes = Iterator[ModelChange]


class _Named(Protocol):
    @property
    def name(self) -> str:
        """The name that two versions of a part share."""


T = TypeVar("T")
N = TypeVar("N", bound=_Named)


def compare_models(
    old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> tuple[ModelChange, ...]:
    """Return what changed between two introspection documents, judged for existing clients.

    `old` is None where there was nothing before: everything is added then, and safe. The order
    is that of the new document, then of what was removed from the old one; equal documents, and
    those that differ only in order, give nothing. Raises `ModelgenError` naming the place where
    a document is not of its shape.
    """
    after = read_document(new)
    if old is None:
        return tuple(_named_types(read_document({}), after))
    before = read_document(old)
    return (*_named_types(before, after), *judge(DOCUMENT_RULES, "document", before, after))


def _named_types(old: Document, new: Document) -> Changes:
    old, new, renamed = follow_renames(old, new)
    moved = _moved(old, new)
    yield from _section(moved, old.models, new.models, lambda *pair: _model(renamed, *pair))
    yield from _section(moved, old.custom_types, new.custom_types, _custom_type)
    yield from _section(moved, old.enums, new.enums, _enum)
    yield from _section(moved, old.inputs, new.inputs, _input)
    for name, before, after in _pairs(old.operations, new.operations):
        yield from _operation(name, before, after)


def _moved(old: Document, new: Document) -> dict[str, tuple[str, str]]:
    """Return the types that became of another kind, with their kinds before and after."""
    lost, gained = dict(old.kinds() - new.kinds()), dict(new.kinds() - old.kinds())
    return {name: (lost[name], gained[name]) for name in lost.keys() & gained.keys()}


def _section(
    moved: dict[str, tuple[str, str]],
    old: dict[str, T],
    new: dict[str, T],
    compare: Callable[[str, T | None, T | None], Changes],
) -> Changes:
    """Compare the types of one kind; one that changed its kind is named once, where it is now."""
    for name, before, after in _pairs(old, new):
        if name not in moved or (before is not None and after is not None):
            yield from compare(name, before, after)
        elif before is None:
            yield from judge(KIND_RULES, name, *moved[name])


def _pairs(old: dict[str, T], new: dict[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    for name, after in new.items():
        yield name, old.get(name), after
    for name, before in old.items():
        if name not in new:
            yield name, before, None


def _matched(old: Sequence[N], new: Sequence[N]) -> Iterator[tuple[N | None, N | None]]:
    """Pair parts whose names need not be unique: equal ones vanish, then names meet in order."""
    left, fresh = list(old), []
    for item in new:
        if item in left:
            left.remove(item)
        else:
            fresh.append(item)
    for item in fresh:
        twin = next((other for other in left if other.name == item.name), None)
        if twin is not None:
            left.remove(twin)
        yield twin, item
    for item in left:
        yield item, None


def _model(renamed: dict[str, str], name: str, old: Model | None, new: Model | None) -> Changes:
    if name in renamed:
        yield from judge(RENAME_RULES, name, renamed[name], name)
    yield from judge(MODEL_RULES, name, old, new)
    if old is None or new is None or old == new:
        return
    yield from judge(KEY_RULES, name, old.key, new.key)
    yield from _options(name, old.options, new.options)
    for attribute in _matched(old.attributes, new.attributes):
        yield from judge(ATTRIBUTE_RULES, name, *attribute)
    for index in _matched(old.indexes, new.indexes):
        yield from judge(INDEX_RULES, name, *index)
    yield from _access(name, old.grants, new.grants)
    yield from _fields(FIELD_RULES + RELATION_RULES, name, old.fields, new.fields)


def _fields(
    table: tuple[Rule[Value], ...], name: str, old: dict[str, Value], new: dict[str, Value]
) -> Changes:
    for field, before, after in _pairs(old, new):
        yield from judge(table, f"{name}.{field}", before, after)


def _options(name: str, old: dict[str, str], new: dict[str, str]) -> Changes:
    for option, before, after in _pairs(old, new):
        pair = Option(name=option, value=before), Option(name=option, value=after)
        yield from judge(OPTION_RULES, name, *pair)


def _access(
    name: str, old: dict[str, frozenset[str]] | None, new: dict[str, frozenset[str]] | None
) -> Changes:
    if old is None or new is None:
        yield from judge(AUTH_RULES, name, _all_access(old), _all_access(new))
        return
    for who, had, has in _pairs(old, new):
        pair = _one_access(who, had, has), _one_access(who, has, had)
        yield from judge(ACCESS_RULES, name, *pair)


def _all_access(grants: dict[str, frozenset[str]] | None) -> Access | None:
    if grants is None:
        return None
    everyone = [f"{who} may {listed(operations)}" for who, operations in grants.items()]
    return Access(who="; ".join(everyone) or "nobody may do anything")


def _one_access(
    who: str, operations: frozenset[str] | None, others: frozenset[str] | None
) -> Access | None:
    if operations is None:
        return None
    alone = listed(operations.difference(others or ()))
    return Access(who=who, operations=listed(operations), alone=alone)


def _custom_type(name: str, old: CustomType | None, new: CustomType | None) -> Changes:
    yield from judge(CUSTOM_TYPE_RULES, name, old, new)
    if old is not None and new is not None:
        yield from _fields(FIELD_RULES + RELATION_RULES, name, old.fields, new.fields)


def _input(name: str, old: CustomType | None, new: CustomType | None) -> Changes:
    yield from judge(INPUT_RULES, name, old, new)
    if old is not None and new is not None:
        yield from _fields(SENT_RULES, name, old.fields, new.fields)


def _enum(name: str, old: Enum | None, new: Enum | None) -> Changes:
    yield from judge(ENUM_RULES, name, old, new)
    if old is not None and new is not None:
        values = dict.fromkeys(old.values), dict.fromkeys(new.values)
        for value in _pairs(*({name: name for name in side} for side in values)):
            yield from judge(ENUM_VALUE_RULES, f"{name}.{value[0]}", *value[1:])


def _operation(name: str, old: Operation | None, new: Operation | None) -> Changes:
    yield from judge(OPERATION_RULES, name, old, new)
    if old is not None and new is not None:
        yield from judge(ANSWER_RULES, name, old.answer, new.answer)
        yield from _fields(SENT_RULES, name, old.arguments, new.arguments)
