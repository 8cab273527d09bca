"""Compare two introspection documents part by part."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from amplify_modelgen.records import ModelChange

from . import rules
from .catalogue import RULES
from .directives import (
    AccessGrant,
    Grants,
    ModelArgument,
    OtherDirective,
    SecondaryIndex,
    join_operations,
)
from .document import IntrospectionDocument, ModelEntry, parse_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .document import OperationEntry, TypeEntry

    Changes = Iterator[ModelChange]
    FindRules = Callable[[Any, Any], Iterable[str]]

_FIELD_RULES: Mapping[str, FindRules] = {
    "custom type": rules.field_rules,
    "enum": partial(rules.part_rules, "enum-value"),
    "input": rules.argument_rules,
}
"""The rules for the fields of each kind of type."""

_SECTIONS = ("models", "nonModels", "enums", "inputs")
T = TypeVar("T")
N = TypeVar("N", OtherDirective, SecondaryIndex)


def compare_models(
    old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> tuple[ModelChange, ...]:
    """Return the changes between two introspection documents, rated for existing clients.

    `old` is None if there was no document: then everything is added, and safe. The changes are in
    the order of the new document, followed by what was removed from the old one. A different order
    is not a change.

    Raises:
        ModelgenError: a document is invalid; the message names the part.
    """
    after = parse_document(new)
    if old is None:
        return tuple(_compare_types(parse_document({}), after))
    before = parse_document(old)
    details = _changes(rules.part_rules("document", before, after), "document", before, after)
    return (*_compare_types(before, after), *details)


def _changes(rule_ids: Iterable[str], subject: str, old: object, new: object) -> Changes:
    """Yield a change for each rule that a difference falls under.

    `old` is None if the part was added, `new` if it was removed.
    """
    for rule_id in rule_ids if old != new else ():
        rule = RULES[rule_id]
        yield ModelChange(
            level=rule.level,
            action="added" if old is None else "removed" if new is None else "changed",
            subject=subject,
            message=rule.message.format(old=old, new=new),
            reason=rule.reason,
            rule=rule_id,
        )


def _compare_types(old: IntrospectionDocument, new: IntrospectionDocument) -> Changes:
    old_names = _find_renamed(old.models, new.models)
    new_names = {before: after for after, before in old_names.items()}
    old_models = {new_names.get(name, name): model for name, model in old.models.items()}
    old = replace(old, models=old_models)
    moved = _changed_kinds(old, new)

    def compare_model(name: str, before: ModelEntry | None, after: ModelEntry | None) -> Changes:
        if name in old_names and before and after:
            yield from _changes(["model-renamed"], name, old_names[name], name)
            before, after = _without_name(before), _without_name(after)
        yield from _compare_model(name, before, after)

    yield from _compare_section(moved, old.models, new.models, compare_model)
    for kind, field_rules in _FIELD_RULES.items():
        compare = partial(_compare_type, kind.replace(" ", "-"), field_rules)
        yield from _compare_section(moved, old.types[kind], new.types[kind], compare)
    for name, before, after in _pairs(old.operations, new.operations):
        yield from _compare_operation(name, before, after)


def _find_renamed(old: Mapping[str, ModelEntry], new: Mapping[str, ModelEntry]) -> dict[str, str]:
    """Return the old names of the models that `@mapsTo` renamed, by their new names.

    Their records are kept, so such a model is neither removed nor added.
    """
    tables = {model.table or name: name for name, model in old.items()}
    removed = {table: name for table, name in tables.items() if name not in new}
    return {
        name: removed[model.table or name]
        for name, model in new.items()
        if name not in old and (model.table or name) in removed
    }


def _without_name(model: ModelEntry) -> ModelEntry:
    """Drop `@mapsTo` and the plural of a renamed model, which only repeat the renaming."""
    others = tuple(directive for directive in model.directives if directive.name != "mapsTo")
    return replace(model, directives=others, plural=None)


def _changed_kinds(
    old: IntrospectionDocument, new: IntrospectionDocument
) -> dict[str, tuple[str, str]]:
    """Return the types whose kind changed, with the old and the new kind."""
    before, after = _kinds(old), _kinds(new)
    removed, added = dict(before - after), dict(after - before)
    return {name: (removed[name], added[name]) for name in removed.keys() & added.keys()}


def _kinds(document: IntrospectionDocument) -> set[tuple[str, str]]:
    types: dict[str, Iterable[str]] = {"model": document.models, **document.types}
    return {(name, kind) for kind, section in types.items() for name in section}


def _compare_section(
    moved: dict[str, tuple[str, str]],
    old: Mapping[str, T],
    new: Mapping[str, T],
    compare: Callable[[str, T | None, T | None], Changes],
) -> Changes:
    """Compare the types of a kind; a type whose kind changed is reported under its new kind."""
    for name, before, after in _pairs(old, new):
        if name not in moved or (before is not None and after is not None):
            yield from compare(name, before, after)
        elif before is None:
            yield from _changes(["kind-changed"], name, *moved[name])


def _pairs(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    for name, after in new.items():
        yield name, old.get(name), after
    for name, before in old.items():
        if name not in new:
            yield name, before, None


def _match(old: Sequence[N], new: Sequence[N]) -> Iterator[tuple[str, N | None, N | None]]:
    """Match parts whose names need not be unique: equal parts first, then by name in order."""
    unmatched_old, unmatched_new = list(old), []
    for part in new:
        if part in unmatched_old:
            unmatched_old.remove(part)
        else:
            unmatched_new.append(part)
    for part in unmatched_new:
        before = next((other for other in unmatched_old if other.name == part.name), None)
        if before is not None:
            unmatched_old.remove(before)
        yield part.name, before, part
    for part in unmatched_old:
        yield part.name, part, None


def _compare_model(name: str, old: ModelEntry | None, new: ModelEntry | None) -> Changes:
    yield from _changes(rules.model_rules(old, new), name, old, new)
    if old is None or new is None or old == new:
        return
    yield from _changes(rules.key_rules(old.key, new.key), name, old.key, new.key)
    for argument, *values in _pairs(old.arguments, new.arguments):
        arguments = [ModelArgument(name=argument, value=value) for value in values]
        yield from _changes(rules.model_argument_rules(*arguments), name, *arguments)
    for directive, *directives in _match(old.directives, new.directives):
        yield from _changes(rules.directive_rules(directive, *directives), name, *directives)
    for index, *indexes in _match(old.indexes, new.indexes):
        yield from _changes(rules.index_rules(index, *indexes), name, *indexes)
    yield from _compare_access(name, old.grants, new.grants)
    yield from _compare_fields(rules.field_rules, name, old.fields, new.fields)


def _compare_fields(
    find_rules: FindRules, name: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Changes:
    for field, before, after in _pairs(old, new):
        yield from _changes(find_rules(before, after), f"{name}.{field}", before, after)


def _compare_access(name: str, old: Grants | None, new: Grants | None) -> Changes:
    if old is None or new is None:
        rule = "auth-introduced" if old is None else "auth-dropped"
        yield from _changes([rule], name, _all_grants(old), _all_grants(new))
        return
    for grantee, before, after in _pairs(old, new):
        grants = _grant(grantee, before, after), _grant(grantee, after, before)
        yield from _changes(rules.access_rules(*grants), name, *grants)


def _all_grants(grants: Grants | None) -> str | None:
    if grants is None:
        return None
    phrases = [f"{grantee} may {join_operations(names)}" for grantee, names in grants.items()]
    return "; ".join(phrases) or "no access is granted"


def _grant(
    grantee: str, operations: frozenset[str] | None, others: frozenset[str] | None
) -> AccessGrant | None:
    if operations is None:
        return None
    only_here = operations.difference(others or ())
    return AccessGrant(grantee=grantee, operations=join_operations(only_here))


def _compare_type(
    kind: str, field_rules: FindRules, name: str, old: TypeEntry | None, new: TypeEntry | None
) -> Changes:
    yield from _changes(rules.part_rules(kind, old, new), name, old, new)
    if old is not None and new is not None:
        yield from _compare_fields(field_rules, name, old.fields, new.fields)


def _compare_operation(
    name: str, old: OperationEntry | None, new: OperationEntry | None
) -> Changes:
    yield from _changes(rules.operation_rules(old, new), name, old, new)
    if old is not None and new is not None:
        yield from _changes(
            rules.result_rules(old.result, new.result), name, old.result, new.result
        )
        yield from _compare_fields(rules.argument_rules, name, old.arguments, new.arguments)


def prune_unchanged(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return both documents without the types that are equal in both.

    `compare_models` returns the same for them, in less time. A model is kept if it refers to one
    that differs, or one that is compared refers to it, because relations are rated by the fields
    of both sides. All models are kept if one was removed, because it may have been renamed.
    Invalid parts are left for `compare_models` to reject.
    """
    for section in _SECTIONS:
        before, after = old.get(section), new.get(section)
        if isinstance(before, dict) and isinstance(after, dict):
            equal = {name for name in before.keys() & after.keys() if before[name] == after[name]}
            if section == "models":
                equal = _unaffected_models(equal, before, after)
            old, new = _drop(old, section, equal), _drop(new, section, equal)
    return old, new


def _unaffected_models(equal: set[str], before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the models that are neither compared nor needed to compare others."""
    differing = after.keys() - equal
    if before.keys() - after.keys():
        return set()
    compared = {name for name in after if differing & {name, *_field_types(after[name])}}
    needed = {
        other
        for name in compared
        for models in (before, after)
        for other in _field_types(models.get(name))
    }
    return equal - compared - needed


def _field_types(model: object) -> Iterator[str]:
    fields = model.get("fields") if isinstance(model, dict) else None
    for field in fields.values() if isinstance(fields, dict) else ():
        kind = field.get("type") if isinstance(field, dict) else None
        yield from map(str, kind.values() if isinstance(kind, dict) else [kind])


def _drop(document: Mapping[str, Any], section: str, names: set[str]) -> Mapping[str, Any]:
    kept = {name: value for name, value in document[section].items() if name not in names}
    return {**document, section: kept}
