"""All rules, under the headings of docs/rules.md, and as text."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING

from . import (
    auth_rules,
    key_rules,
    many_to_many_rules,
    model_rules,
    name_rules,
    relation_key_rules,
    relation_rules,
    resolver_rules,
    value_rules,
)
from .rule import Rule
from .structure_rules import GENERATOR_RULES, STRUCTURE_RULES

if TYPE_CHECKING:
    from types import ModuleType


def _rules_of(*modules: ModuleType) -> tuple[Rule, ...]:
    """Return the rules that modules define, in the order of their definitions."""
    values = (value for module in modules for value in vars(module).values())
    return tuple(value for value in values if isinstance(value, Rule))


FAMILIES: dict[str, tuple[Rule, ...]] = {
    "Types, directives and arguments": STRUCTURE_RULES,
    "Models": _rules_of(model_rules),
    "Authorization": _rules_of(auth_rules),
    "Operations": _rules_of(resolver_rules),
    "Primary keys and indexes": _rules_of(key_rules),
    "Relations": _rules_of(relation_rules, relation_key_rules),
    "Many-to-many relations": _rules_of(many_to_many_rules),
    "Generated and reserved names": _rules_of(name_rules),
    "Values": _rules_of(value_rules),
    "The model generator": GENERATOR_RULES,
}

RULES: dict[str, Rule] = {rule.id: rule for family in FAMILIES.values() for rule in family}
"""The rules by their id."""

RULES_PAGE = "https://github.com/amplify-modelgen/amplify-modelgen/blob/main/docs/rules.md"
"""The page with all rules; `#ID` leads to one."""

_DEFINITION = r"(?<!extend) (?=(?:type|enum|input|interface|union|extend|scalar|schema) )"

_STAGES = {
    "push": "`amplify push` refuses the schema",
    "models": "the model generator refuses the schema",
    "advice": "Amplify accepts the schema",
}


def list_rules() -> str:
    """Return all rules under the headings of their families, a line for each."""
    lines: list[str] = []
    for heading, rules in FAMILIES.items():
        width = max(len(rule.id) for rule in rules)
        lines += [f"{heading}:", *(f"  {rule.id:{width}}  {rule.summary}" for rule in rules), ""]
    return "\n".join(lines[:-1])


def explain_rule(rule: Rule) -> str:
    """Return a rule with its examples."""
    lines = [f"{rule.id}: {rule.summary}", f"{rule.severity}: {stage_text(rule)}"]
    for title, example in examples(rule):
        lines += ["", f"{title}:", *(f"  {line}" for line in example.splitlines())]
    lines += [
        "",
        f"To ignore it, write `# amplify-modelgen: ignore {rule.id}` on the line above, or",
        f'`ignore = ["{rule.id}"]` below [lint] in the configuration.',
        f"{RULES_PAGE}#{rule.id}",
    ]
    return "\n".join(lines)


def examples(rule: Rule) -> list[tuple[str, str]]:
    """Return the wrong and the right example of a rule, one definition on each line."""
    pairs = (("wrong", rule.wrong), ("right", rule.right))
    return [(title, re.sub(_DEFINITION, "\n", cleandoc(text))) for title, text in pairs if text]


def stage_text(rule: Rule) -> str:
    """Return who refuses a schema that violates the rule, and for which transformer versions."""
    version = f" (transformer version {rule.versions[0]})" if len(rule.versions) == 1 else ""
    return _STAGES[rule.stage] + version
