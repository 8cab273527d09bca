"""Route a request: decode, execute, encode, apply faults.

There is no socket here. Faults of the connection itself are left to the server.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from threading import Event
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.plugin import ModelgenError

from .operations import HANDLERS, execute
from .protocol import (
    ApiError,
    BadRequestError,
    ResourceNotFoundError,
    find_operation,
    load_operations,
)
from .store import JobBehavior

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .backend_jobs import OperationContext
    from .faults import Fault, FaultInjector
    from .protocol import Operation

MAX_RECORDED_REQUESTS = 10_000
_JSON_TYPE = "application/json"
_ID_MEMBERS = ("AppId", "BackendEnvironmentName", "ResourceName", "JobId")
_HTML = b"<!DOCTYPE html><html><body><h1>Sign in to the guest network</h1></body></html>\n"
_ERRORS = {
    "throttle": (429, "TooManyRequestsException", "too many requests"),
    "timeout": (504, "GatewayTimeoutException", "the service took too long"),
    "late": (504, "GatewayTimeoutException", "the service took too long"),
    "denied": (403, "AccessDeniedException", "the caller may not perform this operation"),
    "expired": (403, "ExpiredTokenException", "the security token in the request is expired"),
    "missing": (404, "NotFoundException", "the resource of the request does not exist"),
    "invalid": (400, "BadRequestException", "invalid request"),
}

_LOG = logging.getLogger(__name__)


class Reply(Struct, frozen=True, kw_only=True):
    """An HTTP response. `code` is the error's name; `faults` are those that were injected."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = _JSON_TYPE
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
        except ModelgenError as error:
            reply = error_reply(500, "InternalFailure", error.message)
        except Exception:  # noqa: BLE001 (a bug must fail one request, not the server)
            _LOG.exception("%s failed", operation and operation.name)
            reply = error_reply(500, "InternalFailure", "internal error; see the server log")
        self.requests.append(_record(operation, members, reply))
        return reply

    def _execute(self, operation: Operation, members: Mapping[str, Any]) -> Reply:
        faults = self.faults.match(operation.name, self._names(members))
        for fault in faults:
            if fault.kind == "latency":
                self.stopping.wait(fault.seconds)
        rejection = _rejection(faults)
        if rejection is not None:
            return rejection
        context = replace(self.context, behavior=_job_behavior(faults))
        try:
            response = execute(context, operation.name, members)
            reply = Reply(body=_to_json(operation.encode(_edit_members(response, faults))))
        except ApiError as error:
            reply = _api_error_reply(error)
        for fault in faults:
            reply = _apply_fault(reply, fault)
        return replace(reply, faults=faults)

    def _names(self, members: Mapping[str, Any]) -> set[str]:
        names = {members[name] for name in _ID_MEMBERS if name in members}
        if "JobId" in members and "BackendEnvironmentName" in members:
            job = self.context.store.job(
                members["AppId"], members["BackendEnvironmentName"], members["JobId"]
            )
            names |= {job.resource} if job is not None and job.resource else set()
        return names


def error_reply(status: int, code: str, message: str, **members: str) -> Reply:
    """Return an error as the API sends it; `members` are further members of its shape."""
    return Reply(status=status, code=code, body=_to_json({"message": message, **members}))


def _api_error_reply(error: ApiError) -> Reply:
    return error_reply(error.status, error.code, error.message, **error.members())


def _rejection(faults: tuple[Fault, ...]) -> Reply | None:
    """Return the response of a fault that prevents the operation, if there is one."""
    for fault in faults:
        if fault.kind == "status":
            return Reply(status=int(fault.value), body=b"", faults=faults)
        if fault.kind == "drop":
            return Reply(faults=faults)
        if fault.kind in _ERRORS and fault.kind != "late":
            return replace(error_reply(*_ERRORS[fault.kind]), faults=faults)
    return None


def _job_behavior(faults: Iterable[Fault]) -> JobBehavior:
    values = {fault.kind: fault.value for fault in faults}
    return JobBehavior(
        stall="stall" in values,
        immediate="nojob" in values,
        fail="fail" in values,
        error=values.get("fail") or None,
        progress=values.get("progress"),
    )


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
        return error_reply(*_ERRORS["late"])
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
        raise ResourceNotFoundError(
            f"no operation of AmplifyBackend has this path with {method}",
            resource_type="Operation",
        )
    if operation.name not in HANDLERS:
        raise BadRequestError(f"serve does not support {operation.name}")
    return operation


def _parse_body(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        document = json.loads(body, parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("the body is not JSON") from error
    if not isinstance(document, dict):
        raise BadRequestError("the body is not a JSON object")
    return document


def _reject_constant(name: str) -> None:
    raise ValueError(name)


def _record(
    operation: Operation | None, members: Mapping[str, Any], reply: Reply
) -> RecordedRequest:
    app_id, environment, resource, job_id = (str(members.get(name, "")) for name in _ID_MEMBERS)
    return RecordedRequest(
        operation=operation.name if operation else "",
        app_id=app_id,
        environment=environment,
        resource=resource,
        job_id=job_id,
        status=reply.status,
        fault="+".join(fault.kind for fault in reply.faults),
    )


def _to_json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()
