"""The built-in subcommands, one function each. Each returns the exit code.

A run opens the project, reads settings and plugins, loads the workspace (everything on disk that
the run is about), passes it to the pipeline, writes the reports, and saves the result for the
fast path.
"""

from __future__ import annotations

import os
import time
from argparse import Namespace
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.config import load_settings, open_project, render_schema, working_directory
from amplify_modelgen.errors import PluginError, UsageError, plugin_errors, plugin_traceback
from amplify_modelgen.git import is_sparse_checkout
from amplify_modelgen.host import pushed_revision
from amplify_modelgen.input_validation import quote
from amplify_modelgen.plugin_manager import PluginManager, is_schema_backend, load_plugins
from amplify_modelgen.storage.checkout_state import checkout_lock, save_result
from amplify_modelgen.workspace import Workspace, load_workspace

from . import output
from .command_line import BUILT_IN_COMMANDS, CHANGES_OF_A_RUN, DEFAULTS, build_parser
from .output import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.pipeline.evaluate import GenerateOptions
    from amplify_modelgen.plugin import Command, JobBackend, SchemaBackend
    from amplify_modelgen.records import JobEvent, Report


class _Run(Struct, frozen=True):
    """A run whose command line, configuration and files have been read."""

    arguments: Namespace
    argv: list[str]
    plugins: PluginManager
    workspace: Workspace
    requests: tuple[output.ReportRequest, ...]

    @property
    def backend(self) -> SchemaBackend | JobBackend:
        """The backend of the settings."""
        settings = self.workspace.settings
        return self.plugins.backend(settings.backend, settings)


def generate(arguments: Namespace, argv: list[str]) -> int:
    """Regenerate the targets that are not up to date.

    A pre-push hook only checks them: files that it writes would not be in the pushed commit, and
    pre-commit would merge them with the unstaged changes that it hides during the run.
    """
    if arguments.dry_run or pushed_revision(os.environ) is not None:
        return check(arguments, argv)
    from amplify_modelgen.pipeline.run import generate

    with _open_run(arguments, argv, paths=arguments.files, exclusive=True) as run:
        # Without jobs there is nothing to wait for.
        is_silent = arguments.no_progress or arguments.quiet or is_schema_backend(run.backend)
        with output.progress(enabled=not is_silent) as jobs:

            def listen(event: JobEvent) -> None:
                run.plugins.job_event(event)
                jobs(event)

            try:
                report = generate(run.workspace, run.plugins, _options(arguments), listen)
            except KeyboardInterrupt:
                for job in jobs.describe():
                    output.print_status(f"{job} is still running; the next run continues it")
                raise
        return _finish(run, report)


def check(arguments: Namespace, argv: list[str]) -> int:
    """Report which targets are not up to date. `generate --dry-run` is the same, offline."""
    from amplify_modelgen.pipeline.run import check

    options = _options(arguments)
    with _open_run(arguments, argv, paths=arguments.files) as run:
        if arguments.remote:
            from amplify_modelgen.pipeline.remote import check_remote

            report = check_remote(run.workspace, run.plugins, options, run.plugins.job_event)
            return _finish(run, report)
        if arguments.dry_run and not is_schema_backend(run.backend):
            backend = run.workspace.settings.backend
            raise UsageError(
                f"--dry-run cannot show what the backend {backend!r} would generate",
                hint="pass --backend local, or compare with "
                f"'amplify-modelgen check --remote --backend {backend}'",
            )
        return _finish(run, check(run.workspace, run.plugins, options))


def _options(arguments: Namespace) -> GenerateOptions:
    """Return the options of `generate`; those that `check` shares have other names there."""
    from amplify_modelgen.pipeline.evaluate import GenerateOptions

    return GenerateOptions(
        force=arguments.force or arguments.regenerate,
        push_schema=arguments.push_schema,
        allow_drift=arguments.allow_drift,
        overwrite=arguments.overwrite,
        diff=arguments.dry_run or arguments.diff,
    )


def validate(arguments: Namespace, argv: list[str]) -> int:
    """Lint schemas: those of targets, and every other file that is named. `-` is stdin."""
    from amplify_modelgen.pipeline.run import validate

    from .typed_schemas import select_files

    if arguments.stdin_filename and "-" not in arguments.files:
        raise UsageError("--stdin-filename needs '-', which reads a schema from stdin")
    with _open_run(arguments, argv) as run:
        workspace = run.workspace
        if arguments.files:
            workspace = select_files(workspace, arguments.files, arguments.stdin_filename)
        report = validate(workspace, run.plugins)
        return _finish(replace(run, workspace=workspace), report)


