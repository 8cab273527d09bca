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
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .document import CustomTypeEntry, EnumEntry, FieldType, OperationEntry

    Changes = Iterator[ModelChange]
    FindRules = Callable[[Any, Any], Iterator[str]]

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
    find_rules = partial(rules.part_rules, "document")
    return (*_compare_types(before, after), *_changes(find_rules, "document", before, after))


def _changes(find_rules: FindRules, subject: str, old: object, new: object) -> Changes:
    """Yield a change for each rule that a difference falls under.

    `old` is None if the part was added, `new` if it was removed.
    """
    for rule_id in find_rules(old, new) if old != new else ():
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
    old, new, old_names = _match_renamed(old, new)
    moved = _changed_kinds(old, new)

    def compare_model(name: str, before: ModelEntry | None, after: ModelEntry | None) -> Changes:
        if name in old_names:
            yield from _changes(lambda *_: iter(["model-renamed"]), name, old_names[name], name)
        yield from _compare_model(name, before, after)

    compare_custom_type = partial(_compare_object, "custom-type", rules.field_rules)
    compare_input = partial(_compare_object, "input", rules.argument_rules)
    yield from _compare_section(moved, old.models, new.models, compare_model)
    yield from _compare_section(moved, old.custom_types, new.custom_types, compare_custom_type)
    yield from _compare_section(moved, old.enums, new.enums, _compare_enum)
    yield from _compare_section(moved, old.inputs, new.inputs, compare_input)
    for name, before, after in _pairs(old.operations, new.operations):
        yield from _compare_operation(name, before, after)


def _match_renamed(
    old: IntrospectionDocument, new: IntrospectionDocument
) -> tuple[IntrospectionDocument, IntrospectionDocument, dict[str, str]]:
    """Rename the models of `old` that `@mapsTo` renamed; also return their old names by new name.

    Their records are kept, so such a model is neither removed nor added.
    """
    tables = {model.table or name: name for name, model in old.models.items()}
    removed = {table: name for table, name in tables.items() if name not in new.models}
    new_names = {
        removed[model.table or name]: name
        for name, model in new.models.items()
        if name not in old.models and (model.table or name) in removed
    }
    old_models = {new_names.get(name, name): model for name, model in old.models.items()}
    old_names = {name: old_name for old_name, name in new_names.items()}
    return (
        _without_names(old, old_models, old_names),
        _without_names(new, new.models, old_names),
        old_names,
    )


def _without_names(
    document: IntrospectionDocument, models: dict[str, ModelEntry], renamed: dict[str, str]
) -> IntrospectionDocument:
    """Drop `@mapsTo` and the plural of renamed models, which only repeat the renaming."""
    nameless = {}
    for name in renamed:
        directives = models[name].directives
        others = tuple(directive for directive in directives if directive.name != "mapsTo")
        nameless[name] = replace(models[name], directives=others, plural=None)
    return replace(document, models=models | nameless)


def _changed_kinds(
    old: IntrospectionDocument, new: IntrospectionDocument
) -> dict[str, tuple[str, str]]:
    """Return the types whose kind changed, with the old and the new kind."""
    removed, added = dict(old.kinds() - new.kinds()), dict(new.kinds() - old.kinds())
    return {name: (removed[name], added[name]) for name in removed.keys() & added.keys()}


def _compare_section(
    moved: dict[str, tuple[str, str]],
    old: dict[str, T],
    new: dict[str, T],
    compare: Callable[[str, T | None, T | None], Changes],
) -> Changes:
    """Compare the types of a kind; a type whose kind changed is reported under its new kind."""
    for name, before, after in _pairs(old, new):
        if name not in moved or (before is not None and after is not None):
            yield from compare(name, before, after)
        elif before is None:
            yield from _changes(lambda *_: iter(["kind-changed"]), name, *moved[name])


def _pairs(old: dict[str, T], new: dict[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
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
    yield from _changes(rules.model_rules, name, old, new)
    if old is None or new is None or old == new:
        return
    yield from _changes(rules.key_rules, name, old.key, new.key)
    for argument, *values in _pairs(old.arguments, new.arguments):
        arguments = (ModelArgument(name=argument, value=value) for value in values)
        yield from _changes(rules.model_argument_rules, name, *arguments)
    for directive, *directives in _match(old.directives, new.directives):
        yield from _changes(partial(rules.directive_rules, directive), name, *directives)
    for index, *indexes in _match(old.indexes, new.indexes):
        yield from _changes(partial(rules.index_rules, index), name, *indexes)
    yield from _compare_access(name, old.grants, new.grants)
    yield from _compare_fields(rules.field_rules, name, old.fields, new.fields)


def _compare_fields(
    find_rules: FindRules, name: str, old: dict[str, FieldType], new: dict[str, FieldType]
) -> Changes:
    for field, before, after in _pairs(old, new):
        yield from _changes(find_rules, f"{name}.{field}", before, after)


def _compare_access(name: str, old: Grants | None, new: Grants | None) -> Changes:
    if old is None or new is None:
        yield from _changes(rules.auth_rules, name, _all_grants(old), _all_grants(new))
        return
    for grantee, before, after in _pairs(old, new):
        grants = _grant(grantee, before, after), _grant(grantee, after, before)
        yield from _changes(rules.access_rules, name, *grants)


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


def _compare_object(
    kind: str,
    field_rules: FindRules,
    name: str,
    old: CustomTypeEntry | None,
    new: CustomTypeEntry | None,
) -> Changes:
    """Compare a custom type or an input."""
    yield from _changes(partial(rules.part_rules, kind), name, old, new)
    if old is not None and new is not None:
        yield from _compare_fields(field_rules, name, old.fields, new.fields)


def _compare_enum(name: str, old: EnumEntry | None, new: EnumEntry | None) -> Changes:
    yield from _changes(partial(rules.part_rules, "enum"), name, old, new)
    if old is not None and new is not None:
        find_rules = partial(rules.part_rules, "enum-value")
        old_values, new_values = dict.fromkeys(old.values, old), dict.fromkeys(new.values, old)
        for value, before, after in _pairs(old_values, new_values):
            yield from _changes(find_rules, f"{name}.{value}", before, after)


def _compare_operation(
    name: str, old: OperationEntry | None, new: OperationEntry | None
) -> Changes:
    yield from _changes(rules.operation_rules, name, old, new)
    if old is not None and new is not None:
        yield from _changes(rules.result_rules, name, old.result, new.result)
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
