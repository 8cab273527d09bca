"""Amplify's feature flags (`amplify/cli.json`), and the generator options that they select."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

DocumentKind = Literal["introspection", "datastore", "native"]

RELATION_DIRECTIVES = ("hasOne", "hasMany", "belongsTo")


class FeatureFlags(Struct, frozen=True, kw_only=True):
    """The flags of Amplify's generator, by their names in snake case.

    The defaults are those that `amplify init` writes for a new project. The flags that
    are not in `AFFECTING_MODELS` have no effect on the two documents, but on the source code that
    Amplify's own generators write. Source: docs.amplify.aws/gen1, "Feature flags".
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


AFFECTING_MODELS = (
    "transformer_version",
    "use_experimental_pipelined_transformer",
    "respect_primary_key_attributes_on_connection_field",
    "add_timestamp_fields",
)
"""The flags that have an effect on the two documents."""


class GeneratorOptions(Struct, frozen=True, kw_only=True):
    """What differs between feature flags, and between the documents for the same flags.

    `full_primary_keys`: relations use the whole primary key of the other model, not only its id.
    `force_id_fields`: every model has an id, and declared primary keys are ignored; this is the
    case for the DataStore schema without `full_primary_keys`. `hashed_directives` are the field
    directives that are part of the version hash.
    """

    full_primary_keys: bool
    force_id_fields: bool
    timestamps: bool
    hashed_directives: frozenset[str]


def generator_options(document: DocumentKind, flags: FeatureFlags) -> GeneratorOptions:
    """Return the options of transformer version 2 for a document."""
    full_keys = flags.respect_primary_key_attributes_on_connection_field
    pipelined = flags.use_experimental_pipelined_transformer
    hashed = (*RELATION_DIRECTIVES, "manyToMany") if pipelined else ("connection",)
    return GeneratorOptions(
        full_primary_keys=full_keys,
        force_id_fields=document == "datastore" and not full_keys,
        timestamps=flags.add_timestamp_fields,
        hashed_directives=frozenset(hashed),
    )
