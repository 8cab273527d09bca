from __future__ import annotations

import sys
from collections import deque
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

import amplify_modelgen
from amplify_modelgen.errors import BackendError, PluginError, UsageError
from amplify_modelgen.plugin import Command, Emitter, Reporter, hookimpl
from amplify_modelgen.plugin_manager import BUILT_IN, PluginManager, load_plugins
from amplify_modelgen.records import Diagnostic, JobEvent, Schema, SchemaFile, Settings, Target
from amplify_modelgen.storage.project_files import ProjectFiles
from support.core_values import job, target

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = Settings(root=Path("/"))
SCHEMA = Schema(files=(SchemaFile(path="a.graphql", text="type A"),))
NEEDS = frozenset({"introspection"})
EVENT = JobEvent(kind="started", target=target(), job=job(), seconds=0.0)
EMITTER = Emitter(name="one", help="", emit=lambda *_: [], recognizes=lambda *_: False)
FILES = ProjectFiles(Path("/"))
REPORTER = Reporter(name="one", help="", report=lambda *_: None)
COMMAND = Command(name="one", help="", add_arguments=lambda _: None, run=lambda *_: 0)


def plugin(name: str, **hooks: object) -> dict[str, object]:
    """Return a plugin whose hooks return what is given, or call it."""
    module = ModuleType(f"plugin_{name}")
    for hook, result in hooks.items():
        function = result if callable(result) else _returning(hook, result)
        setattr(module, hook, hookimpl(function))
    return {name: module}


def load(*plugins: dict[str, object]) -> PluginManager:
    """Return a manager with these plugins only."""
    modules = {name: module for item in plugins for name, module in item.items()}
    return PluginManager(modules, entry_points=False)


def _returning(hook: str, result: object) -> Callable[[], object]:
    def function() -> object:
        if isinstance(result, BaseException):
            raise result
        return result

    function.__name__ = hook
    return function


CALLS: dict[str, Callable[[PluginManager], object]] = {
    "modelgen_targets": lambda plugins: plugins.targets(SETTINGS, FILES),
    "modelgen_validate": lambda plugins: plugins.validate(target(), SCHEMA, NEEDS, FILES),
    "modelgen_backend": lambda plugins: plugins.backend("one", SETTINGS),
    "modelgen_emitters": lambda plugins: plugins.emitters,
    "modelgen_reporters": lambda plugins: plugins.reporters,
    "modelgen_commands": lambda plugins: plugins.commands,
}
COLLECTING = sorted(CALLS.keys() - {"modelgen_backend"})


@pytest.mark.parametrize("hook", CALLS)
def test_a_plugin_that_raises_is_named(hook: str) -> None:
    plugins = load(plugin("good"), plugin("bad", **{hook: ValueError("no")}), plugin("other"))
    with pytest.raises(PluginError) as caught:
        CALLS[hook](plugins)
    assert caught.value.message == f"plugin 'bad': {hook} failed: ValueError: no"


def test_a_plugin_may_wrap_a_hook() -> None:
    @hookimpl(wrapper=True)
    def modelgen_emitters() -> Any:
        results = yield
        return [[replace(emitter, help="wrapped")] for (emitter,) in results]

    wrapper = ModuleType("wrapper")
    wrapper.modelgen_emitters = modelgen_emitters  # type: ignore[attr-defined]
    plugins = load(plugin("one", modelgen_emitters=[EMITTER]), {"wrapper": wrapper})
    assert plugins.emitters["one"].help == "wrapped"


def test_a_plugin_that_exits_is_named() -> None:
    plugins = load(plugin("bad", modelgen_emitters=SystemExit(0)))
    with pytest.raises(PluginError, match="'bad': modelgen_emitters failed: SystemExit: 0"):
        _ = plugins.emitters


