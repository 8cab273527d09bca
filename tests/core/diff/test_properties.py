from __future__ import annotations

import copy
from contextlib import suppress
from functools import reduce
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from amplify_modelgen.diff import (
    compare_models,
    prune_unchanged,
    render_changes,
    summarize,
)
from amplify_modelgen.errors import ModelgenError
from support.introspection_documents import (
    Json,
    attribute,
    auth,
    belongs_to,
    document,
    listed,
    model,
    to_many,
    value,
)

if TYPE_CHECKING:
    Path = tuple[str | int, ...]

NAMES = st.sampled_from(["A", "B", "C", "D"])
KINDS = st.one_of(
    st.sampled_from(["ID", "String", "Int", "AWSDateTime"]),
    st.builds(lambda kind, name: {kind: name}, st.sampled_from(["enum", "nonModel"]), NAMES),
)
OPERATIONS = st.lists(
    st.sampled_from(["create", "update", "delete", "read"]), min_size=1, unique=True
)


def members(part: st.SearchStrategy[Json], size: int = 3) -> st.SearchStrategy[Json]:
    return st.dictionaries(NAMES, part, max_size=size)


SINGLE = st.builds(lambda kind, required: value(kind, required=required), KINDS, st.booleans())
LIST = st.builds(
    lambda kind, items, required: listed(kind, items=items, required=required),
    KINDS,
    st.booleans(),
    st.booleans(),
)
VALUES = st.one_of(SINGLE, LIST)
FIELDS = members(
    st.one_of(
        VALUES,
        st.builds(lambda other: to_many("A", other=other), NAMES),
        st.builds(lambda key, other: belongs_to(key, other=other), NAMES, NAMES),
        SINGLE.map(lambda field: {**field, "isReadOnly": True}),
    )
)
RULES = st.one_of(
    st.builds(
        lambda allow, operations: {"allow": allow, "operations": operations},
        st.sampled_from(["owner", "public", "private", "custom"]),
        OPERATIONS,
    ),
    st.builds(
        lambda group, operations: {"allow": "groups", "groups": [group], "operations": operations},
        NAMES,
        OPERATIONS,
    ),
)
KEYS = st.builds(
    lambda name, fields, query: attribute("key", name=f"by{name}", fields=fields, queryField=query),
    NAMES,
    st.lists(NAMES, min_size=1, max_size=2),
    st.one_of(st.none(), NAMES),
)
DIRECTIVES = st.builds(attribute, st.sampled_from(["searchable", "versioned", "aws_iam"]))
MODELS = st.builds(
    lambda fields, attributes, rules, key, plural: model(
        fields, *attributes, *([auth(*rules)] if rules else []), key=tuple(key), pluralName=plural
    ),
    FIELDS,
    st.lists(st.one_of(KEYS, DIRECTIVES), max_size=2),
    st.lists(RULES, max_size=2),
    st.lists(st.sampled_from(["id", "A", "B"]), min_size=1, max_size=2, unique=True),
    st.sampled_from(["As", "Bs"]),
)
OPERATION = st.builds(
    lambda answer, arguments: {**answer, "arguments": arguments}, VALUES, members(VALUES, 2)
)
DOCUMENTS = st.builds(
    lambda models, enums, types, queries, inputs: document(
        models, enums=enums, nonModels=types, queries=queries, inputs=inputs
    ),
    members(MODELS, 2),
    members(st.builds(lambda names: {"values": names}, st.lists(NAMES, unique=True)), 2),
    members(st.builds(lambda fields: {"fields": fields}, members(VALUES, 2)), 1),
    members(OPERATION, 1),
    members(st.builds(lambda fields: {"attributes": fields}, members(VALUES, 2)), 1),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(DOCUMENTS)
def test_document_equals_itself(whole: Json) -> None:
    assert compare_models(whole, copy.deepcopy(whole)) == ()


@given(DOCUMENTS, DOCUMENTS)
def test_additions_in_one_direction_are_removals_in_the_other(old: Json, new: Json) -> None:
    def subjects(before: Json, after: Json, action: str) -> list[str]:
        changes = compare_models(before, after)
        return sorted(change.subject for change in changes if change.action == action)

    assert subjects(old, new, "added") == subjects(new, old, "removed")
    assert set(subjects(old, new, "changed")) == set(subjects(new, old, "changed"))


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_every_single_difference_is_reported_in_both_directions(
    old: Json, other: Json, data: st.DataObject
) -> None:
    new = copy.deepcopy(old)
    path = data.draw(st.sampled_from(sorted(paths(old) & paths(other), key=repr)))
    put(new, path, at(other, path))
    differs = meaning(old) != meaning(new)
    assert bool(compare_models(old, new)) == differs == bool(compare_models(new, old))


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_pruning_keeps_all_changes(old: Json, other: Json, data: st.DataObject) -> None:
    new = copy.deepcopy(old)
    path = data.draw(st.sampled_from(sorted(paths(old) & paths(other), key=repr)))
    put(new, path, at(other, path))
    assert compare_models(*prune_unchanged(old, new)) == compare_models(old, new)


@given(JSON, JSON)
def test_pruning_accepts_any_json(old: object, new: object) -> None:
    sections = {"models": old, "enums": new}, {"models": new, "enums": old}
    assert [part.keys() for part in prune_unchanged(*sections)] == [
        part.keys() for part in sections
    ]


@given(DOCUMENTS, DOCUMENTS)
def test_every_change_is_rendered(old: Json, new: Json) -> None:
    changes = compare_models(old, new)
    lines = render_changes(changes)
    assert len([line for line in lines if line.startswith("   " * 4)]) == len(changes)
    assert summarize(changes).startswith(str(len(changes)) if changes else "no")


@given(DOCUMENTS, st.data(), JSON)
def test_an_invalid_document_gives_changes_or_an_error(
    whole: Json, data: st.DataObject, garbage: Any
) -> None:
    broken = copy.deepcopy(whole)
    put(broken, data.draw(st.sampled_from(sorted(paths(whole), key=repr))), garbage)
    with suppress(ModelgenError):
        compare_models(whole, broken)


def paths(part: Any) -> set[Path]:
    """Return the path of every part of a document."""
    if not isinstance(part, dict | list):
        return set()
    keys = part if isinstance(part, dict) else range(len(part))
    return {(key, *more) for key in keys for more in ({(), *paths(part[key])})}


def at(part: Any, path: Path) -> Any:
    return reduce(lambda place, key: place[key], path, part)


def put(part: Any, path: Path, new: Any) -> None:
    at(part, path[:-1])[path[-1]] = new


def meaning(whole: Any) -> Any:
    """Return the document without order and without the grouping of operations into rules."""
    models = whole["models"]
    for_models = {name: unordered(item) for name, item in models.items()}
    return {**{section: unordered(whole[section]) for section in whole}, "models": for_models}


def unordered(part: Any) -> Any:
    if isinstance(part, dict) and "rules" in part:
        return granted(part["rules"])
    if isinstance(part, dict):
        kept = {"fields", "targetNames", "associatedWith", "sortKeyFieldNames"}
        return {
            name: item if name in kept and isinstance(item, list) else unordered(item)
            for name, item in part.items()
        }
    return sorted(map(unordered, part), key=repr) if isinstance(part, list) else part


def granted(rules: list[Json]) -> list[tuple[str, str]]:
    return sorted(
        {
            (f"{rule['allow']} {rule.get('groups')}", operation)
            for rule in rules
            for operation in rule["operations"]
        }
    )
