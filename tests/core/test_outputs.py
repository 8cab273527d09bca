from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from amplify_modelgen.plugin import Emitter
from amplify_modelgen.records import FeatureFlags, Output, Provenance, Target
from amplify_modelgen.storage.project_files import MAX_BYTES, ProjectFiles
from amplify_modelgen.workspace import choose_outputs

if TYPE_CHECKING:
    from pathlib import Path

HEADER = b"// made by a generator\n"


def emitter(name: str, suffix: str) -> Emitter:
    return Emitter(
        name=name,
        help="",
        emit=lambda _models, _options: [],
        recognizes=lambda path, content: path.endswith(suffix) and content.startswith(HEADER),
    )


EMITTERS = {"modules": emitter("modules", ".js"), "document": emitter("document", ".json")}
USUAL, OTHER, THIRD = (Output(emitter="modules", path=path) for path in ("src/models", "a", "b/c"))
DOCUMENT = Output(emitter="document", path="src/models/document.json")
UNKNOWN = Output(emitter="elsewhere", path="src/models")
CANDIDATES = (USUAL, OTHER, THIRD, DOCUMENT, UNKNOWN)


def target(*, data_store: bool = False) -> Target:
    return Target(
        app_id="",
        environment="",
        resource="blog",
        candidates=CANDIDATES,
        flags=FeatureFlags(is_data_store_enabled=data_store),
        provenance=(
            Provenance(key="schema", value="x", origin="here"),
            Provenance(key="outputs", value="src/models", origin="project-config.json"),
        ),
    )


def choose(
    root: Path,
    *paths: str,
    create: bool = False,
    data_store: bool = False,
    candidates: tuple[Output, ...] = CANDIDATES,
) -> tuple[Output, ...]:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(HEADER)
    with ProjectFiles(root) as files:
        chosen = choose_outputs(target(data_store=data_store), files, EMITTERS, create=create)
    assert chosen.candidates == candidates
    return chosen.outputs


def test_nothing_is_created_without_data_store(tmp_path: Path) -> None:
    assert choose(tmp_path) == ()


@pytest.mark.parametrize(("create", "data_store"), [(True, False), (False, True)])
def test_the_first_models_are_created(tmp_path: Path, *, create: bool, data_store: bool) -> None:
    assert choose(tmp_path, create=create, data_store=data_store) == (USUAL,)


def test_models_that_are_there_are_maintained(tmp_path: Path) -> None:
    assert choose(tmp_path, "src/models/index.js", "a/index.js") == (USUAL,)


@pytest.mark.parametrize("create", [True, False])
def test_models_in_one_other_place_are_maintained_there(tmp_path: Path, *, create: bool) -> None:
    assert choose(tmp_path, "b/c/index.js", create=create, data_store=True) == (THIRD,)


def test_models_in_two_other_places_are_ambiguous(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Without candidates, no report says how to create the first models.
    assert choose(tmp_path, "a/index.js", "b/c/index.js", data_store=True, candidates=()) == ()
    [message] = caplog.messages
    assert message.startswith("blog: the models are in several directories (a, b/c)")


def test_further_outputs_are_maintained(tmp_path: Path) -> None:
    assert choose(tmp_path, "src/models/document.json", "a/index.js") == (OTHER, DOCUMENT)


def test_further_outputs_alone(tmp_path: Path) -> None:
    (tmp_path / "src" / "models").mkdir(parents=True)
    (tmp_path / "src" / "models" / "index.js").write_text("by hand")
    document = replace(target(), candidates=(Output(emitter="modules", path="x"), DOCUMENT))
    (tmp_path / "src" / "models" / "document.json").write_bytes(HEADER)
    with ProjectFiles(tmp_path) as files:
        assert choose_outputs(document, files, EMITTERS, create=False).outputs == (DOCUMENT,)


def test_files_that_no_emitter_recognizes_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "src" / "models").mkdir(parents=True)
    (tmp_path / "src" / "models" / "index.js").write_text("by hand")
    assert choose(tmp_path) == ()


def test_what_cannot_be_read_counts(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "models").symlink_to(tmp_path)
    assert choose(tmp_path)[0] == USUAL


def test_new_source_files_beside_the_directory_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "src" / "models").mkdir(parents=True)
    with ProjectFiles(tmp_path) as files:
        choose_outputs(target(), files, EMITTERS, create=False)
        listed = [line for line in files.fingerprints() if line.startswith("all ")]
    assert [line.partition("//")[0].split()[-1] for line in listed] == ["src/models"]


def test_other_files_of_a_directory_need_not_be_readable(tmp_path: Path) -> None:
    (tmp_path / "src" / "models").mkdir(parents=True)
    (tmp_path / "src" / "models" / "huge.js").write_bytes(b" " * (MAX_BYTES + 1))
    assert choose(tmp_path) == ()


def test_outputs_that_are_given_stay(tmp_path: Path) -> None:
    given = replace(target(), outputs=(DOCUMENT,))
    alone = replace(given, candidates=())
    with ProjectFiles(tmp_path) as files:
        assert choose_outputs(given, files, EMITTERS, create=False).outputs == (DOCUMENT,)
        assert choose_outputs(given, files, EMITTERS, create=True).outputs == (USUAL, DOCUMENT)
        assert choose_outputs(alone, files, EMITTERS, create=True) is alone


@pytest.mark.parametrize(
    ("paths", "value", "origin"),
    [
        ([], "none", "found there"),
        (["src/models/index.js"], "src/models", "project-config.json"),
        (["a/index.js"], "a", "found there"),
        (["src/models/document.json"], "src/models/document.json", "found there"),
    ],
)
def test_the_origin_of_the_outputs(
    tmp_path: Path, paths: list[str], value: str, origin: str
) -> None:
    choose(tmp_path, *paths)
    with ProjectFiles(tmp_path) as files:
        [schema, outputs] = choose_outputs(target(), files, EMITTERS, create=False).provenance
    assert schema.origin == "here"
    assert outputs == Provenance(key="outputs", value=value, origin=origin)