@pytest.mark.parametrize("function", ["recognizes", "owns"])
@pytest.mark.parametrize("error", [ValueError("no"), GeneratorExit("no")])
def test_an_emitter_that_raises_for_a_file_is_named(function: str, error: BaseException) -> None:
    def fail(_path: str, _content: bytes) -> bool:
        raise error

    emitter = replace(EMITTER, name="bad", **{function: fail})
    loaded = load(plugin("one", modelgen_emitters=[emitter])).emitters["bad"]
    with pytest.raises(PluginError, match=f"the emitter 'bad' failed: {type(error).__name__}: no"):
        getattr(loaded, function)("a", b"")


def test_an_interrupt_goes_through_a_hook() -> None:
    with pytest.raises(KeyboardInterrupt):
        _ = load(plugin("good", modelgen_emitters=KeyboardInterrupt())).emitters


def test_an_exception_without_a_message_is_named_by_its_class() -> None:
    plugins = load(plugin("bad", modelgen_emitters=StopIteration()))
    with pytest.raises(PluginError, match=r"plugin 'bad': modelgen_emitters failed: \w+$"):
        _ = plugins.emitters


def test_an_error_raised_on_purpose_passes() -> None:
    error = BackendError("no credentials")
    with pytest.raises(BackendError) as caught:
        load(plugin("bad", modelgen_backend=error)).backend("aws", SETTINGS)
    assert caught.value is error


@pytest.mark.parametrize("result", [5, ["text"], [None], "text", "", b"", {}], ids=repr)
@pytest.mark.parametrize("hook", COLLECTING)
def test_a_plugin_that_returns_something_else_is_named(hook: str, result: object) -> None:
    plugins = load(plugin("good", **{hook: []}), plugin("bad", **{hook: result}))
    with pytest.raises(
        PluginError, match=f"plugin 'bad' returned something other than .* from {hook}"
    ):
        CALLS[hook](plugins)


@pytest.mark.parametrize("hook", COLLECTING)
def test_a_plugin_may_return_nothing(hook: str) -> None:
    assert not CALLS[hook](load(plugin("none", **{hook: None}), plugin("empty")))


def test_targets_of_all_plugins_are_found() -> None:
    one, other = target("a@dev"), target("b@dev")
    plugins = load(plugin("one", modelgen_targets=[one]), plugin("other", modelgen_targets=[other]))
    assert set(plugins.targets(SETTINGS, FILES)) == {one, other}


@pytest.mark.parametrize("kind", [list, tuple, deque])
def test_any_sequence_is_accepted(kind: type) -> None:
    plugins = load(plugin("one", modelgen_emitters=kind([EMITTER])))
    assert list(plugins.emitters) == ["one"]


def test_a_hook_may_have_another_name_and_a_plugin_may_be_an_object() -> None:
    class Finder:
        @hookimpl(specname="modelgen_targets")
        def find(self) -> list[Target]:
            return [target("deep")]

    def none() -> list[Target]:
        return []

    module = ModuleType("plugin_of_objects")
    vars(module).update(named=hookimpl(none, specname="modelgen_targets"))
    plugins = load({"object": Finder(), "module": module})
    assert [found.name for found in plugins.targets(SETTINGS, FILES)] == ["deep"]
    assert [info.hooks for info in plugins.info()] == [("modelgen_targets",)] * 2


def test_a_plugin_that_does_not_take_files_is_noticed() -> None:
    def takes_files(settings: Settings, files: ProjectFiles) -> list[Target]:
        del settings, files
        return []

    def takes_settings(settings: Settings) -> list[Target]:
        del settings
        return []

    reader, other = (
        plugin("reader", modelgen_targets=takes_files),
        plugin("other", modelgen_targets=takes_settings),
    )
    assert load(reader).reads_all_through_files
    assert not load(reader, other).reads_all_through_files


