"""The plugin manager: one typed method for each hook. No other module calls a hook."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy
from msgspec import Struct

from . import hookspecs
from .errors import WHOSE_FAULT, ModelgenError, PluginError, UsageError
from .faults import FAULTS, described
from .installed import installed_plugins
from .records import Diagnostic, LookedAt, Target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .hookspecs import Backend, Command, Emitter, Reporter
    from .installed import Entry
    from .records import JobEvent, Schema, Settings

PROJECT = "amplify_modelgen"
DISTRIBUTION = "amplify-modelgen"
_IMPLEMENTS = f"{PROJECT}_impl"

_BACKEND_MEMBERS = (
    "feeds_on_tree",
    "deployed_schema",
    "push_schema",
    "start",
    "job",
    "models",
)

_Item = TypeVar("_Item")
_Named = TypeVar("_Named", hookspecs.Emitter, hookspecs.Reporter, hookspecs.Command)


class PluginInfo(Struct, frozen=True, kw_only=True):
    """A plugin that is installed: who brings it, and which hooks it implements."""

    name: str
    distribution: str
    version: str
    hooks: tuple[str, ...]


class _Manager(pluggy.PluginManager):
    def parse_hookimpl_opts(self, plugin: Any, name: str) -> Any:  # noqa: ANN401 (as pluggy has it)
        # Most names of a module are what it imports. To have pluggy look into each takes 1.5 ms.
        if isinstance(plugin, ModuleType) and not hasattr(vars(plugin).get(name), _IMPLEMENTS):
            return None
        return super().parse_hookimpl_opts(plugin, name)


class Plugins:
    """The plugins of one run. Build it where it is used: nothing is loaded before.

    `faults` has what plugins that only listen have raised, by their names.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._manager = _Manager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._entries: dict[str, Entry] = {}
        self.faults: dict[str, PluginError] = {}
        self.looked_at: set[str] = set()
        for entry in entries:
            self._register(entry)
        try:
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            name = self._manager.get_name(error.plugin)
            raise PluginError(
                f"plugin {name!r} does not fit: {error}",
                hint="update the plugin, or remove it from this environment",
            ) from error

    def _register(self, entry: Entry) -> None:
        try:
            self._manager.register(entry.load(), name=entry.name)
        except FAULTS as error:
            origin = entry.distribution.name or "unknown distribution"
            raise PluginError(
                f"plugin {entry.name!r} ({origin}) could not be loaded: {described(error)}",
                hint="update the plugin, or remove it from this environment; "
                "--verbose shows where it failed",
            ) from error
        self._entries[entry.name] = entry

    def _call(self, hook: str, **arguments: object) -> Any:  # noqa: ANN401 (as pluggy has it)
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        try:
            return caller(**arguments)
        except ModelgenError:
            raise
        except FAULTS as error:
            raise PluginError(
                f"plugin {_culprit(caller, error)!r} failed in {hook}: {described(error)}"
            ) from error

    def _collect(
        self, kind: tuple[type[_Item], ...], hook: str, **arguments: object
    ) -> list[_Item]:
        answers = self._call(hook, **arguments)
        if not all(_is_sequence_of(kind, answer) for answer in answers):
            raise PluginError(
                f"plugin {self._giver(kind, hook, arguments)!r} returned something else than "
                f"a list of {kind[0].__name__} from {hook}",
                hint=WHOSE_FAULT,
            )
        return [item for answer in answers for item in answer]

    def _giver(self, kind: tuple[type, ...], hook: str, arguments: dict[str, object]) -> str:
        # pluggy does not say who gave an answer: ask every plugin alone.
        plugins = self._manager.list_name_plugin()
        for name, plugin in plugins:
            others = [other for _, other in plugins if other is not plugin]
            answers = self._manager.subset_hook_caller(hook, others)(**arguments)
            if not all(_is_sequence_of(kind, answer) for answer in answers):
                return name
        return "unknown"

    def targets(self, settings: Settings) -> tuple[Target, ...]:
        """Return the targets that plugins discover; `looked_at` is where else they looked."""
        found = self._collect((Target, LookedAt), "modelgen_targets", settings=settings)
        self.looked_at = {
            path for each in found if isinstance(each, LookedAt) for path in each.paths
        }
        return tuple(each for each in found if isinstance(each, Target))

    def validate(self, target: Target, schema: Schema) -> tuple[Diagnostic, ...]:
        """Return what every plugin has to say about a schema, sorted by place."""
        said = self._collect((Diagnostic,), "modelgen_validate", target=target, schema=schema)
        said.sort(key=lambda each: (each.path, each.line, each.column, each.message))
        return tuple(said)

    def backend(self, name: str, settings: Settings) -> Backend:
        """Return the backend called `name`; an unknown name is a usage error."""
        backend: Backend | None = self._call("modelgen_backend", name=name, settings=settings)
        if backend is None:
            known = [info.name for info in self.described() if "modelgen_backend" in info.hooks]
            raise UsageError(
                f"there is no backend {name!r}", hint=f"choose one of: {', '.join(known)}"
            )
        missing = [member for member in _BACKEND_MEMBERS if not hasattr(backend, member)]
        if missing:
            raise PluginError(f"the backend {name!r} has no {', '.join(missing)}", hint=WHOSE_FAULT)
        return backend

    @cached_property
    def emitters(self) -> dict[str, Emitter]:
        """The emitters by name."""
        return _by_name(self._collect((hookspecs.Emitter,), "modelgen_emitters"))

    @cached_property
    def reporters(self) -> dict[str, Reporter]:
        """The reporters by name."""
        return _by_name(self._collect((hookspecs.Reporter,), "modelgen_reporters"))

    @cached_property
    def commands(self) -> dict[str, Command]:
        """The verbs that plugins add, by name."""
        return _by_name(self._collect((hookspecs.Command,), "modelgen_commands"))

    def job_event(self, event: JobEvent) -> None:
        """Tell every plugin of a job's progress.

        One that raises stops no job: it is in `faults` then, and told no more.
        """
        deaf = [self._manager.get_plugin(name) for name in self.faults]
        caller = self._manager.subset_hook_caller("modelgen_job_event", deaf)
        try:
            caller(event=event)
        except FAULTS as error:
            name = _culprit(caller, error)
            self.faults[name] = PluginError(
                f"plugin {name!r} failed in modelgen_job_event, and was told no more of this run's "
                f"jobs: {described(error)}"
            )
            self.faults[name].__cause__ = error

    def described(self) -> tuple[PluginInfo, ...]:
        """Return what is installed, sorted by name."""
        return tuple(self._describe_plugin(name) for name in sorted(self._entries))

    def _describe_plugin(self, name: str) -> PluginInfo:
        callers = self._manager.get_hookcallers(self._manager.get_plugin(name)) or []
        distribution = self._entries[name].distribution
        return PluginInfo(
            name=name,
            distribution=distribution.name,
            version=distribution.version,
            hooks=tuple(sorted(caller.name for caller in callers)),
        )


