"""The operations of the AmplifyBackend API that generate models."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from .responses import ApiResponse
from .service_errors import ApiCall, Timeouts

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Job, RemoteModels, Target

    from .client import Clients

_DEFAULT = Timeouts()
# Reads are attempted three times, and all attempts should fit into the timeout of the run.
_TIMEOUT_SHARE = 3
_MIN_TIMEOUT = 1.0


class AwsBackend:
    """A `JobBackend` for AWS. Safe to share between threads; nothing is sent before a call.

    `timeout` is the run's timeout in seconds; no attempt of a call waits longer than a third of
    it. `timeouts` replaces what follows from it.
    """

    def __init__(self, *, timeout: float = 600.0, timeouts: Timeouts | None = None) -> None:
        share = max(_MIN_TIMEOUT, timeout / _TIMEOUT_SHARE)
        self._timeouts = timeouts or Timeouts(
            connect=min(_DEFAULT.connect, share), read=min(_DEFAULT.read, share)
        )
        self._lock = Lock()
        self._clients: Clients | None = None

    def deployed_schema(self, target: Target) -> str | None:
        """Return the schema of the environment, or None if the API does not say."""
        call = ApiCall(operation="GetBackendAPI", target=target)
        return self._send(call, ResourceName=target.resource).deployed_schema()

    def push_schema(self, target: Target, sdl: str) -> Job:
        """Replace the schema of the environment; return the job that deploys it."""
        call = ApiCall(operation="UpdateBackendAPI", target=target)
        response = self._send(
            call, ResourceName=target.resource, ResourceConfig={"TransformSchema": sdl}
        )
        return response.started_job()

    def start_job(self, target: Target) -> Job:
        """Start the generation of models."""
        call = ApiCall(operation="GenerateBackendAPIModels", target=target)
        return self._send(call, ResourceName=target.resource).started_job()

    def get_job(self, target: Target, job_id: str) -> Job:
        """Return the current state of a job."""
        call = ApiCall(operation="GetBackendJob", target=target, job_id=job_id)
        return self._send(call, JobId=job_id).current_job()

    def get_models(self, target: Target) -> RemoteModels:
        """Return the models that were generated last, decoded, and whether they are the latest."""
        call = ApiCall(operation="GetBackendAPIModels", target=target)
        return self._send(call, ResourceName=target.resource).models()

    def close(self) -> None:
        """Close the connections that are kept open."""
        with self._lock:
            clients, self._clients = self._clients, None
        if clients is not None:
            clients.close()

    def _send(self, call: ApiCall, **parameters: object) -> ApiResponse:
        members, context = self._connected().send(call, parameters)
        return ApiResponse(call, context, members)

    def _connected(self) -> Clients:
        with self._lock:
            if self._clients is None:
                from .client import Clients

                self._clients = Clients(self._timeouts)
            return self._clients
