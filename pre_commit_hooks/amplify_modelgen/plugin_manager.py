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
from .errors import PLUGIN_BUG_HINT, PluginError, UsageError, describe_exception, plugin_errors
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
    "serve": "amplify_modelgen_plugins.serve.subcommand",
    "amplify-cli": "amplify_modelgen_plugins.amplify_cli",
    "lint": "amplify_modelgen_plugins.lint",
    "documents": "amplify_modelgen_plugins.emitters.json_documents",
    "javascript": "amplify_modelgen_plugins.emitters.javascript",
    "swift": "amplify_modelgen_plugins.emitters.swift",
    "typescript": "amplify_modelgen_plugins.emitters.typescript",
    "typescript-types": "amplify_modelgen_plugins.emitters.typescript_types",
    "java": "amplify_modelgen_plugins.emitters.java",
    "dart": "amplify_modelgen_plugins.emitters.dart",
    "python": "amplify_modelgen_plugins.emitters.python",
    "mermaid": "amplify_modelgen_plugins.emitters.mermaid",
    "terminal": "amplify_modelgen_plugins.reporters.terminal",
    "json": "amplify_modelgen_plugins.reporters.json",
    "junit": "amplify_modelgen_plugins.reporters.junit",
    "github": "amplify_modelgen_plugins.reporters.github",
    "html": "amplify_modelgen_plugins.reporters.html",
    "markdown": "amplify_modelgen_plugins.reporters.markdown",
    "sarif": "amplify_modelgen_plugins.reporters.sarif",
}
"""The modules of the built-in plugins by plugin name. Named here, so that the core imports none."""

