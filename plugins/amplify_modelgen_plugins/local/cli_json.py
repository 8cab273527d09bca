"""Feature flags as `amplify/cli.json` writes them, which is how the API tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

if TYPE_CHECKING:
    from amplify_modelgen import FeatureFlags

_TRANSFORMER = (
    "transformer_version",
    "use_experimental_pipelined_transformer",
    "respect_primary_key_attributes_on_connection_field",
    "improve_pluralization",
)
_CODEGEN = (
    "add_timestamp_fields",
    "handle_list_nullability_transparently",
    "emit_auth_provider",
    "generate_index_rules",
    "generate_models_for_lazy_load_and_custom_selection_set",
)


def cli_json_of(flags: FeatureFlags) -> dict[str, object]:
    """Return the content of a `cli.json` with these flags; its keys are in lower case, joined."""
    values = asdict(flags)
    sections = {"graphqltransformer": _TRANSFORMER, "codegen": _CODEGEN}
    features = {
        section: {name.replace("_", ""): values[name] for name in names}
        for section, names in sections.items()
    }
    return {"features": features}
