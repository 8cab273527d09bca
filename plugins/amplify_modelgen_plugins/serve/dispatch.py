"""The rest-json protocol of AmplifyBackend: decode a request, execute it, encode, apply faults.

Routes, member names and locations, required members, types, enumerations and bounds come from
botocore's service model, so this server cannot disagree with a client that botocore generates.
There is no socket here. Faults of the connection itself are left to the server.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from functools import cache
from threading import Event
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import msgspec
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape
from msgspec import Struct
from msgspec.structs import replace

from .faults import JOB_FAULTS, REJECTIONS
from .operations import OPERATIONS, execute
from .store import ApiError, BadRequestError, ResourceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .faults import Fault, FaultInjector
    from .operations import OperationContext

MAX_RECORDED_REQUESTS = 10_000
_ID_MEMBERS = ("AppId", "BackendEnvironmentName", "ResourceName", "JobId")
_HTML = b"<!DOCTYPE html><html><body><h1>Sign in to the guest network</h1></body></html>\n"
_PARAMETER = re.compile(r"\{(\w+)\}")
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a string"),
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "an integer"),
    "double": ((int, float), "a number"),
    "structure": ((dict,), "an object"),
    "list": ((list,), "a list"),
}

_LOG = logging.getLogger(__name__)


class Reply(Struct, frozen=True, kw_only=True):
    """An HTTP response. `code` is the error's name; `faults` are those that were injected."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json"
    code: str | None = None
    faults: tuple[Fault, ...] = ()

    def fault(self, kind: str) -> Fault | None:
        """Return the injected fault of this kind."""
        return next((fault for fault in self.faults if fault.kind == kind), None)


class RecordedRequest(Struct, frozen=True, kw_only=True):
    """A request that was answered. Names that it did not have are empty.

    `fault` is the kinds of the faults that were injected, joined by `+`.
    """

    operation: str
    app_id: str
    environment: str
    resource: str
    job_id: str
    status: int
    fault: str


class Dispatcher:
    """Executes requests on the emulator, with faults. Safe for threads.

    `requests` are the last ones that were answered, the oldest first. Setting `stopping` ends the
    waits that faults cause.
    """

    def __init__(self, context: OperationContext, faults: FaultInjector) -> None:
        self.context = context
        self.faults = faults
        self.requests: deque[RecordedRequest] = deque(maxlen=MAX_RECORDED_REQUESTS)
        self.stopping = Event()
        load_operations()  # now, so that the first request is not slow

    def dispatch(self, method: str, path: str, body: bytes) -> Reply:
        """Return the response to a request; never raises. `path` is still percent-encoded."""
        operation = find_operation(method, path)
        members: Mapping[str, Any] = {}
        try:
            operation = _check_operation(operation, method)
            members = operation.decode(path, _parse_body(body))
            reply = self._execute(operation, members)
        except ApiError as error:
            reply = _api_error_reply(error)
        except Exception:  # noqa: BLE001 (a bug must fail one request, not the server)
            _LOG.exception("%s failed", operation and operation.name)
            reply = error_reply(500, "InternalFailure", "internal error; see the server log")
        app_id, environment, resource, job_id = (str(members.get(name, "")) for name in _ID_MEMBERS)
        self.requests.append(
            RecordedRequest(
                operation=operation.name if operation else "",
                app_id=app_id,
                environment=environment,
                resource=resource,
                job_id=job_id,
                status=reply.status,
                fault="+".join(fault.kind for fault in reply.faults),
            )
        )
        return reply

    def _execute(self, operation: Operation, members: Mapping[str, Any]) -> Reply:
        faults = self.faults.match(operation.name, self._names(members))
        for fault in faults:
            if fault.kind == "latency":
                self.stopping.wait(fault.seconds)
        rejection = next(filter(None, map(_rejection, faults)), None)
        if rejection is not None:
            return replace(rejection, faults=faults)
        of_job = {fault.kind: fault.value for fault in faults if fault.kind in JOB_FAULTS}
        context = replace(self.context, faults=of_job)
        try:
            response = execute(context, operation.name, members)
            members = _edit_members(response, faults)
            reply = Reply(body=msgspec.json.encode(encode(operation.output, members)))
        except ApiError as error:
            reply = _api_error_reply(error)
        for fault in faults:
            reply = _apply_fault(reply, fault)
        return replace(reply, faults=faults)

    def _names(self, members: Mapping[str, Any]) -> set[str]:
        names = {members[name] for name in _ID_MEMBERS if name in members}
        job = self.context.store.jobs.get(members.get("JobId", ""))
        return names | {job.resource_id.resource} if job else names


def error_reply(status: int, code: str, message: str, **members: str) -> Reply:
    """Return an error as the API sends it; `members` are further members of its shape."""
    return Reply(
        status=status, code=code, body=msgspec.json.encode({"message": message, **members})
    )


def _api_error_reply(error: ApiError) -> Reply:
    return error_reply(error.status, error.code, error.message, **error.members)


def _rejection(fault: Fault) -> Reply | None:
    """Return the response of a fault that prevents the operation."""
    if fault.kind == "status":
        return Reply(status=int(fault.value), body=b"")
    if fault.kind == "drop":
        return Reply()
    return error_reply(*REJECTIONS[fault.kind]) if fault.kind in REJECTIONS else None


