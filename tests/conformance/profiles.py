"""Feature flags of typical projects, for comparing generated code."""

from __future__ import annotations

from amplify_modelgen.modelgen.documents import FeatureFlags

PROFILES = {
    "new-project": FeatureFlags(),
    "respect-false": FeatureFlags(respect_primary_key_attributes_on_connection_field=False),
    "all-absent": FeatureFlags(
        use_experimental_pipelined_transformer=False,
        respect_primary_key_attributes_on_connection_field=False,
        add_timestamp_fields=False,
        handle_list_nullability_transparently=False,
        emit_auth_provider=False,
        generate_index_rules=False,
    ),
    "timestamps-off": FeatureFlags(add_timestamp_fields=False),
    "version-1": FeatureFlags(transformer_version=1, use_experimental_pipelined_transformer=False),
}
"""By name: both transformer versions, without lazy loading, which `FeatureFlags` leaves off."""
