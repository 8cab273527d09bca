"""The rules for custom types, enums, inputs, and the document as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Rule, unknown_part

if TYPE_CHECKING:
    from .parts import CustomType, Document, Enum

KIND_RULES: tuple[Rule[str], ...] = (
    Rule(
        id="kind-changed",
        level="breaking",
        action="changed",
        says="{old} became {new}",
        reason="records and old clients hold it in a form that no longer exists",
    ),
)

CUSTOM_TYPE_RULES: tuple[Rule[CustomType], ...] = (
    Rule(
        id="custom-type-added",
        level="safe",
        action="added",
        says="custom type added",
        reason="old clients do not know it and never ask for it",
    ),
    Rule(
        id="custom-type-removed",
        level="breaking",
        action="removed",
        says="custom type removed",
        reason="stored records and old clients may hold values of it",
    ),
    unknown_part("custom-type-detail-changed"),
)

INPUT_RULES: tuple[Rule[CustomType], ...] = (
    Rule(
        id="input-added",
        level="safe",
        action="added",
        says="input added",
        reason="old clients do not know it and never send it",
    ),
    Rule(
        id="input-removed",
        level="breaking",
        action="removed",
        says="input removed",
        reason="old clients declare variables of it, which the API refuses",
    ),
    unknown_part("input-detail-changed"),
)

ENUM_RULES: tuple[Rule[Enum], ...] = (
    Rule(
        id="enum-added",
        level="safe",
        action="added",
        says="enum added",
        reason="old clients do not know it and never ask for it",
    ),
    Rule(
        id="enum-removed",
        level="breaking",
        action="removed",
        says="enum removed",
        reason="stored records and old clients may hold its values",
    ),
    unknown_part("enum-detail-changed"),
)

ENUM_VALUE_RULES: tuple[Rule[str], ...] = (
    Rule(
        id="enum-value-added",
        level="dangerous",
        action="added",
        says="value added",
        reason="old clients meet a value that they do not know as soon as a record holds it",
    ),
    Rule(
        id="enum-value-removed",
        level="breaking",
        action="removed",
        says="value removed",
        reason="stored records that hold it cannot be read, and old clients that send it are"
        " refused",
    ),
)

DOCUMENT_RULES: tuple[Rule[Document], ...] = (unknown_part("document-detail-changed"),)
