"""The models of a schema, as the AmplifyBackend API returns them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from .flags import FeatureFlags


class Models(Struct, frozen=True, kw_only=True):
    """The models of a schema.

    `introspection` is the model introspection schema (the API's `ModelIntrospectionSchema`),
    `datastore` the DataStore schema (the API's `Models`); both are JSON values whose key order is
    Amplify's own, may share parts, and must not be changed. Either is None if no output needs it
    or the backend does not have it. `schema` is the schema text that they were generated from,
    None if unknown, and `flags` the feature flags.
    """

    introspection: dict[str, Any] | None = None
    datastore: dict[str, Any] | None = None
    schema: str | None = None
    flags: FeatureFlags = field(default_factory=FeatureFlags)


def with_relations(introspection: dict[str, Any], datastore: dict[str, Any]) -> dict[str, Any]:
    """Return an introspection document with the associations of the DataStore schema.

    Under transformer version 1 only the latter names the fields that connect models.
    """
    models = {
        name: {**model, "fields": _with_associations(model["fields"], datastore["models"][name])}
        if name in datastore["models"]
        else model
        for name, model in introspection["models"].items()
    }
    return {**introspection, "models": models}


def _with_associations(fields: dict[str, Any], model: dict[str, Any]) -> dict[str, Any]:
    others = model["fields"]
    return {
        name: {**field, "association": others[name]["association"]}
        if "association" in field and "association" in others.get(name, ())
        else field
        for name, field in fields.items()
    }
