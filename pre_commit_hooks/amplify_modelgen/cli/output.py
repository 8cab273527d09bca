"""Print results to stdout and everything else to stderr: errors, progress of jobs, reports."""

from __future__ import annotations

import io
import os
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from amplify_modelgen.errors import UsageError, plugin_errors
from amplify_modelgen.storage.atomic_write import write_report_file
from amplify_modelgen.text import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from amplify_modelgen.diff.sources import Comparison
    from amplify_modelgen.plugin import Reporter
    from amplify_modelgen.plugin_manager import PluginInfo
    from amplify_modelgen.records import JobEvent, Provenance, Report, Settings, Target

_MAX_NAMED_JOBS = 3


def print_result(text: str) -> None:
    """Print a result, unescaped."""
    print(text)  # noqa: T201 (the only place that prints results)


def print_status(text: str) -> None:
    """Print a line to stderr, escaped. A stderr that cannot be written to is ignored."""
    with suppress(OSError):
        print(escape(text), file=sys.stderr, flush=True)  # noqa: T201 (the only one for stderr)


def print_status_lines(text: str) -> None:
    """Print lines to stderr, each escaped."""
    for line in text.splitlines():
        print_status(line)


def print_error(message: str, hint: str | None = None) -> None:
    """Print an error and its hint."""
    print_status(f"amplify-modelgen: {message}")
    if hint:
        print_status(f"  {hint}")


def print_targets(settings: Settings, targets: Sequence[Target], *, as_json: bool) -> None:
    """Print the settings and the targets, and where each value came from."""
    if as_json:
        rows = [
            {
                "id": target.name,
                "app": target.app_id,
                "environment": target.environment,
                "resource": target.resource,
                "region": target.region,
                "schema": target.schema,
                "outputs": [
                    {**asdict(output), "options": dict(output.options)} for output in target.outputs
                ],
                "sources": list(map(asdict, target.provenance)),
            }
            for target in targets
        ]
        shown = list(map(asdict, settings.provenance))
        _print_json(root=str(settings.root), settings=shown, targets=rows)
        return
    print_result(f"root: {escape(str(settings.root))}")
    _print_provenance(settings.provenance)
    for target in targets:
        print_result(f"\n{escape(target.name)}")
        _print_provenance(target.provenance)


def print_found(targets: Iterable[Target]) -> None:
    """Print the schema and the outputs of each target."""
    for target in targets:
        print_result(escape(f"found {target.name}: {target.schema or 'a schema in the backend'}"))
        rows = [(output.emitter, output.path) for output in target.outputs]
        _print_table(rows or [("no files yet",)], indent="  maintains ")


def _print_provenance(provenance: Sequence[Provenance]) -> None:
    _print_table([(item.key, item.value, item.origin) for item in provenance], indent="  ")


def print_plugins(plugins: Sequence[PluginInfo], *, as_json: bool) -> None:
    """Print the installed plugins with their distributions and hooks."""
    if as_json:
        _print_json(plugins=list(map(asdict, plugins)))
        return
    _print_table(
        [
            (plugin.name, f"{plugin.distribution} {plugin.version}", ", ".join(plugin.hooks))
            for plugin in plugins
        ]
    )


def print_comparisons(
    comparisons: Sequence[Comparison], notes: Sequence[str], *, as_json: bool
) -> None:
    """Print what changed in the models of each resource."""
    from amplify_modelgen.diff import render_changes, summarize

    if as_json:
        resources = [
            {
                "resource": comparison.name,
                "changes": [dict(sorted(asdict(change).items())) for change in comparison.changes],
            }
            for comparison in comparisons
        ]
        _print_json(resources=resources)
        return
    for comparison in comparisons:
        summary = summarize(comparison.changes)
        print_result(f"{escape(comparison.name)}: {summary}" if comparison.name else summary)
        for line in render_changes(comparison.changes):
            print_result(line)
    for note in notes:
        print_result(note)


def _print_json(**document: object) -> None:
    import json

    # `##` may begin a command of a CI server; the text is the same JSON.
    print_result(json.dumps({"version": 1, **document}, indent=2).replace("##", r"#\u0023"))


