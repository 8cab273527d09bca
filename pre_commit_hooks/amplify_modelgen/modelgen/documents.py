"""What goes into the engine and comes out: feature flags and documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from amplify_modelgen.errors import Diagnostic, SchemaError

if TYPE_CHECKING:
    from collections.abc import Collection

DocumentKind = Literal["introspection", "datastore", "native"]
"""The two documents, and the models of the platforms: Swift, Java and Dart."""

RELATION_DIRECTIVES = ("hasOne", "hasMany", "belongsTo")

_VERSION_2 = 2
_OBJECT = re.compile(r'\ufeff?\s{0,64}\{\s{0,64}"')
_SECTIONS = frozenset({"models", "nonModels", "enums"})
_HINT = (
    "these emitters work with the model introspection document of amplify_outputs.json: "
    "introspection, mermaid, python, typescript-types"
)


class FeatureFlags(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """The flags of Amplify's generator, by their names in snake case.

    The defaults are those that `amplify init` writes for a new project. `improve_pluralization`
    and the four flags from `handle_list_nullability_transparently` on affect source code only, and
    the names of list queries. Source: docs.amplify.aws/gen1, "Feature flags".
    """

    transformer_version: int = 2
    use_experimental_pipelined_transformer: bool = True
    respect_primary_key_attributes_on_connection_field: bool = True
    improve_pluralization: bool = False
    add_timestamp_fields: bool = True
    handle_list_nullability_transparently: bool = True
    emit_auth_provider: bool = True
    generate_index_rules: bool = True
    generate_models_for_lazy_load_and_custom_selection_set: bool = False
    is_data_store_enabled: bool = True

    @property
    def uses_transformer_2(self) -> bool:
        """Whether models follow the rules of transformer version 2, or else of version 1."""
        return self.transformer_version == _VERSION_2 or self.use_experimental_pipelined_transformer

    @property
    def push_version(self) -> int:
        """The transformer version of `amplify push`, which decides by one flag alone."""
        return 2 if self.use_experimental_pipelined_transformer else 1

    @property
    def uses_full_primary_keys(self) -> bool:
        """Whether models are identified by their whole primary key, not only by an id."""
        return self.uses_transformer_2 and self.respect_primary_key_attributes_on_connection_field


DEFAULT_FLAGS = FeatureFlags()


class GeneratorOptions(Struct, frozen=True, kw_only=True):
    """What differs between feature flags, and between the documents for the same flags.

    `full_primary_keys`: relations use the whole primary key of the other model, not only its id.
    `force_id_fields`: every model has an id, and declared primary keys are ignored; without
    `full_primary_keys` this is the case except for the introspection schema. `native`: a relation
    is associated with its inverse, has no foreign keys beside a belongsTo, and adds no index.
    `describes_keys`: problems of the fields of a primary key matter. `is_version_2`: the rules
    are those of transformer version 2. `allows_optional_pairs`: a relation may be optional, or
    required, on both of its single sides. `hashed_relations` are the directives of fields that are
    part of the version hash.
    """

    full_primary_keys: bool
    force_id_fields: bool
    describes_keys: bool
    timestamps: bool
    hashed_relations: frozenset[str]
    native: bool
    is_version_2: bool
    allows_optional_pairs: bool


def generator_options(document: DocumentKind, flags: FeatureFlags) -> GeneratorOptions:
    """Return the options for a document."""
    is_version_2 = flags.uses_transformer_2
    full_keys = flags.respect_primary_key_attributes_on_connection_field
    force_id_fields = document != "introspection" and not full_keys
    hashed_relations: tuple[str, ...] = ("connection",)
    if is_version_2 and flags.use_experimental_pipelined_transformer:
        hashed_relations = (*RELATION_DIRECTIVES, "manyToMany")
    return GeneratorOptions(
        full_primary_keys=is_version_2 and full_keys,
        force_id_fields=force_id_fields,
        describes_keys=not force_id_fields and (is_version_2 or document != "datastore"),
        timestamps=flags.add_timestamp_fields,
        hashed_relations=frozenset(hashed_relations),
        native=document == "native",
        is_version_2=is_version_2,
        allows_optional_pairs=is_version_2 or not flags.is_data_store_enabled,
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


# Amplify Gen 2 writes the introspection document in amplify_outputs.json as
# `data.model_introspection`, in amplifyconfiguration.json as `modelIntrospection`; a file can also
# be the document itself. Source: docs.amplify.aws, "Amplify outputs".


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
