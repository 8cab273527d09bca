"""The built-in subcommands, one function each. Each returns the exit code.

A run opens the project, reads settings and plugins, loads the workspace (everything on disk that
the run is about), passes it to the pipeline, writes the reports, and saves the result for the
fast path.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.config import Overrides, load_settings, open_project, working_directory
from amplify_modelgen.errors import (
    PLUGIN_BUG_HINT,
    ModelgenError,
    PluginError,
    SchemaError,
    UsageError,
    plugin_errors,
    plugin_traceback,
)
from amplify_modelgen.fast_path import save_result
from amplify_modelgen.host import pushed_revision
from amplify_modelgen.plugin_manager import PluginManager, load_plugins
from amplify_modelgen.records import Schema, Target
from amplify_modelgen.storage.checkout_lock import checkout_lock
from amplify_modelgen.targets import select_targets
from amplify_modelgen.workspace import Workspace, load_workspace

from .output import (
    discard_stdout,
    print_error,
    print_plugins,
    print_result,
    print_status,
    print_status_lines,
    print_targets,
)
from .progress import ActiveJobs, progress
from .reports import (
    TERMINAL,
    ReportRequest,
    check_report_paths,
    parse_report_requests,
    write_reports,
)

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator

    from amplify_modelgen.plugin import Command
    from amplify_modelgen.records import JobEvent, Report
    from amplify_modelgen.storage.project_files import ProjectFiles

_PROJECT_CONFIG = "amplify/.config/project-config.json"


class _Run(Struct, frozen=True, kw_only=True):
    """A run whose command line, configuration and files have been read."""

    arguments: Namespace
    argv: list[str]
    plugins: PluginManager
    workspace: Workspace
    requests: tuple[ReportRequest, ...]


def generate(arguments: Namespace, argv: list[str]) -> int:
    """Regenerate the targets that are not up to date.

    A pre-push hook only checks them: files that it writes would not be in the pushed commit, and
    pre-commit would merge them with the unstaged changes that it hides during the run.
    """
    if pushed_revision(os.environ) is not None:
        return check(arguments, argv)
    from amplify_modelgen.pipeline.evaluate import GenerateOptions
    from amplify_modelgen.pipeline.generate import generate

    options = GenerateOptions(
        force=arguments.force,
        push_schema=arguments.push_schema,
        allow_drift=arguments.allow_drift,
        overwrite=arguments.overwrite,
    )
    is_shown = not (arguments.no_progress or arguments.quiet)
    jobs = ActiveJobs()
    with _open_run(arguments, argv, paths=arguments.files, exclusive=True) as run:
        selected = len(run.workspace.selected)
        try:
            with progress(enabled=is_shown, targets=selected) as show:
                on_event = _call_each(run.plugins.job_event, jobs, show)
                report = generate(run.workspace, run.plugins, options, on_event)
        except KeyboardInterrupt:
            for job in jobs.describe():
                print_status(f"{job} is still running; the next run continues it")
            raise
        return _finish(run, report)


def check(arguments: Namespace, argv: list[str]) -> int:
    """Report which targets are not up to date."""
    from amplify_modelgen.pipeline.check import check

    with _open_run(arguments, argv, paths=arguments.files) as run:
        if getattr(arguments, "remote", False):
            from amplify_modelgen.pipeline.remote import check_remote

            report = check_remote(run.workspace, run.plugins, run.plugins.job_event)
        else:
            report = check(run.workspace, run.plugins)
        return _finish(run, report)


def validate(arguments: Namespace, argv: list[str]) -> int:
    """Lint schemas: those of targets, and every other file that is named."""
    from amplify_modelgen.pipeline.check import validate

    with _open_run(arguments, argv) as run:
        workspace = run.workspace
        if arguments.files:
            workspace = _select_files(workspace, arguments.files)
        report = validate(workspace, run.plugins)
        return _finish(replace(run, workspace=workspace), report)


def preview(arguments: Namespace, _argv: list[str]) -> int:
    """Print the models generated from schemas."""
    from .preview import preview

    return preview(arguments.schemas, arguments.format, arguments.output)


def diff(arguments: Namespace, _argv: list[str]) -> int:
    """Compare the models of two schemas."""
    from amplify_modelgen.diff import is_failing
    from amplify_modelgen.diff.sources import Project, diff, resources_of

    from .output import print_comparisons

    cwd = working_directory()
    files, origin = open_project(arguments.root, cwd)
    with files:
        settings = load_settings(files, origin, _overrides(arguments), os.environ)
        workspace = load_workspace(settings, files, load_plugins(), cwd=cwd)
        project = Project(files=files, cwd=cwd, resources=resources_of(workspace.targets))
        comparisons = diff(arguments.old, arguments.new, project)
    print_comparisons(comparisons, as_json=arguments.format == "json")
    return int(any(is_failing(comparison.changes, arguments.fail_on) for comparison in comparisons))


def targets(arguments: Namespace, argv: list[str]) -> int:
    """List the targets."""
    as_json = arguments.format == "json"
    with _open_run(arguments, argv) as run:
        workspace = run.workspace
        print_targets(workspace.settings, workspace.selected, as_json=as_json)
        if not workspace.targets and not as_json:
            print_result(_no_targets(workspace))
    return 0


def plugins(arguments: Namespace, _argv: list[str]) -> int:
    """List the plugins."""
    print_plugins(load_plugins().info(), as_json=arguments.format == "json")
    return 0


def run_plugin_command(command: Command, arguments: Namespace, plugins: PluginManager) -> int:
    """Run a subcommand of a plugin with the targets that have a schema on disk."""
    cwd = working_directory()
    files, origin = open_project(arguments.root, cwd)
    with files:
        settings = load_settings(files, origin, _overrides(arguments), os.environ)
        workspace = load_workspace(settings, files, plugins, cwd=cwd)
        schemas = [(target, workspace.schema(target)) for target in workspace.targets]
    # An option of the plugin may be called `settings`; it is not overwritten.
    vars(arguments).setdefault("settings", settings)
    code = _call_plugin_command(
        command, arguments, [(target, schema) for target, schema in schemas if schema is not None]
    )
    if not isinstance(code, int):
        raise PluginError(
            f"the command {command.name!r} returned {type(code).__name__} instead of an exit code",
            hint=PLUGIN_BUG_HINT,
        )
    return code


def _call_plugin_command(
    command: Command, arguments: Namespace, schemas: list[tuple[Target, Schema]]
) -> object:
    try:
        with plugin_errors(f"the command {command.name!r}"):
            return command.run(arguments, schemas)
    except PluginError as error:
        cause = error.__cause__
        if not isinstance(cause, BrokenPipeError):
            raise
    raise cause


@contextmanager
def _open_run(
    arguments: Namespace,
    argv: list[str],
    *,
    paths: list[str] | None = None,
    exclusive: bool = False,
) -> Iterator[_Run]:
    """Read everything that a run needs. `exclusive` keeps other runs out of the checkout.

    Raises:
        UsageError: the command line is wrong.
        ConfigError: the configuration or a project file is wrong.
    """
    cwd = working_directory()
    files, origin = open_project(arguments.root, cwd)
    with files:
        settings = load_settings(files, origin, _overrides(arguments), os.environ)
        plugins = load_plugins()
        lock = checkout_lock(settings.root, settings.timeout, _print_waiting)
        # Targets, schemas and outputs are read only now: another run may have written them.
        with lock if exclusive else nullcontext():
            workspace = load_workspace(
                settings, files, plugins, arguments.target, paths or (), cwd=cwd
            )
            _check_targets(workspace, arguments)
            options = getattr(arguments, "report", [])
            requests = parse_report_requests(options, plugins.reporters, os.environ)
            check_report_paths(requests, settings.root, _project_paths(workspace))
            yield _Run(
                arguments=arguments,
                argv=argv,
                plugins=plugins,
                workspace=workspace,
                requests=requests,
            )


def _overrides(arguments: Namespace) -> Overrides:
    return Overrides(
        root=arguments.root,
        backend=getattr(arguments, "backend", None),
        environment=getattr(arguments, "environment", None),
        timeout=getattr(arguments, "timeout", None),
    )


def _print_waiting() -> None:
    print_status("waiting for another run in this checkout to finish")


def _check_targets(workspace: Workspace, arguments: Namespace) -> None:
    """Check that there is a target, if the user expects one.

    Raises:
        UsageError: there is no target, but the root, the configuration, a target or a file was
            named.
    """
    settings = workspace.settings
    if workspace.targets or arguments.command not in ("generate", "check", "validate"):
        return
    # A directory says where to look. `validate` lints every named file.
    files = [] if arguments.command == "validate" else arguments.files
    names_file = any(not os.path.isdir(path) for path in files)  # noqa: PTH112 (typed text)
    if not (names_file or arguments.root or arguments.target or settings.config_file):
        return
    hint = "run it in the directory that contains amplify/"
    if _lacks_project_config(workspace.files):
        hint = f"commit {_PROJECT_CONFIG}"
    raise UsageError(
        f"no targets: {_no_targets(workspace)}, and none is configured",
        hint=f"{hint}, or define a [[target]] in amplify-modelgen.toml (docs/configuration.md)",
    )


def _no_targets(workspace: Workspace) -> str:
    detail = f" ({_PROJECT_CONFIG} is missing)" if _lacks_project_config(workspace.files) else ""
    return f"no Amplify project with a GraphQL API below {workspace.settings.root}{detail}"


def _lacks_project_config(files: ProjectFiles) -> bool:
    return (
        bool(files.list_directory("amplify/backend")) and files.read_bytes(_PROJECT_CONFIG) is None
    )


def _project_paths(workspace: Workspace) -> set[str]:
    outputs = {output.path for target in workspace.targets for output in target.outputs}
    return {*workspace.inputs, *workspace.lock, *outputs}


def _select_files(workspace: Workspace, paths: list[str]) -> Workspace:
    """Select the targets of schema files. A file without a target is linted with default flags.

    Raises:
        UsageError: a file does not exist.
    """
    from .preview import read_typed_schema

    cwd = working_directory()
    selected: dict[str, Target] = {}
    schemas: dict[str, Schema | ModelgenError] = dict(workspace.schemas)
    for path in paths:
        owners = select_targets(workspace.settings, workspace.targets, (), [path], cwd)
        selected |= {target.name: target for target in owners if target in workspace.selected}
        if not owners:
            selected[path] = Target(
                app_id="", environment="", resource=path, name=path, schema=path
            )
            try:
                schemas[path] = read_typed_schema(Path(path))
            except SchemaError as error:
                schemas[path] = error
    return replace(workspace, selected=tuple(selected.values()), schemas=schemas)


def _call_each(*listeners: Callable[[JobEvent], None]) -> Callable[[JobEvent], None]:
    def call(event: JobEvent) -> None:
        for listener in listeners:
            listener(event)

    return call


def _finish(run: _Run, report: Report) -> int:
    """Write the reports, save the result for the fast path, and return the exit code."""
    message = report.summary
    requests = run.requests
    is_quiet = run.arguments.quiet and report.exit_code == 0
    is_empty = not run.workspace.targets and not report.outcomes and report.exit_code == 0
    if is_empty:
        message = f"amplify-modelgen: {_no_targets(run.workspace)}"
    if is_empty or is_quiet:
        requests = tuple(request for request in requests if request != TERMINAL)
    try:
        if is_empty and not is_quiet and TERMINAL in run.requests:
            print_result(message)
        write_reports(report, requests, run.plugins.reporters)
    except BrokenPipeError:
        discard_stdout()  # the exit code still counts
    _print_plugin_errors(run, report)
    if _is_cacheable(run, report):
        save_result(run.argv, "" if is_quiet else message, run.workspace.files.fingerprints())
    return report.exit_code


def _print_plugin_errors(run: _Run, report: Report) -> None:
    errors = tuple(run.plugins.errors.values())
    if run.arguments.verbose:
        for outcome in report.outcomes:
            print_status_lines(outcome.traceback)
        for error in errors:
            print_status_lines(plugin_traceback(error))
    for error in errors:
        print_error(error.message, error.hint)


_UNCACHED_OPTIONS = (
    "files",
    "target",
    "verbose",
    "force",
    "overwrite",
    "push_schema",
    "allow_drift",
    "remote",
)


def _is_cacheable(run: _Run, report: Report) -> bool:
    """Whether the same command would do nothing and print one line while no file changes."""
    workspace, outcomes = run.workspace, report.outcomes
    if any(getattr(run.arguments, option, None) for option in _UNCACHED_OPTIONS):
        return False
    is_plain = run.requests == (TERMINAL,) and not report.notes and not run.plugins.errors
    is_good = report.exit_code == 0 and all(
        outcome.status in ("up-to-date", "valid")
        and not (outcome.diagnostics or outcome.jobs)
        and not any(file.is_ignored for file in outcome.files)
        for outcome in outcomes
    )
    is_local = all(target.schema for target in workspace.targets)
    is_here = workspace.settings.root == working_directory()  # the fast path looks nowhere else
    return is_plain and is_good and is_local and is_here and run.plugins.reads_all_through_files
