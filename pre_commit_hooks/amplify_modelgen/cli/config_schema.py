"""The JSON schema of the configuration, from the structs that read it, for editors."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from amplify_modelgen.config import ConfigTable, FlagsTable, OutputTable
from amplify_modelgen.input_validation import MAX_TIMEOUT, Name, Region, RelativePath, Seconds

_TYPES: dict[type, dict[str, Any]] = {
    Name: {"type": "string", "minLength": 1, "pattern": r"^[^/\\]+$"},
    Region: {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    RelativePath: {"type": "string", "minLength": 1, "pattern": r"^[^\\/~]"},
    Seconds: {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_TIMEOUT},
}
_DESCRIPTIONS = {
    "backend": "What generates the models: local (default), aws, or a backend of a plugin.",
    "environment": "The environment of every target that does not set one.",
    "timeout": "How long to wait for a job and to retry requests, in seconds.",
    "protected-environments": "Environments that a schema is never pushed to.",
    "diff": "ignore: changes that diff accepts, each as RULE:SUBJECT.",
    "lint": "ignore: ids of rules that validate does not report.",
    "defaults": "outputs: those of all discovered targets, relative to each project.",
    "target": "The APIs of the project, if they are not discovered.",
    "app-id": "The id of the Amplify app.",
    "resource": "The name of the API in the backend.",
    "region": "The AWS region of the app.",
    "profile": "The AWS profile to use.",
    "schema": "The schema: a file, or a directory of .graphql files.",
    "source": "Instead of a schema, amplify_outputs.json of Amplify Gen 2.",
    "outputs": "The emitters, each with the path of its files.",
    "push-schema": "Deploy the schema before AWS generates models.",
    "flags": "Amplify's feature flags, instead of those in cli.json.",
}


def render_schema() -> str:
    """Return the schema as JSON text."""
    return json.dumps(_schema(), indent=2)


def _schema() -> dict[str, Any]:
    (document, output, flags), components = msgspec.json.schema_components(
        (ConfigTable, OutputTable, FlagsTable),
        schema_hook=_type_schema,
        ref_template="#/$defs/{name}",
    )
    for definition in components.values():
        for name, value in definition.get("properties", {}).items():
            if name in _DESCRIPTIONS:
                value["description"] = _DESCRIPTIONS[name]
    outputs = {"type": "array", "items": output}
    for table in ("TargetTable", "DefaultsTable"):
        components[table]["properties"]["outputs"] |= {"anyOf": [outputs]}
    components["TargetTable"]["properties"]["flags"] = {
        "description": _DESCRIPTIONS["flags"],
        **flags,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "amplify-modelgen",
        **document,
        "$defs": components,
    }


def _type_schema(kind: type) -> dict[str, Any]:
    return dict(_TYPES[kind])