def _print_table(rows: Sequence[tuple[str, ...]], indent: str = "") -> None:
    escaped = [tuple(map(escape, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*escaped, strict=True)]
    for row in escaped:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print_result(indent + "  ".join(cells).rstrip())


@contextmanager
def logged_plugins() -> Iterator[None]:
    """Print what the built-in plugins log as information; no library's log is enabled."""
    import logging

    from amplify_modelgen.plugin_manager import BUILT_IN_PACKAGE

    logger, handler = logging.getLogger(BUILT_IN_PACKAGE), logging.StreamHandler()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


class ActiveJobs:
    """The jobs that have started and not finished, by the names of their targets.

    An instance takes job events, and passes each on to `show`.
    """

    def __init__(self) -> None:
        self.events: dict[str, JobEvent] = {}
        self._start = time.monotonic()
        self.show: Callable[[JobEvent], object] = lambda _: None
        self._finished: set[str] = set()

    def __call__(self, event: JobEvent) -> None:
        """Update the state by an event."""
        name = event.target.name
        if event.kind == "finished":
            if self.events.pop(name, None) is not None:
                self._finished.add(name)
        elif event.job is not None:
            self.events[name] = event
        self.show(event)

    def describe(self) -> list[str]:
        """Return `name: job id` for each active job that has an id."""
        jobs = ((name, event.job) for name, event in sorted(self.events.items()))
        return [f"{name}: job {job.id}" for name, job in jobs if job and job.id]

    def counts(self) -> str:
        """Return how many targets are finished and how many jobs run, and the slowest ones."""
        slowest = sorted(self.events.values(), key=lambda event: -event.seconds)[:_MAX_NAMED_JOBS]
        named = ", ".join(f"{each.target.name} {each.job.status}" for each in slowest if each.job)
        seconds = time.monotonic() - self._start
        done = len(self._finished - self.events.keys())
        counts = f"{done} done, {len(self.events)} running, {seconds:.0f} s"
        return f"{counts}: {named}" if named else counts


@contextmanager
def progress(*, enabled: bool) -> Iterator[ActiveJobs]:
    """Yield a listener that shows job events on stderr: in one live line on a terminal."""
    jobs = ActiveJobs()
    if not enabled or not sys.stderr.isatty() or os.environ.get("CI"):
        if enabled:
            jobs.show = _print_event
        yield jobs
        return
    from rich.console import Console
    from rich.text import Text

    # rich keeps bold and dim with NO_COLOR; without a color system it writes no style at all.
    console = Console(stderr=True, color_system=None if os.environ.get("NO_COLOR") else "auto")
    with console.status("waiting for the backend") as status:
        jobs.show = lambda _: status.update(Text(escape(jobs.counts())))
        yield jobs


def _print_event(event: JobEvent) -> None:
    name, job = event.target.name, event.job
    if event.kind == "retried":
        print_status(f"{name}: retrying: {event.error}")
    elif job is not None and event.kind == "started" and not job.is_finished:
        print_status(f"{name}: job {job.id} ({job.operation}) started")
    elif job is not None and event.kind == "finished" and event.polls:
        print_status(f"{name}: {job.status} after {event.seconds:.1f} s")


class ReportRequest(Struct, frozen=True, kw_only=True):
    """A requested report: its format and its file (None: stdout)."""

    format: str
    path: Path | None = None


TERMINAL = ReportRequest(format="terminal")


def parse_requests(
    options: Sequence[str], reporters: Mapping[str, Reporter], environ: Mapping[str, str]
) -> tuple[ReportRequest, ...]:
    """Return the reports that the options `FORMAT` or `FORMAT=PATH` request.

    If none of them goes to stdout, the terminal report does, together with those that are enabled
    by the environment, such as a CI server's.
    """
    requests = tuple(_parse(option, reporters) for option in options)
    formats = [request.format for request in requests if request.path is None]
    # A reporter that the environment enables writes lines that may be mixed with other output.
    exclusive = [
        name for name in formats if name != TERMINAL.format and reporters[name].is_enabled is None
    ]
    if exclusive and len(formats) > 1:
        raise UsageError(
            f"cannot write several reports ({', '.join(formats)}) to stdout",
            hint=f"write one to a file: --report {exclusive[-1]}=PATH",
        )
    if formats:
        return requests
    others = sorted(reporters.keys() - {request.format for request in requests})
    enabled = [name for name in others if _is_enabled(reporters[name], environ)]
    return (TERMINAL, *requests, *(ReportRequest(format=name) for name in enabled))


def _parse(option: str, reporters: Mapping[str, Reporter]) -> ReportRequest:
    name, equals, path = option.partition("=")
    if name not in reporters:
        raise UsageError(
            f"unknown report format {name!r}", hint=f"choose from: {', '.join(sorted(reporters))}"
        )
    if equals and not path:
        raise UsageError(f"--report {option}: the file is missing", hint=f"--report {name}=PATH")
    return ReportRequest(format=name, path=Path(path) if path else None)


def _is_enabled(reporter: Reporter, environ: Mapping[str, str]) -> bool:
    with plugin_errors(f"the reporter {reporter.name!r}"):
        return reporter.is_enabled is not None and reporter.is_enabled(environ)


def check_report_paths(
    requests: Sequence[ReportRequest], root: Path, project_files: Collection[str]
) -> None:
    """Check that no report overwrites another one, a file of the project, or one of git.

    `project_files` are inputs and outputs of targets, relative to `root`.
    """
    # No link is followed below the root.
    top = Path(os.path.realpath(root))
    reserved = {os.path.normpath(top / path) for path in project_files}
    for request in requests:
        if request.path is None:
            continue
        path = os.path.realpath(request.path)
        if path in reserved or ".git" in (part.lower() for part in Path(path).parts):
            raise UsageError(
                f"--report {request.format}={request.path} would overwrite a file that is not a "
                "report",
                hint="choose another file",
            )
        reserved.add(path)


def write_reports(
    report: Report, requests: Sequence[ReportRequest], reporters: Mapping[str, Reporter]
) -> None:
    """Write each requested report.

    Raises:
        WriteError: a file could not be written and is unchanged.
        PluginError: a reporter failed.
        OSError: stdout could not be written to.
    """
    for request in requests:
        reporter = reporters[request.format]
        if request.path is None:
            # Not a bug of the reporter: the reader of stdout has gone, or the disk is full.
            with plugin_errors(f"the reporter {reporter.name!r}", (OSError,)):
                reporter.report(report, sys.stdout)
        else:
            text = render_report(report, reporter)
            # A lone surrogate in a file name has no UTF-8.
            write_report_file(request.path, text.encode("utf-8", "backslashreplace"))


def render_report(report: Report, reporter: Reporter) -> str:
    """Return the report as text; `PluginError` if the reporter failed."""
    stream = io.StringIO(newline="")
    with plugin_errors(f"the reporter {reporter.name!r}"):
        reporter.report(report, stream)
    return stream.getvalue()
