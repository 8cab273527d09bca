"""All rules of the comparison, under the headings of docs/model-changes.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .field_rules import FIELD_RULES, RELATION_RULES
from .model_rules import (
    ACCESS_RULES,
    ARGUMENT_RULES,
    AUTH_RULES,
    DIRECTIVE_RULES,
    INDEX_RULES,
    KEY_RULES,
    MODEL_RULES,
    RENAME_RULES,
)
from .type_rules import (
    CUSTOM_TYPE_RULES,
    DOCUMENT_RULES,
    ENUM_RULES,
    ENUM_VALUE_RULES,
    INPUT_FIELD_RULES,
    INPUT_RULES,
    KIND_RULES,
    OPERATION_RULES,
    RESULT_RULES,
)

if TYPE_CHECKING:
    from .rules import ChangeRule

CATALOGUE: dict[str, tuple[ChangeRule[Any], ...]] = {
    "Models": (*MODEL_RULES, *RENAME_RULES, *ARGUMENT_RULES),
    "Primary keys": KEY_RULES,
    "Indexes": INDEX_RULES,
    "Other directives on models": DIRECTIVE_RULES,
    "Auth rules": (*ACCESS_RULES, *AUTH_RULES),
    "Fields of models and custom types": FIELD_RULES,
    "Relations and read-only fields": RELATION_RULES,
    "Custom types, enums and inputs": (
        *KIND_RULES,
        *CUSTOM_TYPE_RULES,
        *ENUM_RULES,
        *ENUM_VALUE_RULES,
        *INPUT_RULES,
    ),
    "Queries, mutations and subscriptions": (*OPERATION_RULES, *RESULT_RULES),
    "Arguments and fields of inputs": INPUT_FIELD_RULES,
    "The document": DOCUMENT_RULES,
}
