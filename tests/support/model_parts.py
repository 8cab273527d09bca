"""Parts of the generated documents, and problems as lines of text."""

from __future__ import annotations

from typing import Any

from amplify_modelgen.modelgen import (
    FeatureFlags,
    find_problems,
    generate_datastore,
    generate_introspection,
)

DEFAULTS = FeatureFlags()
VERSION_1 = FeatureFlags(transformer_version=1, use_experimental_pipelined_transformer=False)
BY_ID = FeatureFlags(respect_primary_key_attributes_on_connection_field=False)


def model(sdl: str, name: str, flags: FeatureFlags = DEFAULTS) -> dict[str, Any]:
    result: dict[str, Any] = generate_introspection(sdl, flags)["models"][name]
    return result


def datastore_model(sdl: str, name: str, flags: FeatureFlags = DEFAULTS) -> dict[str, Any]:
    result: dict[str, Any] = generate_datastore(sdl, flags)["models"][name]
    return result


def field_names(sdl: str, name: str, flags: FeatureFlags = DEFAULTS) -> list[str]:
    return list(model(sdl, name, flags)["fields"])


def field(sdl: str, path: str, flags: FeatureFlags = DEFAULTS) -> dict[str, Any]:
    owner, name = path.split(".")
    result: dict[str, Any] = model(sdl, owner, flags)["fields"][name]
    return result


def association(sdl: str, path: str, flags: FeatureFlags = DEFAULTS) -> Any:
    return field(sdl, path, flags).get("association")


def datastore_association(sdl: str, path: str, flags: FeatureFlags = DEFAULTS) -> Any:
    owner, name = path.split(".")
    return datastore_model(sdl, owner, flags)["fields"][name].get("association")


def attributes(sdl: str, name: str, kind: str, flags: FeatureFlags = DEFAULTS) -> list[Any]:
    result = model(sdl, name, flags)["attributes"]
    return [entry["properties"] for entry in result if entry["type"] == kind]


def version(sdl: str, flags: FeatureFlags = DEFAULTS) -> Any:
    return generate_datastore(sdl, flags)["version"]


def problems(sdl: str, flags: FeatureFlags = DEFAULTS) -> list[str]:
    """Return every problem as `line:column severity: message (hint)`."""
    return [
        f"{entry.line}:{entry.column} {entry.severity}: {entry.message} ({entry.hint})"
        for entry in find_problems(sdl, flags)
    ]