def test_diagnostics_are_sorted_by_location() -> None:
    def at(path: str, line: int, column: int, message: str = "") -> Diagnostic:
        return Diagnostic(severity="error", message=message, path=path, line=line, column=column)

    expected = (at("a", 1, 2), at("a", 2, 1), at("b", 1, 1, "a"), at("b", 1, 1, "b"))
    one = plugin("one", modelgen_validate=[expected[3], expected[1]])
    other = plugin("other", modelgen_validate=[expected[2], expected[0]])
    found = load(one, other).validate(target(), SCHEMA, NEEDS, FILES)
    assert tuple(replace(entry, rule="") for entry in found) == expected
    assert [entry.rule for entry in found] == ["other", "one", "other", "one"]


def test_the_rule_of_a_plugin_has_the_name_of_the_plugin() -> None:
    diagnostic = Diagnostic(message="m", line=1, column=1, rule="no-todo")
    (found,) = load(plugin("ours", modelgen_validate=[diagnostic])).validate(
        target(), SCHEMA, NEEDS, FILES
    )
    assert (found.rule, found.stage) == ("ours/no-todo", "advice")


class Jobs:
    deployed_schema = push_schema = start_job = get_job = get_models = close = None


class Generator:
    generate = None


class Half:
    start_job = get_job = get_models = None


@pytest.mark.parametrize("backend", [Jobs(), Generator()])
def test_the_plugin_that_provides_the_name_returns_the_backend(backend: object) -> None:
    def modelgen_backend(name: str) -> object:
        return backend if name == "mine" else None

    plugins = load(plugin("mine", modelgen_backend=modelgen_backend), plugin("other"))
    found: object = plugins.backend("mine", SETTINGS)
    assert found is backend


def test_a_backend_is_built_once() -> None:
    def modelgen_backend() -> object:
        return Generator()

    plugins = load(plugin("mine", modelgen_backend=modelgen_backend))
    assert plugins.backend("mine", SETTINGS) is plugins.backend("mine", SETTINGS)


def test_an_unknown_backend_is_an_error_that_lists_the_known_ones() -> None:
    entries = [plugin("two", modelgen_backend=None), plugin("one", modelgen_backend=None)]
    with pytest.raises(UsageError) as caught:
        load(*entries, plugin("other", modelgen_emitters=[])).backend("onne", SETTINGS)
    assert caught.value.message == "unknown backend 'onne'"
    assert caught.value.hint == "choose from: one, two"


def test_a_backend_that_lacks_a_method_is_a_bug_of_the_plugin() -> None:
    expected = "the backend 'half' has no deployed_schema, push_schema, close"
    with pytest.raises(PluginError, match=expected):
        load(plugin("half", modelgen_backend=Half())).backend("half", SETTINGS)


@pytest.mark.parametrize(
    ("hook", "item", "kind"),
    [
        ("modelgen_emitters", EMITTER, "emitter"),
        ("modelgen_reporters", REPORTER, "reporter"),
        ("modelgen_commands", COMMAND, "command"),
    ],
)
class TestItemsWithNames:
    def test_they_are_found_by_name(self, hook: str, item: object, kind: str) -> None:
        plugins = load(plugin("a", **{hook: [item]}))
        [(name, found)] = getattr(plugins, f"{kind}s").items()
        assert (name, type(found), found.help) == ("one", type(item), "")

    def test_a_duplicate_name_is_an_error(self, hook: str, item: object, kind: str) -> None:
        plugins = load(plugin("a", **{hook: [item]}), plugin("b", **{hook: [item]}))
        with pytest.raises(PluginError, match=f"two plugins provide the {kind} 'one'"):
            CALLS[hook](plugins)

    def test_the_hook_is_called_once(self, hook: str, item: object, kind: str) -> None:
        results = iter([[item]])
        plugins = load(plugin("a", **{hook: lambda: next(results)}))
        assert getattr(plugins, f"{kind}s") is getattr(plugins, f"{kind}s")


def test_every_plugin_observes_job_events() -> None:
    events: list[JobEvent] = []

    def modelgen_job_event(event: JobEvent) -> None:
        events.append(event)

    hooks = {"modelgen_job_event": modelgen_job_event}
    load(plugin("a", **hooks), plugin("b", **hooks)).job_event(EVENT)
    assert events == [EVENT, EVENT]