def rules(arguments: Namespace, _argv: list[str]) -> int:
    """List the rules of the linter, or explain one."""
    from amplify_modelgen.lint import RULES, explain_rule, list_rules
    from amplify_modelgen.lint.wording import did_you_mean

    name = arguments.rule
    if name is not None and name not in RULES:
        hint = did_you_mean(name, RULES, "'amplify-modelgen rules' lists the rules")
        raise UsageError(f"unknown rule {quote(name)}", hint=hint)
    output.print_result(list_rules() if name is None else explain_rule(RULES[name]))
    return 0


def preview(arguments: Namespace, _argv: list[str]) -> int:
    """Print the models generated from schemas."""
    from amplify_modelgen.records import Output

    from .preview import parse_options, preview

    options = parse_options(arguments.option)
    shown = Output(emitter=arguments.format, path=".", options=options)
    return preview(arguments.schemas, shown, arguments.output)


def diff(arguments: Namespace, argv: list[str]) -> int:
    """Compare the models of two schemas."""
    from amplify_modelgen.diff.reporting import accept_changes, comparison_report
    from amplify_modelgen.diff.sources import Project, diff, resources_of

    start = time.monotonic()
    with _open_run(arguments, argv) as run:
        workspace, reporters = run.workspace, run.plugins.reporters
        resources = resources_of(workspace.targets)
        project = Project(files=workspace.files, cwd=working_directory(), resources=resources)
        everything = diff(arguments.old, arguments.new, project)
    comparisons, accepted = accept_changes(everything, workspace.settings.accepted_changes)
    report = comparison_report(comparisons, arguments.fail_on, accepted, time.monotonic() - start)
    if TERMINAL in run.requests:
        missing = f"no schema found at {arguments.old} and {arguments.new}"
        notes = report.notes if everything else [missing]
        output.print_comparisons(comparisons, notes, as_json=arguments.format == "json")
    output.write_reports(report, [each for each in run.requests if each != TERMINAL], reporters)
    return report.exit_code


def targets(arguments: Namespace, argv: list[str]) -> int:
    """List the targets, and what is skipped for no fault, such as projects of submodules."""
    as_json = arguments.format == "json"
    with output.logged_plugins(), _open_run(arguments, argv) as run:
        workspace = run.workspace
        output.print_targets(workspace.settings, workspace.selected, as_json=as_json)
        if not workspace.targets and not as_json:
            output.print_result(_no_targets(workspace))
    return 0


def init(arguments: Namespace, argv: list[str]) -> int:
    """Show what will be maintained, and set up the hooks."""
    from amplify_modelgen.pipeline.run import check

    from .hook_setup import set_up_hooks

    with _open_run(arguments, argv) as run:
        workspace = run.workspace
        if not workspace.targets:
            raise _nothing_found(workspace)
        output.print_found(workspace.targets)
        report = check(workspace, run.plugins)
        output.write_reports(report, (TERMINAL,), run.plugins.reporters)
        set_up_hooks(workspace.settings.root, assume_yes=arguments.yes)
    return 0


def plugins(arguments: Namespace, _argv: list[str]) -> int:
    """List the plugins."""
    output.print_plugins(load_plugins().info(), as_json=arguments.format == "json")
    return 0


def config(_arguments: Namespace, _argv: list[str]) -> int:
    """Print the JSON schema of the configuration."""
    output.print_result(render_schema())
    return 0


def completion(arguments: Namespace, _argv: list[str]) -> int:
    """Print the completion script of a shell."""
    import shtab

    commands = load_plugins().commands
    names = [*(command.name for command in BUILT_IN_COMMANDS), *commands]
    output.print_result(shtab.complete(build_parser(names, commands), shell=arguments.shell))
    return 0


def run_plugin_command(command: Command, arguments: Namespace, plugins: PluginManager) -> int:
    """Run a subcommand of a plugin with the targets that have a schema on disk."""
    # An option of the plugin may have the name of one of ours.
    own = Namespace(**{**DEFAULTS, "root": arguments.root, "command": command.name})
    with _open_run(own, [], plugins=plugins) as run:
        found = [(target, run.workspace.schema(target)) for target in run.workspace.targets]
    vars(arguments).setdefault("settings", run.workspace.settings)
    schemas = [(target, schema) for target, schema in found if schema is not None]
    # A reader of stdout that has gone is not a bug of the plugin.
    with plugin_errors(f"the command {command.name!r}", (BrokenPipeError,)):
        code: object = command.run(arguments, schemas)
    if not isinstance(code, int):
        raise PluginError(
            f"the command {command.name!r} returned {type(code).__name__} instead of an exit code"
        )
    return code


