"""Rules for fields of models and custom types, and for relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Addition, ChangeRule, Removal, unknown_change

if TYPE_CHECKING:
    from .document import FieldType

_TEXT_TYPES = {"ID", "String"}


def is_id_string_swap(old: FieldType, new: FieldType) -> bool:
    """Whether the type went from ID to String or back: both are text in queries and records."""
    return old.type != new.type and {old.type.name, new.type.name} == _TEXT_TYPES


def is_type_change(old: FieldType, new: FieldType) -> bool:
    """Whether the type became one with other values."""
    return old.type != new.type and not is_id_string_swap(old, new)


def is_list_change(old: FieldType, new: FieldType) -> bool:
    """Whether a single value became a list or the reverse; nullability then does not matter."""
    return old.is_list != new.is_list


def becomes_required(old: FieldType, new: FieldType) -> bool:
    """Whether an optional value became required."""
    return not is_list_change(old, new) and new.required and not old.required


def items_become_required(old: FieldType, new: FieldType) -> bool:
    """Whether the items of a list became required."""
    return not is_list_change(old, new) and new.items_required and not old.items_required


def _stored_becomes_required(old: FieldType, new: FieldType) -> bool:
    return becomes_required(old, new) and not new.is_to_many


def _stored_items_become_required(old: FieldType, new: FieldType) -> bool:
    return items_become_required(old, new) and not new.is_to_many


def _nullability(field: FieldType) -> tuple[bool, bool]:
    return field.required, field.items_required


FIELD_RULES: tuple[ChangeRule[FieldType], ...] = (
    Addition(
        id="optional-field-added",
        level="safe",
        applies=lambda _, new: new.link is None and not new.required,
        message="optional field of type {new.sdl} added",
        reason="old clients neither request nor send it, and stored records may lack it",
    ),
    Addition(
        id="required-field-added",
        level="breaking",
        applies=lambda _, new: new.link is None and new.required,
        message="required field of type {new.sdl} added",
        reason="writes of old clients lack it and are rejected, and stored records lack it",
    ),
    Addition(
        id="relation-added",
        level="safe",
        applies=lambda _, new: new.link is not None and (new.is_to_many or not new.required),
        message="{new.link_kind} relation of type {new.sdl} added",
        reason="old clients do not request it, and stored records may have no link",
    ),
    Addition(
        id="required-relation-added",
        level="breaking",
        applies=lambda _, new: new.link is not None and not new.is_to_many and new.required,
        message="required {new.link_kind} relation of type {new.sdl} added",
        reason="stored records and those of old clients have no link, and null is an error",
    ),
    Removal(
        id="field-removed",
        level="breaking",
        applies=lambda old, _: old.link is None,
        message="field of type {old.sdl} removed",
        reason="old clients still request and send it, and the API rejects unknown names; its"
        " values in stored records become inaccessible",
    ),
    Removal(
        id="relation-removed",
        level="breaking",
        applies=lambda old, _: old.link is not None,
        message="{old.link_kind} relation of type {old.sdl} removed",
        reason="old clients still request it, and the API rejects unknown names",
    ),
    ChangeRule(
        id="type-changed",
        level="breaking",
        applies=is_type_change,
        message="type changed from {old.type} to {new.type}",
        reason="old clients and stored records contain values of the old type",
    ),
    ChangeRule(
        id="id-and-string-swapped",
        level="dangerous",
        applies=lambda old, new: (
            is_id_string_swap(old, new) and not old.is_query_variable and not new.is_query_variable
        ),
        message="type changed from {old.type} to {new.type}",
        reason="both are stored and sent as text, but clients with their own types or filters"
        " distinguish them",
    ),
    ChangeRule(
        id="key-type-changed",
        level="breaking",
        applies=lambda old, new: (
            is_id_string_swap(old, new) and (old.is_query_variable or new.is_query_variable)
        ),
        message="type of a key field changed from {old.type} to {new.type}",
        reason="queries of old clients declare the old type for the key and are rejected",
    ),
    ChangeRule(
        id="became-list",
        level="breaking",
        applies=lambda old, new: is_list_change(old, new) and new.is_list,
        message="{old.sdl} became the list {new.sdl}",
        reason="old clients and stored records have a single value",
    ),
    ChangeRule(
        id="list-became-single",
        level="breaking",
        applies=lambda old, new: is_list_change(old, new) and old.is_list,
        message="the list {old.sdl} became {new.sdl}",
        reason="old clients and stored records have lists",
    ),
    ChangeRule(
        id="became-required",
        level="breaking",
        applies=_stored_becomes_required,
        message="became required: {old.sdl} is now {new.sdl}",
        reason="writes of old clients may lack it and are rejected; stored records that lack it"
        " cannot be read",
    ),
    ChangeRule(
        id="became-optional",
        level="dangerous",
        applies=lambda old, new: _stored_becomes_required(new, old),
        message="became optional: {old.sdl} is now {new.sdl}",
        reason="old clients expect that it is never null, and fail on records that lack it",
    ),
    ChangeRule(
        id="items-became-required",
        level="breaking",
        applies=_stored_items_become_required,
        message="items became required: {old.sdl} is now {new.sdl}",
        reason="old clients and stored records may have null in the list",
    ),
    ChangeRule(
        id="items-became-optional",
        level="dangerous",
        applies=lambda old, new: _stored_items_become_required(new, old),
        message="items became optional: {old.sdl} is now {new.sdl}",
        reason="old clients expect that items are never null, and fail on lists that contain null",
    ),
    ChangeRule(
        id="to-many-nullability-changed",
        level="safe",
        applies=lambda old, new: (
            old.is_to_many
            and new.is_to_many
            and not is_list_change(old, new)
            and _nullability(old) != _nullability(new)
        ),
        message="{old.sdl} is now {new.sdl}",
        reason="the list is looked up in the other model; it is neither stored in this one nor"
        " sent",
    ),
)


def _link_keys_change(old: FieldType, new: FieldType) -> bool:
    before, after = old.link, new.link
    if before is None or after is None or before.kind != after.kind:
        return False
    return (before.keys, before.targets) != (after.keys, after.targets)


def _link_is_renamed(old: FieldType, new: FieldType) -> bool:
    before, after = old.link, new.link
    if before is None or after is None or _link_keys_change(old, new):
        return False
    return before.kind == after.kind and before.fields != after.fields


RELATION_RULES: tuple[ChangeRule[FieldType], ...] = (
    ChangeRule(
        id="relation-kind-changed",
        level="breaking",
        applies=lambda old, new: old.link_kind != new.link_kind and old.type == new.type,
        message="relation changed from {old.link_kind} to {new.link_kind}",
        reason="stored records have their links elsewhere, and old clients look for them there",
    ),
    ChangeRule(
        id="relation-keys-changed",
        level="breaking",
        applies=_link_keys_change,
        message="relation is stored in {new.link.stored} instead of {old.link.stored}",
        reason="stored records and old clients have their links in the old fields, which are no"
        " longer read",
    ),
    ChangeRule(
        id="relation-renamed",
        level="safe",
        applies=_link_is_renamed,
        message="relation names another field, which is stored in the same {new.link.stored}",
        reason="the links are stored in the same fields as before",
    ),
    ChangeRule(
        id="became-read-only",
        level="breaking",
        applies=lambda old, new: new.read_only and not old.read_only,
        message="became read-only",
        reason="old clients still send it, and the API rejects writes that contain it",
    ),
    ChangeRule(
        id="became-writable",
        level="safe",
        applies=lambda old, new: old.read_only and not new.read_only,
        message="became writable",
        reason="old clients only read it",
    ),
    unknown_change("field-detail-changed"),
)
