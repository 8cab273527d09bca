from __future__ import annotations

from itertools import count
from math import nan
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct, field

from amplify_modelgen.jobs.following import SCOUTS, until_ended
from amplify_modelgen.jobs.lengths import Lengths
from amplify_modelgen.jobs.life import generation
from amplify_modelgen.jobs.progress import Progress
from amplify_modelgen.jobs.work import Context, Work
from amplify_modelgen.records import Job
from core_values import LATEST, FakeClock, ScriptedBackend, job, target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.jobs.scheduler import Steps
    from amplify_modelgen.records import Target

GENERATE = "GenerateBackendAPIModels"


class TimedBackend(ScriptedBackend):
    """A backend whose jobs take their time by a clock; `asked` has the ages at which they were.

    It says as well how long they took, times `told`, unless that is None.
    """

    def __init__(self, clock: FakeClock, lengths: Sequence[float], told: float | None) -> None:
        super().__init__()
        self.clock, self.lengths, self.told = clock, lengths, told
        self.status = "COMPLETED"
        self.numbers, self.began = count(), list[float]()
        self.asked: list[list[float]] = [[] for _ in lengths]

    def start(self, _target: Target) -> Job:
        self.began.append(self.clock())
        return job("PENDING", str(next(self.numbers)))

    def job(self, _target: Target, job_id: str) -> Job:
        number = int(job_id)
        age, length = self.clock() - self.began[number], self.lengths[number]
        self.asked[number].append(age)
        if age < length:
            return job("IN_PROGRESS", job_id)
        seconds = None if self.told is None else length * self.told
        return Job(id=job_id, operation=GENERATE, status=self.status, seconds=seconds)


class Following(Struct, kw_only=True):
    """Runs that share what they learn, made by one clock; each begins `apart` after the last."""

    lengths: Sequence[float]
    apart: float = 0.01
    told: float | None = 1.0
    status: str = "COMPLETED"
    clock: FakeClock = field(default_factory=FakeClock)

    def follow(self) -> TimedBackend:
        backend = TimedBackend(self.clock, self.lengths, self.told)
        backend.status = self.status
        context = Context(backend_name="timed", timeout=600.0, clock=self.clock)
        work = Work(target=target(), sdl=None, allow_drift=True)
        runs = [generation(work, backend, context) for _ in self.lengths]
        due: dict[int, Any] = {at: at * self.apart for at in range(len(runs))}
        # So many steps that only a job which is asked for without a pause needs more.
        for _ in range(100 * len(runs)):
            at = min(due, key=lambda each: _moment(due[each], self.clock))
            self.clock.now = max(self.clock.now, _moment(due.pop(at), self.clock))
            wait = next(runs[at], None)
            if wait is not None:
                due[at] = wait if callable(wait) else self.clock.now + wait
            if not due:
                return backend
        raise AssertionError(backend.asked)


def _moment(due: Any, clock: FakeClock) -> float:
    moment: float = clock.now + due() if callable(due) else due
    return moment


def test_jobs_that_take_as_long_are_asked_for_once_and_soon() -> None:
    backend = Following(lengths=[4.0] * 50).follow()
    assert all(len(ages) <= 2 for ages in backend.asked[SCOUTS:])
    assert all(4.0 <= ages[-1] < 4.15 for ages in backend.asked)


def test_polls_are_spread() -> None:
    backend = Following(lengths=[60.0] * (SCOUTS + 20), apart=0.0).follow()
    assert len({ages[0] for ages in backend.asked}) == SCOUTS + 20


def test_polls_of_jobs_that_an_earlier_run_started_are_spread() -> None:
    waits = set()
    for _ in range(20):
        wait = next(generation(*_left_behind()))
        assert callable(wait)
        waits.add(wait())
    assert len(waits) > 1


def test_a_job_of_which_nothing_is_known_is_asked_for_as_seldom_as_ever() -> None:
    backend = Following(lengths=[60.0] * (SCOUTS + 4)).follow()
    assert all(11 <= len(ages) <= 14 for ages in backend.asked[SCOUTS:])


def test_a_job_that_begins_later_is_asked_for_when_it_should_have_ended() -> None:
    backend = Following(lengths=[40.0] * 50, apart=2.0).follow()
    assert all(len(ages) <= 2 for ages in backend.asked[-20:])
    assert [ages[-1] for ages in backend.asked[-20:]] == pytest.approx([40.0] * 20, abs=0.06)


