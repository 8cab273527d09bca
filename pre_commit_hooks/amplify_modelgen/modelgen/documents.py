"""The two documents that the AmplifyBackend API calls models."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Models(Struct, frozen=True, kw_only=True):
    """What `GetBackendAPIModels` returns, decoded.

    `datastore` is the DataStore schema (the API's `Models`), `introspection` the model
    introspection schema (`ModelIntrospectionSchema`), which backends before 2022 do not have.
    Both are plain JSON values whose key order is Amplify's own. They may share parts, so copy one
    before you change it.

    `status` is `LATEST` where the models are those of the deployed schema and `STALE` where they
    are of an older one; None where nobody says. It tells of the moment, not of the models, so no
    emitter may look at it.
    """

    datastore: dict[str, Any]
    introspection: dict[str, Any] | None
    status: str | None = None
