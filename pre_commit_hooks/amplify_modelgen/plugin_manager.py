"""Load plugins and call their hooks: one typed method for each hook."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy
from msgspec import Struct
from msgspec.structs import replace

from . import __version__, plugin
from .errors import PluginError, UsageError, plugin_errors
from .fast_path import file_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .plugin import (
        Command,
        Diagnostic,
        Emitter,
        JobBackend,
        JobEvent,
        ProjectFiles,
        Reporter,
        Schema,
        SchemaBackend,
        Settings,
        Target,
    )

ENTRY_POINT_GROUP = "amplify_modelgen"
DISTRIBUTION = "amplify-modelgen"

BUILT_IN_PACKAGE = "amplify_modelgen_plugins"
BUILT_IN = {
    "aws": "amplify_modelgen_plugins.aws",
    "local": "amplify_modelgen_plugins.local",
    "serve": "amplify_modelgen_plugins.serve.command",
    "amplify-cli": "amplify_modelgen_plugins.amplify_cli",
    "documents": "amplify_modelgen_plugins.emitters.json_documents",
    "javascript": "amplify_modelgen_plugins.emitters.javascript",
    "swift": "amplify_modelgen_plugins.emitters.swift",
    "typescript": "amplify_modelgen_plugins.emitters.typescript",
    "java": "amplify_modelgen_plugins.emitters.java",
    "dart": "amplify_modelgen_plugins.emitters.dart",
    "python": "amplify_modelgen_plugins.emitters.python",
    "mermaid": "amplify_modelgen_plugins.emitters.mermaid",
    "terminal": "amplify_modelgen_plugins.reporters.terminal",
    "json": "amplify_modelgen_plugins.reporters.json",
    "junit": "amplify_modelgen_plugins.reporters.junit",
    "github": "amplify_modelgen_plugins.reporters.github",
    "html": "amplify_modelgen_plugins.reporters.html",
    "sarif": "amplify_modelgen_plugins.reporters.sarif",
}
"""The modules of the built-in plugins by plugin name. Named here, so that the core imports none."""

_UNINSTALL_HINT = "uninstall one of them; 'amplify-modelgen plugins' lists them"
_JOBS = ("deployed_schema", "push_schema", "start_job", "get_job", "get_models", "close")

_Item = TypeVar("_Item")
_Named = TypeVar("_Named", bound="Emitter | Reporter | Command")


class PluginInfo(Struct, frozen=True, kw_only=True):
    """An installed plugin, its distribution, and the hooks that it implements."""

    name: str
    distribution: str
    version: str
    hooks: tuple[str, ...]


class PluginManager:
    """The loaded plugins. `errors` are those raised in `modelgen_job_event`, by plugin name."""

    def __init__(self, plugins: Mapping[str, object], *, entry_points: bool = True) -> None:
        self.errors: dict[str, PluginError] = {}
        self._backends: dict[str, SchemaBackend | JobBackend] = {}
        self._manager = pluggy.PluginManager(ENTRY_POINT_GROUP)
        self._manager.add_hookspecs(plugin)
        try:
            for name, module in plugins.items():
                self._manager.register(module, name=name)
            if entry_points:
                self._load_entry_points()
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise PluginError(
                f"a plugin is not compatible: {error}", hint="update or uninstall the plugin"
            ) from error

    def _load_entry_points(self) -> None:
        from importlib.metadata import entry_points

        for name in sorted({entry.name for entry in entry_points(group=ENTRY_POINT_GROUP)}):
            if self._manager.has_plugin(name):
                raise PluginError(f"two plugins are called {name!r}", hint=_UNINSTALL_HINT)
            try:
                with plugin_errors(f"loading the plugin {name!r}", (pluggy.PluginValidationError,)):
                    self._manager.load_setuptools_entrypoints(ENTRY_POINT_GROUP, name)
            except PluginError as error:
                error.hint = "update or uninstall the plugin; --verbose shows the traceback"
                raise

    def _caller(self, hook: str) -> pluggy.HookCaller:
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        return caller

    def _caller_of(self, hook: str, name: str) -> pluggy.HookCaller:
        others = [module for other, module in self._manager.list_name_plugin() if other != name]
        return self._manager.subset_hook_caller(hook, others)

    def _names(self, hook: str) -> list[str]:
        """Return the names of the plugins that implement a hook, in the order of the calls."""
        return [each.plugin_name for each in reversed(self._caller(hook).get_hookimpls())]

    def _collect(
        self, item_type: type[_Item], caller: pluggy.HookCaller, **arguments: object
    ) -> list[_Item]:
        """Return the items of the lists that the plugins return."""
        results = _call(caller, **arguments)
        if not _are_lists_of(item_type, results):
            raise PluginError(
                f"{self._culprit(item_type, caller.name, arguments)} returned something other "
                f"than a list of {item_type.__name__} from {caller.name}"
            )
        return [item for result in results for item in result]

    def _culprit(self, item_type: type, hook: str, arguments: Mapping[str, object]) -> str:
        # pluggy does not say which plugin returned what, so each is called alone.
        for name in self._names(hook):
            if not _are_lists_of(item_type, _call(self._caller_of(hook, name), **arguments)):
                return f"plugin {name!r}"
        return "a plugin"

    def targets(self, settings: Settings, files: ProjectFiles) -> list[Target]:
        """Return the targets that plugins discover."""
        caller = self._caller("modelgen_targets")
        return self._collect(plugin.Target, caller, settings=settings, files=files)

    @property
    def reads_all_through_files(self) -> bool:
        """Whether every plugin that discovers targets reads through `ProjectFiles` only."""
        implementations = self._caller("modelgen_targets").get_hookimpls()
        return all("files" in implementation.argnames for implementation in implementations)

    def fingerprints(self) -> list[str]:
        """Return a line for each file of plugins that are not in `site-packages`.

        pip replaces a plugin there, which the fast path notices; other files are edited in place.
        """
        import sysconfig

        if all(name in BUILT_IN for name, _ in self._manager.list_name_plugin()):
            return []
        paths = sysconfig.get_paths()
        installed = tuple(paths[key] + os.sep for key in ("stdlib", "purelib", "platlib"))
        own = (DISTRIBUTION.replace("-", "_"), BUILT_IN_PACKAGE, "__main__")
        # Not `module.__file__`: attribute access on lazy modules imports others.
        found = {
            getattr(module, "__dict__", {}).get("__file__")
            for name, module in tuple(sys.modules.items())
            if name.partition(".")[0] not in own
        }
        files = (file for file in found if file and not file.startswith(installed))
        # A file in an archive does not exist; the archive itself is on `sys.path`.
        existing = sorted(filter(os.path.lexists, files))
        return [file_fingerprint(file, os.lstat(file)) for file in existing]

    def validate(
        self, target: Target, schema: Schema, needs: frozenset[str], files: ProjectFiles
    ) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of all plugins for a schema, sorted by location.

        `needs` are the parts of `Models` that the outputs of the target need. The rule of a
        third-party plugin is named `PLUGIN/RULE`.
        """
        arguments = {"target": target, "schema": schema, "needs": needs, "files": files}
        hook = "modelgen_validate"
        diagnostics = [
            entry if name in BUILT_IN else replace(entry, rule=f"{name}/{entry.rule}".rstrip("/"))
            for name in self._names(hook)
            for entry in self._collect(plugin.Diagnostic, self._caller_of(hook, name), **arguments)
        ]
        diagnostics.sort(key=lambda item: (item.path, item.line, item.column, item.message))
        return tuple(diagnostics)

    def backend(self, name: str, settings: Settings) -> SchemaBackend | JobBackend:
        """Return the backend called `name`, which is built once.

        Raises:
            UsageError: it is unknown.
            PluginError: it does not implement the protocol.
        """
        if name in self._backends:
            return self._backends[name]
        caller = self._caller("modelgen_backend")
        backend: Any = _call(caller, name=name, settings=settings)
        if backend is None:
            known = [info.name for info in self.info() if caller.name in info.hooks]
            raise UsageError(f"unknown backend {name!r}", hint=f"choose from: {', '.join(known)}")
        missing = [member for member in _JOBS if not hasattr(backend, member)]
        if missing and not is_schema_backend(backend):
            raise PluginError(f"the backend {name!r} has no {', '.join(missing)}")
        return self._backends.setdefault(name, backend)

    @cached_property
    def emitters(self) -> dict[str, Emitter]:
        """The emitters by name."""
        found = self._collect(plugin.Emitter, self._caller("modelgen_emitters"))
        return _by_name(map(_guarded, found))

    @cached_property
    def reporters(self) -> dict[str, Reporter]:
        """The reporters by name."""
        return _by_name(self._collect(plugin.Reporter, self._caller("modelgen_reporters")))

    @cached_property
    def commands(self) -> dict[str, Command]:
        """The subcommands of plugins by name."""
        return _by_name(self._collect(plugin.Command, self._caller("modelgen_commands")))

    def job_event(self, event: JobEvent) -> None:
        """Pass a job event to every plugin, except to those that raised before."""
        for name in self._names("modelgen_job_event"):
            if name not in self.errors:
                try:
                    _call(self._caller_of("modelgen_job_event", name), event=event)
                except PluginError as error:
                    error.message += "; it was disabled for the rest of the run"
                    self.errors[name] = error

    def info(self) -> tuple[PluginInfo, ...]:
        """Return the installed plugins, sorted by name."""
        distributions: dict[object, Any] = dict(self._manager.list_plugin_distinfo())
        return tuple(
            PluginInfo(
                name=name,
                distribution=getattr(distributions.get(module), "project_name", DISTRIBUTION),
                version=getattr(distributions.get(module), "version", __version__),
                hooks=tuple(
                    sorted(each.name for each in self._manager.get_hookcallers(module) or ())
                ),
            )
            for name, module in sorted(self._manager.list_name_plugin(), key=itemgetter(0))
        )


