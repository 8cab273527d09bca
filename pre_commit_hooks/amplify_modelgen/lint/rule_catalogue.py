"""All rules, under the headings of docs/rules.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .auth_role_rules import AUTH_ROLE_RULES
from .auth_rules import AUTH_RULES
from .default_rules import DEFAULT_RULES
from .structure_rules import STRUCTURE_RULES

if TYPE_CHECKING:
    from .rule import Rule

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "Types, directives and arguments": STRUCTURE_RULES,
    "Authorization": (*AUTH_RULES, *AUTH_ROLE_RULES),
    "Default values": DEFAULT_RULES,
}

RULES: dict[str, Rule] = {rule.id: rule for family in FAMILIES.values() for rule in family}
"""The rules by their id."""
