"""Build the report of a run, and leave out the diagnostics that the user suppresses."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.fast_path import find_repository
from amplify_modelgen.git import addable_paths
from amplify_modelgen.input_validation import quote
from amplify_modelgen.records import Report, Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.records import Diagnostic, FileChange, Outcome, Settings
    from amplify_modelgen.workspace import Workspace

_MARK = "amplify-modelgen: ignore"
_COMMENT = re.compile(rf"[ \t]*#[ \t]*{_MARK}[ \t]+(.+)")


def build_report(
    command: str,
    workspace: Workspace,
    outcomes: Sequence[Outcome],
    started: float,
    *,
    files: tuple[FileChange, ...] = (),
) -> Report:
    """Return the report of a run that started at `started` (of `time.monotonic`)."""
    root = workspace.settings.root
    top = find_repository(str(root))
    report = Report(
        command=command,
        backend=workspace.settings.backend,
        seconds=time.monotonic() - started,
        outcomes=tuple(outcomes),
        files=files,
        root=root,
        prefix=root.relative_to(top).as_posix() if top and top != str(root) else "",
        schemas={
            name: schema for name, schema in workspace.schemas.items() if isinstance(schema, Schema)
        },
    )
    return replace(report, git_add=tuple(addable_paths(root, report.written)))


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