def test_the_scouts_find_an_end_soon() -> None:
    for length in (0.7, 1.9, 2.6, 5.0):
        backend = Following(lengths=[length] * 9).follow()
        assert min(ages[-1] for ages in backend.asked) < length * 1.11


def test_lengths_are_measured_where_the_backend_does_not_tell() -> None:
    backend = Following(lengths=[2.0] * 30, apart=0.2, told=None).follow()
    ages = [ages[-1] for ages in backend.asked[-10:]]
    assert all(2.0 <= age <= 2.4 for age in ages)
    assert [len(ages) for ages in backend.asked[-10:]] == [1] * 10


def test_a_job_that_takes_longer_than_others_is_asked_for_after_a_part_of_their_length() -> None:
    backend = Following(lengths=[*[8.0] * 20, 11.0], apart=1.0).follow()
    assert backend.asked[-1][:2] == [pytest.approx(8.0), pytest.approx(10.0, abs=0.2)]
    assert 11.0 <= backend.asked[-1][-1] < 13.5


def test_jobs_that_are_said_to_take_no_time_are_asked_for_soon_all_the_same() -> None:
    backend = Following(lengths=[1.0] * (SCOUTS + 20), told=0.0).follow()
    assert all(ages[-1] < 1.3 for ages in backend.asked)


def test_the_shortest_length_counts() -> None:
    lengths = Lengths()
    assert lengths.shortest(GENERATE) is None
    for seconds in (5.0, 3.0, 4.0):
        lengths.learn(GENERATE, seconds)
    lengths.learn("UpdateBackendAPI", 1.0)
    assert lengths.shortest(GENERATE) == 3.0


def test_nothing_is_learnt_from_jobs_that_fail() -> None:
    backend = Following(lengths=[1.0] * (SCOUTS + 4), status="FAILED").follow()
    assert backend.asked[SCOUTS:] == [pytest.approx([5.0], rel=0.1)] * 4


def _followed(told: float | None) -> float | None:
    """Follow a job that was not yet done at 0.5 s and was at 1.2 s; return what was learnt."""
    clock = FakeClock()
    ended = Job(id="job-1", operation=GENERATE, status="COMPLETED", seconds=told)
    backend = ScriptedBackend(job=[job("PENDING"), ended])
    context = Context(backend_name="scripted", timeout=60.0, clock=clock)
    progress = Progress(Work(target=target(), sdl=None), backend, context)
    steps: Steps[Job] = until_ended(progress, job("PENDING"), ours=True)
    for wait in steps:
        assert callable(wait)
        clock.now += wait()
    return context.lengths.shortest(GENERATE)


@pytest.mark.parametrize(
    ("told", "learnt"),
    [(0.9, 0.9), (0.1, 1.2), (0.0, 1.2), (-1.0, 1.2), (nan, 1.2), (99.0, 1.2), (None, 1.2)],
)
def test_what_a_backend_tells_must_fit_what_was_seen(told: float | None, learnt: float) -> None:
    assert _followed(told) == pytest.approx(learnt, rel=0.1)


def _left_behind() -> tuple[Work, ScriptedBackend, Context]:
    """Return what is asked for where an earlier run has left a job that still runs."""
    work = Work(target=target(), sdl="type A")
    backend = ScriptedBackend(job=[job("PENDING", "left-1")] * 2, models=[LATEST])
    context = Context(
        backend_name="scripted", timeout=60.0, clock=FakeClock(), recall=lambda *_: "left-1"
    )
    return work, backend, context


def test_nothing_is_learnt_from_a_job_that_an_earlier_run_started() -> None:
    work, backend, context = _left_behind()
    waits = [*generation(work, backend, context)]
    assert (len(waits), backend.called("job"), backend.called("start")) == (2, 3, 0)
    assert context.lengths.shortest(GENERATE) is None


def test_nothing_is_learnt_from_a_push_that_an_earlier_run_started() -> None:
    _, _, context = _left_behind()
    work = Work(target=target(), sdl="type A", push=True)
    backend = ScriptedBackend(job=[job("PENDING", "left-1")] * 2)
    assert [*generation(work, backend, context)]
    assert (backend.called("push_schema"), backend.called("start")) == (0, 1)
    assert context.lengths.shortest(GENERATE) is None
