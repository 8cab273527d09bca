"""The operations of the AmplifyBackend API that generate models."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from amplify_modelgen.plugin import BackendError, ConfigError, Job, Models, RemoteModels

from .responses import ResponseFormatError, decode_document
from .service_errors import (
    INVALID_RESPONSE,
    NO_MODELS,
    SERVICE_ERROR,
    UNUSABLE_MODELS,
    ApiCall,
    api_error,
    quote,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen.plugin import Target

    from .client import Clients

_FINISHED = frozenset({"COMPLETED", "FAILED"})


class AwsBackend:
    """A `JobBackend` for AWS. Safe to share between threads; nothing is sent before a call.

    `timeout` is the run's timeout in seconds; no attempt of a call waits longer than a third of
    it. The methods raise `BackendError` if the response is not what it should be.
    """

    def __init__(self, *, timeout: float = 600.0) -> None:
        self._timeout = timeout
        self._lock = Lock()
        self._clients: Clients | None = None

    def deployed_schema(self, target: Target) -> str | None:
        """Return the schema of the environment, or None if the API does not say."""
        call = ApiCall(operation="GetBackendAPI", target=target)
        members = self._send(call, ResourceName=target.resource)
        if error := members.get("Error"):
            raise api_error(call, SERVICE_ERROR, quote(error))
        schema: str | None = members.get("ResourceConfig", {}).get("TransformSchema")
        return schema

    def push_schema(self, target: Target, sdl: str) -> Job:
        """Replace the schema of the environment; return the job that deploys it."""
        config = {"TransformSchema": sdl}
        return self._start("UpdateBackendAPI", target, ResourceConfig=config)

    def start_job(self, target: Target) -> Job:
        """Start the generation of models."""
        return self._start("GenerateBackendAPIModels", target)

    def get_job(self, target: Target, job_id: str) -> Job:
        """Return the current state of a job."""
        call = ApiCall(operation="GetBackendJob", target=target, job_id=job_id)
        members = self._send(call, JobId=job_id)
        if members.get("JobId", job_id) != job_id:
            raise _no_job(call, {}, "it is about another job")
        if not members.get("Status"):
            raise _no_job(call, members, "Status is missing")
        return _job(call, {**members, "JobId": job_id})

    def get_models(self, target: Target) -> RemoteModels:
        """Return the models that were generated last, decoded, and whether they are the latest.

        The introspection schema may be missing.
        """
        call = ApiCall(operation="GetBackendAPIModels", target=target)
        members = self._send(call, ResourceName=target.resource)
        if "Models" not in members:
            raise api_error(call, NO_MODELS, "no models have been generated yet")
        models = Models(
            datastore=_document(call, members, "Models"),
            introspection=(
                _document(call, members, "ModelIntrospectionSchema")
                if members.get("ModelIntrospectionSchema")
                else None
            ),
        )
        return RemoteModels(models=models, status=members.get("Status"))

    def close(self) -> None:
        """Close the connections that are kept open."""
        with self._lock:
            if self._clients is not None:
                self._clients.close()
            self._clients = None

    def _start(self, operation: str, target: Target, **parameters: object) -> Job:
        """Return the job that a call started; it may be finished, without an id."""
        call = ApiCall(operation=operation, target=target)
        members = self._send(call, ResourceName=target.resource, **parameters)
        if not members.get("JobId") and members.get("Status") not in _FINISHED:
            raise _no_job(call, members, "JobId is missing")
        return _job(call, members)

    def _send(self, call: ApiCall, **parameters: object) -> Mapping[str, Any]:
        with self._lock:
            if self._clients is None:
                from .client import Clients

                self._clients = Clients(self._timeout)
            clients = self._clients
        return clients.send(call, parameters)


def _job(call: ApiCall, members: Mapping[str, Any]) -> Job:
    error = members.get("Error")
    return Job(
        id=members.get("JobId") or None,
        operation=members.get("Operation") or call.operation,
        # An id alone is a job that can be polled.
        status=members.get("Status") or "UNKNOWN",
        error=quote(error) if error else None,
    )


def _no_job(call: ApiCall, members: Mapping[str, Any], detail: str) -> BackendError | ConfigError:
    if error := members.get("Error"):
        return api_error(call, SERVICE_ERROR, quote(error))
    return api_error(call, INVALID_RESPONSE, f"unexpected response format: {detail}")


def _document(call: ApiCall, members: Mapping[str, Any], member: str) -> dict[str, Any]:
    try:
        return decode_document(members[member])
    except ResponseFormatError as error:
        raise api_error(call, UNUSABLE_MODELS, f"unusable {member}: {error}") from error