def load_plugins() -> PluginManager:
    """Load the built-in plugins, then those of other distributions, whose hooks run first."""
    return PluginManager({name: import_module(module) for name, module in BUILT_IN.items()})


def is_schema_backend(backend: SchemaBackend | JobBackend) -> bool:
    """Whether a backend generates models from the schema on disk, without jobs."""
    return hasattr(backend, "generate")


def _call(caller: pluggy.HookCaller, **arguments: object) -> Any:  # noqa: ANN401 (as pluggy types it)
    try:
        return caller(**arguments)
    except BaseException as error:
        with plugin_errors(f"plugin {_raising(caller, error)!r}: {caller.name}"):
            raise


def _raising(caller: pluggy.HookCaller, error: BaseException) -> str:
    """Return the name of the plugin whose function is in the traceback: pluggy does not say it."""
    from traceback import walk_tb

    names: dict[object, str] = {
        getattr(implementation.function, "__code__", None): implementation.plugin_name
        for implementation in caller.get_hookimpls()
    }
    codes = (frame.f_code for frame, _ in walk_tb(error.__traceback__))
    return next((names[code] for code in codes if code in names), "unknown")


def _are_lists_of(item_type: type, results: Iterable[object]) -> bool:
    return all(
        isinstance(result, Sequence)
        and not isinstance(result, str | bytes)
        and all(isinstance(item, item_type) for item in result)
        for result in results
    )


def _guarded(emitter: Emitter) -> Emitter:
    """Return an emitter whose functions that recognize files raise `PluginError` only."""

    def guard(function: Callable[[str, bytes], bool]) -> Callable[[str, bytes], bool]:
        def call(path: str, content: bytes) -> bool:
            with plugin_errors(f"the emitter {emitter.name!r}"):
                return bool(function(path, content))

        return call

    owns = emitter.owns and guard(emitter.owns)
    return replace(emitter, recognizes=guard(emitter.recognizes), owns=owns)


def _by_name(items: Iterable[_Named]) -> dict[str, _Named]:
    named: dict[str, _Named] = {}
    for item in items:
        if item.name in named:
            raise PluginError(
                f"two plugins provide the {type(item).__name__.lower()} {item.name!r}",
                hint=_UNINSTALL_HINT,
            )
        named[item.name] = item
    return named
