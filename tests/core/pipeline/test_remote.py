from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.errors import (
    BackendError,
    ConfigError,
    NotFoundError,
    PluginError,
    UsageError,
)
from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.pipeline.evaluate import GenerateOptions
from amplify_modelgen.pipeline.remote import check_remote
from amplify_modelgen.plugin import FeatureFlags, RemoteModels, hookimpl
from amplify_modelgen.storage.lockfile import LOCKFILE, parse_lockfile
from support.core_values import ScriptedBackend, job
from support.pipeline import (
    SCHEMA,
    ignore_event,
    open_workspace,
    plugins_with,
    run_check,
    run_generate,
)

if TYPE_CHECKING:
    from pathlib import Path

    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import Outcome, Report

OUTPUT = "models/blog.json"
OTHER = SCHEMA.replace("String", "Int")


class Remote:
    """A plugin whose backend `remote` is scripted."""

    def __init__(self, backend: ScriptedBackend) -> None:
        self.backend = backend

    @hookimpl
    def modelgen_backend(self, name: str) -> ScriptedBackend | None:
        return self.backend if name == "remote" else None


def models_of(sdl: str, status: str | None = "LATEST") -> RemoteModels:
    models = generate_models(sdl, FeatureFlags())
    return RemoteModels(models=replace(models, schema=None), status=status)


def scripted(deployed: str | None = SCHEMA, **script: Any) -> ScriptedBackend:
    defaults: dict[str, Any] = {
        "deployed_schema": [deployed] * 3,
        "get_models": [models_of(deployed or SCHEMA)] * 3,
    }
    return ScriptedBackend(**defaults | script)


def plugins_for(backend: ScriptedBackend) -> PluginManager:
    return plugins_with(remote=Remote(backend))


def generate(root: Path, backend: ScriptedBackend, **options: bool) -> Report:
    return run_generate(root, plugins_for(backend), (), "remote", **options)


def only(report: Report) -> Outcome:
    (outcome,) = report.outcomes
    return outcome


def test_models_of_a_job_are_written_and_locked(project: Path) -> None:
    backend = scripted()
    report = generate(project, backend)
    outcome = only(report)
    assert outcome.status == "generated"
    assert [run.job.id for run in outcome.jobs] == ["job-1"]
    assert report.written == (LOCKFILE, OUTPUT)
    assert list(parse_lockfile((project / LOCKFILE).read_text())) == [OUTPUT]
    assert list(json.loads((project / OUTPUT).read_bytes())["models"]) == ["Post"]
    assert backend.called("close") == 1


@pytest.mark.parametrize("error", [ValueError("no"), GeneratorExit("no")])
def test_a_backend_that_cannot_be_closed_is_named(project: Path, error: BaseException) -> None:
    backend = scripted()

    def close() -> None:
        raise error

    backend.close = close  # type: ignore[method-assign]
    with pytest.raises(PluginError, match=r"the backend 'remote' failed: \w+: no"):
        generate(project, backend)


def test_the_next_run_calls_nothing(project: Path) -> None:
    generate(project, scripted())
    backend = scripted()
    report = generate(project, backend)
    assert (only(report).status, report.exit_code) == ("up-to-date", 0)
    assert [call[0] for call in backend.calls] == ["close"]
    assert only(run_check(project)).status == "up-to-date"


def test_force_calls_it_again(project: Path) -> None:
    generate(project, scripted())
    backend = scripted()
    assert only(generate(project, backend, force=True)).status == "up-to-date"
    assert backend.called("start_job") == 1


def test_check_compares_with_the_lock_and_not_with_the_local_engine(project: Path) -> None:
    models = models_of(SCHEMA)
    introspection = {**(models.models.introspection or {}), "version": 2}
    newer = replace(models, models=replace(models.models, introspection=introspection))
    generate(project, scripted(get_models=[newer]))
    assert only(run_check(project)).status == "up-to-date"
    (project / LOCKFILE).unlink()
    assert only(run_check(project)).status == "stale"


def test_a_deployed_schema_that_differs_is_drift(project: Path) -> None:
    report = generate(project, scripted(deployed=OTHER))
    outcome = only(report)
    assert (outcome.status, report.exit_code) == ("drifted", 1)
    assert outcome.reason == "the schema in environment 'dev' differs from blog.graphql"
    assert [change.subject for change in outcome.changes] == ["Post.title"]
    assert not (project / OUTPUT).exists()
    assert not (project / LOCKFILE).exists()


def test_accepted_drift_stays_stale(project: Path) -> None:
    report = generate(project, scripted(deployed=OTHER), allow_drift=True)
    assert only(report).status == "generated"
    assert "were generated from the schema in environment 'dev'" in only(report).reason
    assert (project / OUTPUT).exists()
    assert only(run_check(project)).status == "stale"
    again = generate(project, scripted(deployed=OTHER), allow_drift=True)
    assert (only(again).status, again.exit_code) == ("drifted", 1)
    assert only(again).reason.startswith("the models were generated from the schema in")


def test_a_failed_job_changes_nothing_and_is_reported(project: Path) -> None:
    backend = scripted(start_job=[job("FAILED", error="no schema")])
    report = generate(project, backend)
    outcome = only(report)
    assert (outcome.status, outcome.exit_code, report.exit_code) == ("failed", 3, 3)
    assert "no schema" in outcome.reason
    assert [run.job.status for run in outcome.jobs] == ["FAILED"]
    assert not (project / OUTPUT).exists()


