"""Validate the responses of the AmplifyBackend API, and decode the documents in them.

botocore returns an empty response for a page of HTML, an empty body and a truncated one, passes
wrong types on or fails on them, and drops members that are null.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import msgspec

from amplify_modelgen.plugin import BackendError, Job, Models, RemoteModels

from .redaction import contains_credential, quote
from .service_errors import (
    INVALID_RESPONSE,
    NO_MODELS,
    SERVICE_ERROR,
    UNUSABLE_MODELS,
    build_error,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.plugin import ConfigError

    from .service_errors import ApiCall, CallContext, ErrorTemplate

JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,63}")
_FINISHED = frozenset({"COMPLETED", "FAILED"})

_GOOD = range(200, 300)
_STATUSES = range(200, 600)
_TEXTS = [
    "appId",
    "backendEnvironmentName",
    "error",
    "jobId",
    "models",
    "modelIntrospectionSchema",
    "operation",
    "resourceName",
    "status",
]
_ERROR_TEXTS = ["__type", "code", "Code", "limitType", "message", "Message", "resourceType"]

_MAX_CHARACTERS = 60_000_000
# Amplify's own documents are about ten levels deep.
_MAX_DEPTH = 200
_JSON_SPACE = " \t\r\n"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
# The start of the object in a module: `export const schema = {`, `export default {`.
_ASSIGNED = re.compile(r"(?:=|\bdefault)\s*(?=\{)")


class ResponseFormatError(ValueError):
    """A response that is not one of this API; if `is_final`, another attempt gives the same."""

    def __init__(self, detail: str, *, final: bool = False) -> None:
        super().__init__(detail)
        self.is_final = final


def reduce_body(status: int, headers: Mapping[str, str], content: bytes) -> bytes:
    """Return the body with the members that this plugin reads; their types are right then.

    Raises:
        ResponseFormatError: the status does not exist, or the body of a good one is not a JSON
            object with these types.
    """
    if status not in _STATUSES:
        raise ResponseFormatError(f"HTTP status {status}", final=True)
    if status not in _GOOD:
        return _reduce_error(content)
    encoding = headers.get("Content-Encoding", "identity").lower()
    if encoding != "identity":
        raise ResponseFormatError(f"it is compressed ({quote(encoding)})", final=True)
    members = _decode_members(content)
    reduced: dict[str, object] = {}
    for name in _TEXTS:
        _copy_text(members, name, reduced)
    config = members.get("resourceConfig")
    if config is not None:
        if not isinstance(config, dict):
            raise ResponseFormatError("ResourceConfig is not an object")
        reduced["resourceConfig"] = {}
        _copy_text(config, "transformSchema", reduced["resourceConfig"])
    return msgspec.json.encode(reduced)


def _reduce_error(content: bytes) -> bytes:
    try:
        members = _decode_members(content)
    except ResponseFormatError:
        # The status says enough.
        return b"{}"
    return msgspec.json.encode(
        {name: members[name] for name in _ERROR_TEXTS if isinstance(members.get(name), str)}
    )


def _decode_members(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise ResponseFormatError("it is not UTF-8", final=True) from None
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise ResponseFormatError("it is not a JSON object") from None


def _copy_text(members: Mapping[str, object], name: str, reduced: Any) -> None:  # noqa: ANN401
    value = members.get(name)
    if value is None:
        return
    if not isinstance(value, str):
        raise ResponseFormatError(f"{name[0].upper()}{name[1:]} is not a string")
    reduced[name] = value


class ApiResponse:
    """The response to a call. The methods raise `BackendError` if it is not what it should be."""

    def __init__(self, call: ApiCall, context: CallContext, members: Mapping[str, Any]) -> None:
        self._call = call
        self._context = context
        self._members = members

    def started_job(self) -> Job:
        """Return the job that the call started; it may be finished, without an id."""
        job_id, status = self._job_id(), self._word("Status")
        if not job_id and status not in _FINISHED:
            raise self._no_job("JobId is missing" if status else "JobId and Status are missing")
        # An id alone is a job that can be polled.
        return self._job(job_id, status or "UNKNOWN")

    def current_job(self) -> Job:
        """Return the state of the job that the call is about."""
        job_id, status = self._job_id(), self._word("Status")
        if job_id and job_id != self._call.job_id:
            raise self._error(INVALID_RESPONSE, "it is about another job")
        if not status:
            raise self._no_job("Status is missing")
        return self._job(self._call.job_id, status)

    def deployed_schema(self) -> str | None:
        """Return the text of the schema, or None if the service does not say."""
        if error := self._members.get("Error"):
            raise self._error(SERVICE_ERROR, quote(error))
        known = ("AppId", "BackendEnvironmentName", "ResourceConfig", "ResourceName")
        if not any(member in self._members for member in known):
            raise self._error(INVALID_RESPONSE, "ResourceConfig is missing")
        schema: str | None = self._members.get("ResourceConfig", {}).get("TransformSchema")
        return schema

    def models(self) -> RemoteModels:
        """Return the documents; the introspection schema may be missing."""
        datastore = self._members.get("Models")
        introspection = self._members.get("ModelIntrospectionSchema")
        status = self._word("Status")
        if datastore is None:
            if not status:
                raise self._error(INVALID_RESPONSE, "Models is missing")
            raise self._error(NO_MODELS, "none have been generated yet")
        models = Models(
            datastore=self._document("Models", datastore),
            introspection=(
                self._document("ModelIntrospectionSchema", introspection) if introspection else None
            ),
        )
        return RemoteModels(models=models, status=status)

    def _job(self, job_id: str | None, status: str) -> Job:
        error = self._members.get("Error")
        return Job(
            id=job_id,
            operation=self._word("Operation") or self._call.operation,
            status=status,
            error=quote(error) if error else None,
        )

    def _job_id(self) -> str | None:
        return self._shaped("JobId", JOB_ID, "an id")

    def _word(self, member: str) -> str | None:
        return self._shaped(member, _WORD, "a word")

    def _shaped(self, member: str, shape: re.Pattern[str], name: str) -> str | None:
        """Return a text that is shown, or None. It may be anything: a credential, for example."""
        text: str | None = self._members.get(member)
        if text and (not shape.fullmatch(text) or contains_credential(text)):
            raise self._error(INVALID_RESPONSE, f"{member} is not {name}")
        return text or None

    def _document(self, member: str, text: str) -> dict[str, Any]:
        try:
            return decode_document(text)
        except ResponseFormatError as error:
            raise self._error(UNUSABLE_MODELS, f"{member}: {error}") from error

    def _no_job(self, detail: str) -> BackendError | ConfigError:
        error = self._members.get("Error")
        return (
            self._error(SERVICE_ERROR, quote(error))
            if error
            else self._error(INVALID_RESPONSE, detail)
        )

    def _error(self, template: ErrorTemplate, detail: str) -> BackendError | ConfigError:
        return build_error(template, self._call, self._context, detail=detail)


def decode_document(text: str) -> dict[str, Any]:
    """Return the JSON object in the text, which is JSON or a JavaScript module.

    The API reference says "stringified JSON"; the service also stores
    `export const schema = {...};`.

    Raises:
        ResponseFormatError: the text is empty, too long, not a JSON object, too deep, or contains
            a duplicate key, NaN, an infinite number or a lone surrogate. The message does not
            contain the text.
    """
    if len(text) > _MAX_CHARACTERS:
        raise ResponseFormatError(f"it is longer than {_MAX_CHARACTERS} characters")
    text = text.removeprefix("\ufeff").strip(_JSON_SPACE)
    if not text:
        raise ResponseFormatError("it is empty")
    document = _decode_object(text, _object_start(text))
    _check_depth(document)
    _check_characters(text, document)
    return document


def _object_start(text: str) -> int:
    if text.startswith("{"):
        return 0
    # A module begins with a keyword or a comment; anything else is another JSON value, or none.
    assigned = _ASSIGNED.search(text) if text[0].isalpha() or text[0] == "/" else None
    if assigned is None:
        raise ResponseFormatError("it is neither a JSON object nor a JavaScript module with one")
    return assigned.end()


def _decode_object(text: str, start: int) -> dict[str, Any]:
    decoder = json.JSONDecoder(
        object_pairs_hook=_unique_keys, parse_constant=_reject_constant, parse_float=_parse_float
    )
    try:
        document, end = decoder.raw_decode(text, start)
    except ResponseFormatError:
        raise
    except RecursionError:
        raise ResponseFormatError(f"it is nested more than {_MAX_DEPTH} levels deep") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ResponseFormatError(f"it is not JSON: {error.msg} at {place}") from None
    except ValueError as error:
        raise ResponseFormatError(f"it is not JSON: {error}") from None
    if start == 0 and text[end:].strip(f"{_JSON_SPACE};"):
        raise ResponseFormatError("text follows its JSON object")
    result: dict[str, Any] = document
    return result


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ResponseFormatError("it has a duplicate key")
    return value


def _reject_constant(name: str) -> None:
    raise ResponseFormatError(f"it contains {name}, which is not JSON")


def _parse_float(text: str) -> float:
    from amplify_modelgen.modelgen import parse_number

    value = parse_number(text)
    if math.isinf(value):
        raise ResponseFormatError("it contains a number that is too large")
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
    raise ResponseFormatError(f"it is nested more than {_MAX_DEPTH} levels deep")


def _check_characters(text: str, document: dict[str, Any]) -> None:
    if not _SURROGATE.search(text):
        return
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ResponseFormatError("it contains a lone surrogate") from None
