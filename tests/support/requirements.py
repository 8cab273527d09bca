"""What a test needs of the machine: without it the test is skipped, but fails in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(reason: object, variable: str) -> NoReturn:
    """Skip the test; fail it if the environment variable, which CI sets, is not empty."""
    if os.environ.get(variable):
        pytest.fail(f"{reason} ({variable} is set)")
    pytest.skip(f"missing judge: {reason}")