@contextmanager
def _open_run(
    arguments: Namespace,
    argv: list[str],
    *,
    plugins: PluginManager | None = None,
    paths: list[str] | None = None,
    exclusive: bool = False,
) -> Iterator[_Run]:
    """Read everything that a run needs. `exclusive` keeps other runs out of the checkout."""
    cwd = working_directory()
    files, origin = open_project(arguments.root, cwd)
    with files:
        settings = load_settings(files, origin, vars(arguments), os.environ)
        plugins = plugins or load_plugins()
        waiting = partial(output.print_status, "waiting for another run in this checkout to finish")
        lock = checkout_lock(settings.root, settings.timeout, waiting)
        # Targets, schemas and outputs are read only now: another run may have written them.
        with lock if exclusive else nullcontext():
            names, create = arguments.target, arguments.create
            workspace = load_workspace(
                settings, files, plugins, names, paths or (), cwd=cwd, create=create
            )
            _check_targets(workspace, arguments)
            requests = output.parse_requests(arguments.report, plugins.reporters, os.environ)
            outputs = {each.path for target in workspace.targets for each in target.outputs}
            own = {*workspace.inputs, *workspace.lock, *outputs}
            output.check_report_paths(requests, settings.root, own)
            yield _Run(arguments, argv, plugins, workspace, requests)


def _check_targets(workspace: Workspace, arguments: Namespace) -> None:
    """Check that there is a target, if the user named the root, a target or a file."""
    if workspace.targets or arguments.command not in ("generate", "check", "validate"):
        return
    # A directory says where to look. `validate` lints every named file.
    files = [] if arguments.command == "validate" else arguments.files
    names_file = any(not os.path.isdir(path) for path in files)  # noqa: PTH112 (typed text)
    if names_file or arguments.root or arguments.target:
        raise _nothing_found(workspace)


def _nothing_found(workspace: Workspace) -> UsageError:
    return UsageError(
        f"no targets: {_no_targets(workspace)}, and none is configured",
        hint="run it in the directory that contains amplify/, or define a [[target]] in "
        "amplify-modelgen.toml (docs/configuration.md)",
    )


def _no_targets(workspace: Workspace) -> str:
    root = workspace.settings.root
    note = " (a sparse checkout)" if is_sparse_checkout(root) else ""
    return f"no Amplify project with a GraphQL API below {root}{note}"


def _finish(run: _Run, report: Report) -> int:
    """Write the reports, save the result for the fast path, and return the exit code."""
    requests = run.requests
    is_quiet = run.arguments.quiet and report.exit_code == 0
    is_empty = not run.workspace.targets and not report.outcomes and report.exit_code == 0
    message = ""
    if is_empty and not is_quiet:
        message = f"amplify-modelgen: {_no_targets(run.workspace)}"
    if is_empty or is_quiet:
        requests = tuple(request for request in requests if request != TERMINAL)
    with suppress(BrokenPipeError):  # the exit code still counts
        if message and TERMINAL in run.requests:
            output.print_result(message)
        output.write_reports(report, requests, run.plugins.reporters)
    _print_plugin_errors(run, report)
    if _is_cacheable(run, report):
        if not is_empty and not is_quiet:
            text = output.render_report(report, run.plugins.reporters[TERMINAL.format])
            message = text.rstrip("\n")
        fingerprints = (*run.workspace.files.fingerprints(), *run.plugins.fingerprints())
        save_result(run.argv, message, fingerprints)
    return report.exit_code


def _print_plugin_errors(run: _Run, report: Report) -> None:
    errors = tuple(run.plugins.errors.values())
    if run.arguments.verbose:
        tracebacks = [outcome.traceback for outcome in report.outcomes]
        for text in (*tracebacks, *map(plugin_traceback, errors)):
            output.print_status_lines(text)
    for error in errors:
        output.print_error(error.message, error.hint)


def _is_cacheable(run: _Run, report: Report) -> bool:
    """Whether the same command would do nothing, and print the same, while no file changes."""
    workspace, outcomes = run.workspace, report.outcomes
    options = ("files", "target", "verbose", *CHANGES_OF_A_RUN)
    if any(getattr(run.arguments, option) for option in options):
        return False
    is_plain = run.requests == (TERMINAL,) and not report.notes and not run.plugins.errors
    is_good = report.exit_code == 0 and all(
        outcome.status in ("up-to-date", "valid")
        and not outcome.jobs
        and not any(file.is_ignored for file in outcome.files)
        for outcome in outcomes
    )
    is_local = all(target.schema for target in workspace.targets)
    is_here = workspace.settings.root == working_directory()  # the fast path looks nowhere else
    return is_plain and is_good and is_local and is_here and run.plugins.reads_all_through_files
