"""What a backend tells of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from .targets import Target


class Job(Struct, frozen=True, kw_only=True):
    """A backend job as the API tells of it. Statuses nobody knows are kept as they are.

    `id` is None where the backend finished the work without a job. `seconds` is how long a job
    that has ended took, where the backend tells. Source: AmplifyBackend API reference, "Backend
    appId Job backendEnvironmentName jobId".
    """

    id: str | None
    operation: str
    status: str
    error: str | None = None
    seconds: float | None = None

    @property
    def failed(self) -> bool:
        """Whether the job ended badly. The service may answer 200 with an `Error` in it."""
        return self.status == "FAILED" or bool(self.error)

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in ("COMPLETED", "FAILED") or self.failed

    @property
    def completed(self) -> bool:
        """Whether the job ended well."""
        return self.ended and not self.failed


JobEventKind = Literal["started", "polled", "finished", "retried"]


class JobEvent(Struct, frozen=True, kw_only=True):
    """A moment in the life of a job, for progress displays.

    `seconds` is the time since the target's work began, `polls` how often the job was asked for.
    """

    kind: JobEventKind
    target: Target
    job: Job | None
    seconds: float
    polls: int = 0
    error: str | None = None
