from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import generate_models
from support.emitted import BUILTIN_NAMES, file_name, python_text, valid_models
from support.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def judge() -> Callable[[str], None]:
    """Return a function that skips the test, with the reason, if a package is missing."""

    def required(package: str) -> None:
        if importlib.util.find_spec(package) is None:
            reason = f"{package} is not installed (pip install '.[judges]')"
            missing(reason, "EMITTERS_REQUIRE_PEER")

    return required


@pytest.fixture(scope="session")
def modules(
    tmp_path_factory: pytest.TempPathFactory, judge: Callable[[str], None]
) -> Callable[[str], Path]:
    """Return a function that writes the modules of all schemas in a style to a directory."""
    written: dict[str, Path] = {}

    def write(style: str) -> Path:
        if style == "pydantic":
            judge("pydantic")
        if style not in written:
            written[style] = tmp_path_factory.mktemp(style)
            builtins = {
                f"builtins/{name}": generate_models(sdl) for name, sdl in BUILTIN_NAMES.items()
            }
            for name, models in (valid_models() | builtins).items():
                path = written[style] / f"{file_name(name)}.py"
                path.write_text(python_text(models, style), encoding="utf-8")
        return written[style]

    return write
