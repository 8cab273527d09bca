from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.errors import (
    BackendError,
    ConfigError,
    PluginError,
    UsageError,
)
from amplify_modelgen.pipeline.emit import check_outputs, emit, resolve_paths, run_emitter
from amplify_modelgen.plugin import Emitter
from amplify_modelgen.records import Artifact, Models, Output
from support.core_values import MODELS, target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.records import Target


def never(_path: str, _content: bytes) -> bool:
    return False


def emitter(*paths: str, name: str = "one", options: Mapping[str, str] | None = None) -> Emitter:
    def make(_: Models, __: Mapping[str, object]) -> list[Artifact]:
        return [Artifact(path=path, content=path.encode()) for path in paths]

    return Emitter(name=name, help="", emit=make, recognizes=never, options=options)


def returning(result: Any) -> Emitter:
    return Emitter(name="broken", help="", emit=lambda *_: result, recognizes=never)


def raising(error: Exception) -> Emitter:
    def fail(_: Models, __: Mapping[str, object]) -> list[Artifact]:
        raise error

    return Emitter(name="broken", help="", emit=fail, recognizes=never)


def output(path: str = "models", name: str = "one", **options: object) -> Output:
    return Output(emitter=name, path=path, options=tuple(options.items()))


def with_outputs(*outputs: Output) -> Target:
    return target(outputs=outputs)


@pytest.mark.parametrize(
    ("path", "made", "expected"),
    [
        pytest.param("src/models", ["a.json"], ["src/models/a.json"], id="one file in a directory"),
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
    artifacts = emit(with_outputs(output(path)), MODELS, {"one": emitter(*made)}, frozenset())
    assert [artifact.path for artifact in artifacts] == expected
    assert [artifact.content.decode() for artifact in artifacts] == made


@pytest.mark.parametrize("path", ["../a", "/a", "", ".", "a/../../b", "a\0b", "a\nb"])
def test_an_artifact_outside_its_directory_is_a_bug_of_the_plugin(path: str) -> None:
    with pytest.raises(
        PluginError, match="the emitter 'one' returned a path outside its directory: "
    ):
        resolve_paths(output(), [Artifact(path=path, content=b"")])


def test_all_outputs_of_a_target_are_made() -> None:
    both = with_outputs(output("a", "one"), output("b", "other"))
    emitters = {"one": emitter("x"), "other": emitter("y", name="other")}
    assert [artifact.path for artifact in emit(both, MODELS, emitters, frozenset())] == [
        "a/x",
        "b/y",
    ]


@pytest.mark.parametrize("other", ["models/a.json", "Models/A.json"])
def test_two_outputs_that_write_one_file_are_an_error(other: str) -> None:
    twice = with_outputs(output("models"), output(other))
    with pytest.raises(
        ConfigError, match=r"blog@dev: an output would overwrite .* or another output"
    ):
        emit(twice, MODELS, {"one": emitter("a.json")}, frozenset())


def test_an_emitter_gets_the_models_and_its_options() -> None:
    got: list[object] = []

    def make(models: Models, options: Mapping[str, object]) -> list[Artifact]:
        got.extend([models, options])
        return []

    run_emitter(Emitter(name="one", help="", emit=make, recognizes=never), MODELS, output(indent=2))
    assert got == [MODELS, {"indent": 2}]


def test_an_emitter_that_raises_is_named() -> None:
    with pytest.raises(PluginError) as caught:
        run_emitter(raising(KeyError("models")), MODELS, output())
    assert caught.value.message == "the emitter 'broken' failed: KeyError: 'models'"
    assert "amplify-modelgen plugins" in (caught.value.hint or "")


def test_an_error_raised_on_purpose_passes() -> None:
    error = BackendError("no introspection")
    with pytest.raises(BackendError) as caught:
        run_emitter(raising(error), MODELS, output())
    assert caught.value is error


@pytest.mark.parametrize(
    "result",
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
def test_a_result_that_is_not_a_list_of_artifacts_names_the_emitter(result: object) -> None:
    with pytest.raises(PluginError, match="the emitter 'broken' must return a list of Artifact"):
        run_emitter(returning(result), MODELS, output())


def test_artifacts_may_be_a_tuple() -> None:
    artifact = Artifact(path="a.json", content=b"")
    assert run_emitter(returning((artifact,)), MODELS, output()) == [artifact]


def test_known_emitters_and_options_are_accepted() -> None:
    known = emitter(options={"indent": "spaces"})
    check_outputs([with_outputs(output(indent=2), output())], {"one": known})


def test_an_unknown_emitter_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        check_outputs([with_outputs(output(name="onne"))], {"two": emitter(), "one": emitter()})
    assert caught.value.message == "blog@dev: unknown emitter 'onne' (output models)"
    assert caught.value.hint == "choose from: one, two"


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (None, "remove the option; it has no options"),
        ({"b": "", "a": ""}, "remove the option; known options: a, b"),
    ],
)
def test_an_unknown_option_is_an_error_that_lists_the_known_ones(
    options: dict[str, str] | None, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        check_outputs([with_outputs(output(indent=2))], {"one": emitter(options=options)})
    assert caught.value.message == (
        "blog@dev: unknown option 'indent' of the emitter 'one' (output models)"
    )
    assert caught.value.hint == hint


def test_an_invalid_value_of_an_option_is_an_error() -> None:
    def check(options: Mapping[str, object]) -> None:
        raise ConfigError(f"cannot use {options}")

    picky = replace(emitter(options={"indent": "spaces"}), check_options=check)
    with pytest.raises(ConfigError, match="cannot use"):
        check_outputs([with_outputs(output(indent=2))], {"one": picky})


def test_an_output_must_not_overwrite_an_input() -> None:
    with pytest.raises(ConfigError, match=r"would overwrite models/a\.json, which is an input or"):
        emit(
            with_outputs(output()),
            MODELS,
            {"one": emitter("a.json")},
            frozenset({"models/a.json"}),
        )


def test_a_file_that_the_next_run_could_not_read_is_an_error() -> None:
    large = returning([Artifact(path="a.json", content=bytes(20_000_001))])
    largest = returning([Artifact(path="a.json", content=bytes(20_000_000))])
    one = with_outputs(output("models"))
    with pytest.raises(ConfigError, match=r"models/a\.json would be larger than 20,000,000 bytes"):
        emit(one, MODELS, {"one": large}, frozenset())
    assert len(emit(one, MODELS, {"one": largest}, frozenset())) == 1
