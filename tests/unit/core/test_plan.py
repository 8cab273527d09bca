from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import fields as fields_of
from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.files.lock import Locked
from amplify_modelgen.modelgen.flags import SHAPING
from amplify_modelgen.records import FeatureFlags, Output
from amplify_modelgen.run.plan import plan_target, settings_digest
from amplify_modelgen.tokens import file_digest, schema_digest
from core_values import target

if TYPE_CHECKING:
    from pathlib import Path

BLOG = target()
SDL = "type A { a: Int }\n"


def toggled(*names: str) -> FeatureFlags:
    flags: dict[str, Any] = {name: not getattr(FeatureFlags(), name) for name in names}
    return FeatureFlags(**flags)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "blog.graphql").write_text(SDL)
    (tmp_path / "models").mkdir()
    (tmp_path / "models/blog.json").write_bytes(b"{}\n")
    return tmp_path


def locked(**fields: Any) -> dict[str, Locked]:
    outputs = {"models/blog.json": file_digest(b"{}\n")}
    whole = Locked(schema=schema_digest(SDL), settings=settings_digest(BLOG), outputs=outputs)
    return {BLOG.key: replace(whole, **fields)}


def test_a_target_that_agrees_with_the_lock_is_fresh(root: Path) -> None:
    plan = plan_target(root, BLOG, locked())
    assert plan.fresh
    assert plan.schema is not None
    assert (plan.schema.text, plan.schema_digest) == (SDL, schema_digest(SDL))


def test_a_target_that_the_lock_does_not_know_is_stale(root: Path) -> None:
    plan = plan_target(root, BLOG, {})
    assert not plan.fresh
    assert plan.reasons == ("it has never been generated",)


def test_what_is_known_to_be_as_it_was_written_is_not_read(root: Path) -> None:
    (root / "models/blog.json").unlink()
    path, digest = "models/blog.json", file_digest(b"{}\n")
    assert plan_target(root, BLOG, locked(), {(path, digest)}).fresh
    assert plan_target(root, BLOG, locked(), {(path, file_digest(b""))}).reasons == (
        "models/blog.json is missing",
    )


def test_line_ends_and_comments_make_nothing_stale(root: Path) -> None:
    (root / "blog.graphql").write_bytes(b"# new\r\ntype A {\r\n  a: Int }\r\n")
    (root / "models/blog.json").write_bytes(b"{}\r\n")
    assert plan_target(root, BLOG, locked()).fresh


def test_all_reasons_are_given(root: Path) -> None:
    (root / "blog.graphql").write_text("type B { a: Int }")
    (root / "models/blog.json").write_text("[]")
    outputs = {"z.json": "0" * 64, "models/blog.json": file_digest(b"{}\n")}
    plan = plan_target(root, BLOG, locked(settings="0" * 64, outputs=outputs))
    assert plan.reasons == (
        "blog.graphql changed",
        "its outputs, their options or its feature flags changed in the configuration",
        "models/blog.json was edited",
        "z.json is missing",
    )


def test_a_target_without_a_schema_in_the_tree_has_no_schema_digest(root: Path) -> None:
    elsewhere = replace(BLOG, schema=None)
    assert plan_target(root, elsewhere, locked(schema="")).fresh
    assert plan_target(root, elsewhere, locked()).reasons == ("the schema changed",)


def test_an_output_that_cannot_be_read_is_an_error_with_a_message(root: Path) -> None:
    with pytest.raises(ConfigError, match=r"^\.\. is outside the root"):
        plan_target(root, BLOG, locked(outputs={"..": "0" * 64}))


@pytest.mark.parametrize(
    "fields",
    [
        {"outputs": ()},
        {"outputs": (Output(emitter="datastore", path="models/blog.json"),)},
        {"outputs": (Output(emitter="introspection", path="other.json"),)},
        {"outputs": (replace(BLOG.outputs[0], options=(("a", 1),)),)},
        *({"flags": toggled(name)} for name in SHAPING),
    ],
)
def test_what_shapes_the_outputs_is_in_the_digest(fields: dict[str, Any]) -> None:
    assert settings_digest(replace(BLOG, **fields)) != settings_digest(BLOG)


def test_flags_that_shape_nothing_are_not_in_the_digest() -> None:
    others = {field.name for field in fields_of(FeatureFlags)} - {*SHAPING}
    other_flags = replace(BLOG, flags=toggled(*others))
    assert settings_digest(other_flags) == settings_digest(BLOG)


@pytest.mark.parametrize(
    "fields", [{"environment": "prod"}, {"region": None}, {"profile": "me"}, {"app_id": "d2"}]
)
def test_what_differs_between_machines_is_not_in_the_digest(fields: dict[str, Any]) -> None:
    assert settings_digest(replace(BLOG, **fields)) == settings_digest(BLOG)
