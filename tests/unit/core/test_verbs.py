from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen import plugins
from amplify_modelgen.cli import main as cli
from core_values import LATEST, STALE, ScriptedBackend

if TYPE_CHECKING:
    from pathlib import Path

NARROWER = "type Post @model {\n  id: ID!\n}\n"


@pytest.fixture
def schemas(project: Path) -> Path:
    (project / "new.graphql").write_text(NARROWER)
    return project


@pytest.mark.usefixtures("project")
def test_targets_are_listed_with_their_origins(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["targets"]) == 0
    assert "\nblog@dev\n" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_targets_are_listed_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["targets", "--format", "json"]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)["targets"]] == ["blog@dev"]


@pytest.mark.usefixtures("project")
def test_an_unknown_target_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["targets", "--target", "blog@prod"]) == 2
    assert "did you mean 'blog@dev'?" in capsys.readouterr().err


def test_plugins_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugins", "--format", "json"]) == 0
    named = {each["name"] for each in json.loads(capsys.readouterr().out)["plugins"]}
    assert {"aws", "local", "json", "terminal"} <= named


@pytest.mark.usefixtures("project")
def test_an_unknown_backend_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["generate", "--backend", "lokal"]) == 2
    assert capsys.readouterr().err.startswith("amplify-modelgen: there is no backend 'lokal'\n")


@pytest.mark.usefixtures("project")
def test_a_preview_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["preview", "blog.graphql", "--format", "datastore"]) == 0
    assert json.loads(capsys.readouterr().out)["models"]["Post"]


@pytest.mark.usefixtures("schemas")
def test_two_schemas_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diff", "blog.graphql", "new.graphql"]) == 0
    assert "title: field of type String removed" in capsys.readouterr().out


@pytest.mark.usefixtures("schemas")
@pytest.mark.parametrize(("level", "code"), [("never", 0), ("breaking", 1), ("any", 1)])
def test_a_comparison_fails_if_it_should(level: str, code: int) -> None:
    assert cli.main(["diff", "blog.graphql", "new.graphql", "--fail-on", level]) == code


@pytest.mark.usefixtures("schemas")
def test_a_comparison_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["diff", "blog.graphql", "new.graphql", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    assert [each["subject"] for each in document["resources"][0]["changes"]] == ["Post.title"]


@pytest.mark.usefixtures("project")
def test_a_quiet_run_says_nothing_where_nothing_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.main(["generate"])
    capsys.readouterr()
    assert cli.main(["check", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("project")
def test_a_quiet_run_speaks_where_something_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--quiet"]) == 1
    assert "blog@dev: stale: it has never been generated" in capsys.readouterr().out


class TestRemoteCheck:
    @pytest.fixture
    def backend(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedBackend:
        cli.main(["generate", "--no-progress"])
        backend = ScriptedBackend()
        backend.script["deployed_schema"] = [(project / "blog.graphql").read_text()]
        monkeypatch.setattr(plugins.Plugins, "backend", lambda *_: backend)
        return backend

    def test_a_backend_that_disagrees_is_stale(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["models"] = [LATEST]
        assert cli.main(["check", "--remote"]) == 1
        assert "models/blog.json differs from the models in environment 'dev'" in (
            capsys.readouterr().out
        )
        assert backend.calls == [("deployed_schema",), ("models",)]

    def test_old_models_of_a_backend_are_stale(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["models"] = [STALE]
        assert cli.main(["check", "--remote"]) == 1
        assert "in environment 'dev' are older than its schema" in capsys.readouterr().out

    def test_a_backend_with_another_schema_has_drifted(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["deployed_schema"] = [NARROWER]
        assert cli.main(["check", "--remote"]) == 1
        assert "blog@dev: drifted: " in capsys.readouterr().out

    def test_a_broken_backend_is_a_failure(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["models"] = [KeyError("x")]
        assert cli.main(["check", "--remote"]) == 3
        assert "the backend 'local' broke: KeyError: 'x'" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_a_backend_without_a_schema_of_its_own_cannot_be_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["check", "--remote"]) == 2
    assert "there is nothing remote to check" in capsys.readouterr().err
