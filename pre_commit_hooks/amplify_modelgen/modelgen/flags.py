"""Amplify's feature flags, as far as they shape models (`amplify/cli.json`)."""

from __future__ import annotations

from msgspec import Struct


class FeatureFlags(Struct, frozen=True, kw_only=True):
    """The flags that Amplify's generator knows, under their names in snake case.

    The defaults are those of a new Amplify project (and of the generator itself). Those that have
    no effect on the two documents (see `SHAPING`) are what the source code is made by that
    Amplify's own generators write; a `cli.json` has them, and the local backend tells of them.
    Source: docs.amplify.aws/gen1, "Feature flags".
    """

    transformer_version: int = 2
    use_experimental_pipelined_transformer: bool = True
    respect_primary_key_attributes_on_connection_field: bool = True
    improve_pluralization: bool = False
    add_timestamp_fields: bool = True
    handle_list_nullability_transparently: bool = True
    emit_auth_provider: bool = True
    generate_index_rules: bool = True
    generate_models_for_lazy_load_and_custom_selection_set: bool = True
    is_data_store_enabled: bool = True


SHAPING = (
    "transformer_version",
    "use_experimental_pipelined_transformer",
    "respect_primary_key_attributes_on_connection_field",
    "add_timestamp_fields",
)
"""The flags that have an effect on the two documents."""
