from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.files.lock import Locked
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.records import Artifact, Models, Schema, SchemaFile
from amplify_modelgen.run.compare import changes_since, drift_changes, drifted
from amplify_modelgen.run.plan import Plan
from core_values import target

if TYPE_CHECKING:
    from pathlib import Path

OLD = "type Post @model { id: ID! title: String }"
NEW = "type Post @model { id: ID! }"
DIGEST = "0" * 64


def plan(sdl: str | None) -> Plan:
    schema = Schema(files=(SchemaFile(path="a.graphql", text=sdl),)) if sdl is not None else None
    return Plan(target=target(), schema=schema, schema_digest="", settings_digest="", reasons=())


def locked(*paths: str) -> Locked:
    return Locked(schema=DIGEST, settings=DIGEST, outputs=dict.fromkeys(paths, DIGEST))


@pytest.mark.parametrize("deployed", [OLD, ""])
def test_a_backend_has_drifted_where_its_tokens_differ(deployed: str) -> None:
    assert drifted(deployed, NEW)


@pytest.mark.parametrize(
    ("deployed", "sdl"), [(f"# deployed\n{OLD},", OLD), (None, OLD), (OLD, None)]
)
def test_a_backend_has_not_drifted_where_nothing_shows_it(
    deployed: str | None, sdl: str | None
) -> None:
    assert not drifted(deployed, sdl)


def test_drift_is_told_as_what_the_tree_changes() -> None:
    assert [each.subject for each in drift_changes(plan(NEW), OLD)] == ["Post.title"]


@pytest.mark.parametrize("sdl", [None, "type Post {", OLD])
def test_drift_that_does_not_reach_the_models_tells_nothing(sdl: str | None) -> None:
    assert drift_changes(plan(sdl), OLD) == ()


def test_models_are_compared_with_those_that_were_generated_last(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(generate_models(OLD).introspection))
    (tmp_path / "other.json").write_text("[]")
    found = changes_since(
        tmp_path, locked("m.py", "gone.json", "other.json", "a.json"), generate_models(NEW), ()
    )
    assert [(each.action, each.subject) for each in found] == [("removed", "Post.title")]


WRITTEN = (Artifact(path="a.json", content=b""),)


def test_everything_is_new_the_first_time(tmp_path: Path) -> None:
    found = changes_since(tmp_path, None, generate_models(NEW), WRITTEN)
    assert [(each.action, each.subject) for each in found] == [("added", "Post")]


@pytest.mark.parametrize(("old", "expected"), [(NEW, []), (OLD, [("removed", "Post.title")])])
def test_models_from_before_the_first_lock_are_compared_with(
    tmp_path: Path, old: str, expected: list[tuple[str, str]]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(generate_models(old).introspection))
    found = changes_since(tmp_path, None, generate_models(NEW), WRITTEN)
    assert [(each.action, each.subject) for each in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        "{", "\x00", "[" * 100_000, "[]", "{}", '{"models": {}}',
        '{"version": 1, "models": 5, "nonModels": null}',
        '{"version": 1, "models": {"A": 5}, "nonModels": {}}',
        '{"version": 1, "models": {"A": {"fields": []}}, "nonModels": {}, "enums": 3}',
    ],
)  # fmt: skip
def test_models_that_cannot_be_read_tell_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert changes_since(tmp_path, locked("a.json", "../b.json"), generate_models(NEW), ()) == ()


def test_without_an_introspection_schema_nothing_is_told(tmp_path: Path) -> None:
    assert changes_since(tmp_path, None, Models(datastore={}, introspection=None), ()) == ()
