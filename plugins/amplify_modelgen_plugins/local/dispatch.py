"""From a request's method, path and body to its reply: decoded, done, encoded, spoilt.

This knows no socket. Faults that concern the connection itself are left in the reply.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from threading import Event
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen import ModelgenError

from .errors import BadRequestError, NotFoundError, ServiceError
from .operations import HANDLERS
from .protocol import load_protocol
from .replies import answer, plan_of, refusal, refusal_by, refusal_of, spoilt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import Context
    from .faults import Faults
    from .protocol import Operation
    from .replies import Reply

KEPT_REQUESTS = 10_000
_NAMES = ("AppId", "BackendEnvironmentName", "ResourceName", "JobId")

_LOG = logging.getLogger(__name__)


class Request(Struct, frozen=True, kw_only=True):
    """A request that was answered. Names that it did not have are empty.

    `fault` names the kinds of faults that struck it, joined by `+`.
    """

    operation: str
    app_id: str
    environment: str
    resource: str
    job_id: str
    status: int
    fault: str


class Dispatcher:
    """Answers requests on the backend in `context`, under `faults`. Safe for threads.

    `requests` are the last ones that were answered, the oldest first. `stopping` cuts the waits
    short that faults ask for.
    """

    def __init__(self, context: Context, faults: Faults) -> None:
        self.context = context
        self.faults = faults
        self.requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self.stopping = Event()
        self._protocol = load_protocol()

    def dispatch(self, method: str, path: str, body: bytes) -> Reply:
        """Return the reply to a request; it never raises. `path` is still percent-encoded."""
        operation = self._protocol.match(method, path)
        given: Mapping[str, Any] = {}
        try:
            operation = _offered(operation, method)
            given = operation.decode(path, _object(body))
            reply = self._perform(operation, given)
        except ServiceError as error:
            reply = refusal_of(error)
        except ModelgenError as error:
            reply = refusal(500, "InternalFailure", error.message)
        except Exception:  # noqa: BLE001 (a bug must cost one answer, not the server)
            _LOG.exception("%s failed", operation and operation.name)
            reply = refusal(500, "InternalFailure", "the embedded backend has a bug; its log tells")
        self.requests.append(_request(operation, given, reply))
        return reply

    def _perform(self, operation: Operation, given: Mapping[str, Any]) -> Reply:
        faults = self.faults.strike(operation.name, self._names(given))
        for fault in faults:
            if fault.kind == "latency":
                self.stopping.wait(fault.seconds)
        refused = refusal_by(faults)
        if refused is not None:
            return refused
        context = replace(self.context, plan=plan_of(faults))
        try:
            members = HANDLERS[operation.name](context, given)
            reply = answer(operation, members, faults)
        except ServiceError as error:
            reply = refusal_of(error)
        return spoilt(reply, faults)

    def _names(self, given: Mapping[str, Any]) -> set[str]:
        names = {given[name] for name in _NAMES if name in given}
        if "JobId" in given and "BackendEnvironmentName" in given:
            job = self.context.store.jobs.get(
                given["AppId"], given["BackendEnvironmentName"], given["JobId"]
            )
            names |= {job.resource} if job is not None and job.resource else set()
        return names


def _offered(operation: Operation | None, method: str) -> Operation:
    if operation is None:
        message = f"no operation of AmplifyBackend has this path with {method}"
        raise NotFoundError(message, resource_type="Operation")
    if operation.name not in HANDLERS:
        message = f"the embedded backend does not offer {operation.name}"
        raise BadRequestError(message)
    return operation


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        message = "the body is not JSON"
        raise BadRequestError(message) from error
    if not isinstance(document, dict):
        message = "the body is not a JSON object"
        raise BadRequestError(message)
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _request(operation: Operation | None, given: Mapping[str, Any], reply: Reply) -> Request:
    app_id, environment, resource, job_id = (str(given.get(name, "")) for name in _NAMES)
    return Request(
        operation=operation.name if operation else "",
        app_id=app_id,
        environment=environment,
        resource=resource,
        job_id=job_id,
        status=reply.status,
        fault="+".join(fault.kind for fault in reply.faults),
    )
