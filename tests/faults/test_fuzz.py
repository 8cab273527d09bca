"""Any file and any response gives a value or a `ModelgenError`, never an internal error."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_modelgen.cli import main as cli
from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.records import Target
from amplify_modelgen.storage.checkout_state import PendingJobs
from amplify_modelgen.storage.lockfile import LockEntry, parse_lockfile, render_lockfile
from amplify_modelgen_plugins.aws.backend import AwsBackend
from amplify_modelgen_plugins.serve import RunningServer, running_server
from support.fault_projects import SCHEMA, Project, make_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EXAMPLES = int(os.environ.get("AMPLIFY_MODELGEN_EXAMPLES", "100"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TARGET = Target(app_id="d1", environment="dev", resource="blog", region="us-east-1")

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
words = st.sampled_from(["api", "frontend", "providers", "envName", "dev", "awscloudformation",
    "AmplifyAppId", "Region", "features", "config", "SourceDir",
    "javascript", "service"])  # fmt: skip
documents = st.recursive(
    leaves | words,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(words | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=15,
)
digests = st.sampled_from(["0" * 64, "f" * 64])
lines = st.sampled_from([
    "# amplify-modelgen lock 2", "", f"{'0' * 64} {'f' * 64} models/a.json",
    f"{'0' * 64} {'f' * 64} .git/HEAD", f"{'0' * 64} models/a.json", f"{'0' * 64} {'f' * 64} ",
    "<<<<<<< ours", "=======", "# amplify-modelgen lock, version 1",
])  # fmt: skip


@given(st.lists(lines | st.text(max_size=30), max_size=12))
@FUZZ
def test_any_lock_is_read(drawn: list[str]) -> None:
    entries = parse_lockfile("\n".join(drawn))
    assert parse_lockfile(render_lockfile(entries)) == entries


paths = st.from_regex(r"[a-z@_-]{1,8}(/[a-z@_-]{1,8}){0,2}\.json", fullmatch=True)


def make_entry(inputs: str, content: str) -> LockEntry:
    # Hypothesis cannot resolve the annotations of a Struct.
    return LockEntry(inputs=inputs, content=content)


entries_of_paths = st.dictionaries(paths, st.builds(make_entry, inputs=digests, content=digests))


@given(entries_of_paths)
@FUZZ
def test_a_lock_that_is_written_is_read_back(lock: dict[str, LockEntry]) -> None:
    assert parse_lockfile(render_lockfile(lock)) == lock


@pytest.fixture
def root(memory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = make_project(memory / "work")
    monkeypatch.chdir(project.root)
    return project.root


keys = st.sampled_from(["backend", "timeout", "target", "environment", "protected-environments",
    "app-id", "resource", "region", "schema", "outputs", "emitter", "path",
    "push-schema"])  # fmt: skip
values = st.sampled_from(['"local"', '"introspection"', "1", "nan", "true", "[]", "{}",
    "1979-05-27", '[{ emitter = "introspection", path = "models" }]', '"../up"', '"/etc/passwd"',
    '"\\u001b[2J"'])  # fmt: skip
entries = st.builds("{} = {}".format, keys, values) | st.sampled_from(["[[target]]", "[target]"])


@given(st.lists(entries, max_size=8) | st.text(max_size=60).map(lambda text: [text]))
@FUZZ
def test_any_configuration_is_used_or_refused(root: Path, drawn: list[str]) -> None:
    text = "\n".join(drawn).encode("utf-8", "replace")
    (root / "amplify-modelgen.toml").write_bytes(text)
    assert cli.main(["targets"]) in (0, 2)


PROJECT_FILES = (
    "amplify/.config/project-config.json",
    "amplify/.config/local-env-info.json",
    "amplify/team-provider-info.json",
    "amplify/cli.json",
    "amplify/backend/backend-config.json",
)


@given(st.sampled_from(PROJECT_FILES), documents | st.binary(max_size=40))
@FUZZ
def test_any_project_file_is_used_or_refused(root: Path, path: str, drawn: object) -> None:
    content = drawn if isinstance(drawn, bytes) else json.dumps(drawn).encode()
    api = root / "amplify/backend/api/blog/schema.graphql"
    api.parent.mkdir(parents=True, exist_ok=True)
    api.write_text(SCHEMA)
    for each in PROJECT_FILES:
        (root / each).parent.mkdir(parents=True, exist_ok=True)
        (root / each).write_bytes(content if each == path else b"{}")
    assert cli.main(["targets"]) in (0, 2)


@given(documents.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=40))
@FUZZ
def test_any_pending_jobs_are_read(root: Path, content: bytes) -> None:
    directory = Project(root=root, checkout=root).state
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "pending-jobs.jsonl").write_bytes(content)
    pending = PendingJobs(root)
    pending.add("models/a.json", "digest", "job")
    assert PendingJobs(root).get("models/a.json", "digest") == "job"
    (directory / "pending-jobs.jsonl").write_bytes(content)
    assert cli.main(["targets"]) in (0, 2)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RunningServer, AwsBackend]]:
    with running_server() as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
        backend = AwsBackend()
        yield server, backend
        backend.close()


members = st.sampled_from(["status", "jobId", "error", "models", "modelIntrospectionSchema",
    "resourceConfig", "transformSchema", "jobs", "operation", "nextToken"])  # fmt: skip
answers = st.dictionaries(members, documents | st.just("COMPLETED") | st.just("{}"), max_size=5)


@given(
    answers | documents, st.sampled_from(["deployed_schema", "start_job", "get_models", "get_job"])
)
@FUZZ
def test_any_response_is_a_value_or_one_error(
    connected: tuple[RunningServer, AwsBackend], answer: Any, method: str
) -> None:
    server, backend = connected
    server.faults.clear()
    server.faults.add(f"answer={json.dumps(answer)}")
    arguments = (TARGET, "job-1") if method == "get_job" else (TARGET,)
    refusal = refused(lambda: getattr(backend, method)(*arguments))
    assert refusal is None or (refusal.hint and "\n" not in refusal.message)


def refused(call: Callable[[], object]) -> ModelgenError | None:
    try:
        call()
    except ModelgenError as error:
        return error
    return None
