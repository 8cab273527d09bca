from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen import plugins
from amplify_modelgen.cli import main as cli
from amplify_modelgen.errors import BackendError
from amplify_modelgen.files.journal import Journal
from amplify_modelgen.files.lock import read_lock
from amplify_modelgen.files.state import JobMemory, state_folder
from amplify_modelgen.run import regenerate
from amplify_modelgen.unchanged import main
from core_values import LATEST, MODELS, ScriptedBackend, job

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[..., tuple[int, dict[str, Any]]]
    Install = Callable[..., ScriptedBackend]

OUTPUT, LOCK, SCHEMA = "models/blog.json", "amplify-modelgen.lock", "blog.graphql"
SECOND = """
[[target]]
app-id = "d1"
environment = "dev"
resource = "shop"
schema = "shop.graphql"
outputs = [{ emitter = "datastore", path = "models/shop.json" }]
"""


@pytest.fixture
def told(project: Path) -> Told:
    """Run a command line; return its exit code and its report."""

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = cli.main([*words, "--report", "json=../report.json"])
        document: dict[str, Any] = json.loads((project.parent / "report.json").read_bytes())
        return code, document

    return run


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a backend that follows a script in the place of the configured one."""

    def install(**script: list[object]) -> ScriptedBackend:
        backend = ScriptedBackend(**script)
        monkeypatch.setattr(plugins.Plugins, "backend", lambda *_: backend)
        return backend

    return install


def outcomes(document: dict[str, Any]) -> list[str]:
    return [target["outcome"] for target in document["targets"]]


@pytest.mark.usefixtures("project")
class TestGenerate:
    def test_the_first_run_writes_models_and_lock(self, told: Told) -> None:
        code, document = told("generate")
        assert (code, outcomes(document)) == (1, ["generated"])
        assert json.loads(Path(OUTPUT).read_bytes())["models"]["Post"]
        assert document["files"] == [{"action": "created", "path": LOCK}]
        assert document["targets"][0]["reason"] == "it has never been generated"
        assert document["targets"][0]["job"]["status"] == "COMPLETED"

    def test_the_second_run_changes_nothing(self, told: Told) -> None:
        told("generate")
        before = Path(LOCK).stat().st_mtime_ns, Path(OUTPUT).stat().st_mtime_ns
        code, document = told("generate")
        assert (code, outcomes(document), document["files"]) == (0, ["up-to-date"], [])
        assert before == (Path(LOCK).stat().st_mtime_ns, Path(OUTPUT).stat().st_mtime_ns)

    def test_a_changed_schema_says_what_changed(self, told: Told) -> None:
        told("generate")
        Path(SCHEMA).write_text("type Post @model {\n  id: ID!\n}\n")
        code, document = told("generate")
        (target,) = document["targets"]
        assert (code, target["reason"]) == (1, "blog.graphql changed")
        assert [change["subject"] for change in target["changes"]] == ["Post.title"]

    def test_force_takes_what_is_fresh_as_well(self, told: Told) -> None:
        told("generate")
        code, document = told("generate", "--force")
        assert (code, outcomes(document)) == (0, ["generated"])
        assert document["targets"][0]["reason"] == "it was forced"

    def test_a_target_that_only_the_backend_knows_is_always_asked_for(
        self, told: Told, scripted: Install
    ) -> None:
        text = Path("amplify-modelgen.toml").read_text().replace(f'schema = "{SCHEMA}"\n', "")
        Path("amplify-modelgen.toml").write_text(text)
        scripted()
        assert told("generate")[0] == 1
        _, document = told("generate")
        assert document["targets"][0]["reason"] == "only the backend knows its schema"

    def test_an_invalid_schema_writes_nothing_and_asks_nobody(
        self,
        told: Told,
        scripted: Install,
    ) -> None:
        backend = scripted()
        Path(SCHEMA).write_text("type Post @model { id: Nope }")
        code, document = told("generate")
        assert (code, outcomes(document)) == (1, ["invalid"])
        assert document["targets"][0]["diagnostics"][0]["path"] == SCHEMA
        assert not Path(LOCK).exists()
        assert backend.calls == []

    def test_one_target_that_fails_does_not_stop_the_others(
        self,
        told: Told,
        scripted: Install,
    ) -> None:
        with Path("amplify-modelgen.toml").open("a") as file:
            file.write(SECOND)
        Path("shop.graphql").write_text(Path(SCHEMA).read_text())
        scripted(models=[BackendError("no luck", hint="try"), MODELS])
        code, document = told("generate")
        assert (code, sorted(outcomes(document))) == (3, ["failed", "generated"])
        assert len(read_lock(Path())) == 1

    def test_a_failed_job_leaves_outputs_and_lock_alone(
        self,
        told: Told,
        scripted: Install,
    ) -> None:
        told("generate")
        before = Path(LOCK).read_bytes(), Path(OUTPUT).read_bytes()
        scripted(start=[job("FAILED", error="no luck")])
        code, document = told("generate", "--force")
        (target,) = document["targets"]
        assert (code, target["outcome"], target["job"]["error"]) == (3, "failed", "no luck")
        assert (Path(LOCK).read_bytes(), Path(OUTPUT).read_bytes()) == before

    def test_files_that_cannot_be_written_are_a_failure_with_its_job(self, told: Told) -> None:
        Path(OUTPUT).mkdir(parents=True)
        code, document = told("generate")
        (target,) = document["targets"]
        assert (code, target["outcome"]) == (2, "failed")
        assert "models/blog.json is a folder" in target["reason"]
        assert target["job"]["status"] == "COMPLETED"
        assert not Path(LOCK).exists()

    def test_files_of_a_target_that_is_gone_go_with_it(self, told: Told, scripted: Install) -> None:
        scripted()
        text = Path("amplify-modelgen.toml").read_text()
        Path("amplify-modelgen.toml").write_text(text + SECOND)
        Path("shop.graphql").write_text("type Shop @model { id: ID! }")
        told("generate")
        Path("amplify-modelgen.toml").write_text(text)
        code, document = told("generate")
        assert code == 1
        assert {"path": "models/shop.json", "action": "removed"} in document["files"]
        assert not Path("models/shop.json").exists()
        assert Path(OUTPUT).exists()

    def test_a_renamed_target_keeps_its_files(self, told: Told, scripted: Install) -> None:
        scripted()
        told("generate")
        text = Path("amplify-modelgen.toml").read_text()
        Path("amplify-modelgen.toml").write_text(text.replace('"dev"', '"test"'))
        assert told("generate")[0] == 1
        assert Path(OUTPUT).exists()

    @pytest.mark.parametrize(("text", "status", "code"), [(None, "failed", 2), ("", "invalid", 1)])
    def test_a_schema_that_cannot_be_read_stops_no_other_target(
        self, told: Told, scripted: Install, text: str | None, status: str, code: int
    ) -> None:
        scripted()
        with Path("amplify-modelgen.toml").open("a") as file:
            file.write(SECOND)
        if text is not None:
            Path("shop.graphql").write_text(text)
        exit_code, document = told("generate")
        outcomes = {each["resource"]: each["outcome"] for each in document["targets"]}
        assert exit_code == code
        assert outcomes == {"blog": "generated", "shop": status}

    def test_the_last_target_that_is_gone_takes_its_files_along(
        self, told: Told, scripted: Install
    ) -> None:
        scripted()
        told("generate")
        Path("amplify-modelgen.toml").write_text('backend = "scripted"\n')
        assert told("check")[0] == 1
        code, document = told("generate")
        assert code == 1
        assert {"path": OUTPUT, "action": "removed"} in document["files"]

    def test_an_output_never_overwrites_what_its_target_is_read_from(
        self, scripted: Install
    ) -> None:
        scripted()
        text = Path("amplify-modelgen.toml").read_text()
        own = text.replace("models/blog.json", "amplify-modelgen.toml")
        Path("amplify-modelgen.toml").write_text(own)
        assert cli.main(["generate"]) == 2
        assert Path("amplify-modelgen.toml").read_text() == own

    @pytest.mark.parametrize("path", [SCHEMA, LOCK, ".git/HEAD", "amplify-modelgen.toml"])
    def test_a_report_never_overwrites_what_is_no_report(
        self, scripted: Install, path: str
    ) -> None:
        scripted()
        before = Path(path).read_bytes() if Path(path).exists() else None
        assert cli.main(["check", "--report", f"json={path}"]) == 2
        assert (Path(path).read_bytes() if Path(path).exists() else None) == before

    def test_models_of_a_schema_that_drifted_stay_stale(
        self, told: Told, scripted: Install
    ) -> None:
        scripted(deployed_schema=["type Post @model { id: ID! }"])
        code, document = told("generate", "--allow-drift")
        (target,) = document["targets"]
        assert (code, target["outcome"]) == (1, "generated")
        assert target["reason"] == (
            "it has never been generated; "
            f"the models are of another schema than {SCHEMA}, the one of environment 'dev'"
        )
        assert target["hint"].startswith("they stay stale: ")
        code, document = told("check")
        assert (code, document["targets"][0]["outcome"]) == (1, "stale")

    def test_models_of_the_same_schema_are_told_of_as_such(
        self, told: Told, scripted: Install
    ) -> None:
        scripted(deployed_schema=[f"# a comment\n{Path(SCHEMA).read_text()}"])
        _, document = told("generate", "--allow-drift")
        (target,) = document["targets"]
        assert (target["reason"], target["hint"]) == ("it has never been generated", None)

    def test_a_backend_with_another_schema_has_drifted(
        self,
        told: Told,
        scripted: Install,
    ) -> None:
        scripted(deployed_schema=["type Post @model { id: ID! }"])
        code, document = told("generate")
        (target,) = document["targets"]
        assert (code, target["outcome"]) == (1, "drifted")
        assert [change["subject"] for change in target["changes"]] == ["Post.title"]
        assert not Path(OUTPUT).exists()

    def test_a_protected_environment_gets_no_schema(
        self,
        scripted: Install,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        backend = scripted()
        text = Path("amplify-modelgen.toml").read_text().replace('"dev"', '"prod"')
        Path("amplify-modelgen.toml").write_text(text)
        assert cli.main(["generate", "--push-schema"]) == 2
        assert "environment 'prod' is protected" in capsys.readouterr().err
        assert backend.calls == []

    def test_a_job_that_was_left_is_gone_on_with(
        self,
        told: Told,
        scripted: Install,
    ) -> None:
        scripted(start=[job("PENDING")], job=[job("PENDING")] * 9)
        assert told("generate", "--timeout", "0.01")[0] == 3
        assert _jobs_left().exists()
        backend = scripted(models=[LATEST])
        assert told("generate")[0] == 1
        assert backend.called("start") == 0
        assert not _jobs_left().exists()

    def test_a_job_is_not_gone_on_with_after_another_schema_was_deployed(
        self,
        told: Told,
        scripted: Install,
    ) -> None:
        scripted(start=[job("PENDING")], job=[job("PENDING")] * 9)
        told("generate", "--timeout", "0.01")
        backend = scripted(deployed_schema=[Path(SCHEMA).read_text()])
        told("generate")
        assert backend.called("start") == 1

    def test_a_push_that_was_left_is_gone_on_with(self, told: Told, scripted: Install) -> None:
        scripted(push_schema=[job("PENDING")], job=[job("PENDING")] * 9)
        assert told("generate", "--push-schema", "--timeout", "0.01")[0] == 3
        backend = scripted(job=[job("PENDING"), job()], deployed_schema=[None])
        assert told("generate", "--push-schema")[0] == 1
        assert (backend.called("push_schema"), backend.called("start")) == (0, 1)
        assert not _jobs_left().exists()

    def test_a_push_of_another_schema_is_not_gone_on_with(
        self, told: Told, scripted: Install
    ) -> None:
        scripted(push_schema=[job("PENDING")], job=[job("PENDING")] * 9)
        told("generate", "--push-schema", "--timeout", "0.01")
        Path(SCHEMA).write_text("type Other @model { id: ID! }")
        backend = scripted()
        told("generate", "--push-schema")
        assert (backend.called("push_schema"), backend.called("job")) == (1, 0)

    def test_a_push_that_was_left_is_no_generation(self, told: Told, scripted: Install) -> None:
        scripted(push_schema=[job("PENDING")], job=[job("PENDING")] * 9)
        told("generate", "--push-schema", "--timeout", "0.01")
        backend = scripted()
        assert told("generate")[0] == 1
        assert (backend.called("job"), backend.called("start")) == (0, 1)

    def test_the_lock_fits_the_models_where_it_was_changed_meanwhile(
        self, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told("generate")
        lock = Path(LOCK).read_bytes()
        finish = regenerate.finish

        def changing(*arguments: Any) -> Any:
            Path(LOCK).write_bytes(b"version = 1\n")
            return finish(*arguments)

        monkeypatch.setattr(regenerate, "finish", changing)
        told("generate", "--force")
        assert Path(LOCK).read_bytes() == lock

    def test_a_job_that_ended_before_an_interrupt_is_not_started_again(
        self, told: Told, scripted: Install
    ) -> None:
        scripted(start=[job("PENDING")], models=[KeyboardInterrupt()])
        assert cli.main(["generate", "--no-progress"]) == 130
        backend = scripted(models=[LATEST])
        assert told("generate")[0] == 1
        assert (backend.called("start"), backend.called("job")) == (0, 1)
        assert not _jobs_left().exists()

    def test_a_target_that_is_gone_leaves_the_lock(self, told: Told) -> None:
        told("generate")
        text = Path("amplify-modelgen.toml").read_text().replace('resource = "blog"', SHOP)
        Path("amplify-modelgen.toml").write_text(text)
        code, document = told("check")
        assert (code, outcomes(document)) == (1, ["stale", "stale"])
        told("generate")
        assert [key for key in read_lock(Path()) if "blog" in key] == []

    def test_an_interrupt_names_the_jobs_that_go_on(
        self, scripted: Install, capsys: pytest.CaptureFixture[str]
    ) -> None:
        scripted(start=[job("PENDING")], job=[KeyboardInterrupt()])
        assert cli.main(["generate", "--no-progress"]) == 130
        assert capsys.readouterr().err == (
            "blog@dev: job job-1 goes on in the backend; the next run takes up models it makes\n"
            "amplify-modelgen: interrupted; nothing is half-written\n"
        )
        assert _jobs_left().exists()


SHOP = 'resource = "shop"'


def _jobs_left() -> Path:
    return state_folder(Path.cwd()) / "jobs.jsonl"


@pytest.mark.usefixtures("project")
class TestCheck:
    def test_what_another_user_writes_is_not_taken_back(self, told: Told) -> None:
        told("generate")
        running = state_folder(Path.cwd()) / "running.lock"
        running.unlink()
        running.mkdir()
        journal = Journal(Path.cwd())
        journal.note("models/.blog.json.tmp")
        Path("models/.blog.json.tmp").write_text("of another user's run")
        assert told("check")[0] == 0
        assert Path("models/.blog.json.tmp").exists()
        journal.end()

    def test_what_was_never_generated_is_stale(self, told: Told) -> None:
        code, document = told("check")
        assert (code, outcomes(document)) == (1, ["stale"])
        assert not Path(LOCK).exists()

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda: Path(OUTPUT).unlink(), "models/blog.json is missing"),
            (lambda: Path(OUTPUT).write_text("{}"), "models/blog.json was edited"),
            (lambda: Path(SCHEMA).write_text("type B @model { id: ID! }"), "blog.graphql changed"),
        ],
    )
    def test_every_disagreement_is_named(
        self,
        told: Told,
        change: Callable[[], object],
        reason: str,
    ) -> None:
        told("generate")
        change()
        code, document = told("check")
        assert (code, document["targets"][0]["reason"]) == (1, reason)

    def test_what_agrees_is_up_to_date(self, told: Told) -> None:
        told("generate")
        assert told("check")[0] == 0

    @pytest.mark.parametrize(
        ("output", "said"),
        [
            ('emitter = "introspektion"', "there is no emitter 'introspektion'"),
            ('emitter = "python", styl = "pydantic"', "has no option 'styl'"),
            ('emitter = "python", style = "pydantik"', "the option 'style' of the emitter"),
        ],
    )
    @pytest.mark.parametrize("locked", [True, False])
    def test_an_output_that_nobody_can_write_is_no_stale_one(
        self, capsys: pytest.CaptureFixture[str], output: str, said: str, *, locked: bool
    ) -> None:
        if locked:
            cli.main(["generate"])
        text = Path("amplify-modelgen.toml").read_text()
        Path("amplify-modelgen.toml").write_text(text.replace('emitter = "introspection"', output))
        assert cli.main(["check"]) == 2
        assert said in capsys.readouterr().err

    def test_no_plugin_is_asked_for_emitters_where_the_settings_are_locked(
        self, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told("generate")
        Path(SCHEMA).write_text("type Post @model { id: ID! }")
        monkeypatch.setattr(plugins.Plugins, "emitters", {})
        code, document = told("check")
        assert (code, outcomes(document)) == (1, ["stale"])

    def test_files_choose_targets(self, told: Told) -> None:
        Path("README.md").touch()
        code, document = told("check", "README.md")
        assert (code, outcomes(document)) == (0, [])

    @pytest.mark.parametrize("verb", ["generate", "check", "validate"])
    def test_a_misspelt_file_is_refused_also_where_nothing_changed(
        self, verb: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert [main(["generate"]), main([verb]), main([verb, SCHEMA])] == [1, 0, 0]
        capsys.readouterr()
        assert main([verb, "blgo.graphql"]) == 2
        assert capsys.readouterr().err.startswith("amplify-modelgen: there is no file 'blgo.gra")

    def test_there_must_be_a_target(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["check", "--root", str(tmp_path)]) == 2
        assert "no targets below" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
class TestValidate:
    def test_a_sound_schema_is_valid(self, told: Told) -> None:
        code, document = told("validate")
        assert (code, outcomes(document)) == (0, ["valid"])

    def test_a_broken_schema_is_invalid(self, told: Told) -> None:
        Path(SCHEMA).write_text("type Post @model {")
        code, document = told("validate")
        assert (code, outcomes(document)) == (1, ["invalid"])


@pytest.mark.usefixtures("project")
def test_a_job_memory_that_names_another_schema_is_left_alone() -> None:
    assert JobMemory(Path.cwd()).recall("blog@dev", "") is None


MEMORY = Path(".git/amplify-modelgen/unchanged")


@pytest.mark.usefixtures("project")
class TestRemembering:
    def test_a_good_run_is_remembered(self) -> None:
        cli.main(["generate"])
        assert "call 'generate'" in MEMORY.read_text()
        assert "amplify-modelgen: 1 target up to date" in MEMORY.read_text()

    def test_files_are_not_part_of_what_is_remembered(self) -> None:
        cli.main(["generate", SCHEMA])
        assert SCHEMA not in MEMORY.read_text().split("\t")[0]

    def test_a_quiet_run_is_remembered_without_words(self) -> None:
        cli.main(["generate"])
        cli.main(["check", "--quiet"])
        assert "call 'check'\x1f'--quiet'\x1f\t\n" in MEMORY.read_text()

    @pytest.mark.parametrize(
        "words",
        [
            ["check"],
            ["generate", "--report", "json=../report.json"],
            ["generate", "--verbose"],
            ["generate", "--force"],
            ["generate", "--target", "blog@dev"],
            ["validate"],
        ],
    )
    def test_some_runs_are_not_remembered(self, words: list[str]) -> None:
        cli.main(words)
        assert not MEMORY.exists()

    def test_a_run_from_another_folder_is_not_remembered(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (project / "models").mkdir()
        monkeypatch.chdir(project / "models")
        cli.main(["generate"])
        assert not (project / MEMORY).exists()
