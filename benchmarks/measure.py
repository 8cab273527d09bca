"""Whole processes, side by side: how long each takes and how much memory it needs at most."""

from __future__ import annotations

import os
import random
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_LOOK_SECONDS = 0.002
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A process to measure. `prepare` is called before each run, outside of the measurement.

    `codes` are the exit codes that mean that it did what it should.
    """

    words: Sequence[str | Path]
    cwd: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    codes: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run. The peak of resident memory, and the number of requests, where they were watched."""

    seconds: float
    megabytes: float = 0.0
    requests: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """All runs of one side."""

    each: tuple[Sample, ...]

    def median(self, unit: str) -> float:
        """The median of what is measured: `seconds`, `megabytes` or `requests`."""
        return median(self._measured(unit))

    def least(self, unit: str) -> float:
        """The smallest that was measured: what a machine that others use disturbs least."""
        return min(self._measured(unit))

    def _measured(self, unit: str) -> list[float]:
        return [getattr(one, unit) for one in self.each]


def run(side: Side, *, watch: bool = False) -> Sample:
    """Run one side once. Memory is watched on Linux alone, from VmHWM, which begins at exec."""
    side.prepare()
    began = time.perf_counter()
    process = start(side)
    peak = watched(process) if watch else 0.0
    _, errors = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode not in side.codes:
        raise SystemExit(f"{side.words} ended with {process.returncode}: {errors.decode()[-2000:]}")
    return Sample(seconds=seconds, megabytes=peak)


def start(side: Side) -> subprocess.Popen[bytes]:
    """Start the process of a side; its output is thrown away."""
    # As most people's interpreters are, whatever the shell says in which this is measured.
    inherited = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    return subprocess.Popen(
        [str(word) for word in side.words],
        cwd=side.cwd,
        env={**inherited, **side.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def watched(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process; return the peak of its resident memory in MB."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        time.sleep(_LOOK_SECONDS)
    return peak


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def side_by_side(sides: Sequence[Side], runs: int, *, watch: bool = False) -> list[Samples]:
    """Run all sides in turn, in another order each time; the first round warms up."""
    found: list[list[Sample]] = [[] for _ in sides]
    for number in range(runs + 1):
        order = list(range(len(sides)))
        random.shuffle(order)
        for index in order:
            sample = run(sides[index], watch=watch)
            if number:
                found[index].append(sample)
    return [Samples(each=tuple(each)) for each in found]
