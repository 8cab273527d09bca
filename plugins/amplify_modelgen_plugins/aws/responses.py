"""Validate the responses of the AmplifyBackend API, and decode the documents in them.

botocore returns an empty response for a page of HTML, an empty body and a truncated one, passes
wrong types on or fails on them, and drops members that are null.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from .service_errors import contains_credential

JOB_ID = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"
# Texts that are shown or sent: anything else could be a terminal escape or a path.
_Id = Annotated[str, Meta(pattern=rf"\A({JOB_ID})?\Z")]
_Word = Annotated[str, Meta(pattern=r"\A([A-Za-z][A-Za-z0-9 _-]{0,63})?\Z")]

_GOOD = range(200, 300)
# Amplify's own documents are about ten levels deep.
_MAX_DEPTH = 200
# The start of the object in a module: `export const schema = {`, `export default {`.
_ASSIGNED = re.compile(r"(?:=|\bdefault)\s*(?=\{)")


class ResponseFormatError(ValueError):
    """A response or document that is not one of this API. The message does not contain it."""


class _ResourceConfig(Struct, rename="camel", omit_defaults=True):
    transform_schema: str | None = None


class _Members(Struct, rename="camel", omit_defaults=True):
    """The members of good responses that this plugin reads."""

    app_id: str | None = None
    error: str | None = None
    job_id: _Id | None = None
    models: str | None = None
    model_introspection_schema: str | None = None
    operation: _Word | None = None
    resource_config: _ResourceConfig | None = None
    resource_name: str | None = None
    status: _Word | None = None


# What botocore reads of error responses: gateways and IAM write `Message`, the API `message`.
_ERROR_MEMBERS = ("__type", "code", "Code", "limitType", "message", "Message", "resourceType")


def reduce_body(status: int, content: bytes) -> bytes:
    """Return the body with the members that are read; their types are right then.

    Raises:
        ResponseFormatError: the body of a good response is not a JSON object with these types.
    """
    if status not in _GOOD:
        try:
            found = msgspec.json.decode(content, type=dict[str, Any])
        except (msgspec.DecodeError, ValueError, RecursionError):
            # The status says enough.
            return b"{}"
        texts = {name: found[name] for name in _ERROR_MEMBERS if isinstance(found.get(name), str)}
        return msgspec.json.encode(texts)
    try:
        members = msgspec.json.decode(content, type=_Members)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ResponseFormatError(f"it is not the JSON of this API: {error}") from None
    shown = (members.job_id, members.operation, members.status)
    if any(contains_credential(text) for text in shown if text):
        raise ResponseFormatError("it contains a credential")
    if members == _Members():
        raise ResponseFormatError("it has no member of this API")
    return msgspec.json.encode(members)


def decode_document(text: str) -> dict[str, Any]:
    """Return the JSON object in the text, which is JSON or a JavaScript module.

    The API reference says "stringified JSON"; the service also stores
    `export const schema = {...};`.

    Raises:
        ResponseFormatError: the text is not a JSON object, too deep, or contains a number that is
            too large.
    """
    text = text.removeprefix("\ufeff").strip()
    assigned = None if text.startswith("{") else _ASSIGNED.search(text)
    content = text[assigned.end() :] if assigned else text
    decoder = msgspec.json.Decoder(dict[str, Any], float_hook=_parse_float)
    try:
        document = decoder.decode(content.rstrip("; \t\r\n"))
        _check_depth(document)
    except RecursionError:
        raise ResponseFormatError(f"it is nested more than {_MAX_DEPTH} levels deep") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise ResponseFormatError(f"it is not a JSON object: {error}") from None
    return document


def _parse_float(text: str) -> float:
    from amplify_modelgen.modelgen import parse_number

    value = parse_number(text)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


def _check_depth(document: dict[str, Any]) -> None:
    level: list[Any] = [document]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    raise RecursionError
