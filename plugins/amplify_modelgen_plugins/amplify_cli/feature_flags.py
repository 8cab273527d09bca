"""Feature flags of Amplify CLI, read as it reads them.

Last wins: the defaults of an existing project (`amplify init` writes those of a new one into the
file), the sections of `amplify/cli.json`, `amplify/cli.<environment>.json`, and the variables
`AMPLIFYCLI_<SECTION>__<FLAG>` and `AMPLIFYCLI-<environment>_<SECTION>__<FLAG>`. Case does not
matter. Source: docs.amplify.aws/gen1, "Feature flags", and Amplify CLI 12. The variables that
Amplify CLI also reads from `.env` are ignored: that file is not in git.
"""

from __future__ import annotations

import os
import re
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from amplify_modelgen.plugin import ConfigError, FeatureFlags, Provenance, validate_document

from .json_files import read_json, read_object

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
    is_data_store_enabled=False,
)
"""The flags of a project that sets none."""

_ENVIRONMENT = re.compile(r"[\w-]+\Z", re.ASCII)
_VARIABLE = re.compile(r"AMPLIFYCLI(?:-([^_]+))?_(.+?)__(.+)")
_TRANSFORMER = "features.graphqltransformer.transformerversion"
_DEFAULT_ORIGIN = "default"
_WORDS: dict[str, object] = {"true": True, "false": False, "1": 1, "2": 2}


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


class _TransformConfig(Struct, frozen=True, kw_only=True, rename="pascal"):
    resolver_config: dict[str, Any] | None = None


def read_flags(
    files: ProjectFiles, amplify: str, environment: str
) -> tuple[FeatureFlags, tuple[Provenance, ...]]:
    """Return the flags of a project, and the origin of each flag that is set.

    The version of the transformer has an origin in any case, because it decides most. `amplify` is
    the path of the `amplify/` directory.

    Raises:
        ConfigError: a file is invalid, or a flag has the wrong type.
    """
    paths = [f"{amplify}/cli.json"]
    if _ENVIRONMENT.match(environment):
        paths.append(f"{amplify}/cli.{environment}.json")
    values: dict[str, tuple[Any, str]] = {"transformer_version": (1, _DEFAULT_ORIGIN)}
    sources = [(read_object(files, path).get("features") or {}, path) for path in paths]
    for features, origin in (*sources, *_read_variables(environment)):
        given = _check_features(features, origin)
        values |= {name: (value, origin) for name, value in given.items()}
    flags = replace(EXISTING_PROJECT, **{name: value for name, (value, _) in values.items()})
    return flags, tuple(_provenance(name, *values[name]) for name in sorted(values))


def read_data_store(files: ProjectFiles, directory: str) -> tuple[bool, Provenance]:
    """Return whether DataStore is enabled for the API in a directory, and where that is said.

    It is if its `transform.conf.json` has a conflict resolution, for the project or for models.

    Raises:
        ConfigError: the file is invalid.
    """
    path = f"{directory}/transform.conf.json"
    config = read_json(files, path, _TransformConfig).resolver_config or {}
    is_enabled = "project" in config or "models" in config
    return is_enabled, _provenance("is_data_store_enabled", is_enabled, path)


def _read_variables(environment: str) -> list[tuple[object, str]]:
    """Return the features that variables set, each with its variable; the last one wins."""
    found = []
    for variable, value in os.environ.items():
        match = _VARIABLE.fullmatch(variable)
        if match and value and (match[1] or environment).lower() == environment.lower():
            features = {match[2]: {match[3]: _WORDS.get(value, value)}}
            found.append((match[1] or "", variable, features))
    return [(features, variable) for _, variable, features in sorted(found, key=itemgetter(0, 1))]


def _check_features(features: object, origin: str) -> dict[str, bool | int]:
    sections = _lower_keys(features)
    if isinstance(sections, dict):
        sections = {name: _lower_keys(section) for name, section in sections.items()}
    checked = validate_document(sections, _Features, file=origin, path="features")
    flags: dict[str, bool | int | None] = {}
    for section in (checked.graphqltransformer, checked.codegen):
        flags |= asdict(section) if section is not None else {}
    version = flags.get("transformer_version")
    if version not in (None, 1, 2):
        raise ConfigError(f"{origin}: {_TRANSFORMER}: expected 1 or 2, found {version}")
    return {name: value for name, value in flags.items() if value is not None}


def _lower_keys(value: Any) -> Any:  # noqa: ANN401 (JSON)
    return {k.lower(): v for k, v in value.items()} if isinstance(value, dict) else value


def _provenance(name: str, value: int, path: str) -> Provenance:
    key = f"flags.{name.replace('_', '-')}"
    return Provenance(key=key, value=str(value).lower(), origin=path)
