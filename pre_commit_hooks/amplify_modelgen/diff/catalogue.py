"""All rules of the comparison, under the headings of docs/model-changes.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import field_rules, model_rules, type_rules

if TYPE_CHECKING:
    from .rules import ChangeRule

CATALOGUE: dict[str, tuple[ChangeRule[Any], ...]] = {
    "Models": (*model_rules.MODEL_RULES, *model_rules.RENAME_RULES, *model_rules.ARGUMENT_RULES),
    "Primary keys": model_rules.KEY_RULES,
    "Indexes": model_rules.INDEX_RULES,
    "Other directives on models": model_rules.DIRECTIVE_RULES,
    "Auth rules": (*model_rules.ACCESS_RULES, *model_rules.AUTH_RULES),
    "Fields of models and custom types": field_rules.FIELD_RULES,
    "Relations and read-only fields": field_rules.RELATION_RULES,
    "Custom types, enums and inputs": (
        *type_rules.KIND_RULES,
        *type_rules.CUSTOM_TYPE_RULES,
        *type_rules.ENUM_RULES,
        *type_rules.ENUM_VALUE_RULES,
        *type_rules.INPUT_RULES,
    ),
    "Queries, mutations and subscriptions": (*type_rules.OPERATION_RULES, *type_rules.RESULT_RULES),
    "Arguments and fields of inputs": type_rules.INPUT_FIELD_RULES,
    "The document": type_rules.DOCUMENT_RULES,
}
