"""Reading what the API answered, believing nothing.

botocore gives an empty answer for a page of HTML, an empty body and a body that was cut off,
passes wrong types on, and drops members that are null; so every member is looked at here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen import BackendError, Job, Models

from .documents import DocumentError, decode
from .failures import unusable
from .moments import moment
from .redaction import redact
from .refusals import NO_MODELS, NONE_MADE, NOT_UNDERSTOOD, SAID_ERROR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amplify_modelgen import ConfigError

    from .call import Call
    from .documents import Document
    from .failures import Route
    from .rule import Rule

_ENDED = frozenset({"COMPLETED", "FAILED"})


class Answer:
    """The answer to one call. Its methods raise `BackendError` where it is not what it should be.

    What they raise is `TransientError` where the call may be sent again, `LostAnswerError` where
    it must not, but its work may have begun.
    """

    def __init__(self, call: Call, route: Route, members: Mapping[str, object]) -> None:
        self._call = call
        self._route = route
        self._members = members

    def text(self, member: str) -> str | None:
        """Return a member that is text, or None where it is missing."""
        value = self._members.get(member)
        if value is None or isinstance(value, str):
            return value
        raise self.malformed(f"its {member} is not text")

    def group(self, member: str) -> Mapping[str, object]:
        """Return a member that has members itself; empty where it is missing."""
        value = self._members.get(member)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        raise self.malformed(f"its {member} has no members")

    def groups(self, member: str) -> list[Mapping[str, object]]:
        """Return a member that is a list of groups, without those that are none."""
        value = self._members.get(member)
        if isinstance(value, list):
            return [item for item in value if isinstance(item, dict)]
        raise self.malformed(f"it has no list of {member}")

    def malformed(self, detail: str) -> BackendError | ConfigError:
        """Return the error for an answer that cannot be read."""
        return unusable(NOT_UNDERSTOOD, self._call, self._route, detail)

    def started_job(self) -> Job:
        """Return the job that the call started, which may have ended at once, without an id."""
        job_id, status = self.text("JobId"), self.text("Status")
        if not job_id and status not in _ENDED:
            raise self._unfollowable(status)
        # An id alone still is a job that can be followed.
        return self._job(job_id or None, status or "UNKNOWN")

    def followed_job(self) -> Job:
        """Return the job that was asked for."""
        job_id, status = self.text("JobId"), self.text("Status")
        if job_id and job_id != self._call.job_id:
            raise self.malformed("it is about another job")
        if not status:
            raise self._unfollowable(status)
        job = self._job(self._call.job_id, status)
        return replace(job, seconds=self._length()) if job.ended else job

    def schema(self) -> str | None:
        """Return the schema's text, or None where the service does not tell."""
        if error := self.text("Error"):
            raise self._said(error)
        config = Answer(self._call, self._route, self.group("ResourceConfig"))
        known = ("AppId", "BackendEnvironmentName", "ResourceConfig", "ResourceName")
        if not any(member in self._members for member in known):
            raise self.malformed("it lacks ResourceConfig")
        return config.text("TransformSchema")

    def models(self) -> Models:
        """Return the two documents; the introspection schema may be missing."""
        datastore, introspection = self.text("Models"), self.text("ModelIntrospectionSchema")
        if datastore is None:
            if not self.text("Status"):
                raise self.malformed("it lacks Models")
            raise self._no_models("AWS has made none yet", NONE_MADE)
        return Models(
            datastore=self._document("Models", datastore),
            introspection=(
                self._document("ModelIntrospectionSchema", introspection) if introspection else None
            ),
            status=self.text("Status"),
        )

    def _document(self, member: str, text: str) -> Document:
        try:
            return decode(text)
        except DocumentError as error:
            raise self._no_models(f"of {member}, {error}") from error

    def _job(self, job_id: str | None, status: str) -> Job:
        error = self.text("Error")
        return Job(
            id=job_id,
            operation=self.text("Operation") or self._call.operation,
            status=status,
            error=redact(error) if error else None,
        )

    def _length(self) -> float | None:
        """Return the time from the job's beginning to its last change, if both can be read."""
        began = moment(self._members.get("CreateTime"))
        ended = moment(self._members.get("UpdateTime"))
        return (ended - began).total_seconds() if began and ended else None

    def _unfollowable(self, status: str | None) -> BackendError | ConfigError:
        if error := self.text("Error"):
            return self._said(error)
        return self.malformed("it lacks JobId" if status else "it lacks JobId and Status")

    def _no_models(self, detail: str, rule: Rule = NO_MODELS) -> BackendError | ConfigError:
        return unusable(rule, self._call, self._route, detail)

    def _said(self, error: str) -> BackendError | ConfigError:
        return unusable(SAID_ERROR, self._call, self._route, error)
