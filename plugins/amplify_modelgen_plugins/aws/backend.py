"""The backend `aws`: an environment's schema, jobs and models in the AmplifyBackend API."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .api import Api
from .call import Call
from .clients import Clients, Timeouts
from .failures import LostAnswerError
from .lost import LostJobs, Starts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amplify_modelgen import Job, Models, Target

    from .answers import Answer

_DEFAULT = Timeouts()
# Reads are attempted three times, and all three should fit into the run's timeout.
_SHARE = 3
_SHORTEST = 1.0


class AwsBackend:
    """The AmplifyBackend API. Safe to share by up to 64 threads; nothing is sent before a call.

    `timeout` is how long a job may take in seconds: no attempt of a call waits longer than a
    third of it. `timeouts` replaces what follows from it. `per_second` bounds the requests for an
    account and region; `pause` is the wait before another look for a job whose start was not
    answered.
    """

    feeds_on_tree = False

    def __init__(
        self,
        *,
        timeout: float = 600.0,
        timeouts: Timeouts | None = None,
        per_second: float | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        share = max(_SHORTEST, timeout / _SHARE)
        self._timeouts = timeouts or Timeouts(
            connect=min(_DEFAULT.connect, share), read=min(_DEFAULT.read, share)
        )
        self._clients = Clients(self._timeouts, per_second)
        self._api = Api(self._clients)
        self._starts = Starts()
        patience = self._timeouts.connect + self._timeouts.read
        self._lost = LostJobs(api=self._api, starts=self._starts, patience=patience, pause=pause)

    def deployed_schema(self, target: Target) -> str | None:
        """Return the schema that the environment has, or None where the API does not tell."""
        return self._about_resource("GetBackendAPI", target).schema()

    def push_schema(self, target: Target, sdl: str) -> Job:
        """Replace the environment's schema by `sdl`, and return the job that deploys it."""
        return self._started(
            "UpdateBackendAPI", target, {"ResourceConfig": {"TransformSchema": sdl}}
        )

    def start(self, target: Target) -> Job:
        """Start the generation of models, once: an answer that got lost starts no second job."""
        return self._started("GenerateBackendAPIModels", target, {})

    def job(self, target: Target, job_id: str) -> Job:
        """Return the job as it is now."""
        self._starts.know(job_id)
        call = Call(operation="GetBackendJob", target=target, job_id=job_id)
        return self._api.send(call, {"JobId": job_id}).followed_job()

    def models(self, target: Target) -> Models:
        """Return the models that AWS made last, decoded, and whether they are the latest."""
        return self._about_resource("GetBackendAPIModels", target).models()

    def close(self) -> None:
        """Close the connections that are kept open for further calls."""
        self._clients.close()

    def _about_resource(self, operation: str, target: Target) -> Answer:
        call = Call(operation=operation, target=target)
        return self._api.send(call, {"ResourceName": target.resource})

    def _started(self, operation: str, target: Target, members: Mapping[str, object]) -> Job:
        call = Call(operation=operation, target=target)
        sent = time.monotonic()
        try:
            with self._starts.sending(call):
                answer = self._api.send(call, {"ResourceName": target.resource, **members})
                job = answer.started_job()
                self._starts.know(job.id)
                return job
        except LostAnswerError as lost:
            return self._lost.find(call, sent, lost)
