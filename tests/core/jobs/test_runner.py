from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from amplify_modelgen.errors import BackendError, PluginError
from amplify_modelgen.jobs import runner
from amplify_modelgen.jobs.run_target import (
    JobFailure,
    RemoteState,
    TargetRequest,
    TargetSession,
    generate_models,
)
from amplify_modelgen.jobs.runner import run_jobs
from amplify_modelgen.records import JobEvent, Settings
from support.job_backends import MemoryPendingJobs, ScriptedBackend, make_job, make_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplify_modelgen.plugin import JobBackend
    from amplify_modelgen.storage.checkout_state import PendingJobs


def requests(*names: str) -> list[TargetRequest]:
    return [
        TargetRequest(target=make_target(name), sdl="type A", key=f"{name}.json") for name in names
    ]


def run(
    step: Callable[[TargetSession], Any],
    *names: str,
    backend: JobBackend | None = None,
    pending: MemoryPendingJobs | None = None,
    on_event: Callable[[JobEvent], None] = lambda _: None,
    timeout: float = 60.0,
) -> dict[str, Any]:
    settings = Settings(root=Path(), backend="scripted", timeout=timeout)
    return run_jobs(
        requests(*names),
        step,
        backend or ScriptedBackend(),
        settings,
        cast("PendingJobs", pending or MemoryPendingJobs()),
        on_event,
    )


def many(count: int) -> list[str]:
    return [f"api{number}@dev" for number in range(count)]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.001)
    assert condition()


def test_no_requests_have_no_results() -> None:
    assert run(generate_models) == {}


def test_results_are_by_target_in_the_order_of_the_requests() -> None:
    def step(session: TargetSession) -> str:
        time.sleep({"slow@dev": 0.05}.get(session.target.name, 0.0))
        return session.target.resource

    results = run(step, "slow@dev", "fast@dev")
    assert list(results.items()) == [("slow@dev", "slow"), ("fast@dev", "fast")]


def test_a_generation_from_start_to_end() -> None:
    results = run(generate_models, "blog@dev")
    assert isinstance(results["blog@dev"], RemoteState)


def test_a_failure_has_its_error_and_its_jobs() -> None:
    backend = ScriptedBackend(start_job=[make_job("FAILED", error="no luck")])
    result = run(generate_models, "blog@dev", backend=backend)["blog@dev"]
    assert isinstance(result, JobFailure)
    assert result.error.message.endswith("failed: no luck")
    assert [job_run.job.status for job_run in result.jobs] == ["FAILED"]


def test_a_bug_of_the_backend_fails_its_target_only() -> None:
    backend = ScriptedBackend(deployed_schema=[ZeroDivisionError("oops")])
    results = run(generate_models, "a@dev", "b@dev", backend=backend)
    kinds = sorted(type(result).__name__ for result in results.values())
    assert kinds == ["JobFailure", "RemoteState"]
    failure = next(result for result in results.values() if isinstance(result, JobFailure))
    assert isinstance(failure.error, PluginError)


def test_targets_run_side_by_side_with_200_threads_at_most() -> None:
    together = threading.Barrier(runner.MAX_WORKERS)
    running, maximum, lock = 0, 0, threading.Lock()

    def step(session: TargetSession) -> int:
        nonlocal running, maximum
        with lock:
            running += 1
            maximum = max(maximum, running)
        if int(session.target.resource[3:]) < runner.MAX_WORKERS:
            together.wait(timeout=30)
        with lock:
            running -= 1
        return 0

    assert len(run(step, *many(runner.MAX_WORKERS + 10))) == runner.MAX_WORKERS + 10
    assert maximum == runner.MAX_WORKERS


def test_fewer_threads_are_used_if_the_system_does_not_allow_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[int] = []
    real = threading.Thread

    def limited(**arguments: Any) -> threading.Thread:
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(1)
        return real(**arguments)

    monkeypatch.setattr(runner, "Thread", limited)
    assert len(run(lambda _: 0, *many(10))) == 10
    with pytest.raises(RuntimeError):
        run(lambda _: 0, "blog@dev")


def test_events_are_delivered_in_the_calling_thread_in_order() -> None:
    threads: set[threading.Thread] = set()
    kinds: list[str] = []

    def on_event(event: JobEvent) -> None:
        threads.add(threading.current_thread())
        kinds.append(event.kind)

    run(generate_models, "blog@dev", on_event=on_event)
    assert threads == {threading.current_thread()}
    assert kinds == ["started", "finished"]


def test_a_closed_stderr_is_not_an_error_of_the_backend() -> None:
    events: list[JobEvent] = []

    def closed(event: JobEvent) -> None:
        events.append(event)
        raise BrokenPipeError

    results = run(generate_models, "blog@dev", on_event=closed)
    assert isinstance(results["blog@dev"], RemoteState)
    assert len(events) == 2


