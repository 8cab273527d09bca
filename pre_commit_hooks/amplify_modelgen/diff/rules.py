"""Find the rules that the difference between two parts falls under.

Each function takes the old part, None if it was added, and the new one, None if it was removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .directives import AccessGrant, ModelArgument, PrimaryKeyInfo, SecondaryIndex
    from .document import FieldType, ModelEntry, OperationEntry

    RuleIds = Iterator[str]

_TEXT_TYPES = {"ID", "String"}
# The values of arguments of `@model` that disable operations.
_OFF = ("null", '"off"')


class _Part(Protocol):
    @property
    def unknown(self) -> str:
        """The members that this version does not know, as text."""


def part_rules(kind: str, old: _Part | None, new: _Part | None) -> RuleIds:
    """Yield the rules that all kinds of parts have."""
    if old is None or new is None:
        yield f"{kind}-added" if old is None else f"{kind}-removed"
    elif old.unknown != new.unknown:
        yield f"{kind}-detail-changed"


def model_rules(old: ModelEntry | None, new: ModelEntry | None) -> RuleIds:
    """Yield the rules for a model without its parts."""
    if old and new and None not in (old.plural, new.plural) and old.plural != new.plural:
        yield "plural-changed"
    yield from part_rules("model", old, new)


def key_rules(old: PrimaryKeyInfo, new: PrimaryKeyInfo) -> RuleIds:
    """Yield the rules for a primary key."""
    if old.fields[0] != new.fields[0]:
        yield "primary-key-changed"
    elif old.fields != new.fields:
        yield "sort-keys-changed"
    elif old.is_declared != new.is_declared:
        yield "primary-key-spelling-changed"
    yield from part_rules("primary-key", old, new)


def model_argument_rules(old: ModelArgument, new: ModelArgument) -> RuleIds:
    """Yield the rules for an argument of `@model`."""
    if new.value in _OFF:
        if old.value not in _OFF:
            yield "operations-switched-off"
    elif old.value in _OFF and new.value is None:
        yield "operations-switched-on"
    else:
        yield "model-argument-changed"


def directive_rules(name: str, old: object, new: object) -> RuleIds:
    """Yield the rule for a directive of a model."""
    if name == "searchable":
        kind = "search"
    elif name in ("mapsTo", "refersTo"):
        kind = "table-mapping"
    else:
        kind = "api-access" if name.startswith("aws_") else "directive"
    yield f"{kind}-{'added' if old is None else 'removed' if new is None else 'changed'}"


def index_rules(name: str, old: SecondaryIndex | None, new: SecondaryIndex | None) -> RuleIds:
    """Yield the rules for a secondary index; an implicit one is that of a has-many relation."""
    is_implicit = name.startswith("gsi-")
    kind = "implicit-index" if is_implicit else "index"
    if old is None or new is None:
        has_query = old is not None and old.query is not None and not is_implicit
        yield from part_rules("index-with-query" if has_query else kind, old, new)
        return
    if old.query != new.query:
        yield "index-query-added" if old.query is None else "index-query-changed"
    if old.fields != new.fields:
        rebuilt = "implicit-index-changed" if is_implicit else "index-rebuilt"
        yield rebuilt if old.query is None else "index-with-query-rebuilt"
    yield from part_rules("index", old, new)


def access_rules(old: AccessGrant | None, new: AccessGrant | None) -> RuleIds:
    """Yield the rules for what a grantee may do."""
    if old is None or new is None:
        yield "access-granted" if old is None else "access-withdrawn"
        return
    if new.operations:
        yield "access-widened"
    if old.operations:
        yield "access-narrowed"


def field_rules(old: FieldType | None, new: FieldType | None) -> RuleIds:
    """Yield the rules for a field of a model or a custom type."""
    if old is None or new is None:
        yield from _new_field_rules(new) if new else part_rules(_field_kind(old), old, new)
        return
    if old.type != new.type:
        is_key = old.is_query_variable or new.is_query_variable
        swapped = "key-type-changed" if is_key else "id-and-string-swapped"
        yield swapped if _is_id_string_swap(old, new) else "type-changed"
    if old.is_list != new.is_list:
        yield "became-list" if new.is_list else "list-became-single"
    yield from _nullability_rules("", old, new)
    yield from _relation_rules(old, new)
    if old.read_only != new.read_only:
        yield "became-read-only" if new.read_only else "became-writable"
    yield from part_rules("field", old, new)


def _field_kind(field: FieldType | None) -> str:
    return "relation" if field and field.link else "field"


def _new_field_rules(new: FieldType) -> RuleIds:
    if new.required and not new.is_to_many:
        yield f"required-{_field_kind(new)}-added"
    else:
        yield "relation-added" if new.link else "optional-field-added"


def _is_id_string_swap(old: FieldType, new: FieldType) -> bool:
    """Whether the type went from ID to String or back: both are text in queries and records."""
    return {old.type.name, new.type.name} == _TEXT_TYPES


def _nullability_rules(prefix: str, old: FieldType, new: FieldType) -> RuleIds:
    """Yield the rules for the nullability of a value and of the items of a list.

    It does not matter if a single value became a list or the reverse. The list of a to-many
    relation is looked up in the other model; it is neither stored in this one nor sent.
    """
    before, after = (old.required, old.items_required), (new.required, new.items_required)
    if old.is_list != new.is_list or before == after:
        return
    if old.is_to_many and new.is_to_many:
        yield "to-many-nullability-changed"
        return
    for part, was, now in zip(("", "items-"), before, after, strict=True):
        if was != now and not (new if now else old).is_to_many:
            yield f"{prefix}{part}became-{'required' if now else 'optional'}"


def _relation_rules(old: FieldType, new: FieldType) -> RuleIds:
    if old.link_kind != new.link_kind:
        if old.type == new.type:
            yield "relation-kind-changed"
    elif old.link and new.link:
        if (old.link.keys, old.link.targets) != (new.link.keys, new.link.targets):
            yield "relation-keys-changed"
        elif old.link.fields != new.link.fields:
            yield "relation-renamed"


def operation_rules(old: OperationEntry | None, new: OperationEntry | None) -> RuleIds:
    """Yield the rules for an operation without its arguments and its result."""
    if old and new and old.section != new.section:
        yield "operation-kind-changed"
    yield from part_rules("operation", old, new)


def result_rules(old: FieldType, new: FieldType) -> RuleIds:
    """Yield the rules for what an operation returns."""
    return _value_rules("answer", old, new, swapped="answer-id-and-string-swapped")


def argument_rules(old: FieldType | None, new: FieldType | None) -> RuleIds:
    """Yield the rules for what clients send: arguments of operations and fields of inputs."""
    if old is None or new is None:
        added = "required-argument" if new and new.required else "optional-argument"
        yield from part_rules("argument" if old else added, old, new)
        return
    is_declared = old.is_query_variable
    swapped = "argument-type-changed" if is_declared else "input-id-and-string-swapped"
    yield from _value_rules("argument", old, new, swapped)


def _value_rules(kind: str, old: FieldType, new: FieldType, swapped: str) -> RuleIds:
    """Yield the rules for what is sent, never stored; `swapped` is that for ID and String."""
    if old.type != new.type:
        yield swapped if _is_id_string_swap(old, new) else f"{kind}-type-changed"
    if old.is_list != new.is_list:
        yield f"{kind}-list-changed"
    yield from _nullability_rules(f"{kind}-", old, new)
    yield from part_rules(kind, old, new)
