from __future__ import annotations

import sys
from collections import deque
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

import amplify_modelgen
from amplify_modelgen import plugins as plugins_module
from amplify_modelgen.errors import BackendError, PluginError, UsageError
from amplify_modelgen.hookspecs import Command, Emitter, Reporter, hookimpl
from amplify_modelgen.installed import Distribution, Entry
from amplify_modelgen.plugins import Plugins, load_plugins
from amplify_modelgen.records import Diagnostic, JobEvent, Schema, SchemaFile, Settings, Target
from core_values import job, target

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = Settings(root=Path("/"))
SCHEMA = Schema(files=(SchemaFile(path="a.graphql", text="type A"),))
EVENT = JobEvent(kind="started", target=target(), job=job(), seconds=0.0)
EMITTER = Emitter(name="one", help="", emit=lambda *_: [])
REPORTER = Reporter(name="one", help="", report=lambda *_: None)
COMMAND = Command(name="one", help="", add_arguments=lambda _: None, run=lambda *_: 0)


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Entry]:
    """Make a plugin whose hooks return what is given, or call it."""

    def make(name: str, **hooks: object) -> Entry:
        module = ModuleType(f"plugin_{name}")
        for hook, answer in hooks.items():
            function = answer if callable(answer) else _answering(hook, answer)
            setattr(module, hook, hookimpl(function))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return Entry(name=name, value=module.__name__)

    return make


def _answering(hook: str, answer: object) -> Callable[[], object]:
    def function() -> object:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    function.__name__ = hook
    return function


CALLS: dict[str, Callable[[Plugins], object]] = {
    "modelgen_targets": lambda plugins: plugins.targets(SETTINGS),
    "modelgen_validate": lambda plugins: plugins.validate(target(), SCHEMA),
    "modelgen_backend": lambda plugins: plugins.backend("one", SETTINGS),
    "modelgen_emitters": lambda plugins: plugins.emitters,
    "modelgen_reporters": lambda plugins: plugins.reporters,
    "modelgen_commands": lambda plugins: plugins.commands,
}
COLLECTING = sorted(CALLS.keys() - {"modelgen_backend"})


@pytest.mark.parametrize("hook", CALLS)
def test_a_plugin_that_raises_is_named(plugin: Callable[..., Entry], hook: str) -> None:
    plugins = Plugins([plugin("good"), plugin("bad", **{hook: ValueError("no")}), plugin("other")])
    with pytest.raises(PluginError) as caught:
        CALLS[hook](plugins)
    assert caught.value.message == f"plugin 'bad' failed in {hook}: ValueError: no"


def test_a_plugin_that_exits_is_named(plugin: Callable[..., Entry]) -> None:
    plugins = Plugins([plugin("bad", modelgen_emitters=SystemExit(0))])
    with pytest.raises(PluginError, match="'bad' failed in modelgen_emitters: SystemExit: 0"):
        _ = plugins.emitters


def test_an_interrupt_goes_through_a_hook(plugin: Callable[..., Entry]) -> None:
    with pytest.raises(KeyboardInterrupt):
        _ = Plugins([plugin("good", modelgen_emitters=KeyboardInterrupt())]).emitters


def test_an_error_without_words_is_named_by_its_class(plugin: Callable[..., Entry]) -> None:
    plugins = Plugins([plugin("bad", modelgen_emitters=StopIteration())])
    with pytest.raises(PluginError, match=r"plugin 'bad' failed in modelgen_emitters: \w+$"):
        _ = plugins.emitters


def test_what_a_plugin_says_to_people_is_left_as_it_is(plugin: Callable[..., Entry]) -> None:
    error = BackendError("no credentials")
    with pytest.raises(BackendError) as caught:
        Plugins([plugin("bad", modelgen_backend=error)]).backend("aws", SETTINGS)
    assert caught.value is error


@pytest.mark.parametrize("answer", [5, ["text"], [None], "text", "", b"", {}], ids=repr)
@pytest.mark.parametrize("hook", COLLECTING)
def test_a_plugin_that_returns_something_else_is_named(
    plugin: Callable[..., Entry], hook: str, answer: object
) -> None:
    plugins = Plugins([plugin("good", **{hook: []}), plugin("bad", **{hook: answer})])
    with pytest.raises(PluginError, match=f"plugin 'bad' returned .* from {hook}"):
        CALLS[hook](plugins)


def test_a_wrong_answer_that_is_not_given_again_has_no_name(
    plugin: Callable[..., Entry],
) -> None:
    answers = iter([5])
    fickle = plugin("fickle", modelgen_emitters=lambda: next(answers, []))
    with pytest.raises(PluginError, match="plugin 'unknown' returned"):
        _ = Plugins([fickle]).emitters


