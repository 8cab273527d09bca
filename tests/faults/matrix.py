"""Running a row of the fault matrix: two targets over real sockets, one of them struck."""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplify_modelgen_plugins.local import running_server
from faults.children import Ended, command, run_in_child
from faults.projects import CHANGED, SCHEMA, Project, make_project
from faults.rows import MODELS, PUSH, START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amplify_modelgen_plugins.local import RunningServer
    from faults.rows import Row

STRUCK, SPARED = "d1struck", "d2spared"
KEY, SECRET, TOKEN = "AKIACANARYCANARYZ7Q9", "canary/secret/of/the/key/canary/00", "canary-token-00"
USER, PASSWORD = "canary-user", "canary-password"
CANARIES = (KEY, SECRET, TOKEN, USER, PASSWORD)
INTROSPECTION = '{"version": 1, "models": {}, "enums": {}, "nonModels": {}}'
REPORTS = ("json", "junit", "sarif", "github")

_TARGET = """
[[target]]
app-id = "{app}"
environment = "dev"
resource = "{resource}"
region = "us-east-1"
schema = "{resource}.graphql"
push-schema = {push}
outputs = [{{ emitter = "introspection", path = "models/{resource}.json" }},
           {{ emitter = "datastore", path = "models/{resource}.schema.json" }}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a row: the run, its report, the files before and after, what the server saw."""

    ended: Ended
    report: dict[str, Any]
    before: dict[str, bytes]
    after: dict[str, bytes]
    starts: int
    written: str

    def outcome(self, app: str) -> dict[str, Any]:
        """Return what the report says of the target of an app."""
        found: dict[str, Any] = next(
            target for target in self.report["targets"] if target["app"] == app
        )
        return found

    def files_of(self, resource: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Return the outputs of a resource before and after."""
        prefix = f"models/{resource}."
        before = {path: text for path, text in self.before.items() if path.startswith(prefix)}
        after = {path: text for path, text in self.after.items() if path.startswith(prefix)}
        return before, after


@contextmanager
def served(row: Row) -> Iterator[RunningServer]:
    """Serve both targets' schemas, struck as the row says."""
    rules = [f"{rule},for={STRUCK}" for rule in row.rules]
    with running_server(job_time=0.05, faults=rules) as server:
        deployed = SCHEMA if row.stage == PUSH else CHANGED
        server.deploy(deployed, app_id=STRUCK, environment="dev", resource="blog")
        server.deploy(CHANGED, app_id=SPARED, environment="dev", resource="shop")
        yield server


def prepared(place: Path, row: Row) -> Project:
    """Make a project whose two targets were generated once, by another backend, and are stale."""
    project = make_project(place / "work")
    push = str(row.stage == PUSH).lower()
    targets = [
        _TARGET.format(app=STRUCK, resource="blog", push=push),
        _TARGET.format(app=SPARED, resource="shop", push="false"),
    ]
    (project.root / "amplify-modelgen.toml").write_text("".join(targets))
    for resource in ("blog", "shop"):
        (project.root / f"{resource}.graphql").write_text(SCHEMA)
    first = command("generate", "--backend", "local", "--no-progress")
    assert run_in_child(first, place / "logs", project.root).code == 1
    project.change("blog", "shop")
    return project


def run_row(row: Row, place: Path) -> Result:
    """Generate under a row's faults; return what came of it."""
    project = prepared(place, row)
    before = project.files()
    with served(row) as server:
        if row.answer is not None:
            members = {"models": row.answer, "modelIntrospectionSchema": INTROSPECTION}
            (place / "answer").write_text(json.dumps({**members, "status": "LATEST"}))
            server.faults.add(f"{MODELS}:answer=@{place / 'answer'},for={STRUCK}")
        reports = [f"--report={each}={place / each}" for each in REPORTS]
        words = ["generate", "--verbose", "--report=terminal", *reports, "--timeout=3", *row.words]
        work = impatient(with_canaries(command(*words), server.url))
        ended = run_in_child(work, place / "logs", project.root)
        asked = [each for each in server.requests if each.app_id == STRUCK]
    starts = sum(each.operation == START and each.status == 200 for each in asked)
    state = (project.checkout / ".git").rglob("*")
    kept = [*(place / each for each in REPORTS), *(path for path in state if path.is_file())]
    return Result(
        ended=ended,
        report=json.loads((place / "json").read_bytes()),
        before=before,
        after=project.files(),
        starts=starts,
        written="\n".join(path.read_text(errors="replace") for path in kept),
    )


def with_canaries(work: Callable[[], int], url: str) -> Callable[[], int]:
    """Return the work with credentials that must never be seen, and this endpoint."""

    def run() -> int:
        os.environ |= {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": TOKEN,
            "AWS_ENDPOINT_URL_AMPLIFYBACKEND": url.replace("//", f"//{USER}:{PASSWORD}@"),
        }
        return work()

    return run


def impatient(work: Callable[[], int]) -> Callable[[], int]:
    """Return the work with the same attempts and shorter waits between them."""

    def run() -> int:
        from amplify_modelgen.jobs import following, progress
        from amplify_modelgen_plugins.aws import backend, lost, pace

        waits: Any = following
        waits.FIRST_WAIT = 0.02
        for module in (following, progress):
            waits = module
            waits.jittered = lambda seconds: min(seconds, 0.05)
        shortest: Any = backend
        shortest._SHORTEST, shortest._SHARE = 0.2, 15
        looks: Any = lost
        looks._PAUSES = (0.0, 0.02, 0.05)
        quick: Any = pace
        quick._FIRST_PAUSE = quick._LONGEST_PAUSE = 0.01
        import botocore.endpoint

        endpoint: Any = botocore.endpoint
        endpoint.time = _Quick()
        return work()

    return run


class _Quick:
    """The module `time`, for a library that waits between its attempts."""

    def __getattr__(self, name: str) -> object:
        return getattr(time, name) if name != "sleep" else lambda _seconds: None


def told(text: str) -> str:
    """Return a message without what differs from one run to the next."""
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "JOB", text)
    return re.sub(r"\d+(\.\d+)? s\b", "N s", text)
