"""The rules for fields of models and custom types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Rule

if TYPE_CHECKING:
    from .parts import Value

_TEXTS = {"ID", "String"}


def swaps_texts(old: Value, new: Value) -> bool:
    """Whether the type went from ID to String or back: both are text in queries and records."""
    return old.type != new.type and {old.type.name, new.type.name} == _TEXTS


def changes_type(old: Value, new: Value) -> bool:
    """Whether the type became another one that reads and writes other values."""
    return old.type != new.type and not swaps_texts(old, new)


def changes_list(old: Value, new: Value) -> bool:
    """Whether one value became a list or the reverse; nullability is then beside the point."""
    return old.is_list != new.is_list


def tightens(old: Value, new: Value) -> bool:
    """Whether an optional value became required."""
    return not changes_list(old, new) and new.required and not old.required


def tightens_items(old: Value, new: Value) -> bool:
    """Whether the items of a list became required."""
    return not changes_list(old, new) and new.items_required and not old.items_required


def _tightens(old: Value, new: Value) -> bool:
    return tightens(old, new) and not new.to_many


def _tightens_items(old: Value, new: Value) -> bool:
    return tightens_items(old, new) and not new.to_many


def _nullability(value: Value) -> tuple[bool, bool]:
    return value.required, value.items_required


FIELD_RULES: tuple[Rule[Value], ...] = (
    Rule(
        id="optional-field-added",
        level="safe",
        action="added",
        when=lambda _, new: new.relation is None and not new.required,
        says="optional field of type {new.sdl} added",
        reason="old clients neither ask for it nor send it, and stored records may lack it",
    ),
    Rule(
        id="required-field-added",
        level="breaking",
        action="added",
        when=lambda _, new: new.relation is None and new.required,
        says="required field of type {new.sdl} added",
        reason="old clients write without it and are refused, and stored records lack it",
    ),
    Rule(
        id="relation-added",
        level="safe",
        action="added",
        when=lambda _, new: new.relation is not None and (new.to_many or not new.required),
        says="{new.link} relation of type {new.sdl} added",
        reason="old clients do not ask for it, and stored records may be linked to nothing",
    ),
    Rule(
        id="required-relation-added",
        level="breaking",
        action="added",
        when=lambda _, new: new.relation is not None and not new.to_many and new.required,
        says="required {new.link} relation of type {new.sdl} added",
        reason="stored records and those of old clients are linked to nothing, where null is an"
        " error",
    ),
    Rule(
        id="field-removed",
        level="breaking",
        action="removed",
        when=lambda old, _: old.relation is None,
        says="field of type {old.sdl} removed",
        reason="old clients still ask for it and send it, and the API refuses a name that it does"
        " not know; what records hold in it is out of reach",
    ),
    Rule(
        id="relation-removed",
        level="breaking",
        action="removed",
        when=lambda old, _: old.relation is not None,
        says="{old.link} relation of type {old.sdl} removed",
        reason="old clients still follow it, and the API refuses a name that it does not know",
    ),
    Rule(
        id="type-changed",
        level="breaking",
        action="changed",
        when=changes_type,
        says="type changed from {old.type} to {new.type}",
        reason="old clients and stored records hold values of the old type",
    ),
    Rule(
        id="id-and-string-swapped",
        level="dangerous",
        action="changed",
        when=lambda old, new: swaps_texts(old, new) and not old.spelt_out and not new.spelt_out,
        says="type changed from {old.type} to {new.type}",
        reason="both are stored and sent as text, but clients with types or filters of their own"
        " tell them apart",
    ),
    Rule(
        id="key-type-changed",
        level="breaking",
        action="changed",
        when=lambda old, new: swaps_texts(old, new) and (old.spelt_out or new.spelt_out),
        says="type of a key field changed from {old.type} to {new.type}",
        reason="old clients declare the old type for the key in their queries, and are refused",
    ),
    Rule(
        id="became-list",
        level="breaking",
        action="changed",
        when=lambda old, new: changes_list(old, new) and new.is_list,
        says="{old.sdl} became the list {new.sdl}",
        reason="old clients and stored records hold a single value",
    ),
    Rule(
        id="list-became-single",
        level="breaking",
        action="changed",
        when=lambda old, new: changes_list(old, new) and old.is_list,
        says="the list {old.sdl} became {new.sdl}",
        reason="old clients and stored records hold lists",
    ),
    Rule(
        id="became-required",
        level="breaking",
        action="changed",
        when=_tightens,
        says="became required: {old.sdl} is now {new.sdl}",
        reason="old clients may write without it and are refused; stored records that lack it"
        " cannot be read",
    ),
    Rule(
        id="became-optional",
        level="dangerous",
        action="changed",
        when=lambda old, new: _tightens(new, old),
        says="became optional: {old.sdl} is now {new.sdl}",
        reason="old clients read it as never null, and fail on records that lack it",
    ),
    Rule(
        id="items-became-required",
        level="breaking",
        action="changed",
        when=_tightens_items,
        says="items became required: {old.sdl} is now {new.sdl}",
        reason="old clients and stored records may hold null in the list",
    ),
    Rule(
        id="items-became-optional",
        level="dangerous",
        action="changed",
        when=lambda old, new: _tightens_items(new, old),
        says="items became optional: {old.sdl} is now {new.sdl}",
        reason="old clients read items as never null, and fail on lists that hold null",
    ),
    Rule(
        id="to-many-nullability-changed",
        level="safe",
        action="changed",
        when=lambda old, new: (
            old.to_many
            and new.to_many
            and not changes_list(old, new)
            and _nullability(old) != _nullability(new)
        ),
        says="{old.sdl} is now {new.sdl}",
        reason="the list is looked up in the other model: nothing of it is stored here or sent",
    ),
)
