from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.cli.output import ActiveJobs, progress
from amplify_modelgen.records import JobEvent
from support.core_values import job, target

if TYPE_CHECKING:
    from amplify_modelgen.records import Job


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def event(kind: Any, about: Job | None = None, name: str = "blog@dev", **fields: Any) -> JobEvent:
    return JobEvent(kind=kind, target=target(name), job=about, **{"seconds": 1.26} | fields)


PENDING = job("PENDING")


@pytest.mark.parametrize(
    ("received", "line"),
    [
        (event("started", PENDING), "blog@dev: job job-1 (GenerateBackendAPIModels) started\n"),
        (event("started", job()), ""),
        (event("polled", PENDING, polls=1), ""),
        (event("finished", job(), polls=2), "blog@dev: COMPLETED after 1.3 s\n"),
        (event("finished", job()), ""),
        (event("retried", None, error="busy\n"), "blog@dev: retrying: busy \n"),
        (event("finished", job("\x1b[31m"), polls=1), "blog@dev: \\x1b[31m after 1.3 s\n"),
    ],
)
def test_without_a_terminal_each_job_gets_a_line(
    received: JobEvent, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress(enabled=True) as listen:
        listen(received)
    assert capsys.readouterr() == ("", line)


def test_disabled_progress_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(enabled=False) as listen:
        listen(event("started", PENDING))
    assert capsys.readouterr() == ("", "")


def as_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    return terminal


def shown(terminal: Terminal) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())


def test_a_terminal_shows_a_live_line_with_the_slowest_jobs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = as_terminal(monkeypatch)
    with progress(enabled=True) as listen:
        for number in range(5):
            listen(event("started", PENDING, f"api{number}@dev", seconds=float(number)))
        listen(event("finished", job(), "api0@dev"))
        listen(event("polled", job("BUILDING\x1b]0;x"), "api4@dev", seconds=9.0))
    assert (
        "1 done, 4 running, 0 s: api4@dev BUILDING\\x1b]0;x, api3@dev PENDING, api2@dev PENDING"
        in shown(terminal)
    )


def test_a_live_line_without_active_jobs_shows_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_terminal(monkeypatch)
    with progress(enabled=True) as listen:
        listen(event("finished", job()))
    assert "0 done, 0 running, 0 s" in shown(terminal)


def test_the_live_line_is_removed_after_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_terminal(monkeypatch)
    with pytest.raises(KeyboardInterrupt), progress(enabled=True):
        raise KeyboardInterrupt
    assert "\x1b[?25l" in terminal.getvalue()
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


@pytest.mark.parametrize(("no_color", "styled"), [("1", False), ("", True)])
def test_no_color_disables_every_style(
    monkeypatch: pytest.MonkeyPatch, no_color: str, *, styled: bool
) -> None:
    terminal = as_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", no_color)
    with progress(enabled=True) as listen:
        listen(event("started", PENDING))
    assert bool(re.search(r"\x1b\[[0-9;]*m", terminal.getvalue())) == styled


def test_a_ci_server_with_a_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_terminal(monkeypatch)
    monkeypatch.setenv("CI", "true")
    with progress(enabled=True) as listen:
        listen(event("finished", job(), polls=1))
    assert terminal.getvalue() == "blog@dev: COMPLETED after 1.3 s\n"


def test_active_jobs_are_described_by_target() -> None:
    jobs = ActiveJobs()
    for name in ("b@dev", "a@dev", "done@dev"):
        jobs(event("started", PENDING, name))
    jobs(event("finished", job(), "done@dev"))
    jobs(event("retried", None, "none@dev"))
    jobs(event("started", job("PENDING", None), "nameless@dev"))
    assert jobs.describe() == ["a@dev: job job-1", "b@dev: job job-1"]


def test_a_target_with_a_deployment_and_a_generation_is_counted_once() -> None:
    jobs = ActiveJobs()
    jobs(event("started", PENDING))
    jobs(event("finished", job()))
    jobs(event("started", PENDING))
    assert jobs.counts().startswith("0 done, 1 running")
    jobs(event("finished", job()))
    assert jobs.counts().startswith("1 done, 0 running")
