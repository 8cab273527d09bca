"""The emitter `python`: typed models for Python services that share a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact, ConfigError, Emitter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen import Models

_OPTIONS = {"style": "dataclass (the default), pydantic or typeddict: what a model becomes"}


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    """Return `models.py`, which needs Python 3.11 and, in the style `pydantic`, pydantic 2.

    Raises:
        ConfigError: there is no such style.
        BackendError: the documents are no models, or hold what is no GraphQL name.
    """
    from ._shapes import read_shapes
    from .python_models.module import module_text

    style = _style(options)
    text = module_text(read_shapes(models), style)
    return [Artifact(path="models.py", content=text.encode())]


def _style(options: Mapping[str, object]) -> str:
    from .python_models.styles import STYLES

    style = options.get("style", "dataclass")
    if not isinstance(style, str) or style not in STYLES:
        raise ConfigError(
            f"the option 'style' of the emitter 'python' is {style!r}",
            hint=f"choose one of: {', '.join(STYLES)}",
        )
    return style


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Bring the emitter."""
    return [
        Emitter(
            name="python",
            help="typed models for Python services",
            emit=emit,
            options=_OPTIONS,
            check=_style,
            reads_only=True,
        )
    ]
