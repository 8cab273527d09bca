"""Politeness: how fast requests follow one another, for all threads that share an account."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PER_SECOND = 10.0
"""The most requests that AWS gets in a second where the settings do not say."""

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 20.0
_TOO_MANY = 429


class Pace:
    """Spreads requests to `per_second` (None: as fast as they come) over all threads.

    An answer that says "too many requests" holds all of them back, for twice as long each time,
    until another answer comes. It listens to botocore's events, so that what botocore sends
    again by itself counts as well.
    """

    def __init__(
        self,
        per_second: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._next = 0.0
        self._pause = 0.0

    def before_send(self, **_: object) -> None:
        """Wait for this request's turn (botocore's `before-send`)."""
        with self._lock:
            now = self._clock()
            turn = max(self._next, now)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)

    def needs_retry(self, response: tuple[Any, Any] | None = None, **_: object) -> None:
        """Take note of an answer (botocore's `needs-retry`, which leaves retrying to others)."""
        status = response[0].status_code if response else None
        with self._lock:
            if status == _TOO_MANY:
                self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
                self._next = max(self._next, self._clock() + self._pause)
            elif status is not None:
                self._pause = 0.0
