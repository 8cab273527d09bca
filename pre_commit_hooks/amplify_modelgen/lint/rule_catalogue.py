"""All rules, under the headings of docs/rules.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .auth_role_rules import AUTH_ROLE_RULES
from .auth_rules import AUTH_RULES
from .connection_rules import CONNECTION_RULES
from .default_rules import DEFAULT_RULES
from .generator_rules import GENERATOR_RULES
from .input_rules import INPUT_RULES
from .key_rules import KEY_RULES
from .many_to_many_rules import MANY_TO_MANY_RULES
from .model_option_rules import MODEL_OPTION_RULES
from .name_rules import NAME_RULES
from .relation_key_rules import RELATION_KEY_RULES
from .relation_rules import RELATION_RULES
from .resolver_rules import RESOLVER_RULES
from .structure_rules import STRUCTURE_RULES
from .validate_rules import VALIDATE_RULES

if TYPE_CHECKING:
    from .rule import Rule

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "Types, directives and arguments": STRUCTURE_RULES,
    "Models": MODEL_OPTION_RULES,
    "Authorization": (*AUTH_RULES, *AUTH_ROLE_RULES),
    "Validation of values": VALIDATE_RULES,
    "Operations": RESOLVER_RULES,
    "Primary keys and indexes": KEY_RULES,
    "Relations": (*RELATION_RULES, *RELATION_KEY_RULES),
    "Connections": CONNECTION_RULES,
    "Many-to-many relations": MANY_TO_MANY_RULES,
    "Generated and reserved names": NAME_RULES,
    "Default values": (*DEFAULT_RULES, *INPUT_RULES),
    "The model generator": GENERATOR_RULES,
}

RULES: dict[str, Rule] = {rule.id: rule for family in FAMILIES.values() for rule in family}
"""The rules by their id."""
