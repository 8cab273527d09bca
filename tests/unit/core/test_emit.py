from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.cli.main import main
from amplify_modelgen.errors import (
    BackendError,
    ConfigError,
    ModelgenError,
    PluginError,
    UsageError,
)
from amplify_modelgen.hookspecs import Emitter
from amplify_modelgen.plugins import load_plugins
from amplify_modelgen.records import Artifact, Models, Output
from amplify_modelgen.run.emit import check_outputs, emit, placed, run_emitter
from core_values import MODELS, STALE, target
from emitted import writable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from amplify_modelgen.records import Target


def emitter(*paths: str, name: str = "one", options: Mapping[str, str] | None = None) -> Emitter:
    def make(_: Models, __: Mapping[str, object]) -> list[Artifact]:
        return [Artifact(path=path, content=path.encode()) for path in paths]

    return Emitter(name=name, help="", emit=make, options=options)


def returning(answer: Any) -> Emitter:
    return Emitter(name="broken", help="", emit=lambda *_: answer)


def raising(error: Exception) -> Emitter:
    def fail(_: Models, __: Mapping[str, object]) -> list[Artifact]:
        raise error

    return Emitter(name="broken", help="", emit=fail)


def output(path: str = "models", name: str = "one", **options: object) -> Output:
    return Output(emitter=name, path=path, options=tuple(options.items()))


def with_outputs(*outputs: Output) -> Target:
    return target(outputs=outputs)


@pytest.mark.parametrize(
    ("path", "made", "expected"),
    [
        pytest.param("src/models", ["a.json"], ["src/models/a.json"], id="one file in a folder"),
        pytest.param("src", ["a.json", "b/c.js"], ["src/a.json", "src/b/c.js"], id="several"),
        pytest.param("src/my.json", ["a.json"], ["src/my.json"], id="the file itself"),
        pytest.param("src/my.json", ["a.py"], ["src/my.json/a.py"], id="another suffix"),
        pytest.param("v1.json", ["a.json", "b.json"], ["v1.json/a.json", "v1.json/b.json"], id="2"),
        pytest.param("src", ["Makefile"], ["src/Makefile"], id="a name without a suffix"),
        pytest.param(".", ["a.json"], ["a.json"], id="the root"),
        pytest.param("src", [], [], id="nothing"),
    ],
)
def test_artifacts_are_put_at_the_path_of_their_output(
    path: str, made: list[str], expected: list[str]
) -> None:
    artifacts = emit(with_outputs(output(path)), MODELS, {"one": emitter(*made)})
    assert [artifact.path for artifact in artifacts] == expected
    assert [artifact.content.decode() for artifact in artifacts] == made


@pytest.mark.parametrize("path", ["../a", "/a", "", ".", "a/../../b", "a\0b", "a\nb"])
def test_an_artifact_outside_its_folder_is_the_plugins_fault(path: str) -> None:
    with pytest.raises(PluginError, match="the emitter 'one' made a file outside its folder: "):
        placed(output(), [Artifact(path=path, content=b"")])


def test_all_outputs_of_a_target_are_made() -> None:
    both = with_outputs(output("a", "one"), output("b", "other"))
    emitters = {"one": emitter("x"), "other": emitter("y", name="other")}
    assert [artifact.path for artifact in emit(both, MODELS, emitters)] == ["a/x", "b/y"]


@pytest.mark.parametrize("other", ["models/a.json", "Models/A.json"])
def test_two_outputs_may_not_write_one_file(other: str) -> None:
    twice = with_outputs(output("models"), output(other))
    with pytest.raises(ConfigError, match=r"blog@dev: two outputs would write models/a\.json"):
        emit(twice, MODELS, {"one": emitter("a.json")})


def test_an_emitter_gets_the_models_and_its_options() -> None:
    got: list[object] = []

    def make(models: Models, options: Mapping[str, object]) -> list[Artifact]:
        got.extend([models, options])
        return []

    run_emitter(Emitter(name="one", help="", emit=make), MODELS, output(indent=2))
    assert got == [MODELS, {"indent": 2}]


VANDAL = """
from amplify_modelgen import Artifact, Emitter, hookimpl

def emit(models, options):
    models.introspection["models"].clear()
    return [Artifact(path="vandal.txt", content=b"")]

@hookimpl
def modelgen_emitters():
    return [Emitter(name="vandal", help="", emit=emit)]
"""


