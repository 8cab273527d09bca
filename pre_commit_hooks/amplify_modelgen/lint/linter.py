"""Apply the rules to a schema."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.modelgen.diagnostics import Diagnostics, SchemaRuleError
from amplify_modelgen.modelgen.documents import FeatureFlags, is_outputs_file
from amplify_modelgen.modelgen.engine import find_problems
from amplify_modelgen.modelgen.parser import TOKEN, parse

from .directive_checks import check_directives
from .directive_definitions import amplify_definitions
from .rule_catalogue import RULES
from .schema_index import build_index
from .structure_rules import check_definitions
from .wording import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.errors import Diagnostic
    from amplify_modelgen.modelgen.documents import DocumentKind
    from amplify_modelgen.modelgen.syntax import Definition

    from .rule import Rule
    from .schema_index import Path, SchemaIndex

DOCUMENTS: tuple[DocumentKind, ...] = ("introspection", "datastore")

_MAX_PROBLEMS = 100
_FOREIGN_DIRECTIVES = ("legacy-directive", "newer-directive")


def argument_offset(sdl: str, offset: int, path: Path, *, at_name: bool = False) -> int:
    """Return the offset of the value that `path` leads to from the directive at `offset`.

    With `at_name` it is the offset of the name of that value. If an argument is repeated, the last
    one counts; a path that leads nowhere gives the directive's own offset.
    """
    if not path:
        return offset
    name_offset, value_offset = _places(sdl, offset).get(path, (offset, offset))
    return name_offset if at_name else value_offset


@lru_cache(maxsize=16)  # A directive may have many problems.
def _places(sdl: str, offset: int) -> dict[Path, tuple[int, int]]:
    """Return the offsets of the name and of the value of everything in a directive."""
    tokens = ((match[1] or "", match.start(1)) for match in TOKEN.finditer(sdl, offset))
    opening = [next(tokens, ("", 0))[0] for _ in range(3)][-1]
    values = _values(tokens, (), opening) if opening == "(" else ()
    return {path: (name_offset, value_offset) for path, name_offset, value_offset in values}


def _values(
    tokens: Iterator[tuple[str, int]], path: Path, opening: str
) -> Iterator[tuple[Path, int, int]]:
    """Yield the path, the offset of the name, and the offset of each value in an open bracket."""
    index, name, name_offset = -1, "", 0
    for text, offset in tokens:
        if not text or text in ")]}":
            return
        if opening == "[":
            index += 1
        elif not name:
            name, name_offset = text, offset
            continue
        elif text == ":":
            continue
        inner = (*path, name or index)
        name = ""
        yield inner, name_offset, offset
        if text in "[{":
            yield from _values(tokens, inner, text)


def lint_schema(
    sdl: str,
    flags: FeatureFlags | None = None,
    auth_providers: tuple[str, ...] | None = None,
    documents: tuple[DocumentKind, ...] = DOCUMENTS,
) -> tuple[Diagnostic, ...]:
    """Return everything that Amplify would refuse or ignore in a schema, sorted by position.

    A rule reports at most 100 places. What the model generator refuses is reported for
    `documents` only.
    """
    flags = flags or FeatureFlags()
    diagnostics = find_problems(sdl, flags, documents)
    if is_outputs_file(sdl):
        return diagnostics
    try:
        definitions = parse(sdl)
    except SchemaRuleError:
        return tuple(replace(entry, stage="push") for entry in diagnostics)
    amplify = amplify_definitions(flags.push_version)
    checks = (check_definitions, check_directives)
    findings = (finding for check in checks for finding in check(definitions, amplify))
    index = build_index(definitions, findings, flags, auth_providers)
    found = [entry for rule in RULES.values() for entry in _apply(rule, index, sdl)]
    return _merge(*_join_versions(found, diagnostics), definitions, sdl) if found else diagnostics


def _apply(rule: Rule, index: SchemaIndex, sdl: str) -> tuple[Diagnostic, ...]:
    if index.version not in rule.versions:
        return ()
    collected = Diagnostics(rule=rule.id, stage=rule.stage)
    for _, problem in zip(range(_MAX_PROBLEMS), rule.find(index), strict=False):
        add = collected.error if rule.severity == "error" else collected.warning
        hint = did_you_mean(problem.name, problem.known, problem.hint)
        offset = argument_offset(sdl, problem.offset, problem.path, at_name=problem.at_name)
        add(offset, problem.message, hint)
    return collected.locate(sdl)


def _join_versions(
    found: list[Diagnostic], generator: tuple[Diagnostic, ...]
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """Report directives of the other transformer version once, however many there are.

    `amplify push` refuses them if it uses the version that the models have. Otherwise there is the
    warning of the generator.
    """
    refusals = [entry.rule for entry in found if entry.rule in _FOREIGN_DIRECTIVES]
    versions = [entry for entry in generator if entry.rule == "transformer-version"]
    if not refusals or not versions:
        return tuple(found), generator
    merged = [entry for entry in found if entry.rule not in _FOREIGN_DIRECTIVES]
    merged += (replace(each, rule=refusals[0], severity="error", stage="push") for each in versions)
    return tuple(merged), tuple(entry for entry in generator if entry not in versions)


def _merge(
    found: tuple[Diagnostic, ...],
    generator: tuple[Diagnostic, ...],
    definitions: tuple[Definition, ...],
    sdl: str,
) -> tuple[Diagnostic, ...]:
    """Join the problems, sorted by position.

    Each field and each definition keeps those of the generator only if it has no other errors: the
    same mistake is not reported twice. The one about the feature flags is kept.
    """
    starts = Diagnostics()
    for definition in definitions if generator else ():
        for offset in (definition.offset, *(field.offset for field in definition.fields)):
            starts.error(offset, "")
    places = [(entry.line, entry.column) for entry in starts.locate(sdl)]

    def member(entry: Diagnostic) -> int:
        return bisect_right(places, (entry.line, entry.column))

    refused = {member(entry) for entry in generator if entry.severity == "error"}
    errors = {(entry.line, entry.column) for entry in found if entry.severity == "error"}
    kept = [
        # A text where a list belongs explains what the generator refuses.
        replace(entry, severity="error", stage="models")
        if entry.rule == "argument-list" and member(entry) in refused
        else entry
        for entry in found
        if entry.rule != "argument-list" or (entry.line, entry.column) not in errors
    ]
    wrong = {member(entry) for entry in kept if entry.severity == "error"}
    kept += [
        entry
        for entry in generator
        if member(entry) not in wrong or entry.rule == "transformer-version"
    ]
    return tuple(sorted(kept, key=lambda entry: (entry.line, entry.column, entry.rule)))
