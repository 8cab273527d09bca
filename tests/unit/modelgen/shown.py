"""What the engine's tests look at: parts of the documents, and problems as lines of text."""

from __future__ import annotations

from typing import Any

from amplify_modelgen.modelgen import (
    FeatureFlags,
    find_problems,
    generate_datastore,
    generate_introspection,
)

DEFAULTS = FeatureFlags()
BY_ID = FeatureFlags(respect_primary_key_attributes_on_connection_field=False)


def model(sdl: str, name: str, flags: FeatureFlags = DEFAULTS) -> dict[str, Any]:
    found: dict[str, Any] = generate_introspection(sdl, flags)["models"][name]
    return found


def stored_model(sdl: str, name: str, flags: FeatureFlags = DEFAULTS) -> dict[str, Any]:
    found: dict[str, Any] = generate_datastore(sdl, flags)["models"][name]
    return found


def field_names(sdl: str, name: str, flags: FeatureFlags = DEFAULTS) -> list[str]:
    return list(model(sdl, name, flags)["fields"])


def field(sdl: str, place: str, flags: FeatureFlags = DEFAULTS) -> dict[str, Any]:
    owner, name = place.split(".")
    found: dict[str, Any] = model(sdl, owner, flags)["fields"][name]
    return found


def association(sdl: str, place: str, flags: FeatureFlags = DEFAULTS) -> Any:
    return field(sdl, place, flags).get("association")


def stored_association(sdl: str, place: str, flags: FeatureFlags = DEFAULTS) -> Any:
    owner, name = place.split(".")
    return stored_model(sdl, owner, flags)["fields"][name].get("association")


def attributes(sdl: str, name: str, kind: str, flags: FeatureFlags = DEFAULTS) -> list[Any]:
    found = model(sdl, name, flags)["attributes"]
    return [one["properties"] for one in found if one["type"] == kind]


def version(sdl: str, flags: FeatureFlags = DEFAULTS) -> Any:
    return generate_datastore(sdl, flags)["version"]


def problems(sdl: str, flags: FeatureFlags = DEFAULTS) -> list[str]:
    """Every problem as `line:column severity: message (hint)`."""
    return [
        f"{one.line}:{one.column} {one.severity}: {one.message} ({one.hint})"
        for one in find_problems(sdl, flags)
    ]