def test_what_an_emitter_does_to_its_models_reaches_no_other(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vandal.py").write_text(VANDAL)
    (tmp_path / "vandal-1.dist-info").mkdir()
    (tmp_path / "vandal-1.dist-info" / "METADATA").write_text("Name: vandal\nVersion: 1\n")
    (tmp_path / "vandal-1.dist-info" / "entry_points.txt").write_text(
        "[amplify_modelgen]\nvandal = vandal\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    file = project / "amplify-modelgen.toml"
    first = 'outputs = [{ emitter = "vandal", path = "models" }, '
    file.write_text(file.read_text().replace("outputs = [", first))
    assert main(["generate"]) == 1
    assert list(json.loads((project / "models" / "blog.json").read_text())["models"]) == ["Post"]


@pytest.mark.parametrize("name", load_plugins().emitters)
def test_our_own_emitters_only_read_as_they_promise(name: str) -> None:
    emitter = load_plugins().emitters[name]
    assert emitter.reads_only
    for models in writable().values():
        before = deepcopy(models)
        with suppress(ModelgenError):
            emitter.emit(models, {})
        assert models == before


def test_no_emitter_sees_whether_the_models_are_stale() -> None:
    def make(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
        return [Artifact(path="a", content=str(models.status).encode())]

    (artifact,) = emit(
        with_outputs(output()), STALE, {"one": Emitter(name="one", help="", emit=make)}
    )
    assert artifact.content == b"None"


def test_an_emitter_that_breaks_is_named() -> None:
    with pytest.raises(PluginError) as caught:
        run_emitter(raising(KeyError("models")), MODELS, output())
    assert caught.value.message == "the emitter 'broken' broke: KeyError: 'models'"
    assert "amplify-modelgen plugins" in (caught.value.hint or "")


def test_what_an_emitter_says_to_people_is_left_as_it_is() -> None:
    error = BackendError("no introspection")
    with pytest.raises(BackendError) as caught:
        run_emitter(raising(error), MODELS, output())
    assert caught.value is error


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "a.json",
        "",
        [None],
        ["a.json"],
        [Artifact(path="a", content="text")],  # type: ignore[arg-type] # a plugin may err so
        [Artifact(path=None, content=b"")],  # type: ignore[arg-type] # or so
    ],
)
def test_an_answer_that_is_no_list_of_artifacts_names_the_emitter(answer: object) -> None:
    with pytest.raises(PluginError, match="the emitter 'broken' returned no list of artifacts"):
        run_emitter(returning(answer), MODELS, output())


def test_artifacts_may_be_a_tuple() -> None:
    artifact = Artifact(path="a.json", content=b"")
    assert run_emitter(returning((artifact,)), MODELS, output()) == [artifact]


def test_known_emitters_and_options_are_accepted() -> None:
    known = emitter(options={"indent": "spaces"})
    check_outputs([with_outputs(output(indent=2), output())], {"one": known})


def test_an_unknown_emitter_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        check_outputs([with_outputs(output(name="onne"))], {"two": emitter(), "one": emitter()})
    assert caught.value.message == "blog@dev: there is no emitter 'onne' (output models)"
    assert caught.value.hint == "choose one of: one, two"


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (None, "remove the option: it takes no options"),
        ({"b": "", "a": ""}, "remove the option: it takes a, b"),
    ],
)
def test_an_unknown_option_is_refused_with_those_that_there_are(
    options: dict[str, str] | None, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        check_outputs([with_outputs(output(indent=2))], {"one": emitter(options=options)})
    assert caught.value.message == (
        "blog@dev: the emitter 'one' has no option 'indent' (output models)"
    )
    assert caught.value.hint == hint


def test_a_value_that_an_emitter_cannot_take_is_refused_before_anything_is_asked() -> None:
    def check(options: Mapping[str, object]) -> None:
        raise ConfigError(f"cannot use {options}")

    picky = replace(emitter(options={"indent": "spaces"}), check=check)
    with pytest.raises(ConfigError, match="cannot use"):
        check_outputs([with_outputs(output(indent=2))], {"one": picky})


def first_party() -> dict[str, Callable[[Models, Mapping[str, object]], Sequence[Artifact]]]:
    from amplify_modelgen_plugins import emit_datastore, emit_introspection

    (datastore,), (introspection,) = (
        emit_datastore.modelgen_emitters(),
        emit_introspection.modelgen_emitters(),
    )
    return {each.name: each.emit for each in (datastore, introspection)}


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("introspection", "model-introspection.json", '{\n    "version": 1,\n    "models": {}\n}'),
        ("datastore", "schema.json", '{\n    "models": {}\n}'),
    ],
)
def test_the_two_documents_are_written_as_amplify_writes_them(
    name: str, path: str, text: str
) -> None:
    assert first_party()[name](MODELS, {}) == [Artifact(path=path, content=text.encode())]


def test_without_an_introspection_schema_its_emitter_says_what_to_do() -> None:
    models = Models(datastore={}, introspection=None)
    with pytest.raises(BackendError, match="gave no model introspection schema") as caught:
        first_party()["introspection"](models, {})
    assert "--backend local" in (caught.value.hint or "")
