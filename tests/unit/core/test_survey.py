from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.errors import UsageError
from amplify_modelgen.files.lock import NAME, Locked, lock_text
from amplify_modelgen.records import Settings
from amplify_modelgen.run.plan import plan_target, settings_digest
from amplify_modelgen.run.survey import Survey, settled_evidence, survey
from amplify_modelgen.tokens import file_digest, schema_digest
from amplify_modelgen.unchanged import take_evidence
from core_values import target

if TYPE_CHECKING:
    from amplify_modelgen.records import Target

BLOG = target()
SHOP = target("shop@dev")
SDL = "type A { a: Int }\n"


@pytest.fixture
def root(project: Path) -> Path:
    """Two targets, generated and locked."""
    lock = {}
    Path("models").mkdir()
    for each in (BLOG, SHOP):
        Path(f"{each.resource}.graphql").write_text(SDL)
        Path(f"models/{each.resource}.json").write_bytes(b"{}")
        outputs = {f"models/{each.resource}.json": file_digest(b"{}")}
        lock[each.key] = Locked(
            schema=schema_digest(SDL), settings=settings_digest(each), outputs=outputs
        )
    Path(NAME).write_text(lock_text(lock))
    return project


def surveyed(root: Path, *targets: Target, **asked: list[str]) -> Survey:
    settings = Settings(root=root, targets=targets, inputs=("amplify-modelgen.toml",))
    none: Any = SimpleNamespace(targets=lambda _: (), looked_at=asked.get("looked_at", []))
    return survey(settings, none, asked.get("names", []), asked.get("files", []))


# What is not there yet may come, and change the answer.
ALWAYS = {("folder", "./"), ("absent", "pyproject.toml")}


def kinds(evidence: tuple[str, ...] | None) -> set[tuple[str, str]]:
    return {(line.split()[0], line.split()[-1]) for line in evidence or ()}


def test_all_targets_are_chosen_where_nothing_is_asked_for(root: Path) -> None:
    found = surveyed(root, BLOG, SHOP)
    assert found.chosen == found.targets == (BLOG, SHOP)
    assert found.lock.keys() == {BLOG.key, SHOP.key}


def test_names_and_files_choose_targets(root: Path) -> None:
    assert surveyed(root, BLOG, SHOP, names=["shop@dev"]).chosen == (SHOP,)
    assert surveyed(root, BLOG, SHOP, files=["blog.graphql"]).chosen == (BLOG,)


def test_no_target_at_all_is_an_error_that_says_where_to_look(root: Path) -> None:
    (root / NAME).unlink()
    with pytest.raises(UsageError, match="no targets below ") as caught:
        surveyed(root)
    assert "[[target]]" in (caught.value.hint or "")


def test_evidence_is_all_that_the_targets_were_read_from(root: Path) -> None:
    evidence = surveyed(root, BLOG).evidence
    assert kinds(evidence) == {
        *ALWAYS,
        ("file", "amplify-modelgen.toml"),
        ("schema", "blog.graphql"),
    }


def test_a_target_without_inputs_leaves_no_evidence(root: Path) -> None:
    assert surveyed(root, BLOG, replace(SHOP, inputs=())).evidence is None


def test_where_plugins_looked_for_targets_is_evidence(root: Path) -> None:
    found = surveyed(root, BLOG, looked_at=["models/", "later.json"])
    assert {("folder", "models/"), ("absent", "later.json")} <= kinds(found.evidence)


def test_another_working_directory_leaves_no_evidence(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "models")
    assert surveyed(root, BLOG).evidence is None


def test_a_schema_that_cannot_be_read_leaves_no_evidence(root: Path) -> None:
    (root / "blog.graphql").unlink()
    assert surveyed(root, BLOG).evidence is None


def test_what_is_settled_depends_on_lock_and_outputs_too(root: Path) -> None:
    found = surveyed(root, BLOG, SHOP)
    assert kinds(settled_evidence(found)) == kinds(found.evidence) | {
        ("file", NAME),
        ("file", "models/blog.json"),
        ("file", "models/shop.json"),
    }


def test_what_was_just_written_counts_as_the_lock_has_it(root: Path) -> None:
    found = surveyed(root, BLOG, SHOP)
    evidence = settled_evidence(found)
    (root / "models/blog.json").write_text("edited")
    written = ("models/blog.json", "models/gone.json", NAME)
    assert sorted(settled_evidence(found, written) or ()) == sorted(evidence or "nothing")


@pytest.mark.parametrize("path", ["models/blog.json", "shop.graphql", NAME])
def test_nothing_is_settled_where_something_is_missing(root: Path, path: str) -> None:
    found = surveyed(root, BLOG, SHOP)
    (root / path).unlink()
    assert settled_evidence(found) is None


def test_nothing_is_settled_while_the_lock_names_another_target(root: Path) -> None:
    assert settled_evidence(surveyed(root, BLOG)) is None


def test_nothing_is_settled_without_evidence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "models")
    assert settled_evidence(surveyed(root, BLOG, SHOP)) is None


def test_a_target_that_only_the_backend_knows_is_evidence_by_its_inputs(root: Path) -> None:
    remote = replace(BLOG, schema=None)
    assert kinds(surveyed(root, remote).evidence) == {*ALWAYS, ("file", "amplify-modelgen.toml")}


def test_an_output_that_changes_while_it_is_judged_is_not_taken_for_good(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = surveyed(root, BLOG, SHOP)
    plan = plan_target

    def edit_afterwards(*arguments: Any) -> Any:
        planned = plan(*arguments)
        (root / "models/blog.json").write_text("edited")
        return planned

    monkeypatch.setattr("amplify_modelgen.run.survey.plan_target", edit_afterwards)
    evidence = settled_evidence(found)
    assert evidence is not None
    path = next(line for line in evidence if line.endswith(" models/blog.json"))
    assert path != take_evidence(["models/blog.json"])[0]