def load_plugins() -> Plugins:
    """Load every installed plugin. Our own come first, so that third parties' hooks run first."""
    return Plugins(sorted(installed_plugins(), key=lambda entry: (not _is_own(entry), entry.name)))


def _is_own(entry: Entry) -> bool:
    return entry.distribution.name == DISTRIBUTION


def _culprit(caller: pluggy.HookCaller, error: BaseException) -> str:
    # pluggy does not say which plugin raised: the one whose function is on the way to the error.
    import traceback

    names = {
        getattr(implementation.function, "__code__", None): implementation.plugin_name
        for implementation in caller.get_hookimpls()
    }
    frames = traceback.walk_tb(error.__traceback__)
    return next((names[frame.f_code] for frame, _ in frames if frame.f_code in names), "unknown")


def _is_sequence_of(kind: tuple[type, ...], answer: object) -> bool:
    if isinstance(answer, str | bytes) or not isinstance(answer, Sequence):
        return False
    return all(isinstance(item, kind) for item in answer)


def _by_name(items: Iterable[_Named]) -> dict[str, _Named]:
    named: dict[str, _Named] = {}
    for item in items:
        if item.name in named:
            raise PluginError(
                f"two plugins bring the {type(item).__name__.lower()} {item.name!r}",
                hint="remove one of them; 'amplify-modelgen plugins' lists them",
            )
        named[item.name] = item
    return named
