from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from amplify_modelgen_plugins.aws.pace import Pace


class Time:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def _pace(per_second: float | None) -> tuple[Pace, Time]:
    time = Time()
    return Pace(per_second, clock=time, sleep=time.sleep), time


def _answer(status: int) -> Any:
    return SimpleNamespace(status_code=status), {}


def test_requests_are_spread_evenly() -> None:
    pace, time = _pace(4)
    for _ in range(9):
        pace.before_send()
    assert time.now == pytest.approx(102.0)


def test_without_a_bound_nobody_waits() -> None:
    pace, time = _pace(None)
    for _ in range(100):
        pace.before_send()
    assert time.slept == []


def test_time_that_passed_is_not_saved_up() -> None:
    pace, time = _pace(1)
    pace.before_send()
    time.now += 50
    pace.before_send()
    pace.before_send()
    assert time.slept == [1.0]


def test_too_many_requests_hold_everybody_back_for_longer_each_time() -> None:
    pace, time = _pace(None)
    for _ in range(7):
        pace.needs_retry(_answer(429))
        pace.before_send()
    assert time.slept == [1, 2, 4, 8, 16, 20, 20]


def test_another_answer_ends_the_holding_back() -> None:
    pace, time = _pace(None)
    pace.needs_retry(_answer(429))
    pace.before_send()
    pace.needs_retry(_answer(200))
    pace.needs_retry(_answer(429))
    pace.before_send()
    assert time.slept == [1, 1]


def test_no_answer_at_all_changes_nothing() -> None:
    pace, time = _pace(None)
    pace.needs_retry(None)
    pace.before_send()
    assert time.slept == []


def test_threads_share_one_pace() -> None:
    turns: list[float] = []
    pace = Pace(1000, clock=lambda: 0.0, sleep=turns.append)
    threads = [threading.Thread(target=pace.before_send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turns) == pytest.approx([number / 1000 for number in range(1, 20)])
