"""Whatever is in the files and answers, a run ends with a value or with an error for people."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_modelgen import ModelgenError, Target
from amplify_modelgen.cli import main as cli
from amplify_modelgen.errors import ConfigError
from amplify_modelgen.files.journal import recover
from amplify_modelgen.files.lock import Locked, lock_text, parse_lock
from amplify_modelgen.files.state import state_folder
from amplify_modelgen_plugins.aws import AwsBackend
from amplify_modelgen_plugins.local import RunningServer, running_server
from faults.projects import SCHEMA, make_project

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
    "# amplify-modelgen lock, version 1", "[blog]", "[shop]", "", "0" * 64 + "  (schema)",
    "f" * 64 + "  (settings)", "0" * 64 + "  models/a.json", "-  (schema)", "<<<<<<< ours",
    "# amplify-modelgen lock, version 2",
])  # fmt: skip


@given(st.lists(lines | st.text(max_size=30), max_size=12))
@FUZZ
def test_any_lock_is_read_or_refused(drawn: list[str]) -> None:
    with suppress(ConfigError):
        parse_lock("\n".join(["# amplify-modelgen lock, version 1", *drawn]))


names = st.from_regex(r"[A-Za-z0-9/@._-]{1,20}", fullmatch=True)


def locked_of(schema: str, settings: str, outputs: dict[str, str]) -> Locked:
    # Hypothesis would resolve the annotations of the class, whose names are for checkers alone.
    return Locked(schema=schema, settings=settings, outputs=outputs)


locked = st.builds(
    locked_of, schema=digests, settings=digests, outputs=st.dictionaries(names, digests)
)


@given(st.dictionaries(names, locked))
@FUZZ
def test_a_lock_that_is_written_is_read_back(lock: dict[str, Locked]) -> None:
    assert parse_lock(lock_text(lock)) == lock


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


records = st.fixed_dictionaries({}, optional={
    "root": leaves | st.just("../.."), "temporary": leaves | st.just("a"),
    "moves": documents | st.just([{"path": "a", "temporary": "b", "before": None}]),
})  # fmt: skip


@given(st.lists(records.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=20)))
@FUZZ
def test_any_journal_is_done_with(root: Path, drawn: list[bytes]) -> None:
    folder = state_folder(root)
    folder.mkdir(exist_ok=True)
    (folder / "journal").write_bytes(b"\n".join(drawn))
    (root.parent / "outside").write_text("stays")
    assert recover(root)
    assert not (folder / "journal").exists()
    assert (root.parent / "outside").read_text() == "stays"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RunningServer, AwsBackend]]:
    with running_server() as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", server.url)
        backend = AwsBackend(pause=lambda _seconds: None)
        yield server, backend
        backend.close()


members = st.sampled_from(["status", "jobId", "error", "models", "modelIntrospectionSchema",
    "resourceConfig", "transformSchema", "jobs", "operation", "nextToken"])  # fmt: skip
answers = st.dictionaries(members, documents | st.just("COMPLETED") | st.just("{}"), max_size=5)


@given(answers | documents, st.sampled_from(["deployed_schema", "start", "models", "job"]))
@FUZZ
def test_any_answer_is_a_value_or_one_error(
    asked: tuple[RunningServer, AwsBackend], answer: Any, method: str
) -> None:
    server, backend = asked
    server.faults.clear()
    server.faults.add(f"answer={json.dumps(answer)}")
    arguments = (TARGET, "job-1") if method == "job" else (TARGET,)
    refusal = refused(lambda: getattr(backend, method)(*arguments))
    assert refusal is None or (refusal.hint and "\n" not in refusal.message)


def refused(call: Callable[[], object]) -> ModelgenError | None:
    try:
        call()
    except ModelgenError as error:
        return error
    return None
