"""The verbs of whole runs: what `generate`, `check` and `validate` do with their arguments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.config.settings import Overrides, load_settings
from amplify_modelgen.faults import fault_behind
from amplify_modelgen.files.exclusive import exclusive
from amplify_modelgen.files.journal import is_interrupted, recover
from amplify_modelgen.plugins import Plugins, load_plugins
from amplify_modelgen.run.survey import Survey, own_files, settled_evidence, survey
from amplify_modelgen.unchanged import remember

from .console import complain, note, note_lines, silence
from .reports import FOR_PEOPLE, Wanted, check_places, parse_wanted, write_reports

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from amplify_modelgen.records import JobEvent, RunReport, Settings


class _Call(Struct, frozen=True, kw_only=True):
    """A verb's call, made ready: whatever is wrong with it has been said by now."""

    arguments: Namespace
    words: list[str]
    settings: Settings
    plugins: Plugins
    survey: Survey
    wanted: tuple[Wanted, ...]


def generate(arguments: Namespace, words: list[str]) -> int:
    """Regenerate stale targets."""
    from amplify_modelgen.run.regenerate import Options
    from amplify_modelgen.run.verbs import generate as run

    from .progress import Running, progress

    options = Options(
        force=arguments.force,
        push_schema=arguments.push_schema,
        allow_drift=arguments.allow_drift,
    )
    settings, running = _settings(arguments), Running()
    try:
        with exclusive(settings.root, settings.timeout, _say_waiting) as held:
            # What another run has just written is seen only now.
            _recover(settings, held=held)
            call = _prepare(arguments, words)
            shown = not (arguments.no_progress or arguments.quiet)
            with progress(enabled=shown, targets=len(call.survey.chosen)) as show:
                listen = _all_of(call.plugins.job_event, running, show)
                report = run(call.survey, call.plugins, options, listen)
    except KeyboardInterrupt:
        for job in running.jobs():
            note(f"{job} goes on in the backend; the next run takes up models it makes")
        raise
    return _conclude(call, report)


def _recover(settings: Settings, *, held: bool) -> None:
    if held and recover(settings.root):
        note("an earlier run was interrupted while it wrote; that has been put in order")


def _say_waiting() -> None:
    note("waiting for another run to end in this checkout")


def check(arguments: Namespace, words: list[str]) -> int:
    """Say which targets are stale, offline."""
    from amplify_modelgen.run.verbs import check as run
    from amplify_modelgen.run.verbs import check_remote

    call = _prepare_to_read(arguments, words)
    if arguments.remote:
        return _conclude(call, check_remote(call.survey, call.plugins, call.plugins.job_event))
    return _conclude(call, run(call.survey, call.plugins))


def validate(arguments: Namespace, words: list[str]) -> int:
    """Lint the schemas."""
    from amplify_modelgen.run.verbs import validate as run

    call = _prepare_to_read(arguments, words)
    return _conclude(call, run(call.survey, call.plugins))


_INSISTENT = ("force", "push_schema", "allow_drift", "remote")


def _prepare_to_read(arguments: Namespace, words: list[str]) -> _Call:
    """Make a call ready that writes nothing; what a dead run left half-written is mended first."""
    settings = _settings(arguments)
    if is_interrupted(settings.root):
        with exclusive(settings.root, settings.timeout, _say_waiting) as held:
            _recover(settings, held=held)
    return _prepare(arguments, words)


def _prepare(arguments: Namespace, words: list[str]) -> _Call:
    settings, loaded, surveyed = survey_of(arguments)
    wanted = parse_wanted(arguments.report, loaded.reporters)
    check_places(wanted, settings.root, own_files(surveyed))
    return _Call(
        arguments=arguments,
        words=words,
        settings=settings,
        plugins=loaded,
        survey=surveyed,
        wanted=wanted,
    )


def survey_of(arguments: Namespace) -> tuple[Settings, Plugins, Survey]:
    """Return the settings that a call's arguments give, the plugins, and what it is about."""
    settings = _settings(arguments)
    loaded = load_plugins()
    files = getattr(arguments, "files", [])
    return settings, loaded, survey(settings, loaded, arguments.target, files)


def _settings(arguments: Namespace) -> Settings:
    return load_settings(
        Overrides(
            root=arguments.root,
            backend=arguments.backend,
            environment=arguments.environment,
            timeout=getattr(arguments, "timeout", None),
        )
    )


def _conclude(call: _Call, report: RunReport) -> int:
    quiet = call.arguments.quiet and report.exit_code == 0
    wanted = [each for each in call.wanted if each != FOR_PEOPLE or not quiet]
    try:
        write_reports(report, wanted, call.plugins.reporters)
    except BrokenPipeError:
        # Whoever read the report has enough of it; the exit code still tells.
        silence()
    _tell_faults(call, report)
    flags = _flags(call)
    if flags is not None and _is_good(report):
        evidence = settled_evidence(call.survey, report.written)
        if evidence is not None:
            remember(flags, _next_answer(call, report), evidence)
    return report.exit_code


def _tell_faults(call: _Call, report: RunReport) -> None:
    ignored = tuple(call.plugins.faults.values())
    if call.arguments.verbose:
        for text in (*(each.fault for each in report.outcomes), *map(fault_behind, ignored)):
            note_lines(text)
    for error in ignored:
        complain(error.message, error.hint)


def _flags(call: _Call) -> list[str] | None:
    """Return the words of a call without its FILEs, or None where it must always run whole."""
    arguments, words = call.arguments, call.words
    # The early exit says one line to people, and writes no other report.
    particular = call.wanted != (FOR_PEOPLE,) or arguments.target or arguments.verbose
    forced = any(getattr(arguments, option, False) for option in _INSISTENT)
    unknown = arguments.verb == "generate" and any(not t.schema for t in call.survey.targets)
    # The lock tells whether all targets are fresh, but not whether all schemas are valid.
    partly = arguments.verb == "validate" and call.survey.chosen != call.survey.targets
    count = len(words) - len(arguments.files)
    if particular or forced or unknown or partly or words[count:] != arguments.files:
        return None
    return words[:count] if call.settings.root == Path.cwd() else None


def _is_good(report: RunReport) -> bool:
    statuses = ("up-to-date", "valid", "generated")
    return all(each.status in statuses and not each.diagnostics for each in report.outcomes)


def _next_answer(call: _Call, report: RunReport) -> str:
    if call.arguments.quiet:
        return ""
    count, word = len(call.survey.targets), "valid" if report.verb == "validate" else "up to date"
    return f"amplify-modelgen: {count} target{'s' * (count != 1)} {word}"


def _all_of(*listeners: Callable[[JobEvent], None]) -> Callable[[JobEvent], None]:
    def listen(event: JobEvent) -> None:
        for listener in listeners:
            listener(event)

    return listen
