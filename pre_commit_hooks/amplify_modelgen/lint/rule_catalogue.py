"""All rules, under the headings of docs/rules.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .auth_role_rules import AUTH_ROLE_RULES
from .auth_rules import AUTH_RULES
from .default_rules import DEFAULT_RULES
from .model_option_rules import MODEL_OPTION_RULES
from .resolver_rules import RESOLVER_RULES
from .structure_rules import STRUCTURE_RULES
from .validate_rules import VALIDATE_RULES

if TYPE_CHECKING:
    from .rule import Rule

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "Types, directives and arguments": STRUCTURE_RULES,
    "Models": MODEL_OPTION_RULES,
    "Authorization": (*AUTH_RULES, *AUTH_ROLE_RULES),
    "Default values": DEFAULT_RULES,
    "Validation of values": VALIDATE_RULES,
    "Operations": RESOLVER_RULES,
}

RULES: dict[str, Rule] = {rule.id: rule for family in FAMILIES.values() for rule in family}
"""The rules by their id."""
