"""The rules that one of the two documents is made by, as the feature flags set them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .problems import RefusalError

if TYPE_CHECKING:
    from .flags import FeatureFlags
    from .problems import Document

_TRANSFORMER = 2
RELATIONS = ("hasOne", "hasMany", "belongsTo")


class Rules(Struct, frozen=True, kw_only=True):
    """What differs between feature flags, and between the documents under the same flags.

    `primary_keys`: relations are keyed by the other model's whole primary key, not by its id
    alone. `forced_ids`: every model has an id, and primary keys are not looked at; the DataStore
    schema's case where `primary_keys` is off. `hashed` are the field directives that the version
    hash sees.
    """

    primary_keys: bool
    forced_ids: bool
    timestamps: bool
    hashed: frozenset[str]


def check_transformer(flags: FeatureFlags) -> None:
    """Raise RefusalError for a project that generates models by transformer version 1."""
    if (
        flags.transformer_version != _TRANSFORMER
        and not flags.use_experimental_pipelined_transformer
    ):
        message = "this project uses transformer version 1, which is not supported"
        hint = "migrate with `amplify migrate api`, which sets the feature flag transformerversion"
        raise RefusalError(0, message, hint)


def rules_for(document: Document, flags: FeatureFlags) -> Rules:
    """Return the rules of transformer version 2 for a document."""
    whole_keys = flags.respect_primary_key_attributes_on_connection_field
    pipelined = flags.use_experimental_pipelined_transformer
    return Rules(
        primary_keys=whole_keys,
        forced_ids=document == "datastore" and not whole_keys,
        timestamps=flags.add_timestamp_fields,
        hashed=frozenset((*RELATIONS, "manyToMany") if pipelined else ("connection",)),
    )
