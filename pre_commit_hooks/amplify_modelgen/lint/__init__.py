"""The linter: rules that a schema must satisfy to pass `amplify push`, with their places.

To add a rule, write a function with `@schema_rule` in the module of its family of directives. It
takes a `SchemaIndex` and yields a `Problem` for each place that violates the rule:

- `index.uses["auth"]` has each use of a directive on a type or a field, with its owner;
- `use.problem(message, hint, "rules", 0, "allow")` places a problem at the value of an argument;
- `Problem(offset, message, hint)` places it at a token: every node of the tree has its offset.

Uses with a wrong argument (unknown, missing, or of the wrong type) are reported by the structure
rules and are not in `index.uses`: a rule can rely on the declared types of arguments.

The examples in its docstring are tests: the wrong one gives this rule's problem and no other one
of the stage `push`, and the right one gives none. Write them as Amplify would accept them apart
from the one mistake.
"""

from __future__ import annotations

from .linter import lint_schema
from .rule import Rule
from .rule_catalogue import RULES, RULES_PAGE, explain_rule, list_rules

__all__ = ["RULES", "RULES_PAGE", "Rule", "explain_rule", "lint_schema", "list_rules"]
