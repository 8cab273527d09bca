"""The models of a schema, as the AmplifyBackend API returns them and Amplify Gen 2 writes them.

`amplify_outputs.json` has the introspection document as `data.model_introspection`,
`amplifyconfiguration.json` as `modelIntrospection`; a file can also be the document itself. Source:
docs.amplify.aws, "Amplify outputs".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from amplify_modelgen.errors import Diagnostic, SchemaError

from .flags import FeatureFlags

if TYPE_CHECKING:
    from collections.abc import Collection

_OBJECT = re.compile(r'\ufeff?\s{0,64}\{\s{0,64}"')
_SECTIONS = frozenset({"models", "nonModels", "enums"})
_HINT = (
    "these emitters work with the model introspection document of amplify_outputs.json: "
    "introspection, mermaid, python, typescript-types"
)


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
    models = {}
    for name, model in introspection["models"].items():
        others = datastore["models"].get(name, {"fields": {}})["fields"]
        connected = {
            key: {**entry, "association": others[key]["association"]}
            for key, entry in model["fields"].items()
            if "association" in entry and "association" in others.get(key, ())
        }
        models[name] = {**model, "fields": model["fields"] | connected}
    return {**introspection, "models": models}


def is_outputs_file(text: str) -> bool:
    """Return whether a text is a JSON object with a key, which no GraphQL document is."""
    return _OBJECT.match(text) is not None


def read_outputs(
    text: str, documents: Collection[str] = frozenset({"introspection"})
) -> dict[str, Any]:
    """Return the document in a file of Amplify Gen 2.

    Raises:
        SchemaError: it has no such document, or one of `documents` is another one.
    """
    import json

    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise _error("the file is not valid JSON", line, column) from error
    value = value if isinstance(value, dict) else {}
    data = value.get("data")
    nested = data.get("model_introspection") if isinstance(data, dict) else None
    for document in (nested, value.get("modelIntrospection"), value):
        if isinstance(document, dict) and not _SECTIONS.isdisjoint(document):
            break
    else:
        raise _error("the file has no model introspection document (data.model_introspection)")
    if set(documents) - {"introspection"}:
        raise _error("an output needs the GraphQL schema, which is not in a file of Amplify Gen 2")
    return document


def _error(message: str, line: int = 1, column: int = 1) -> SchemaError:
    return SchemaError((Diagnostic(message=message, line=line, column=column, hint=_HINT),))
