from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.jobs.asking import _one_at_a_time
from amplify_modelgen.records import JobEvent
from core_values import target

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_listener_that_nobody_reads_is_no_fault_of_the_backend() -> None:
    heard: list[JobEvent] = []

    def closed(event: JobEvent) -> None:
        heard.append(event)
        raise BrokenPipeError

    listen: Callable[[JobEvent], None] = _one_at_a_time(closed)
    listen(JobEvent(kind="started", target=target(), job=None, seconds=0.0))
    assert len(heard) == 1
