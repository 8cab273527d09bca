"""Amplify CLI's feature flags, read as it reads them.

`amplify/cli.json` holds them in sections; `amplify/cli.<environment>.json`, where it is there,
has the last word for its environment. Case does not matter. A flag that neither file has, has
the default of an existing project, not that of a new one: `amplify init` writes all new defaults
into the file. Source: docs.amplify.aws/gen1, "Feature flags". Where there is no file at all the
project was not made by `amplify init` of these years, or the file is not in git; then the
defaults are those of a new project, because those of an existing one mean transformer version 1.
Amplify CLI also reads flags from AMPLIFYCLI_* variables; they are not looked at here, because
models that hang on the environment of one machine would be stale on the next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amplify_modelgen import FeatureFlags, Source

from ._amplify_files import read_document

if TYPE_CHECKING:
    from pathlib import Path

    from ._amplify_files import Document

EXISTING_PROJECT = FeatureFlags(
    transformer_version=1,
    use_experimental_pipelined_transformer=False,
    respect_primary_key_attributes_on_connection_field=False,
    improve_pluralization=False,
    add_timestamp_fields=False,
    handle_list_nullability_transparently=False,
    emit_auth_provider=False,
    generate_index_rules=False,
    generate_models_for_lazy_load_and_custom_selection_set=False,
)
"""What an absent flag means."""

_SECTIONS = {
    "graphqltransformer": (
        "use_experimental_pipelined_transformer",
        "respect_primary_key_attributes_on_connection_field",
        "improve_pluralization",
    ),
    "codegen": (
        "add_timestamp_fields",
        "handle_list_nullability_transparently",
        "emit_auth_provider",
        "generate_index_rules",
        "generate_models_for_lazy_load_and_custom_selection_set",
    ),
}
_ENVIRONMENT = re.compile(r"[\w-]+\Z", re.ASCII)


def flag_files(amplify: str, environment: str) -> tuple[str, ...]:
    """Return the files that flags may come from, the last word last."""
    if not _ENVIRONMENT.match(environment):
        return (f"{amplify}/cli.json",)
    return (f"{amplify}/cli.json", f"{amplify}/cli.{environment}.json")


def read_flags(root: Path, files: tuple[str, ...]) -> tuple[FeatureFlags, tuple[Source, ...]]:
    """Return the flags, and the file of each that a file has.

    Raises:
        ConfigError: a file is broken, or a flag is of the wrong type.
    """
    values: dict[str, tuple[Any, str]] = {}
    for file in files:
        features = read_document(root, file).child("features").folded()
        for name, value in _flags(features).items():
            values[name] = (value, file)
    absent = EXISTING_PROJECT if any((root / file).exists() for file in files) else FeatureFlags()
    flags = replace(absent, **{name: value for name, (value, _) in values.items()})
    return flags, tuple(_source(name, *values[name]) for name in sorted(values))


def _flags(features: Document) -> dict[str, bool | int]:
    found: dict[str, bool | int | None] = {"transformer_version": _version(features)}
    for section, names in _SECTIONS.items():
        flags = features.child(section).folded()
        found |= {name: flags.get(name.replace("_", ""), bool) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _version(features: Document) -> int | None:
    transformer = features.child("graphqltransformer").folded()
    version = transformer.get("transformerversion", int)
    if version not in (None, 1, 2):
        raise transformer.error("transformerversion", "expected 1 or 2")
    return version


def _source(name: str, value: int, file: str) -> Source:
    key = f"flags.{name.replace('_', '-')}"
    return Source(key=key, value=str(value).lower(), origin=file)
