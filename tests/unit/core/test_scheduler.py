from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from amplify_modelgen.jobs.scheduler import run_all
from core_values import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

T = TypeVar("T")


def waiting(value: str, *seconds: float) -> Generator[float, None, str]:
    yield from seconds
    return value


def failing(error: BaseException) -> Generator[float, None, str]:
    yield 0.0
    raise error


def run(
    work: Sequence[Generator[float, None, T]],
    clock: Callable[[], float] = time.monotonic,
    news: Callable[[], object] = lambda: None,
) -> list[tuple[int, T]]:
    return [*run_all(work, clock=clock, news=news)]


def test_no_work_has_no_values() -> None:
    assert run([]) == []


def test_values_come_when_their_work_has_ended() -> None:
    work = [waiting("slow", 0.1, 0.1), waiting("at once"), waiting("quick", 0.05)]
    assert run(work) == [(1, "at once"), (2, "quick"), (0, "slow")]


def test_a_step_goes_on_while_a_value_is_handled() -> None:
    made = threading.Event()

    def step() -> Generator[float, None, str]:
        time.sleep(0.05)
        made.set()
        yield 0.0
        return "second"

    values = run_all([waiting("first"), step()])
    assert next(values) == (0, "first")
    assert made.wait(timeout=10)
    assert [*values] == [(1, "second")]


def test_steps_are_made_when_they_are_due_and_not_before() -> None:
    clock, made = FakeClock(), list[tuple[float, str]]()

    def steps(name: str, *seconds: float) -> Generator[float, None, None]:
        for each in seconds:
            made.append((clock.now, name))
            yield each
        made.append((clock.now, name))

    def ticking() -> float:
        clock.now += 0.01
        return clock.now

    run([steps("a", 0.2), steps("b", 0.1, 0.2)], clock=ticking)
    times = {name: [at for at, other in made if other == name] for name in "ab"}
    assert times["a"][1] - times["a"][0] >= 0.2
    assert times["b"][1] - times["b"][0] >= 0.1
    assert times["b"][2] - times["b"][1] >= 0.2
    assert [name for _, name in sorted(made)[2:]] == ["b", "a", "b"]


def test_a_wait_that_becomes_shorter_is_noticed() -> None:
    known = threading.Event()

    def waiting_for_it() -> Generator[Callable[[], float], None, str]:
        yield lambda: 0.0 if known.is_set() else 1000.0
        return "follower"

    def finding_out() -> Generator[float, None, str]:
        yield 0.1
        known.set()
        return "scout"

    work: list[Generator[Any, None, str]] = [waiting_for_it(), finding_out()]
    assert run(work, news=known.is_set) == [(1, "scout"), (0, "follower")]


def test_work_that_has_begun_goes_on_before_other_work_begins() -> None:
    made, over = list[str](), threading.Event()

    def begun() -> Generator[float, None, None]:
        yield 0.0
        made.append("begun")
        over.set()

    def held() -> Generator[float, None, None]:
        over.wait(timeout=10)
        yield 0.0

    def other() -> Generator[float, None, None]:
        made.append("other")
        yield 0.0

    run([begun(), *(held() for _ in range(63)), *(other() for _ in range(100))])
    assert made.index("begun") <= 5


def test_steps_of_many_targets_are_made_at_once() -> None:
    together = threading.Barrier(20)

    def step() -> Generator[float, None, int]:
        yield 0.0
        return together.wait(timeout=10)

    assert sorted(value for _, value in run([step() for _ in range(20)])) == list(range(20))


def test_there_are_never_more_than_64_workers() -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    def step() -> Generator[float, None, None]:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        with lock:
            at_once -= 1
        yield 0.0

    run([step() for _ in range(100)])
    assert 1 < most <= 64


def test_more_workers_are_of_no_use_where_the_processor_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers: set[int] = set()
    monkeypatch.setattr(time, "process_time", time.perf_counter)

    def step() -> Generator[float, None, None]:
        workers.add(threading.get_ident())
        time.sleep(0.03)
        yield 0.0

    run([step() for _ in range(20)])
    assert len(workers) <= 4


def test_workers_go_home_when_all_is_done() -> None:
    before = threading.active_count()
    run([waiting("a"), waiting("b")])
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.001)
    assert threading.active_count() <= before


@pytest.mark.parametrize("error", [ValueError("broken"), SystemExit(3), KeyboardInterrupt()])
def test_what_leaves_a_step_ends_the_run(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        run([waiting("forever", 1000.0), failing(error)])
    assert caught.value is error


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_an_interrupt_waits_for_nobody() -> None:
    program = """
        import signal, time
        from amplify_modelgen.jobs.scheduler import run_all

        def stuck():
            print("begun", flush=True)
            time.sleep(60)
            yield 0.0

        signal.signal(signal.SIGINT, signal.default_int_handler)
        list(run_all([stuck()]))
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert "KeyboardInterrupt" in errors


def test_no_step_that_waits_for_a_worker_is_made_after_an_error() -> None:
    made, over, busy = list[str](), threading.Event(), threading.Barrier(64)

    def held() -> Generator[float, None, str]:
        busy.wait(timeout=10)
        over.wait(timeout=10)
        yield 1000.0
        return ""

    def broken() -> Generator[float, None, str]:
        busy.wait(timeout=10)
        if busy.n_waiting >= 0:
            raise ValueError("broken")
        yield 0.0
        return ""

    def late() -> Generator[float, None, str]:
        time.sleep(0.05)
        made.append("late")
        yield 0.0
        return ""

    before = threading.active_count()
    with pytest.raises(ValueError, match="broken"):
        run([*(held() for _ in range(63)), broken(), *(late() for _ in range(50))])
    seen = len(made)
    over.set()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.001)
    assert len(made) <= seen + 1
