"""Suppress diagnostics: by the configuration, and by comments in the schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.input_validation import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.records import Diagnostic, Schema, Settings

_MARK = "amplify-modelgen: ignore"
_COMMENT = re.compile(rf"[ \t]*#[ \t]*{_MARK}[ \t]+(.+)")


def suppress(
    diagnostics: Iterable[Diagnostic], schema: Schema, settings: Settings
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics without those that the user chose to ignore.

    `[lint] ignore` in the configuration turns a rule off. The comment
    `# amplify-modelgen: ignore RULE` turns rules off for the next line; commas separate them.

    Raises:
        ConfigError: a rule does not exist.
    """
    ignored = settings.ignored_rules
    if ignored:
        _check_rules(ignored, f"{settings.config_file}: lint.ignore")
    comments = _comments(schema)
    return tuple(
        entry
        for entry in diagnostics
        if entry.rule not in ignored
        and entry.rule not in comments.get((entry.path, entry.line), ())
    )


def _comments(schema: Schema) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the rules that comments turn off, by the path and the line that they apply to."""
    found = {}
    for file in schema.files:
        if _MARK not in file.text:
            continue
        for number, line in enumerate(file.text.split("\n"), start=1):
            match = _COMMENT.fullmatch(line.rstrip())
            if match:
                rules = tuple(rule.strip() for rule in match[1].split(","))
                _check_rules(rules, f"{file.path}:{number}")
                found[file.path, number + 1] = rules
    return found


def _check_rules(rules: Iterable[str], origin: str) -> None:
    """Raise ConfigError for an unknown rule. Those of third-party plugins are not known here."""
    from amplify_modelgen.lint import RULES
    from amplify_modelgen.lint.wording import did_you_mean

    for rule in rules:
        if rule not in RULES and "/" not in rule:
            hint = did_you_mean(rule, RULES, "'amplify-modelgen rules' lists the rules")
            raise ConfigError(f"{origin}: unknown rule {quote(rule)}", hint=hint)
