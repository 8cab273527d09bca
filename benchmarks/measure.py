"""Run whole processes in turn and measure time and peak memory."""

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

_POLL_SECONDS = 0.002
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A process to measure. `prepare` is called before each run, outside of the measurement.

    `codes` are the exit codes of a successful run.
    """

    argv: Sequence[str | Path]
    cwd: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    codes: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A run: peak resident memory and number of requests are 0 unless they were measured."""

    seconds: float
    megabytes: float = 0.0
    requests: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """All runs of one side."""

    samples: tuple[Sample, ...]

    def median(self, unit: str) -> float:
        """Return the median of `seconds`, `megabytes` or `requests`."""
        return median(self._values(unit))

    def minimum(self, unit: str) -> float:
        """Return the smallest value, which other programs on the machine affect least."""
        return min(self._values(unit))

    def _values(self, unit: str) -> list[float]:
        return [getattr(sample, unit) for sample in self.samples]


def run(side: Side, *, with_memory: bool = False) -> Sample:
    """Run a side once. Memory is measured on Linux only, from VmHWM, which starts at exec."""
    side.prepare()
    start_time = time.perf_counter()
    process = start_process(side)
    peak = peak_memory(process) if with_memory else 0.0
    _, errors = process.communicate()
    seconds = time.perf_counter() - start_time
    if process.returncode not in side.codes:
        raise SystemExit(f"{side.argv} ended with {process.returncode}: {errors.decode()[-2000:]}")
    return Sample(seconds=seconds, megabytes=peak)


def start_process(side: Side) -> subprocess.Popen[bytes]:
    """Start the process of a side; its output is discarded."""
    # The default of an interpreter, whatever the shell of the measurement sets.
    inherited = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    return subprocess.Popen(
        [str(argument) for argument in side.argv],
        cwd=side.cwd,
        env={**inherited, **side.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def peak_memory(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process; return its peak resident memory in MB."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _read_peak(process.pid))
        time.sleep(_POLL_SECONDS)
    return peak


def _read_peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def compare(sides: Sequence[Side], runs: int, *, with_memory: bool = False) -> list[Samples]:
    """Run all sides in turn, in random order; the first round warms up and does not count.

    A single run, for what takes many minutes, is not warmed up.
    """
    samples: list[list[Sample]] = [[] for _ in sides]
    for number in range(1 if runs == 1 else 0, runs + 1):
        order = list(range(len(sides)))
        random.shuffle(order)
        for index in order:
            sample = run(sides[index], with_memory=with_memory)
            if number:
                samples[index].append(sample)
    return [Samples(samples=tuple(side)) for side in samples]