def test_a_plugin_that_raises_in_an_event_is_disabled() -> None:
    events: list[str] = []

    def good(event: JobEvent) -> None:
        events.append(event.kind)

    def bad(event: JobEvent) -> None:
        events.append("bad")
        raise ValueError(event.kind)

    plugins = load(plugin("bad", modelgen_job_event=bad), plugin("good", modelgen_job_event=good))
    for _ in range(3):
        plugins.job_event(EVENT)
    assert events == ["started", "bad", "started", "started"]
    assert plugins.errors.keys() == {"bad"}
    assert plugins.errors["bad"].message == (
        "plugin 'bad': modelgen_job_event failed: ValueError: started; "
        "it was disabled for the rest of the run"
    )


def test_an_unknown_hook_is_an_error() -> None:
    with pytest.raises(PluginError, match=r"not compatible: .*'modelgen_future'.*plugin_new"):
        load(plugin("new", modelgen_future=[]))


def test_an_unknown_argument_is_an_error() -> None:
    def modelgen_targets(settings: Settings, more: int) -> list[Any]:
        return [settings, more]

    with pytest.raises(PluginError, match="a plugin is not compatible: Plugin 'greedy'"):
        load(plugin("greedy", modelgen_targets=modelgen_targets))


def test_info_lists_plugins_with_their_hooks() -> None:
    plugins = load(plugin("b", modelgen_targets=[], modelgen_emitters=[]), plugin("a"))
    assert [(info.name, info.hooks) for info in plugins.info()] == [
        ("a", ()),
        ("b", ("modelgen_emitters", "modelgen_targets")),
    ]


def test_the_built_in_plugins_are_loaded() -> None:
    infos = {info.name: info for info in load_plugins().info()}
    assert infos.keys() >= BUILT_IN.keys()
    assert infos["local"].distribution == "amplify-modelgen"
    assert infos["local"].version == amplify_modelgen.__version__


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Install a distribution with one plugin: its name and the text of its module."""

    def install(name: str, text: str) -> None:
        info = tmp_path / "third_party-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[amplify_modelgen]\n{name} = third_party_module\n")
        (tmp_path / "third_party_module.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "third_party_module", raising=False)

    return install


FINDER = """
from amplify_modelgen.plugin import Target, hookimpl

@hookimpl
def modelgen_targets(settings):
    return [Target(app_id="", environment="", resource="theirs")]
"""


def test_a_plugin_of_another_distribution_runs_before_the_built_in_ones(
    install: Callable[[str, str], None],
) -> None:
    install("finder", FINDER)
    plugins = PluginManager(plugin("ours", modelgen_targets=[target("ours")]))
    found = plugins.targets(SETTINGS, FILES)
    assert [item.resource for item in found] == ["theirs", "ours"]
    info = {item.name: item for item in plugins.info()}["finder"]
    assert (info.distribution, info.version) == ("third-party", "1.2")


def test_a_plugin_that_cannot_be_imported_is_an_error(
    install: Callable[[str, str], None],
) -> None:
    install("broken", "import no_such_module\n")
    with pytest.raises(PluginError) as caught:
        PluginManager({})
    assert caught.value.message == (
        "loading the plugin 'broken' failed: ModuleNotFoundError: No module named 'no_such_module'"
    )
    assert caught.value.hint == "update or uninstall the plugin; --verbose shows the traceback"


def test_a_plugin_of_another_distribution_may_be_incompatible(
    install: Callable[[str, str], None],
) -> None:
    install("future", FINDER.replace("(settings)", "(settings, future)"))
    with pytest.raises(PluginError, match="a plugin is not compatible: Plugin 'future'"):
        PluginManager({})


def test_two_plugins_of_one_name_are_an_error(install: Callable[[str, str], None]) -> None:
    install("same", FINDER)
    with pytest.raises(PluginError, match="two plugins are called 'same'"):
        PluginManager(plugin("same"))
