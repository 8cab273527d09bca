"""The jobs in the store: added, looked up, listed in pages, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .encoding import plan_from_json, plan_to_json, work_from_json, work_to_json
from .records import StoredJob

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .database import Database

# Enough for weeks of work; a load test must not make the database grow for ever.
KEPT_JOBS = 10_000
_CHUNK = 50
_MOST = 2**63 - 1

_NAMES = StoredJob.__struct_fields__
_COLUMNS = ", ".join(_NAMES)
# The jobs of all environments of an app belong to each of them.
_HERE = "app_id = ? AND (environment = ? OR environment IS NULL)"


class JobTable:
    """All jobs, whether what they work on is still there or not; the oldest are forgotten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: StoredJob) -> None:
        """Keep a new job."""
        self._database.change(
            f"INSERT INTO job ({_COLUMNS}, definition_id)"  # noqa: S608 (constant columns)
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *_values(job),
            job.work.definition_id,
        )
        self._database.change(
            "DELETE FROM job WHERE status IS NOT NULL"
            " AND number <= (SELECT max(number) FROM job) - ?",
            KEPT_JOBS,
        )

    def replace(self, job: StoredJob) -> None:
        """Keep what has become of a job: its plan, times, status and error."""
        self._database.change(
            "UPDATE job SET plan = ?, updated = ?, ends = ?, status = ?, error = ? WHERE id = ?",
            plan_to_json(job.plan),
            job.updated,
            job.ends,
            job.status,
            job.error,
            job.id,
        )

    def get(self, app_id: str, environment: str, job_id: str) -> StoredJob | None:
        """Return the job of this app and environment."""
        query = f"SELECT {_COLUMNS} FROM job WHERE id = ? AND {_HERE}"  # noqa: S608 (constants)
        row = self._database.row(query, job_id, app_id, environment)
        return None if row is None else _job(row)

    def due(self, now: float) -> tuple[StoredJob, ...]:
        """Return the jobs whose time has come and whose work is not done, in their order."""
        query = (
            f"SELECT {_COLUMNS} FROM job"  # noqa: S608 (constant columns)
            " WHERE status IS NULL AND ends <= ? ORDER BY ends, number"
        )
        return tuple(_job(row) for row in self._database.rows(query, now))

    def before(self, app_id: str, environment: str, job_id: str | None) -> Iterator[StoredJob]:
        """Yield the jobs of an environment that are older than the job `job_id`, if it is given.

        The newest comes first, and no more is read than is asked for.
        """
        number = self._number(job_id)
        query = (
            f"SELECT number, {_COLUMNS} FROM job"  # noqa: S608 (constants)
            f" WHERE {_HERE} AND number < ? ORDER BY number DESC LIMIT {_CHUNK}"
        )
        while rows := self._database.rows(query, app_id, environment, number):
            yield from (_job(row[1:]) for row in rows)
            number = rows[-1][0]

    def _number(self, job_id: str | None) -> int:
        if job_id is None:
            return _MOST
        row = self._database.row("SELECT number FROM job WHERE id = ?", job_id)
        return row[0] if row else 0


def _values(job: StoredJob) -> tuple[object, ...]:
    return (
        job.id,
        job.app_id,
        job.environment,
        job.resource,
        job.operation,
        work_to_json(job.work),
        plan_to_json(job.plan),
        job.created,
        job.updated,
        job.ends,
        job.status,
        job.error,
    )


def _job(row: tuple[Any, ...]) -> StoredJob:
    values = dict(zip(_NAMES, row, strict=True))
    values["work"] = work_from_json(values["work"])
    values["plan"] = plan_from_json(values["plan"])
    return StoredJob(**values)
