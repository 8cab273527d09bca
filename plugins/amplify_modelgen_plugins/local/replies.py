"""What is sent back for a request: the honest answer, and what faults make of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from .records import JobPlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .errors import ServiceError
    from .faults import Fault
    from .protocol import Operation

JSON_TYPE = "application/json"
_PAGE = b"<!DOCTYPE html><html><body><h1>Sign in to the guest network</h1></body></html>\n"

_REFUSALS = {
    "throttle": (429, "TooManyRequestsException", "too many requests"),
    "timeout": (504, "GatewayTimeoutException", "the service took too long"),
    "late": (504, "GatewayTimeoutException", "the service took too long"),
    "denied": (403, "AccessDeniedException", "the caller may not perform this operation"),
    "expired": (403, "ExpiredTokenException", "the security token in the request is expired"),
    "missing": (404, "NotFoundException", "what the request names is not there"),
    "invalid": (400, "BadRequestException", "the request makes no sense"),
}


class Reply(Struct, frozen=True, kw_only=True):
    """An HTTP answer. `code` is the error's name; `faults` are those that shaped it."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = JSON_TYPE
    code: str | None = None
    faults: tuple[Fault, ...] = ()

    def struck(self, kind: str) -> Fault | None:
        """Return the fault of this kind that shaped the answer."""
        return next((fault for fault in self.faults if fault.kind == kind), None)


def refusal(status: int, code: str, message: str, **members: str) -> Reply:
    """Return an error as the API sends it; `members` are further ones of its shape."""
    return Reply(status=status, code=code, body=_json({"message": message, **members}))


def refusal_of(error: ServiceError) -> Reply:
    """Return the answer to a request that the backend refuses."""
    members = {name[0].lower() + name[1:]: text for name, text in error.members().items()}
    return refusal(error.status, error.code, error.message, **members)


def refusal_by(faults: tuple[Fault, ...]) -> Reply | None:
    """Return what a fault answers before any work is done, or None where none does."""
    for fault in faults:
        if fault.kind == "status":
            return Reply(status=int(fault.value), body=b"", faults=faults)
        if fault.kind == "drop":
            return Reply(faults=faults)
        if fault.kind in _REFUSALS and fault.kind != "late":
            return replace(refusal(*_REFUSALS[fault.kind]), faults=faults)
    return None


def plan_of(faults: Iterable[Fault]) -> JobPlan:
    """Return how a job that is started under these faults is to go."""
    values = {fault.kind: fault.value for fault in faults}
    return JobPlan(
        stall="stall" in values,
        at_once="nojob" in values,
        fail="fail" in values,
        error=values.get("fail") or None,
        progress=values.get("progress"),
    )


def answer(operation: Operation, members: Mapping[str, Any], faults: Iterable[Fault]) -> Reply:
    """Return the answer with these members, after the faults that concern them."""
    edited = dict(members)
    for fault in faults:
        _edit(edited, fault)
    return Reply(body=_json(operation.encode(edited)))


def spoilt(reply: Reply, faults: tuple[Fault, ...]) -> Reply:
    """Return what the faults make of an answer; those of the connection are only noted in it."""
    for fault in faults:
        reply = _spoilt(reply, fault)
    return replace(reply, faults=faults)


def _edit(members: dict[str, Any], fault: Fault) -> None:
    if fault.kind == "error":
        members["Error"] = fault.value
    elif fault.kind == "stale":
        members["Status"] = "STALE"
    elif fault.kind == "without":
        members.pop(fault.value, None)
    elif fault.kind == "nojob":
        members.pop("JobId", None)


def _spoilt(reply: Reply, fault: Fault) -> Reply:
    if fault.kind == "late":
        return refusal(*_REFUSALS["late"])
    if fault.kind == "html":
        return Reply(body=_PAGE, content_type="text/html; charset=utf-8")
    if fault.kind == "type":
        return replace(reply, content_type=fault.value)
    if fault.kind in ("answer", "empty"):
        return Reply(body=fault.value.encode("utf-8", "surrogateescape"))
    if fault.kind == "half":
        return replace(reply, body=reply.body[: len(reply.body) // 2])
    return reply


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()
