"""How long jobs take: what those of a run that have ended tell about the others."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Lengths:
    """The lengths of the jobs of a run, by operation. Safe to share between threads.

    `news` is another number whenever `shortest` has something else to tell.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._followed: Counter[str] = Counter()
        self._shortest: dict[str, float] = {}
        self.news = 0

    def place(self, operation: str) -> int:
        """Count a job that is followed; return how many of its operation there were before."""
        with self._lock:
            self._followed[operation] += 1
            return self._followed[operation] - 1

    def learn(self, operation: str, seconds: float) -> None:
        """Note how long a job took that has ended well."""
        with self._lock:
            known = self._shortest.get(operation)
            if known is None or seconds < known:
                self._shortest[operation] = seconds
                self.news += 1

    def shortest(self, operation: str) -> float | None:
        """Return how long a job of the operation takes at least; None until one has ended well."""
        return self._shortest.get(operation)
