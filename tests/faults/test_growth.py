"""CPU time grows linearly with the input (benchmarks/growth.py measures it more precisely)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from growth import exponent, measurements

# Quadratic growth has 2. Other programs on the machine disturb a measurement.
BOUND = 1.5
ATTEMPTS = 3
MEASUREMENTS = measurements()


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_no_input_takes_quadratic_time(name: str) -> None:
    smallest, measure = MEASUREMENTS[name]
    found: list[float] = []
    while not found or (found[-1] > BOUND and len(found) < ATTEMPTS):
        found.append(exponent(measure, smallest, runs=1))
    assert found[-1] <= BOUND, found