def _edit_members(members: Mapping[str, Any], faults: Iterable[Fault]) -> dict[str, Any]:
    edited = dict(members)
    for fault in faults:
        if fault.kind == "error":
            edited["Error"] = fault.value
        elif fault.kind == "stale":
            edited["Status"] = "STALE"
        elif fault.kind == "without":
            edited.pop(fault.value, None)
        elif fault.kind == "nojob":
            edited.pop("JobId", None)
    return edited


def _apply_fault(reply: Reply, fault: Fault) -> Reply:
    if fault.kind == "late":
        return error_reply(*REJECTIONS["timeout"])
    if fault.kind == "html":
        return Reply(body=_HTML, content_type="text/html; charset=utf-8")
    if fault.kind == "type":
        return replace(reply, content_type=fault.value)
    if fault.kind in ("answer", "empty"):
        return Reply(body=fault.value.encode("utf-8", "surrogateescape"))
    if fault.kind == "half":
        return replace(reply, body=reply.body[: len(reply.body) // 2])
    return reply


def _check_operation(operation: Operation | None, method: str) -> Operation:
    if operation is None:
        message = f"no operation of AmplifyBackend has this path with {method}"
        raise ResourceNotFoundError(message, resource_type="Operation")
    if operation.name not in OPERATIONS:
        raise BadRequestError(f"serve does not support {operation.name}")
    return operation


def _parse_body(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body.strip() or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadRequestError(f"the body is not a JSON object: {error}") from error


class Operation(Struct, frozen=True, kw_only=True):
    """An operation of the API: its name, HTTP method, pattern of the raw path, and shapes."""

    name: str
    method: str
    path: re.Pattern[str]
    input: StructureShape
    output: StructureShape

    def decode(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the members of a request by their names in the model.

        `path` is still percent-encoded; `body` is the JSON object of the request.

        Raises:
            BadRequestError: a member is missing, empty or of a wrong type; it is named.
        """
        match = self.path.fullmatch(path)
        parameters = match.groupdict() if match else {}
        try:
            decoded = {name: unquote(text, errors="strict") for name, text in parameters.items()}
        except UnicodeDecodeError as error:
            raise BadRequestError("the path is not UTF-8") from error
        return _decode_members(self.input, {**body, **decoded}, "")


@cache
def load_operations() -> tuple[Operation, ...]:
    """Return all operations of the service model. Needs no network."""
    raw = Loader().load_service_model("amplifybackend", "service-2")
    service = ServiceModel(raw, "amplifybackend")
    models = [service.operation_model(name) for name in service.operation_names]
    return tuple(
        Operation(
            name=model.name,
            method=model.http["method"],
            # The raw path is matched, so that an encoded slash stays part of a name. Names may be
            # empty, because clients send such paths; the error then names the parameter.
            path=re.compile(_PARAMETER.sub(r"(?P<\1>[^/]*)", model.http["requestUri"])),
            input=cast("StructureShape", model.input_shape),
            output=cast("StructureShape", model.output_shape),
        )
        for model in models
    )


def find_operation(method: str, path: str) -> Operation | None:
    """Return the operation for a request with this raw path."""
    for operation in load_operations():
        if operation.method == method and operation.path.fullmatch(path):
            return operation
    return None


def _location_name(name: str, shape: Shape) -> str:
    return str(shape.serialization.get("name", name))


def _decode_members(shape: StructureShape, values: dict[str, Any], prefix: str) -> dict[str, Any]:
    # Members that the model does not have are dropped.
    members = {}
    for name, member in shape.members.items():
        value = values.get(_location_name(name, member))
        if name in shape.required_members and value in (None, ""):
            raise BadRequestError(f"{prefix}{name} is required")
        if value is not None:
            members[name] = _decode(member, value, f"{prefix}{name}")
    return members


def _decode(shape: Shape, value: Any, path: str) -> object:  # noqa: ANN401 (JSON)
    types, expected = _TYPES[shape.type_name]
    # Not `isinstance`: a bool is an int in Python, but not in JSON.
    if type(value) not in types:
        raise BadRequestError(f"{path} must be {expected}")
    if isinstance(shape, StructureShape):
        return _decode_members(shape, value, f"{path}.")
    if isinstance(shape, ListShape):
        return [_decode(shape.member, item, f"{path}[{i}]") for i, item in enumerate(value)]
    choices = shape.metadata.get("enum")
    if choices and value not in choices:
        raise BadRequestError(f"{path} must be one of {', '.join(choices)}")
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and high is not None and not low <= value <= high:
        raise BadRequestError(f"{path} must be between {low} and {high}")
    return value


def encode(shape: Shape, value: Any) -> object:  # noqa: ANN401 (JSON)
    """Return a value of a response with location names and without members that are None."""
    if isinstance(shape, StructureShape):
        # A member that the model does not have is a KeyError.
        return {
            _location_name(name, shape.members[name]): encode(shape.members[name], member)
            for name, member in value.items()
            if member is not None
        }
    if isinstance(shape, ListShape):
        return [encode(shape.member, item) for item in value]
    return value
