"""Parse the `--report` options and write the requested reports."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.errors import UsageError, plugin_errors
from amplify_modelgen.storage.atomic_write import write_report_file

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from amplify_modelgen.plugin import Reporter
    from amplify_modelgen.records import Report


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

    Raises:
        UsageError: an unknown format, or two reports on stdout that cannot share it.
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

    Raises:
        UsageError: a report would.
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