def test_a_backend_error_is_reported(project: Path) -> None:
    error = BackendError("access denied", hint="ask for permissions")
    outcome = only(generate(project, scripted(deployed_schema=[error])))
    assert (outcome.status, outcome.reason, outcome.hint) == (
        "failed",
        "access denied",
        "ask for permissions",
    )


def test_a_pushed_schema_is_deployed_first_and_its_job_is_reported(project: Path) -> None:
    deployment = replace(job(job_id="push-1"), operation="UpdateBackendAPI")
    backend = scripted(
        deployed_schema=[OTHER, SCHEMA, SCHEMA],
        push_schema=[deployment],
        get_models=[models_of(SCHEMA)] * 2,
    )
    outcome = only(generate(project, backend, push_schema=True))
    assert outcome.status == "generated"
    assert [run.job.operation for run in outcome.jobs] == [
        "UpdateBackendAPI",
        "GenerateBackendAPIModels",
    ]


def test_nothing_is_pushed_to_a_protected_environment(project: Path) -> None:
    file = project / "amplify-modelgen.toml"
    file.write_text('protected-environments = ["dev"]\n' + file.read_text())
    backend = scripted()
    with pytest.raises(UsageError, match="environment 'dev' is protected"):
        generate(project, backend, push_schema=True)
    assert [call[0] for call in backend.calls] == ["close"]


def test_an_invalid_schema_calls_nothing(project: Path) -> None:
    (project / "blog.graphql").write_text("type Post @model { id: Nope! }")
    backend = scripted()
    assert only(generate(project, backend)).status == "invalid"
    assert [call[0] for call in backend.calls] == ["close"]


def test_an_unreadable_schema_fails(project: Path) -> None:
    (project / "blog.graphql").unlink()
    assert only(generate(project, scripted())).status == "failed"


def test_an_ignored_lock_file_is_an_error(project: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / ".gitignore").write_text("*.lock\n")
    with pytest.raises(ConfigError, match=r"git ignores amplify-modelgen.lock \(.gitignore:1\)"):
        generate(project, scripted())


@pytest.fixture
def remote_only(project: Path) -> Path:
    file = project / "amplify-modelgen.toml"
    file.write_text(file.read_text().replace('schema = "blog.graphql"\n', ""))
    (project / "blog.graphql").unlink()
    return project


def test_a_target_without_a_schema_on_disk(remote_only: Path) -> None:
    checked = only(run_check(remote_only))
    assert (checked.status, checked.reason) == (
        "stale",
        "not generated yet; its schema exists only in the backend",
    )
    assert only(generate(remote_only, scripted())).status == "generated"
    assert only(run_check(remote_only)).status == "up-to-date"
    (remote_only / OUTPUT).write_text("{}")
    assert only(run_check(remote_only)).status == "stale"


@pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("PRE_COMMIT", "pre-commit run amplify-modelgen-aws --hook-stage manual --all-files"),
        ("TOX_ENV_NAME", "tox run -e amplify-modelgen"),
        ("UNRELATED", "amplify-modelgen generate --backend aws"),
    ],
)
def test_the_hint_names_the_command_of_the_host(
    remote_only: Path, monkeypatch: pytest.MonkeyPatch, variable: str, command: str
) -> None:
    for name in ("PRE_COMMIT", "TOX_ENV_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "1")
    assert only(run_check(remote_only)).hint == f"run '{command}', or set 'schema' of the target"


def check_with(root: Path, backend: ScriptedBackend) -> Report:
    plugins = plugins_for(backend)
    with open_workspace(root, plugins, backend="remote") as (workspace, _):
        return check_remote(workspace, plugins, GenerateOptions(), ignore_event)


def test_check_remote_is_satisfied(project: Path) -> None:
    generate(project, scripted())
    report = check_with(project, scripted())
    assert (only(report).status, report.exit_code) == ("up-to-date", 0)


@pytest.mark.parametrize(
    ("script", "status", "reason"),
    [
        ({"deployed": OTHER}, "drifted", "the schema in environment 'dev' differs from"),
        (
            {"get_models": [models_of(SCHEMA, "STALE")]},
            "stale",
            "the models in environment 'dev' are older than its schema",
        ),
        (
            {"get_models": [NotFoundError("none")]},
            "stale",
            "no models have been generated in environment 'dev'",
        ),
        (
            {"get_models": [models_of(OTHER)]},
            "stale",
            f"{OUTPUT} differs from the models in environment 'dev'",
        ),
        ({"deployed_schema": [BackendError("denied")]}, "failed", "denied"),
    ],
)
def test_check_remote_reports_a_difference(
    project: Path, script: dict[str, Any], status: str, reason: str
) -> None:
    generate(project, scripted())
    outcome = only(check_with(project, scripted(**script)))
    assert outcome.status == status
    assert outcome.reason.startswith(reason)


def test_check_remote_of_a_stale_target(project: Path) -> None:
    outcome = only(check_with(project, scripted()))
    assert (outcome.status, outcome.reason) == ("stale", f"{OUTPUT} is missing")


def test_check_remote_needs_a_remote_backend(project: Path) -> None:
    plugins = plugins_with()
    with (
        open_workspace(project, plugins) as (workspace, _),
        pytest.raises(UsageError, match="the backend 'local' has no remote state to check"),
    ):
        check_remote(workspace, plugins, GenerateOptions(), ignore_event)