@pytest.mark.parametrize("hook", COLLECTING)
def test_a_plugin_may_have_nothing_to_give(plugin: Callable[..., Entry], hook: str) -> None:
    assert not CALLS[hook](Plugins([plugin("none", **{hook: None}), plugin("empty")]))


def test_targets_of_all_plugins_are_found(plugin: Callable[..., Entry]) -> None:
    one, other = target("a@dev"), target("b@dev")
    plugins = Plugins(
        [plugin("one", modelgen_targets=[one]), plugin("other", modelgen_targets=[other])]
    )
    assert set(plugins.targets(SETTINGS)) == {one, other}


@pytest.mark.parametrize("kind", [list, tuple, deque])
def test_any_sequence_is_an_answer(plugin: Callable[..., Entry], kind: type) -> None:
    plugins = Plugins([plugin("one", modelgen_emitters=kind([EMITTER]))])
    assert plugins.emitters == {"one": EMITTER}


def test_a_hook_may_have_another_name_and_a_plugin_may_be_an_object(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Finder:
        @hookimpl(specname="modelgen_targets")
        def found(self) -> list[Target]:
            return [target("deep")]

    def none() -> list[Target]:
        return []

    module = ModuleType("plugin_of_objects")
    vars(module).update(finder=Finder(), named=hookimpl(none, specname="modelgen_targets"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    values = {"object": f"{module.__name__}:finder", "module": module.__name__}
    plugins = Plugins([Entry(name=name, value=value) for name, value in values.items()])
    assert [each.name for each in plugins.targets(SETTINGS)] == ["deep"]
    assert [each.hooks for each in plugins.described()] == [("modelgen_targets",)] * 2


def test_diagnostics_are_sorted_by_place(plugin: Callable[..., Entry]) -> None:
    def at(path: str, line: int, column: int, message: str = "") -> Diagnostic:
        return Diagnostic(severity="error", message=message, path=path, line=line, column=column)

    sorted_ones = (at("a", 1, 2), at("a", 2, 1), at("b", 1, 1, "a"), at("b", 1, 1, "b"))
    one = plugin("one", modelgen_validate=[sorted_ones[3], sorted_ones[1]])
    other = plugin("other", modelgen_validate=[sorted_ones[2], sorted_ones[0]])
    assert Plugins([one, other]).validate(target(), SCHEMA) == sorted_ones


class Whole:
    feeds_on_tree = True
    deployed_schema = push_schema = start = job = models = None


class Half:
    feeds_on_tree = True
    start = job = models = None


def test_the_plugin_that_knows_the_name_gives_the_backend(
    plugin: Callable[..., Entry],
) -> None:
    backend: object = Whole()

    def modelgen_backend(name: str) -> object:
        return backend if name == "mine" else None

    plugins = Plugins([plugin("mine", modelgen_backend=modelgen_backend), plugin("other")])
    found: object = plugins.backend("mine", SETTINGS)
    assert found is backend


def test_an_unknown_backend_is_refused_with_those_that_there_are(
    plugin: Callable[..., Entry],
) -> None:
    entries = [plugin("two", modelgen_backend=None), plugin("one", modelgen_backend=None)]
    with pytest.raises(UsageError) as caught:
        Plugins([*entries, plugin("other", modelgen_emitters=[])]).backend("onne", SETTINGS)
    assert caught.value.message == "there is no backend 'onne'"
    assert caught.value.hint == "choose one of: one, two"


def test_a_backend_that_lacks_something_is_the_plugins_fault(
    plugin: Callable[..., Entry],
) -> None:
    with pytest.raises(PluginError, match="the backend 'half' has no deployed_schema, push_schema"):
        Plugins([plugin("half", modelgen_backend=Half())]).backend("half", SETTINGS)


@pytest.mark.parametrize(
    ("hook", "item", "kind"),
    [
        ("modelgen_emitters", EMITTER, "emitter"),
        ("modelgen_reporters", REPORTER, "reporter"),
        ("modelgen_commands", COMMAND, "command"),
    ],
)
class TestNamedThings:
    def test_they_are_known_by_name(
        self, plugin: Callable[..., Entry], hook: str, item: object, kind: str
    ) -> None:
        plugins = Plugins([plugin("a", **{hook: [item]})])
        assert getattr(plugins, f"{kind}s") == {"one": item}

    def test_a_name_that_is_taken_is_an_error(
        self, plugin: Callable[..., Entry], hook: str, item: object, kind: str
    ) -> None:
        plugins = Plugins([plugin("a", **{hook: [item]}), plugin("b", **{hook: [item]})])
        with pytest.raises(PluginError, match=f"two plugins bring the {kind} 'one'"):
            CALLS[hook](plugins)

    def test_they_are_asked_for_once(
        self, plugin: Callable[..., Entry], hook: str, item: object, kind: str
    ) -> None:
        answers = iter([[item]])
        plugins = Plugins([plugin("a", **{hook: lambda: next(answers)})])
        assert getattr(plugins, f"{kind}s") is getattr(plugins, f"{kind}s")


def test_every_plugin_hears_of_a_jobs_progress(plugin: Callable[..., Entry]) -> None:
    heard: list[JobEvent] = []

    def modelgen_job_event(event: JobEvent) -> None:
        heard.append(event)

    hooks = {"modelgen_job_event": modelgen_job_event}
    Plugins([plugin("a", **hooks), plugin("b", **hooks)]).job_event(EVENT)
    assert heard == [EVENT, EVENT]


def test_a_listener_that_raises_is_named_and_told_no_more(
    plugin: Callable[..., Entry],
) -> None:
    heard: list[str] = []

    def good(event: JobEvent) -> None:
        heard.append(event.kind)

    def bad(event: JobEvent) -> None:
        heard.append("bad")
        raise ValueError(event.kind)

    plugins = Plugins(
        [plugin("bad", modelgen_job_event=bad), plugin("good", modelgen_job_event=good)]
    )
    for _ in range(3):
        plugins.job_event(EVENT)
    assert heard == ["started", "bad", "started", "started"]
    assert plugins.faults.keys() == {"bad"}
    assert plugins.faults["bad"].message == (
        "plugin 'bad' failed in modelgen_job_event, and was told no more of this run's jobs: "
        "ValueError: started"
    )


def test_a_plugin_that_cannot_be_imported_is_named() -> None:
    entry = Entry(name="gone", value="no_such_module")
    with pytest.raises(PluginError) as caught:
        Plugins([entry])
    assert caught.value.message == (
        "plugin 'gone' (unknown distribution) could not be loaded: "
        "ModuleNotFoundError: No module named 'no_such_module'"
    )
    assert caught.value.hint == (
        "update the plugin, or remove it from this environment; --verbose shows where it failed"
    )


def test_two_plugins_of_one_name_are_refused(plugin: Callable[..., Entry]) -> None:
    with pytest.raises(PluginError, match=r"plugin 'same' .* could not be loaded: ValueError"):
        Plugins([plugin("same"), plugin("same")])


def test_a_hook_that_nobody_knows_is_refused(plugin: Callable[..., Entry]) -> None:
    with pytest.raises(PluginError, match=r"plugin 'new' does not fit: .*'modelgen_future'"):
        Plugins([plugin("new", modelgen_future=[])])


def test_an_argument_that_nobody_gives_is_refused(plugin: Callable[..., Entry]) -> None:
    def modelgen_targets(settings: Settings, more: int) -> list[Any]:
        return [settings, more]

    with pytest.raises(PluginError, match=r"plugin 'greedy' .* could not be loaded: "):
        Plugins([plugin("greedy", modelgen_targets=modelgen_targets)])


def test_plugins_are_described_with_their_hooks(plugin: Callable[..., Entry]) -> None:
    described = Plugins(
        [plugin("b", modelgen_targets=[], modelgen_emitters=[]), plugin("a")]
    ).described()
    assert [(info.name, info.distribution, info.version, info.hooks) for info in described] == [
        ("a", "", "", ()),
        ("b", "", "", ("modelgen_emitters", "modelgen_targets")),
    ]


def test_the_installed_plugins_are_loaded_with_their_distribution() -> None:
    infos = {info.name: info for info in load_plugins().described()}
    assert infos.keys() >= {"amplify-project", "aws", "local", "lint", "terminal", "json"}
    assert infos["lint"].distribution == "amplify-modelgen"
    assert infos["lint"].version == amplify_modelgen.__version__


def test_hooks_of_third_parties_run_before_ours(
    monkeypatch: pytest.MonkeyPatch, plugin: Callable[..., Entry]
) -> None:
    origins = {"z": "amplify-modelgen", "theirs": "a-distribution", "a": "amplify-modelgen"}
    entries = [
        replace(
            plugin(name, modelgen_targets=[target(name)]), distribution=Distribution(origin, "1")
        )
        for name, origin in origins.items()
    ]
    monkeypatch.setattr(plugins_module, "installed_plugins", lambda: entries)
    assert [each.name for each in load_plugins().targets(SETTINGS)] == ["theirs", "z", "a"]
