"""Rules for custom types, enums, inputs, operations, and the document itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .field_rules import (
    becomes_required,
    is_id_string_swap,
    is_list_change,
    is_type_change,
    items_become_required,
)
from .rules import Addition, ChangeRule, Removal, unknown_change

if TYPE_CHECKING:
    from .document import (
        CustomTypeEntry,
        EnumEntry,
        FieldType,
        IntrospectionDocument,
        OperationEntry,
    )

KIND_RULES: tuple[ChangeRule[str], ...] = (
    ChangeRule(
        id="kind-changed",
        level="breaking",
        message="{old} became {new}",
        reason="records and old clients use a form of it that no longer exists",
    ),
)

CUSTOM_TYPE_RULES: tuple[ChangeRule[CustomTypeEntry], ...] = (
    Addition(
        id="custom-type-added",
        level="safe",
        message="custom type added",
        reason="old clients do not know it and never request it",
    ),
    Removal(
        id="custom-type-removed",
        level="breaking",
        message="custom type removed",
        reason="stored records and old clients may contain values of it",
    ),
    unknown_change("custom-type-detail-changed"),
)

INPUT_RULES: tuple[ChangeRule[CustomTypeEntry], ...] = (
    Addition(
        id="input-added",
        level="safe",
        message="input added",
        reason="old clients do not know it and never send it",
    ),
    Removal(
        id="input-removed",
        level="breaking",
        message="input removed",
        reason="old clients declare variables of it, which the API rejects",
    ),
    unknown_change("input-detail-changed"),
)

ENUM_RULES: tuple[ChangeRule[EnumEntry], ...] = (
    Addition(
        id="enum-added",
        level="safe",
        message="enum added",
        reason="old clients do not know it and never request it",
    ),
    Removal(
        id="enum-removed",
        level="breaking",
        message="enum removed",
        reason="stored records and old clients may contain its values",
    ),
    unknown_change("enum-detail-changed"),
)

ENUM_VALUE_RULES: tuple[ChangeRule[str], ...] = (
    Addition(
        id="enum-value-added",
        level="dangerous",
        message="value added",
        reason="old clients receive an unknown value as soon as a record contains it",
    ),
    Removal(
        id="enum-value-removed",
        level="breaking",
        message="value removed",
        reason="stored records that contain it cannot be read, and old clients that send it are"
        " rejected",
    ),
)

DOCUMENT_RULES: tuple[ChangeRule[IntrospectionDocument], ...] = (
    unknown_change("document-detail-changed"),
)


OPERATION_RULES: tuple[ChangeRule[OperationEntry], ...] = (
    Addition(
        id="operation-added",
        level="safe",
        message="added, returns {new.result.sdl}",
        reason="old clients do not use it",
    ),
    Removal(
        id="operation-removed",
        level="breaking",
        message="removed",
        reason="old clients use it",
    ),
    ChangeRule(
        id="operation-kind-changed",
        level="dangerous",
        applies=lambda old, new: old.section != new.section,
        message="moved from {old.section} to {new.section}",
        reason="old clients can still call it, but another resolver returns the result",
    ),
    unknown_change("operation-detail-changed"),
)

RESULT_RULES: tuple[ChangeRule[FieldType], ...] = (
    ChangeRule(
        id="answer-type-changed",
        level="breaking",
        applies=is_type_change,
        message="returns {new.type} instead of {old.type}",
        reason="old clients read the old type",
    ),
    ChangeRule(
        id="answer-id-and-string-swapped",
        level="dangerous",
        applies=is_id_string_swap,
        message="returns {new.type} instead of {old.type}",
        reason="both are sent as text, but clients with their own types distinguish them",
    ),
    ChangeRule(
        id="answer-list-changed",
        level="breaking",
        applies=is_list_change,
        message="returns {new.sdl} instead of {old.sdl}",
        reason="old clients expect a list and receive a single value, or the reverse",
    ),
    ChangeRule(
        id="answer-became-optional",
        level="dangerous",
        applies=lambda old, new: becomes_required(new, old),
        message="returns {new.sdl} instead of {old.sdl}",
        reason="old clients expect that it is never null",
    ),
    ChangeRule(
        id="answer-became-required",
        level="safe",
        applies=becomes_required,
        message="returns {new.sdl} instead of {old.sdl}",
        reason="old clients accept null as well; make sure that the resolver never returns it",
    ),
    ChangeRule(
        id="answer-items-became-optional",
        level="dangerous",
        applies=lambda old, new: items_become_required(new, old),
        message="returns {new.sdl} instead of {old.sdl}",
        reason="old clients expect that items are never null",
    ),
    ChangeRule(
        id="answer-items-became-required",
        level="safe",
        applies=items_become_required,
        message="returns {new.sdl} instead of {old.sdl}",
        reason="old clients accept null as well; make sure that the resolver never returns it",
    ),
    unknown_change("answer-detail-changed"),
)

# Arguments of operations and fields of inputs: everything that clients send.
INPUT_FIELD_RULES: tuple[ChangeRule[FieldType], ...] = (
    Addition(
        id="optional-argument-added",
        level="safe",
        applies=lambda _, new: not new.required,
        message="optional argument of type {new.sdl} added",
        reason="old clients do not send it",
    ),
    Addition(
        id="required-argument-added",
        level="breaking",
        applies=lambda _, new: new.required,
        message="required argument of type {new.sdl} added",
        reason="old clients do not send it and are rejected",
    ),
    Removal(
        id="argument-removed",
        level="breaking",
        message="argument of type {old.sdl} removed",
        reason="old clients send it, and the API rejects unknown names",
    ),
    ChangeRule(
        id="argument-type-changed",
        level="breaking",
        applies=lambda old, new: (
            is_type_change(old, new) or (is_id_string_swap(old, new) and old.is_query_variable)
        ),
        message="type changed from {old.type} to {new.type}",
        reason="old clients send, and declare in their queries, the old type",
    ),
    ChangeRule(
        id="input-id-and-string-swapped",
        level="dangerous",
        applies=lambda old, new: is_id_string_swap(old, new) and not old.is_query_variable,
        message="type changed from {old.type} to {new.type}",
        reason="old clients send text, which is still accepted, but clients with their own types"
        " distinguish them",
    ),
    ChangeRule(
        id="argument-list-changed",
        level="breaking",
        applies=is_list_change,
        message="{old.sdl} became {new.sdl}",
        reason="old clients send a list instead of a single value, or the reverse",
    ),
    ChangeRule(
        id="argument-became-required",
        level="breaking",
        applies=becomes_required,
        message="became required: {old.sdl} is now {new.sdl}",
        reason="old clients may omit it and are rejected",
    ),
    ChangeRule(
        id="argument-became-optional",
        level="safe",
        applies=lambda old, new: becomes_required(new, old),
        message="became optional: {old.sdl} is now {new.sdl}",
        reason="old clients continue to send it",
    ),
    ChangeRule(
        id="argument-items-became-required",
        level="breaking",
        applies=items_become_required,
        message="items became required: {old.sdl} is now {new.sdl}",
        reason="old clients may send null in the list, or declare that they may, and are rejected",
    ),
    ChangeRule(
        id="argument-items-became-optional",
        level="safe",
        applies=lambda old, new: items_become_required(new, old),
        message="items became optional: {old.sdl} is now {new.sdl}",
        reason="old clients never send null in it",
    ),
    unknown_change("argument-detail-changed"),
)
