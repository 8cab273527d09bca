"""The emitter `python`: typed models for Python services that share a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, ConfigError, Emitter, hookimpl
from amplify_modelgen_plugins.emitters.schema_model import has_header, schema_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.plugin import Models

STYLES = ("dataclass", "pydantic", "typeddict")
"""The values of the option `style`."""


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    """Return `models.py`, which needs Python 3.11 and, in the style `pydantic`, pydantic 2.

    Raises:
        ConfigError: the style is unknown.
        BackendError: the models are not Amplify's, or have a name that is not a GraphQL name.
    """
    from .classes import module_text

    style = _style(options)
    text = module_text(schema_model(models), style)
    return [Artifact(path="models.py", content=text.encode())]


def _style(options: Mapping[str, object]) -> str:
    style = options.get("style", STYLES[0])
    if not isinstance(style, str) or style not in STYLES:
        raise ConfigError(
            f"invalid 'style' {style!r} for the emitter 'python'",
            hint=f"use one of: {', '.join(STYLES)}",
        )
    return style


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="python",
            help="typed models for Python services",
            emit=emit,
            recognizes=has_header,
            options={"style": "dataclass (the default), pydantic or typeddict"},
            check_options=_style,
        )
    ]
