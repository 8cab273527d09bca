"""Feature flags of Amplify CLI, read as it reads them.

`amplify/cli.json` holds them in sections; `amplify/cli.<environment>.json`, if it exists,
overrides it for its environment. Case does not matter. A flag that neither file has gets the
default of an existing project, not that of a new one: `amplify init` writes all new defaults
into the file. Source: docs.amplify.aws/gen1, "Feature flags". Without any file, the project was not
made by a recent `amplify init`, or the file is not in git; then the defaults are those of a new
project, because those of an existing one mean transformer version 1. Amplify CLI also reads flags
from AMPLIFYCLI_* variables. They are ignored here: models that depend on the environment of one
machine would be stale on the next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from amplify_modelgen.plugin import ConfigError, FeatureFlags, Provenance, validate_document

from .json_files import read_object

if TYPE_CHECKING:
    from amplify_modelgen.plugin import ProjectFiles

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
"""The flags of a project whose `cli.json` has none."""

_ENVIRONMENT = re.compile(r"[\w-]+\Z", re.ASCII)


def _lower(name: str) -> str:
    return name.replace("_", "")


class _TransformerFlags(Struct, frozen=True, kw_only=True, rename=_lower):
    transformer_version: int | None = None
    use_experimental_pipelined_transformer: bool | None = None
    respect_primary_key_attributes_on_connection_field: bool | None = None
    improve_pluralization: bool | None = None


class _CodegenFlags(Struct, frozen=True, kw_only=True, rename=_lower):
    add_timestamp_fields: bool | None = None
    handle_list_nullability_transparently: bool | None = None
    emit_auth_provider: bool | None = None
    generate_index_rules: bool | None = None
    generate_models_for_lazy_load_and_custom_selection_set: bool | None = None


class _Features(Struct, frozen=True, kw_only=True):
    graphqltransformer: _TransformerFlags | None = None
    codegen: _CodegenFlags | None = None


def read_flags(
    files: ProjectFiles, amplify: str, environment: str
) -> tuple[FeatureFlags, tuple[Provenance, ...]]:
    """Return the flags of a project, and the file of each flag that a file has.

    `amplify` is the path of the `amplify/` directory.

    Raises:
        ConfigError: a file is invalid, or a flag has the wrong type.
    """
    paths = [f"{amplify}/cli.json"]
    if _ENVIRONMENT.match(environment):
        paths.append(f"{amplify}/cli.{environment}.json")
    values: dict[str, tuple[Any, str]] = {}
    for path in paths:
        values |= {name: (value, path) for name, value in _read_file(files, path).items()}
    has_file = any(files.read_text(path) is not None for path in paths)
    defaults = EXISTING_PROJECT if has_file else FeatureFlags()
    flags = replace(defaults, **{name: value for name, (value, _) in values.items()})
    return flags, tuple(_provenance(name, *values[name]) for name in sorted(values))


def _read_file(files: ProjectFiles, path: str) -> dict[str, bool | int]:
    sections = _lower_keys(read_object(files, path).get("features") or {})
    if isinstance(sections, dict):
        sections = {name: _lower_keys(section) for name, section in sections.items()}
    features = validate_document(sections, _Features, file=path, path="features")
    flags: dict[str, bool | int | None] = {}
    for section in (features.graphqltransformer, features.codegen):
        flags |= asdict(section) if section is not None else {}
    version = flags.get("transformer_version")
    if version not in (None, 1, 2):
        place = "features.graphqltransformer.transformerversion"
        raise ConfigError(f"{path}: {place}: expected 1 or 2, found {version}")
    return {name: value for name, value in flags.items() if value is not None}


def _lower_keys(value: Any) -> Any:  # noqa: ANN401 (JSON)
    return {k.lower(): v for k, v in value.items()} if isinstance(value, dict) else value


def _provenance(name: str, value: int, path: str) -> Provenance:
    key = f"flags.{name.replace('_', '-')}"
    return Provenance(key=key, value=str(value).lower(), origin=path)