_UNINSTALL_HINT = "uninstall one of them; 'amplify-modelgen plugins' lists them"
_GENERATE = ("generate",)
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
        for name, module in plugins.items():
            self._register(name, module)
        if entry_points:
            self._load_entry_points()
        try:
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise _incompatible(self._manager.get_name(error.plugin), error) from error

    def _register(self, name: str, module: object) -> None:
        try:
            self._manager.register(module, name=name)
        except pluggy.PluginValidationError as error:
            raise _incompatible(name, error) from error

    def _load_entry_points(self) -> None:
        from importlib.metadata import entry_points

        for name in sorted({entry.name for entry in entry_points(group=ENTRY_POINT_GROUP)}):
            if self._manager.has_plugin(name):
                raise PluginError(f"two plugins are called {name!r}", hint=_UNINSTALL_HINT)
            try:
                with plugin_errors(f"loading the plugin {name!r}"):
                    self._manager.load_setuptools_entrypoints(ENTRY_POINT_GROUP, name)
            except PluginError as error:
                cause = error.__cause__
                if isinstance(cause, pluggy.PluginValidationError):
                    raise _incompatible(name, cause) from cause
                error.hint = "update or uninstall the plugin; --verbose shows the traceback"
                raise

    def _call(self, hook: str, **arguments: object) -> Any:  # noqa: ANN401 (as pluggy types it)
        return self._call_with(getattr(self._manager.hook, hook), hook, arguments)

    def _call_with(self, caller: pluggy.HookCaller, hook: str, arguments: dict[str, object]) -> Any:  # noqa: ANN401
        try:
            with plugin_errors(hook):
                return caller(**arguments)
        except PluginError as error:
            if error.__cause__ is None:
                raise
            raise _hook_error(caller, error.__cause__) from error.__cause__

    def _collect(self, item_type: type[_Item], hook: str, **arguments: object) -> list[_Item]:
        return self._flatten(item_type, hook, arguments, self._call(hook, **arguments))

    def _flatten(
        self, item_type: type[_Item], hook: str, arguments: dict[str, object], results: list[Any]
    ) -> list[_Item]:
        if not all(_is_list_of(item_type, result) for result in results):
            name = self._find_offender(item_type, hook, arguments)
            raise PluginError(
                f"plugin {name!r} returned something other than a list of {item_type.__name__} "
                f"from {hook}",
                hint=PLUGIN_BUG_HINT,
            )
        return [item for result in results for item in result]

    def _find_offender(self, item_type: type, hook: str, arguments: dict[str, object]) -> str:
        # pluggy does not say which plugin returned a result, so each is called alone.
        plugins = self._manager.list_name_plugin()
        for name, module in plugins:
            others = [other for _, other in plugins if other is not module]
            results = self._manager.subset_hook_caller(hook, others)(**arguments)
            if not all(_is_list_of(item_type, result) for result in results):
                return name
        return "unknown"

    def targets(self, settings: Settings, files: ProjectFiles) -> list[Target]:
        """Return the targets that plugins discover."""
        return self._collect(plugin.Target, "modelgen_targets", settings=settings, files=files)

    @property
    def reads_all_through_files(self) -> bool:
        """Whether every plugin that discovers targets reads through `ProjectFiles` only."""
        implementations = self._manager.hook.modelgen_targets.get_hookimpls()
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
        modules = (module for name, module in tuple(sys.modules.items()) if _is_foreign(name))
        # Not `module.__file__`: attribute access on lazy modules imports others.
        found = (getattr(module, "__dict__", {}).get("__file__") for module in modules)
        files = {file for file in found if file and not file.startswith(installed)}
        return [file_fingerprint(file, os.lstat(file)) for file in sorted(filter(_exists, files))]

    def validate(
        self, target: Target, schema: Schema, needs: frozenset[str], files: ProjectFiles
    ) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of all plugins for a schema, sorted by location.

        `needs` are the parts of `Models` that the outputs of the target need. The rule of a
        third-party plugin is named `PLUGIN/RULE`.
        """
        hook = "modelgen_validate"
        arguments = {"target": target, "schema": schema, "needs": needs, "files": files}
        found: list[Diagnostic] = []
        for implementation in self._manager.hook.modelgen_validate.get_hookimpls():
            name, module = implementation.plugin_name, implementation.plugin
            others = [other for _, other in self._manager.list_name_plugin() if other is not module]
            caller = self._manager.subset_hook_caller(hook, others)
            results = self._call_with(caller, hook, arguments)
            diagnostics = self._flatten(plugin.Diagnostic, hook, arguments, results)
            found += diagnostics if name in BUILT_IN else _with_plugin(diagnostics, name)
        found.sort(key=lambda item: (item.path, item.line, item.column, item.message))
        return tuple(found)

    def backend(self, name: str, settings: Settings) -> SchemaBackend | JobBackend:
        """Return the backend called `name`, which is built once.

        Raises:
            UsageError: it is unknown.
            PluginError: it does not implement the protocol.
        """
        if name in self._backends:
            return self._backends[name]
        backend = self._call("modelgen_backend", name=name, settings=settings)
        if backend is None:
            known = [info.name for info in self.info() if "modelgen_backend" in info.hooks]
            raise UsageError(f"unknown backend {name!r}", hint=f"choose from: {', '.join(known)}")
        members = _GENERATE if is_schema_backend(backend) else _JOBS
        missing = [member for member in members if not hasattr(backend, member)]
        if missing:
            raise PluginError(
                f"the backend {name!r} has no {', '.join(missing)}", hint=PLUGIN_BUG_HINT
            )
        self._backends[name] = backend
        return self._backends[name]

    @cached_property
    def emitters(self) -> dict[str, Emitter]:
        """The emitters by name."""
        emitters = self._collect(plugin.Emitter, "modelgen_emitters")
        return _by_name(map(_guarded, emitters))

    @cached_property
    def reporters(self) -> dict[str, Reporter]:
        """The reporters by name."""
        return _by_name(self._collect(plugin.Reporter, "modelgen_reporters"))

    @cached_property
    def commands(self) -> dict[str, Command]:
        """The subcommands of plugins by name."""
        return _by_name(self._collect(plugin.Command, "modelgen_commands"))

    def job_event(self, event: JobEvent) -> None:
        """Pass a job event to every plugin, except to those that raised before."""
        disabled = [self._manager.get_plugin(name) for name in self.errors]
        caller = self._manager.subset_hook_caller("modelgen_job_event", disabled)
        try:
            with plugin_errors("modelgen_job_event"):
                caller(event=event)
        except PluginError as error:
            cause = error.__cause__ or error
            failure = _hook_error(caller, cause)
            failure.__cause__ = cause
            failure.message += "; it was disabled for the rest of the run"
            self.errors[_failing_plugin(caller, cause)] = failure

    def info(self) -> tuple[PluginInfo, ...]:
        """Return the installed plugins, sorted by name."""
        distributions = {id(module): info for module, info in self._manager.list_plugin_distinfo()}
        return tuple(
            self._describe(name, module, distributions.get(id(module)))
            for name, module in sorted(self._manager.list_name_plugin(), key=itemgetter(0))
            if module is not None
        )

    def _describe(self, name: str, module: object, distribution: Any) -> PluginInfo:  # noqa: ANN401
        callers = self._manager.get_hookcallers(module) or []
        return PluginInfo(
            name=name,
            distribution=distribution.project_name if distribution else DISTRIBUTION,
            version=distribution.version if distribution else __version__,
            hooks=tuple(sorted(caller.name for caller in callers)),
        )


def load_plugins() -> PluginManager:
    """Load the built-in plugins, then those of other distributions, whose hooks run first."""
    return PluginManager({name: import_module(module) for name, module in BUILT_IN.items()})


def is_schema_backend(backend: SchemaBackend | JobBackend) -> bool:
    """Whether a backend generates models from the schema on disk, without jobs."""
    return hasattr(backend, "generate")


def _incompatible(name: str | None, error: Exception) -> PluginError:
    return PluginError(
        f"plugin {name!r} is not compatible: {error}", hint="update or uninstall the plugin"
    )


def _hook_error(caller: pluggy.HookCaller, error: BaseException) -> PluginError:
    name = _failing_plugin(caller, error)
    return PluginError(f"plugin {name!r} failed in {caller.name}: {describe_exception(error)}")


def _failing_plugin(caller: pluggy.HookCaller, error: BaseException) -> str:
    # pluggy does not say which plugin raised: it is the one whose function is in the traceback.
    import traceback

    names: dict[Any, str] = {
        getattr(implementation.function, "__code__", None): implementation.plugin_name
        for implementation in caller.get_hookimpls()
    }
    frames: Callable[..., Iterable[tuple[Any, int]]] = traceback.walk_tb
    codes = (frame.f_code for frame, _ in frames(error.__traceback__))
    return next((names[code] for code in codes if code in names), "unknown")


def _is_list_of(item_type: type, result: object) -> bool:
    if isinstance(result, str | bytes) or not isinstance(result, Sequence):
        return False
    return all(isinstance(item, item_type) for item in result)


def _guarded(emitter: Emitter) -> Emitter:
    """Return an emitter whose functions that recognize files raise `PluginError` only."""

    def guard(function: Callable[[str, bytes], bool]) -> Callable[[str, bytes], bool]:
        def call(path: str, content: bytes) -> bool:
            with plugin_errors(f"the emitter {emitter.name!r}"):
                return bool(function(path, content))

        return call

    owns = emitter.owns and guard(emitter.owns)
    return replace(emitter, recognizes=guard(emitter.recognizes), owns=owns)


def _is_foreign(module: str) -> bool:
    package = module.partition(".")[0]
    return package not in ("amplify_modelgen", "amplify_modelgen_plugins", "__main__")


def _exists(file: str) -> bool:
    # A file in an archive does not; the archive itself is on `sys.path`.
    return os.path.lexists(file)


def _with_plugin(diagnostics: list[Diagnostic], name: str) -> list[Diagnostic]:
    return [
        replace(entry, rule=f"{name}/{entry.rule}" if entry.rule else name) for entry in diagnostics
    ]


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