def test_threads_end_with_the_run() -> None:
    before = threading.active_count()
    run(lambda _: 0, *many(20))
    wait_until(lambda: threading.active_count() <= before)


@pytest.mark.parametrize("error", [ValueError("broken"), SystemExit(3), KeyboardInterrupt()])
def test_an_exception_of_ours_ends_the_run_and_its_threads(error: BaseException) -> None:
    before = threading.active_count()

    def step(session: TargetSession) -> int:
        if session.target.resource == "bad":
            raise error
        session.back_off(1000)
        return 0

    with pytest.raises(type(error)) as caught:
        run(step, "bad@dev", *many(20))
    assert caught.value is error
    wait_until(lambda: threading.active_count() <= before)


def test_no_target_begins_after_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "MAX_WORKERS", 2)
    begun: list[str] = []

    def step(session: TargetSession) -> int:
        begun.append(session.target.resource)
        if session.target.resource == "bad":
            raise ValueError("broken")
        session.back_off(0.05)
        session.back_off(1000)
        return 0

    with pytest.raises(ValueError, match="broken"):
        run(step, "good@dev", "bad@dev", *many(50))
    time.sleep(0.2)
    assert len(begun) <= 4


def test_resolved_jobs_are_discarded_when_all_targets_are_done() -> None:
    pending = MemoryPendingJobs()

    def step(session: TargetSession) -> int:
        assert pending.history == []
        session.is_resolved = session.target.resource == "done"
        return 0

    run(step, "done@dev", "left@dev", pending=pending)
    assert pending.history == [("discard", "done@dev.json")]


def test_started_jobs_stay_recorded_if_the_run_is_interrupted() -> None:
    pending = MemoryPendingJobs()
    backend = ScriptedBackend(start_job=[make_job("PENDING")], get_job=[make_job("PENDING")] * 9)

    def interrupted(event: JobEvent) -> None:
        if event.kind == "started":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(generate_models, "blog@dev", backend=backend, pending=pending, on_event=interrupted)
    assert pending.history == [("add", "blog@dev.json", "job-1")]


class StuckBackend(ScriptedBackend):
    """A backend whose calls for one target do not return."""

    def __init__(self, resource: str = "blog") -> None:
        super().__init__()
        self.over = threading.Event()
        self._resource = resource

    def deployed_schema(self, target: Any) -> str | None:
        if target.resource == self._resource:
            self.over.wait(30)
        return None


def test_a_call_that_does_not_return_ends_with_the_timeout() -> None:
    backend = StuckBackend()
    began = time.monotonic()
    results = run(generate_models, "blog@dev", "shop@dev", backend=backend, timeout=0.3)
    assert time.monotonic() - began < 5
    backend.over.set()
    failure = results["blog@dev"]
    assert isinstance(failure.error, BackendError)
    assert failure.error.message == ("blog@dev: the backend 'scripted' did not answer within 0.3 s")
    assert "--timeout" in (failure.error.hint or "")
    assert isinstance(results["shop@dev"], RemoteState)


def test_what_comes_after_a_call_was_given_up_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_GRACE", 0.0)
    backend = StuckBackend()
    events: list[JobEvent] = []

    def step(session: TargetSession) -> Any:
        if session.target.resource == "last":
            time.sleep(0.6)
            backend.over.set()
            time.sleep(0.3)
            return 0
        return generate_models(session)

    results = run(
        step, "blog@dev", "last@dev", backend=backend, timeout=0.2, on_event=events.append
    )
    assert isinstance(results["blog@dev"], JobFailure)
    assert events == []


def test_targets_that_wait_for_a_thread_run_although_calls_do_not_return(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "MAX_WORKERS", 1)
    backend = StuckBackend()
    results = run(generate_models, "blog@dev", "shop@dev", backend=backend, timeout=0.2)
    backend.over.set()
    assert isinstance(results["blog@dev"], JobFailure)
    assert isinstance(results["shop@dev"], RemoteState)


PROGRAM = """
import signal, sys, time
from pathlib import Path
from support.job_backends import MemoryPendingJobs, ScriptedBackend, make_target
from amplify_modelgen.jobs.run_target import TargetRequest
from amplify_modelgen.jobs.runner import run_jobs
from amplify_modelgen.records import Settings

def stuck(session):
    print("begun", flush=True)
    {wait}

signal.signal(signal.SIGINT, signal.default_int_handler)
request = TargetRequest(target=make_target(), sdl="", key="k")
run_jobs([request], stuck, ScriptedBackend(), Settings(root=Path()), MemoryPendingJobs(), print)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("wait", ["time.sleep(60)", "session.back_off(60)"])
def test_an_interrupt_does_not_wait_for_a_call(wait: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM.format(wait=wait))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert "KeyboardInterrupt" in errors
    assert time.monotonic() - began < 3
