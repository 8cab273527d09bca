from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

import pytest

from emitted import file_name, python_text, writable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def judge() -> Callable[[str], None]:
    """Give a function that skips the test, with the reason, where a package is missing."""

    def required(package: str) -> None:
        if importlib.util.find_spec(package) is None:
            reason = f"no judge: {package} is not installed (pip install '.[judges]')"
            # CI must not pass because its judge stayed away.
            if os.environ.get("EMITTERS_REQUIRE_PEER"):
                pytest.fail(reason)
            pytest.skip(reason)

    return required


@pytest.fixture(scope="session")
def modules(
    tmp_path_factory: pytest.TempPathFactory, judge: Callable[[str], None]
) -> Callable[[str], Path]:
    """Give a function that writes the modules of all schemas in one style to one folder."""
    written: dict[str, Path] = {}

    def write(style: str) -> Path:
        if style == "pydantic":
            judge("pydantic")
        if style not in written:
            written[style] = tmp_path_factory.mktemp(style)
            for name, models in writable().items():
                path = written[style] / f"{file_name(name)}.py"
                path.write_text(python_text(models, style), encoding="utf-8")
        return written[style]

    return write
