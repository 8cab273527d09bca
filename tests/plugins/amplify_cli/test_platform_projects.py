"""Whole runs in the projects of the three platforms that are among the examples."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.pipeline import run_check, run_generate, snapshot

if TYPE_CHECKING:
    from amplify_modelgen.records import Report

EXAMPLES = Path(__file__).parents[3] / "examples"
ANDROID = "app/src/main/java/com/amplifyframework/datastore/generated/model"
MODELS = {"android": ANDROID, "flutter": "lib/models", "ios": "amplify/generated/models"}
ALL = pytest.mark.parametrize("example", MODELS)
ADDED = "type Customer @model { name: String }\n"
OLD_JAVA = """\
package com.amplifyframework.datastore.generated.model;
/** This is an auto generated class representing the Old type in your schema. */
"""
OLD_DART = "// NOTE: This file is generated and may not follow lint rules defined in your app\n"
OLD_SWIFT = """\
// swiftlint:disable all
import Amplify
import Foundation

public enum Old: String, EnumPersistable {
  case a
}"""
OBSOLETE = {
    "android": ("Old.java", OLD_JAVA),
    "flutter": ("Old.dart", OLD_DART),
    "ios": ("Old.swift", OLD_SWIFT),
}


def project(root: Path, example: str) -> Path:
    """Copy an example; return the directory of its models."""
    shutil.copytree(EXAMPLES / example, root, dirs_exist_ok=True)
    return root / MODELS[example]


def schema_of(root: Path) -> Path:
    [schema] = (root / "amplify/backend/api").glob("*/schema.graphql")
    return schema


def add(root: Path, text: str) -> None:
    with schema_of(root).open("a") as file:
        file.write(text)


def changes(report: Report) -> dict[str, str]:
    """Return what happened to the files that are not as before, by name."""
    assert [outcome.reason for outcome in report.outcomes if outcome.status == "failed"] == []
    files = [file for outcome in report.outcomes for file in outcome.files]
    return {Path(file.path).name: file.action for file in files if file.action != "unchanged"}


@ALL
def test_files_beside_the_models_are_never_touched(tmp_path: Path, example: str) -> None:
    models = project(tmp_path, example)
    suffix = next(models.iterdir()).suffix
    lower = next(path.stem for path in models.iterdir()).lower()
    by_hand = [models / f"{name}{suffix}" for name in (lower, "Customers", "Helper")]
    for path in by_hand:
        path.write_text("// by hand\n")
    before = snapshot(tmp_path)
    add(tmp_path, ADDED)

    assert f"Customer{suffix}" in changes(run_generate(tmp_path))
    after = snapshot(tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in by_hand]
    assert [after[name] for name in names] == [before[name] for name in names]


@pytest.mark.parametrize("stem", ["Customer", "customer"])
@ALL
def test_a_file_by_hand_in_the_place_of_a_model_fails_the_target(
    tmp_path: Path, example: str, stem: str
) -> None:
    models = project(tmp_path, example)
    suffix = next(models.iterdir()).suffix
    add(tmp_path, ADDED)
    # On some file systems both names are one file.
    (models / f"{stem}{suffix}").write_text("class Customer {}\n")
    before = snapshot(tmp_path)
    report = run_generate(tmp_path)
    assert report.exit_code != 0
    assert f"Customer{suffix}" in str(report.outcomes[0].reason)
    assert snapshot(tmp_path) == before


@ALL
def test_obsolete_files_of_ours_are_removed_and_those_of_amplify_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    models = project(tmp_path, example)
    monkeypatch.chdir(tmp_path)
    suffix = next(models.iterdir()).suffix
    original = schema_of(tmp_path).read_text()
    add(tmp_path, ADDED)
    run_generate(tmp_path)
    name, text = OBSOLETE[example]
    (models / name).write_text(text)
    schema_of(tmp_path).write_text(original)

    report = run_generate(tmp_path)

    assert changes(report)[f"Customer{suffix}"] == "removed"
    assert not list(models.glob("Customer*"))
    assert (models / name).read_text() == text
    details = [file.detail for file in report.outcomes[0].files if file.detail]
    obsolete = f"{MODELS[example]}/{name}"
    assert details == [f"Amplify CLI wrote it and it is obsolete: git rm {obsolete}"]


def test_two_projects_in_one_repository(tmp_path: Path) -> None:
    project(tmp_path / "phone", "android")
    project(tmp_path / "tablet", "flutter")
    assert run_check(tmp_path).exit_code == 0
    before = snapshot(tmp_path)
    add(tmp_path / "tablet", ADDED)

    written = changes(run_generate(tmp_path))

    assert written == {"Customer.dart": "created", "ModelProvider.dart": "changed"}
    after = snapshot(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {
        "tablet/lib/models/ModelProvider.dart",
        schema_of(tmp_path / "tablet").relative_to(tmp_path).as_posix(),
    }
    assert after.keys() - before.keys() == {"tablet/lib/models/Customer.dart"}


@pytest.mark.parametrize(
    ("resources", "sources"),
    [
        ("mobile/src/main/res", "mobile/src/main/java"),
        ("feature/blog/src/main/res/", "feature/blog/src/main/java"),
        ("src/main/res", "src/main/java"),
    ],
)
def test_models_of_an_android_module(tmp_path: Path, resources: str, sources: str) -> None:
    models = project(tmp_path, "android")
    target = tmp_path / sources / Path(ANDROID).relative_to("app/src/main/java")
    names = {path.name for path in models.iterdir()}
    shutil.rmtree(tmp_path / "app/src")
    config = tmp_path / "amplify/.config/project-config.json"
    settings = json.loads(config.read_text())
    settings["android"]["config"]["ResDir"] = resources
    config.write_text(json.dumps(settings))

    assert set(changes(run_generate(tmp_path, create=True))) == names
    assert {path.name for path in target.iterdir()} == names
    assert run_check(tmp_path).exit_code == 0
    assert not (tmp_path / "app/src").exists()
