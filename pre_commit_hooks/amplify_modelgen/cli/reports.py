"""Handing a run's report to the reporters that were asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from msgspec import Struct

from amplify_modelgen.errors import ModelgenError, PluginError, UsageError, WriteError
from amplify_modelgen.faults import FAULTS, described
from amplify_modelgen.files.whole import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from amplify_modelgen.hookspecs import Reporter
    from amplify_modelgen.records import RunReport

DEFAULT = "terminal"


class Wanted(Struct, frozen=True, kw_only=True):
    """A report that was asked for: its format, and the file it goes to (None: stdout)."""

    format: str
    path: Path | None = None


FOR_PEOPLE = Wanted(format=DEFAULT)


def parse_wanted(words: Sequence[str], reporters: Mapping[str, Reporter]) -> tuple[Wanted, ...]:
    """Return the reports that the words `FORMAT` or `FORMAT=PATH` ask for.

    Where none of them goes to stdout, people still get the terminal's, and a CI server for which
    there is a reporter gets that.

    Raises:
        UsageError: an unknown format, or two reports on stdout that cannot share it.
    """
    wanted = tuple(_parse(word, reporters) for word in words)
    _check_stdout([each.format for each in wanted if each.path is None], reporters)
    if any(each.path is None for each in wanted):
        return wanted
    asked = {each.format for each in wanted}
    automatic = (each for each in _automatic(reporters) if each.format not in asked)
    return (FOR_PEOPLE, *wanted, *automatic)


def _check_stdout(formats: Sequence[str], reporters: Mapping[str, Reporter]) -> None:
    # A reporter that joins by itself writes lines that stand among those for people.
    alone = [each for each in formats if each != DEFAULT and reporters[each].automatic is None]
    if alone and len(formats) > 1:
        raise UsageError(
            f"the reports {', '.join(formats)} would follow one another on stdout, "
            "where no program could read them",
            hint=f"give one a file: --report {alone[-1]}=PATH",
        )


def check_places(wanted: Sequence[Wanted], root: Path, own: Collection[str]) -> None:
    """Refuse reports that would overwrite what targets are made of, or something of git's.

    `own` are files below `root`.

    Raises:
        UsageError: the first such report.
    """
    taken = {os.path.realpath(root / path) for path in own}
    for each in wanted:
        if each.path is not None:
            path = os.path.realpath(each.path)
            if path in taken or ".git" in Path(path).parts:
                raise UsageError(
                    f"--report {each.format}={each.path} would overwrite a file that is no report",
                    hint="give the report a file of its own",
                )
            taken.add(path)


def _automatic(reporters: Mapping[str, Reporter]) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(format=name)
        for name, reporter in sorted(reporters.items())
        if reporter.automatic is not None and _is_wanted(name, reporter.automatic)
    )


def _is_wanted(name: str, automatic: Callable[[Mapping[str, str]], bool]) -> bool:
    try:
        return automatic(os.environ)
    except FAULTS as error:
        raise PluginError(f"the reporter {name!r} broke: {described(error)}") from error


def _parse(word: str, reporters: Mapping[str, Reporter]) -> Wanted:
    name, equals, path = word.partition("=")
    if name not in reporters:
        raise UsageError(
            f"there is no report format {name!r}",
            hint=f"choose one of: {', '.join(sorted(reporters))}",
        )
    if equals and not path:
        raise UsageError(f"--report {word} names no file", hint=f"--report {name}=PATH")
    return Wanted(format=name, path=Path(path) if path else None)


def write_reports(
    report: RunReport, wanted: Sequence[Wanted], reporters: Mapping[str, Reporter]
) -> None:
    """Write every wanted report.

    Raises:
        WriteError: a file cannot be written; one that was there is as it was.
        PluginError: a reporter failed.
    """
    for each in wanted:
        if each.path is None:
            _run_reporter(reporters[each.format], report, sys.stdout)
        else:
            _write_file(reporters[each.format], report, each.path)


def _write_file(reporter: Reporter, report: RunReport, path: Path) -> None:
    try:
        with whole_file(path) as stream:
            _run_reporter(reporter, report, stream)
    except OSError as error:
        raise WriteError(
            f"the {reporter.name} report cannot be written to {path}: {error.strerror or error}",
            hint=f"give another file: --report {reporter.name}=PATH",
        ) from error


def _run_reporter(reporter: Reporter, report: RunReport, stream: TextIO) -> None:
    try:
        reporter.report(report, stream)
    except (ModelgenError, OSError):
        raise
    except FAULTS as error:
        raise PluginError(f"the reporter {reporter.name!r} broke: {described(error)}") from error
