"""The subcommands, on small projects, with the built-in plugins."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.cli import commands
from amplify_modelgen.cli import main as cli
from amplify_modelgen.errors import PluginError
from amplify_modelgen.plugin_manager import PluginManager
from support.core_values import LATEST, MODELS, STALE, ScriptedBackend, job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from amplify_modelgen.records import JobEvent

EXAMPLE = Path(__file__).parents[3] / "examples" / "blog"
NARROWER = "type Post @model {\n  id: ID!\n}\n"
INVALID = "type Post @model {\n  id: ID!\n  blog: Blog\n}\n"
MODELS_PATH = "models/blog.json"


@pytest.fixture
def generated(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert cli.main(["generate"]) == 1
    capsys.readouterr()
    return project


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without any target, the working directory."""
    root = tmp_path / "empty"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str]]:
    """What is saved for the fast path: command lines and messages."""
    results: list[tuple[list[str], str]] = []

    def save(argv: Sequence[str], message: str, _: Sequence[str]) -> None:
        results.append((list(argv), message))

    monkeypatch.setattr(commands, "save_result", save)
    return results


def files_below(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


class TestGenerateAndCheck:
    def test_models_are_generated_and_then_up_to_date(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["check"]) == 1
        assert "blog@dev: stale: " in capsys.readouterr().out
        assert cli.main(["generate"]) == 1
        assert "blog@dev: generated: " in capsys.readouterr().out
        assert (project / MODELS_PATH).is_file()
        for command in ("generate", "check"):
            assert cli.main([command]) == 0
            assert capsys.readouterr().out == "amplify-modelgen: 1 target up to date\n"

    @pytest.mark.usefixtures("project")
    @pytest.mark.parametrize("argv", [["check"], ["validate"], ["targets"], ["diff", ".", "."]])
    def test_only_generate_writes(self, project: Path, argv: list[str]) -> None:
        before = files_below(project)
        cli.main(argv)
        assert files_below(project).keys() - before.keys() <= {
            path for path in files_below(project) if path.startswith(".git/")
        }
        assert {path: files_below(project)[path] for path in before} == before

    def test_a_dry_run_shows_what_would_be_written(
        self, generated: Path, saved: list[object], capsys: pytest.CaptureFixture[str]
    ) -> None:
        (generated / "blog.graphql").write_text(NARROWER)
        before = files_below(generated)
        assert cli.main(["generate", "--dry-run"]) == 1
        shown = capsys.readouterr().out
        assert "blog@dev: stale: " in shown
        assert f"  changed    {MODELS_PATH}\n--- a/{MODELS_PATH}\n+++ b/{MODELS_PATH}\n" in shown
        assert '+                    "name": "id"' not in shown
        assert cli.main(["check", "--diff"]) == 1
        assert capsys.readouterr().out == shown
        assert files_below(generated) == before
        assert cli.main(["generate"]) == 1
        assert cli.main(["generate", "--dry-run"]) == cli.main(["check", "--diff"]) == 0
        assert saved == []

    @pytest.mark.usefixtures("project")
    def test_a_dry_run_starts_no_job(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["generate", "--dry-run", "--backend", "aws"]) == 2
        assert "--dry-run cannot show what the backend 'aws' would " in capsys.readouterr().err

    def test_regenerate_does_not_trust_the_lock(
        self, generated: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from amplify_modelgen.digests import file_digest
        from amplify_modelgen.storage.lockfile import LOCKFILE, LockEntry, render_lockfile
        from amplify_modelgen.workspace import inputs_digest
        from support.pipeline import open_workspace

        forged = (generated / MODELS_PATH).read_bytes().replace(b"title", b"taken")
        (generated / MODELS_PATH).write_bytes(forged)
        with open_workspace(generated) as (workspace, _):
            (target,) = workspace.targets
            inputs = inputs_digest(target, target.outputs[0], Path("blog.graphql").read_text())
        entry = LockEntry(inputs=inputs, content=file_digest(MODELS_PATH, forged))
        (generated / LOCKFILE).write_text(render_lockfile({MODELS_PATH: entry}))
        assert cli.main(["check"]) == 0
        assert cli.main(["check", "--regenerate"]) == 1
        assert "Post.taken" in capsys.readouterr().out

    def test_a_file_that_no_generator_wrote_needs_overwrite(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "models").mkdir()
        (project / MODELS_PATH).write_text("my own text\n")
        assert cli.main(["generate"]) == 3
        assert "--overwrite" in capsys.readouterr().out
        assert (project / MODELS_PATH).read_text() == "my own text\n"
        assert cli.main(["generate", "--overwrite"]) == 1
        assert '"Post"' in (project / MODELS_PATH).read_text()

    @pytest.mark.usefixtures("project")
    def test_files_select_targets(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("other.graphql").write_text(NARROWER)
        assert cli.main(["check", "other.graphql"]) == 0
        assert capsys.readouterr().out == "amplify-modelgen: nothing to do\n"
        assert cli.main(["check", "blog.graphql"]) == 1

    @pytest.mark.usefixtures("generated")
    def test_a_quiet_run_prints_nothing_without_a_problem(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["check", "--quiet"]) == 0
        assert capsys.readouterr() == ("", "")

    @pytest.mark.usefixtures("project")
    def test_a_quiet_run_prints_problems(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--quiet"]) == 1
        assert "blog@dev: stale: " in capsys.readouterr().out

    @pytest.mark.usefixtures("project")
    def test_an_unknown_backend_is_an_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["generate", "--backend", "lokal"]) == 2
        assert capsys.readouterr().err.startswith("amplify-modelgen: unknown backend 'lokal'\n")

    @pytest.mark.usefixtures("project")
    def test_a_report_over_an_input_is_an_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        for path in ("blog.graphql", "amplify-modelgen.toml", MODELS_PATH):
            assert cli.main(["check", f"--report=json={path}"]) == 2
            assert "is not a report" in capsys.readouterr().err

    @pytest.mark.usefixtures("project")
    def test_a_closed_stdout_does_not_change_the_exit_code(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [sys.executable, "-m", "amplify_modelgen", "check"],
            stdout=writer,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            check=False,
        )
        os.close(writer)
        assert (done.returncode, done.stderr) == (1, b"")

    def test_generate_writes_nothing_in_a_pre_push_hook(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git = ["git", "-C", str(project)]
        shutil.rmtree(project / ".git")
        for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-mx"]):
            subprocess.run([*git, *arguments], check=True)
        monkeypatch.setenv("PRE_COMMIT", "1")
        monkeypatch.setenv("PRE_COMMIT_REMOTE_NAME", "origin")
        monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
        assert cli.main(["generate", "--force"]) == 1
        assert "run 'pre-commit run amplify-modelgen --all-files'" in capsys.readouterr().out
        assert not (project / MODELS_PATH).exists()

    @pytest.mark.usefixtures("generated")
    def test_waiting_for_another_run_is_reported(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @contextmanager
        def held(_: Path, timeout: float, on_wait: Callable[[], None]) -> Iterator[None]:
            assert timeout == 600
            on_wait()
            yield

        monkeypatch.setattr(commands, "checkout_lock", held)
        assert cli.main(["check"]) == 0
        assert capsys.readouterr().err == ""
        assert cli.main(["generate"]) == 0
        message = "waiting for another run in this checkout to finish\n"
        assert capsys.readouterr().err == message

    def test_a_removed_working_directory_is_an_error(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if os.name == "nt":
            pytest.skip("Windows keeps a working directory")
        shutil.rmtree(project)
        assert cli.main(["check"]) == 2
        assert "the working directory" in capsys.readouterr().err


NO_PROJECT = "no Amplify project with a GraphQL API below "


class TestWithoutTargets:
    @pytest.mark.parametrize("command", ["generate", "check", "validate"])
    def test_nothing_is_done_and_one_line_says_so(
        self, empty: Path, capsys: pytest.CaptureFixture[str], command: str
    ) -> None:
        assert cli.main([command]) == 0
        assert capsys.readouterr() == (f"amplify-modelgen: {NO_PROJECT}{empty}\n", "")
        assert list(empty.iterdir()) == [empty / ".git"]

    @pytest.mark.usefixtures("empty")
    def test_a_quiet_run_prints_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--quiet"]) == 0
        assert capsys.readouterr() == ("", "")

    @pytest.mark.usefixtures("empty")
    def test_requested_reports_are_written(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--report", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["exit_code"] == 0

    def test_there_is_nothing_to_compare(
        self, empty: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        (empty / ".git").rmdir()
        subprocess.run(["git", "init", "--quiet"], check=True)
        subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
        assert cli.main(["diff", "HEAD:", ".", "--fail-on", "any"]) == 0
        assert capsys.readouterr() == ("no schema found at HEAD: and .\n", "")

    def test_the_targets_are_an_empty_list(
        self, empty: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["targets"]) == 0
        assert capsys.readouterr().out.endswith(f"{NO_PROJECT}{empty}\n")
        assert cli.main(["targets", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["targets"] == []

    def test_a_configuration_may_be_without_targets(
        self, empty: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (empty / "amplify-modelgen.toml").write_text("timeout = 1\n")
        assert cli.main(["check"]) == 0
        assert NO_PROJECT in capsys.readouterr().out

    @pytest.mark.parametrize(
        "options", [["--root", "."], ["--target", "blog@dev"], ["schema.graphql"]]
    )
    def test_it_is_an_error_if_a_project_is_expected(
        self, empty: Path, capsys: pytest.CaptureFixture[str], options: list[str]
    ) -> None:
        (empty / "schema.graphql").write_text(NARROWER)
        assert cli.main(["check", *options]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("amplify-modelgen: ")
        assert len(err.splitlines()) == 2

    def test_a_named_directory_may_be_without_targets(
        self, empty: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (empty / "amplify").mkdir()
        assert cli.main(["generate", "amplify"]) == 0
        assert NO_PROJECT in capsys.readouterr().out

    def test_a_project_without_its_configuration_is_validated(
        self, empty: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shutil.copytree(EXAMPLE / "amplify", empty / "amplify")
        shutil.rmtree(empty / "amplify" / ".config")
        assert cli.main(["check"]) == 0
        assert capsys.readouterr().out == "amplify-modelgen: 1 target valid\n"


class TestValidate:
    @pytest.mark.usefixtures("project")
    def test_the_schemas_of_targets_are_validated(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["validate"]) == 0
        assert capsys.readouterr().out == "amplify-modelgen: 1 target valid\n"
        Path("blog.graphql").write_text(INVALID)
        assert cli.main(["validate"]) == 1
        assert "blog.graphql:3:" in capsys.readouterr().out

    def test_a_schema_that_an_emitter_refuses_is_invalid(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        config = (project / "amplify-modelgen.toml").read_text()
        config = config.replace("introspection", "swift").replace(MODELS_PATH, "models")
        (project / "amplify-modelgen.toml").write_text(config)
        place = "type Place {\n  inner: Place\n}\n"
        (project / "blog.graphql").write_text(f"type Post @model {{\n  id: ID!\n}}\n{place}")
        for command in ("validate", "check"):
            assert cli.main([command]) == 1
            out = capsys.readouterr().out
            assert "blog@dev: invalid: the schema has 1 error" in out
            assert "blog.graphql:5:3: error: the struct Place contains itself" in out

    def test_a_file_of_a_target_is_validated_as_this_target(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "blog.graphql").write_text(INVALID)
        assert cli.main(["validate", "blog.graphql", str(project / "blog.graphql")]) == 1
        assert "amplify-modelgen: 1 target invalid" in capsys.readouterr().out

    @pytest.mark.parametrize("root", ["project", "empty"])
    def test_a_file_of_no_target_is_validated_too(
        self,
        request: pytest.FixtureRequest,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        root: str,
    ) -> None:
        request.getfixturevalue(root)
        valid, invalid = Path("other.graphql"), tmp_path / "elsewhere.graphql"
        valid.write_text(NARROWER)
        invalid.write_text(INVALID)
        assert cli.main(["validate", "other.graphql"]) == 0
        assert capsys.readouterr().out == "amplify-modelgen: 1 target valid\n"
        assert cli.main(["validate", "other.graphql", "../elsewhere.graphql"]) == 1
        out = capsys.readouterr().out
        assert "../elsewhere.graphql:3:" in out
        assert "1 target valid" in out
        assert "1 target invalid" in out

    @pytest.mark.usefixtures("project")
    @pytest.mark.parametrize(
        ("options", "path", "name"),
        [
            ([], "stdin", "stdin"),
            (["--stdin-filename", "blog.graphql"], "blog.graphql", "blog@dev"),
            (["--stdin-filename", "./draft.graphql"], "./draft.graphql", "./draft.graphql"),
        ],
    )
    def test_the_text_of_stdin_is_validated_as_a_file(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        options: list[str],
        path: str,
        name: str,
    ) -> None:
        for text, code in ((INVALID, 1), ("", 1), (NARROWER, 0)):
            stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
            monkeypatch.setattr(sys, "stdin", stdin)
            assert cli.main(["validate", "-", *options]) == code
            out = capsys.readouterr().out
            assert (f"{path}:" in out) == (f"{name}: invalid" in out) == bool(code)

    def test_the_text_of_stdin_replaces_one_file_of_a_target(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "api").mkdir()
        (project / "api/a.graphql").write_text("type A @model { id: ID! b: B }")
        (project / "api/b.graphql").write_text("type B { x: Nope }")
        config = (project / "amplify-modelgen.toml").read_text()
        config = config.replace('"blog.graphql"', '"api"')
        (project / "amplify-modelgen.toml").write_text(config)
        stdin = io.TextIOWrapper(io.BytesIO(b"type B { x: Int }"))
        monkeypatch.setattr(sys, "stdin", stdin)
        assert cli.main(["validate", "-", "--stdin-filename", "api/b.graphql"]) == 0
        assert "1 target valid" in capsys.readouterr().out
        assert cli.main(["validate"]) == 1

    @pytest.mark.usefixtures("project")
    def test_the_name_of_stdin_needs_stdin(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["validate", "--stdin-filename", "blog.graphql"]) == 2
        assert "--stdin-filename needs '-'" in capsys.readouterr().err

    @pytest.mark.usefixtures("empty")
    def test_an_empty_file_is_invalid(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("other.graphql").touch()
        assert cli.main(["validate", "other.graphql"]) == 1
        assert "other.graphql:1:1: error: the schema is empty" in capsys.readouterr().out

    @pytest.mark.usefixtures("project")
    @pytest.mark.parametrize("path", ["nope.graphql", ""])
    def test_a_missing_file_is_an_error(
        self, capsys: pytest.CaptureFixture[str], path: str
    ) -> None:
        assert cli.main(["validate", path]) == 2
        assert capsys.readouterr().out == ""

    @pytest.mark.usefixtures("project")
    def test_a_target_and_files_select_together(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["validate", "--target", "blog@dev", "blog.graphql"]) == 0
        assert "1 target valid" in capsys.readouterr().out


class TestListings:
    @pytest.mark.usefixtures("project")
    def test_targets_are_listed_with_their_origins(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["targets"]) == 0
        assert "\nblog@dev\n" in capsys.readouterr().out

    @pytest.mark.usefixtures("project")
    def test_targets_are_listed_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["targets", "--format", "json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["version"] == 1
        assert [target["id"] for target in document["targets"]] == ["blog@dev"]

    @pytest.mark.usefixtures("project")
    def test_an_unknown_target_is_an_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["targets", "--target", "blog@prod"]) == 2
        assert "did you mean 'blog@dev'?" in capsys.readouterr().err

    def test_plugins_are_listed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["plugins", "--format", "json"]) == 0
        named = {plugin["name"] for plugin in json.loads(capsys.readouterr().out)["plugins"]}
        assert {"aws", "local", "json", "terminal"} <= named

    @pytest.mark.usefixtures("project")
    def test_a_preview_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["preview", "blog.graphql", "--format", "datastore"]) == 0
        assert json.loads(capsys.readouterr().out)["models"]["Post"]


class TestDiff:
    @pytest.fixture(autouse=True)
    def narrower(self, project: Path) -> None:
        (project / "new.graphql").write_text(NARROWER)

    def test_two_schemas_are_compared(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["diff", "blog.graphql", "new.graphql"]) == 0
        assert "title: field of type String removed" in capsys.readouterr().out

    @pytest.mark.parametrize(("level", "code"), [("never", 0), ("breaking", 1), ("any", 1)])
    def test_the_level_of_changes_decides_the_exit_code(self, level: str, code: int) -> None:
        assert cli.main(["diff", "blog.graphql", "new.graphql", "--fail-on", level]) == code

    def test_a_comparison_is_printed_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["diff", "blog.graphql", "new.graphql", "--format", "json"])
        document = json.loads(capsys.readouterr().out)
        assert document["version"] == 1
        subjects = [change["subject"] for change in document["resources"][0]["changes"]]
        assert subjects == ["Post.title"]


class TestRemote:
    @pytest.fixture
    def backend(self, generated: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedBackend:
        backend = ScriptedBackend()
        backend.script["deployed_schema"] = [(generated / "blog.graphql").read_text()] * 2
        load = PluginManager.backend

        def scripted(self: PluginManager, name: str, settings: Any) -> Any:
            return backend if name == "aws" else load(self, name, settings)

        monkeypatch.setattr(PluginManager, "backend", scripted)
        return backend

    CHECK = ("check", "--remote", "--backend", "aws")

    def test_different_models_are_stale(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["get_models"] = [LATEST]
        assert cli.main(self.CHECK) == 1
        assert f"{MODELS_PATH} differs from the models in environment 'dev'" in (
            capsys.readouterr().out
        )
        assert backend.calls == [("deployed_schema",), ("get_models",), ("close",)]

    def test_old_models_are_stale(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["get_models"] = [STALE]
        assert cli.main(self.CHECK) == 1
        assert "in environment 'dev' are older than its schema" in capsys.readouterr().out

    def test_another_deployed_schema_is_drift(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["deployed_schema"] = [NARROWER]
        assert cli.main(self.CHECK) == 1
        assert "blog@dev: drifted: " in capsys.readouterr().out

    def test_a_bug_of_the_backend_is_a_failure(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["get_models"] = [KeyError("x")]
        assert cli.main(self.CHECK) == 3
        out, err = capsys.readouterr()
        assert "KeyError: 'x'" in out
        assert "Traceback" not in err

    def test_verbose_shows_the_traceback(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backend.script["get_models"] = [KeyError("x")]
        assert cli.main([*self.CHECK, "--verbose"]) == 3
        assert "Traceback" in capsys.readouterr().err

    @pytest.mark.usefixtures("project")
    @pytest.mark.parametrize(
        ("argv", "message"),
        [
            (["check", "--remote"], "has no remote state to check"),
            (["generate", "--push-schema"], "the backend 'local' deploys no schema"),
        ],
    )
    def test_a_backend_without_remote_state_is_an_error(
        self, capsys: pytest.CaptureFixture[str], argv: list[str], message: str
    ) -> None:
        assert cli.main(argv) == 2
        assert message in capsys.readouterr().err

    def test_an_interrupt_names_the_running_jobs(
        self, backend: ScriptedBackend, capsys: pytest.CaptureFixture[str], project: Path
    ) -> None:
        (project / "blog.graphql").write_text(NARROWER)
        backend.script["deployed_schema"] = [NARROWER] * 2
        backend.script["start_job"] = [job("PENDING")]
        backend.script["get_job"] = [KeyboardInterrupt()]
        assert cli.main(["generate", "--backend", "aws"]) == 130
        err = capsys.readouterr().err
        assert "blog@dev: job job-1 is still running; the next run continues it\n" in err
        assert "amplify-modelgen: interrupted\n" in err

    def test_a_plugin_that_fails_on_job_events_is_named(
        self,
        backend: ScriptedBackend,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def fail(self: PluginManager, _: JobEvent) -> None:
            error = PluginError("plugin 'x': it failed")
            error.__cause__ = KeyError("cause")
            self.errors["x"] = error

        monkeypatch.setattr(PluginManager, "job_event", fail)
        backend.script["start_job"] = [job()]
        backend.script["get_models"] = [LATEST]
        options = ["--backend", "aws", "--force", "--verbose", "--no-progress"]
        cli.main(["generate", *options])
        err = capsys.readouterr().err
        assert "KeyError: 'cause'" in err
        assert "amplify-modelgen: plugin 'x': it failed\n" in err
        assert MODELS.introspection


class TestFastPath:
    @pytest.mark.usefixtures("generated")
    @pytest.mark.parametrize(
        ("argv", "message"),
        [
            (["check"], "amplify-modelgen: 1 target up to date"),
            (["generate"], "amplify-modelgen: 1 target up to date"),
            (["generate", "--no-progress"], "amplify-modelgen: 1 target up to date"),
            (["validate"], "amplify-modelgen: 1 target valid"),
            (["check", "--quiet"], ""),
        ],
    )
    def test_a_run_that_did_nothing_is_saved(
        self, saved: list[tuple[list[str], str]], argv: list[str], message: str
    ) -> None:
        assert cli.main(argv) == 0
        assert saved == [(argv, message)]

    def test_a_run_without_targets_is_saved(
        self, empty: Path, saved: list[tuple[list[str], str]]
    ) -> None:
        assert cli.main(["check"]) == 0
        assert saved == [(["check"], f"amplify-modelgen: {NO_PROJECT}{empty}")]

    @pytest.mark.usefixtures("generated")
    @pytest.mark.parametrize(
        "argv",
        [
            ["check", "blog.graphql"],
            ["check", "--target", "blog@dev"],
            ["check", "--verbose"],
            ["check", "--report", "json"],
            ["check", "--report", "json=report.json"],
            ["generate", "--force"],
            ["generate", "--overwrite"],
            ["generate", "--allow-drift"],
            ["validate", "blog.graphql"],
            ["targets"],
        ],
        ids=" ".join,
    )
    def test_a_run_with_other_effects_is_not_saved(
        self, saved: list[tuple[list[str], str]], argv: list[str]
    ) -> None:
        assert cli.main(argv) == 0
        assert saved == []

    @pytest.mark.usefixtures("project")
    @pytest.mark.parametrize("command", ["check", "generate"])
    def test_a_run_that_found_something_is_not_saved(
        self, saved: list[tuple[list[str], str]], command: str
    ) -> None:
        assert cli.main([command]) == 1
        assert saved == []

    def test_warnings_are_printed_every_time(
        self,
        generated: Path,
        saved: list[tuple[list[str], str]],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        (generated / "blog.graphql").write_text("type Post @model {\n  posts: [Post]\n}\n")
        assert cli.main(["generate"]) == 1
        capsys.readouterr()
        assert cli.main(["check"]) == 0
        printed = capsys.readouterr().out
        assert "warning: Post.posts is ignored" in printed
        assert saved == [(["check"], printed.removesuffix("\n"))]

    def test_quiet_run_with_warnings_prints_nothing(
        self,
        generated: Path,
        saved: list[tuple[list[str], str]],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        (generated / "blog.graphql").write_text("type Post @model {\n  posts: [Post]\n}\n")
        assert cli.main(["generate"]) == 1
        capsys.readouterr()
        assert cli.main(["check", "--quiet"]) == 0
        assert capsys.readouterr().out == ""
        assert saved == [(["check", "--quiet"], "")]

    @pytest.mark.usefixtures("generated")
    def test_a_plugin_that_reads_files_itself_disables_it(
        self, saved: list[tuple[list[str], str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(PluginManager, "reads_all_through_files", False)
        assert cli.main(["check"]) == 0
        assert saved == []

    def test_a_run_below_the_root_is_not_saved(
        self,
        generated: Path,
        saved: list[tuple[list[str], str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(generated / "models")
        assert cli.main(["check"]) == 0
        assert saved == []


@pytest.mark.usefixtures("project")
def test_from_the_command_to_the_backend_are_at_most_ten_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    depths: list[int] = []
    load = PluginManager.backend

    def counting(self: PluginManager, name: str, settings: Any) -> Any:
        backend: Any = load(self, name, settings)
        generate: Callable[..., Any] = backend.generate

        class Counting:
            def generate(self, *arguments: Any) -> Any:
                depths.append(own_frames())
                return generate(*arguments)

        return Counting()

    monkeypatch.setattr(PluginManager, "backend", counting)
    assert cli.main(["generate"]) == 1
    assert depths
    assert max(depths) <= 10


def own_frames() -> int:
    frame: FrameType | None = sys._getframe()
    count = 0
    while frame is not None:
        count += str(frame.f_globals.get("__name__", "")).startswith("amplify_modelgen")
        frame = frame.f_back
    return count
