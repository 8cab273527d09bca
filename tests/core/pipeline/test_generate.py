from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.errors import Diagnostic, SchemaError, UsageError
from amplify_modelgen.plugin import Artifact, Emitter, Models, SchemaBackend, hookimpl
from amplify_modelgen.storage.lockfile import LOCKFILE, LockEntry, parse_lockfile, render_lockfile
from support.pipeline import (
    CONFIGURATION,
    SCHEMA,
    plugins_with,
    run_check,
    run_generate,
    snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OUTPUT = "models/blog.json"
A = "a" * 64
UNION = "type A @model { u: U }\ntype B { x: Int }\nunion U = B\n"


def statuses(report: Any) -> list[str]:
    return [outcome.status for outcome in report.outcomes]


def actions(report: Any) -> dict[str, str]:
    return {file.path: file.action for outcome in report.outcomes for file in outcome.files}


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


def test_the_first_run_creates_the_models(project: Path) -> None:
    report = run_generate(project)
    assert statuses(report) == ["generated"]
    assert actions(report) == {OUTPUT: "created"}
    assert report.written == (OUTPUT,)
    assert report.exit_code == 1
    assert report.summary == "amplify-modelgen: 1 target regenerated"
    assert list(json.loads((project / OUTPUT).read_bytes())["models"]) == ["Post"]
    assert [change.subject for change in report.outcomes[0].changes] == ["Post"]
    assert report.outcomes[0].jobs == ()


def test_the_second_run_writes_nothing(project: Path) -> None:
    run_generate(project)
    before = snapshot(project)
    report = run_generate(project)
    assert statuses(report) == ["up-to-date"]
    assert (report.written, report.exit_code) == ((), 0)
    assert snapshot(project) == before
    assert not (project / LOCKFILE).exists()


def test_a_changed_schema_regenerates_and_classifies_the_change(project: Path) -> None:
    run_generate(project)
    (project / "blog.graphql").write_text(SCHEMA.replace("String", "String!"))
    report = run_generate(project)
    assert actions(report) == {OUTPUT: "changed"}
    (change,) = report.outcomes[0].changes
    assert (change.level, change.subject) == ("breaking", "Post.title")
    assert statuses(run_check(project)) == ["up-to-date"]


def test_an_edited_output_is_regenerated(project: Path) -> None:
    run_generate(project)
    path = project / OUTPUT
    path.write_text(path.read_text().replace("title", "titel"))
    assert actions(run_generate(project)) == {OUTPUT: "changed"}
    assert "titel" not in path.read_text()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text + "\n", id="final newline"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line endings"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "  \n"), id="trailing whitespace"),
    ],
)
def test_what_whitespace_hooks_change_is_left_alone(project: Path, change: Any) -> None:
    run_generate(project)
    path = project / OUTPUT
    path.write_text(change(path.read_text()), newline="")
    before = snapshot(project)
    assert statuses(run_generate(project)) == ["up-to-date"]
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("emitter", "output", "path"),
    [
        ("javascript", "models", "models/schema.js"),
        ("datastore", "models/schema.json", "models/schema.json"),
    ],
)
def test_another_version_of_amplify_cli_alone_is_not_stale(
    project: Path, emitter: str, output: str, path: str
) -> None:
    start = CONFIGURATION.partition("outputs")[0]
    outputs = f'outputs = [{{ emitter = "{emitter}", path = "{output}" }}]\n'
    (project / "amplify-modelgen.toml").write_text(start + outputs)
    run_generate(project)
    schema = project / path
    schema.write_text(schema.read_text().replace('"3.4.4"', '"3.3.1"'))
    assert statuses(run_check(project)) == ["up-to-date"]
    assert statuses(run_generate(project)) == ["up-to-date"]
    assert '"codegenVersion": "3.3.1"' in schema.read_text()
    schema.write_text(schema.read_text().replace('"title"', '"titel"'))
    assert statuses(run_check(project)) == ["stale"]
    assert actions(run_generate(project))[path] == "changed"
    assert '"codegenVersion": "3.4.4"' in schema.read_text()


def test_a_file_that_no_generator_wrote_is_not_replaced(project: Path) -> None:
    (project / "models").mkdir()
    (project / OUTPUT).write_text('{"mine": true}')
    report = run_generate(project)
    assert (statuses(report), report.exit_code) == (["failed"], 3)
    assert report.outcomes[0].reason == f"would overwrite {OUTPUT} (no generator wrote it)"
    assert "--overwrite" in (report.outcomes[0].hint or "")
    assert (project / OUTPUT).read_text() == '{"mine": true}'


def test_overwrite_replaces_it(project: Path) -> None:
    (project / "models").mkdir()
    (project / OUTPUT).write_text('{"mine": true}')
    assert statuses(run_generate(project, overwrite=True)) == ["generated"]
    assert "Post" in (project / OUTPUT).read_text()


def test_an_empty_file_is_replaced(project: Path) -> None:
    (project / "models").mkdir()
    (project / OUTPUT).touch()
    assert actions(run_generate(project)) == {OUTPUT: "changed"}


def test_a_file_that_differs_in_case_is_a_conflict(project: Path) -> None:
    (project / "models").mkdir()
    (project / "models" / "Blog.json").touch()
    report = run_generate(project)
    assert report.outcomes[0].reason == (
        f"would overwrite {OUTPUT} "
        f"(Blog.json differs from it in case only: git mv models/Blog.json {OUTPUT})"
    )
    assert "--overwrite" not in (report.outcomes[0].hint or "--overwrite")
    (project / "models" / "Blog.json").write_text("by hand")
    assert run_generate(project).outcomes[0].reason == (
        f"would overwrite {OUTPUT} "
        "(Blog.json differs from it in case only, and no generator wrote it)"
    )


def test_an_invalid_schema_changes_nothing(project: Path) -> None:
    run_generate(project)
    before = snapshot(project)
    (project / "blog.graphql").write_text("type Post @model { id: Nope! }")
    report = run_generate(project)
    assert (statuses(report), report.exit_code) == (["invalid"], 1)
    assert report.outcomes[0].diagnostics[0].path == "blog.graphql"
    assert snapshot(project)[OUTPUT] == before[OUTPUT]


SECOND = """
[[target]]
app-id = "d1"
environment = "dev"
resource = "shop"
schema = "shop.graphql"
outputs = [{ emitter = "introspection", path = "models/shop.json" }]
"""


@pytest.fixture
def two_targets(project: Path) -> Path:
    file = project / "amplify-modelgen.toml"
    file.write_text(file.read_text() + SECOND)
    (project / "shop.graphql").write_text("type Item @model { id: ID! }")
    return project


def test_a_target_that_fails_does_not_stop_the_others(two_targets: Path) -> None:
    run_generate(two_targets)
    (two_targets / "shop.graphql").unlink()
    (two_targets / "blog.graphql").write_text(SCHEMA.replace("String", "Int"))
    report = run_generate(two_targets)
    assert statuses(report) == ["generated", "failed"]
    assert report.outcomes[1].reason == "no schema found at shop.graphql"
    assert (two_targets / "models" / "shop.json").exists()


def test_a_selected_target_leaves_the_others_alone(two_targets: Path) -> None:
    report = run_generate(two_targets, names=("shop@dev",))
    assert actions(report) == {"models/shop.json": "created"}
    assert not (two_targets / OUTPUT).exists()


class Plugin:
    """A plugin with one emitter or one backend."""

    def __init__(
        self, emitter: Emitter | None = None, backend: SchemaBackend | None = None
    ) -> None:
        self.emitter, self.backend = emitter, backend

    @hookimpl
    def modelgen_emitters(self) -> list[Emitter]:
        return [self.emitter] if self.emitter else []

    @hookimpl
    def modelgen_backend(self, name: str) -> SchemaBackend | None:
        return self.backend if name == "mine" else None


def emitter_plugin(emit: Any, **fields: Any) -> Plugin:
    defaults: dict[str, Any] = {"name": "mine", "help": "", "recognizes": lambda *_: True}
    return Plugin(emitter=Emitter(emit=emit, **defaults | fields))


@pytest.fixture
def two_outputs(project: Path) -> Path:
    file = project / "amplify-modelgen.toml"
    more = '{ emitter = "mine", path = "mine" }, '
    file.write_text(file.read_text().replace("outputs = [", f"outputs = [{more}"))
    return project


def broken(*_: object) -> Any:
    raise ZeroDivisionError("https://me:secret@example.com/")


def test_an_emitter_that_raises_fails_its_target_with_a_traceback(two_outputs: Path) -> None:
    report = run_generate(two_outputs, plugins_with(mine=emitter_plugin(broken)))
    (outcome,) = report.outcomes
    assert (outcome.status, outcome.exit_code) == ("failed", 3)
    assert outcome.reason == ("the emitter 'mine' failed: ZeroDivisionError: https://example.com/")
    assert "ZeroDivisionError" in outcome.traceback
    assert "secret" not in outcome.traceback
    assert not (two_outputs / OUTPUT).exists()


def test_an_emitter_that_refuses_a_schema_names_the_place(two_outputs: Path) -> None:
    def refuse(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
        assert models.schema == SCHEMA
        found = Diagnostic(message="Post.title has no setter", line=3, column=3)
        raise SchemaError((found,))

    report = run_generate(two_outputs, plugins_with(mine=emitter_plugin(refuse)))
    (outcome,) = report.outcomes
    assert (report.exit_code, outcome.status, outcome.reason) == (
        1,
        "invalid",
        "the schema has 1 error",
    )
    assert outcome.diagnostics[0].location == "blog.graphql:3:3"
    assert not (two_outputs / OUTPUT).exists()


@pytest.mark.parametrize("emitter", ["introspection", "mermaid"])
def test_a_union_needs_no_datastore_schema(project: Path, emitter: str) -> None:
    _set_output(project, emitter, "models/blog")
    (project / "blog.graphql").write_text(UNION)
    assert run_check(project).outcomes[0].status == "stale"
    assert run_generate(project).outcomes[0].status == "generated"


def test_a_union_has_no_datastore_schema(project: Path) -> None:
    _set_output(project, "datastore", "models/blog")
    (project / "blog.graphql").write_text(UNION)
    (outcome,) = run_generate(project).outcomes
    assert outcome.diagnostics[0].location == "blog.graphql:1:20"
    assert outcome.status == "invalid"


def _set_output(project: Path, emitter: str, path: str) -> None:
    text = CONFIGURATION.replace('"introspection"', f'"{emitter}"')
    (project / "amplify-modelgen.toml").write_text(text.replace("models/blog.json", path))


def test_a_backend_that_raises_fails_its_target(project: Path) -> None:
    class Backend:
        def generate(self, *_: object) -> Models:
            return broken()  # type: ignore[no-any-return]

    report = run_generate(project, plugins_with(mine=Plugin(backend=Backend())), backend="mine")
    assert report.outcomes[0].reason.startswith("blog@dev: the backend 'mine' failed: Zero")


def test_an_unknown_backend_is_an_error(project: Path) -> None:
    with pytest.raises(UsageError, match="unknown backend 'loca'"):
        run_generate(project, backend="loca")


HEADER = b"// ours\n"


def emit_by_model(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    names = (models.introspection or {})["models"]
    return [Artifact(path=f"{name}.txt", content=HEADER + name.encode()) for name in names]


def multi_file() -> Plugin:
    return emitter_plugin(
        emit_by_model,
        recognizes=lambda _, content: content.startswith((HEADER, b"// theirs")),
        owns=lambda _, content: content.startswith(HEADER),
    )


def test_files_of_ours_that_are_obsolete_are_removed(two_outputs: Path) -> None:
    plugins = plugins_with(mine=multi_file())
    run_generate(two_outputs, plugins)
    (two_outputs / "mine" / "hand.txt").write_text("written by hand")
    (two_outputs / "mine" / "Old.txt").write_bytes(b"// theirs")
    (two_outputs / "blog.graphql").write_text(SCHEMA.replace("Post", "Article"))
    checked = actions(run_check(two_outputs, plugins))
    report = run_generate(two_outputs, plugins)
    assert actions(report) == checked
    assert checked == {
        OUTPUT: "changed",
        "mine/Article.txt": "created",
        "mine/Old.txt": "unchanged",
        "mine/Post.txt": "removed",
    }
    names = {path.name for path in (two_outputs / "mine").iterdir()}
    assert names == {"Article.txt", "Old.txt", "hand.txt"}
    details = [file.detail for file in report.outcomes[0].files if file.detail]
    assert details == ["Amplify CLI wrote it and it is obsolete: git rm mine/Old.txt"]


def test_a_file_to_be_renamed_is_not_obsolete(two_outputs: Path) -> None:
    (two_outputs / "mine").mkdir()
    (two_outputs / "mine" / "POST.txt").write_bytes(b"// theirs")
    report = run_check(two_outputs, plugins_with(mine=multi_file()))
    assert actions(report) == {OUTPUT: "created", "mine/Post.txt": "refused"}


def test_nothing_is_removed_for_a_target_that_fails(two_outputs: Path) -> None:
    plugins = plugins_with(mine=multi_file())
    run_generate(two_outputs, plugins)
    (two_outputs / OUTPUT).write_text('{"mine": true}')
    (two_outputs / "blog.graphql").write_text(SCHEMA.replace("Post", "Article"))
    assert statuses(run_generate(two_outputs, plugins)) == ["failed"]
    assert (two_outputs / "mine" / "Post.txt").exists()
    assert not (two_outputs / "mine" / "Article.txt").exists()


def test_a_file_that_cannot_be_written_fails_the_target(project: Path) -> None:
    run_generate(project)
    (project / OUTPUT).chmod(0o444)
    (project / "blog.graphql").write_text(SCHEMA.replace("String", "Int"))
    report = run_generate(project)
    assert (statuses(report), report.exit_code) == (["failed"], 3)
    assert report.outcomes[0].reason == f"cannot write {OUTPUT}: the file is read-only"
    assert report.written == ()


OLD_LOCK = "# amplify-modelgen lock, version 1\n\n[blog@dev]\n"


def test_a_lock_of_the_old_format_is_removed(project: Path) -> None:
    run_generate(project)
    (project / LOCKFILE).write_text(OLD_LOCK)
    assert statuses(run_check(project)) == ["up-to-date"]
    assert (project / LOCKFILE).exists()
    report = run_generate(project)
    assert report.written == (LOCKFILE,)
    assert not (project / LOCKFILE).exists()


@pytest.mark.parametrize(
    "path", [".git/HEAD", "package.json", "../outside", "/etc/passwd", "src/main.js", "models"]
)
def test_a_lock_line_for_a_path_of_no_target_removes_nothing(project: Path, path: str) -> None:
    run_generate(project)
    (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (project / "package.json").write_text("{}")
    (project / LOCKFILE).write_text(render_lockfile({path: LockEntry(inputs=A, content=A)}))
    before = snapshot(project)
    report = run_generate(project)
    assert statuses(report) == ["up-to-date"]
    assert not (project / LOCKFILE).exists()
    del before[LOCKFILE]
    assert snapshot(project) == before
    assert (project / ".git" / "HEAD").exists()


def test_a_lock_with_a_conflict_does_not_stop_the_run(project: Path) -> None:
    (project / LOCKFILE).write_text(f"<<<<<<< a\n{A} {A} {OUTPUT}\n=======\n>>>>>>> b\n\0\xff")
    assert statuses(run_generate(project)) == ["generated"]
    assert not (project / LOCKFILE).exists()


def lock_current_files(root: Path) -> None:
    """Write a lock file with an entry that is right for the output on disk."""
    from amplify_modelgen.digests import file_digest
    from amplify_modelgen.workspace import inputs_digest
    from support.pipeline import open_workspace

    with open_workspace(root) as (workspace, _):
        (target,) = workspace.targets
        inputs = inputs_digest(target, target.outputs[0], (root / "blog.graphql").read_text())
    content = file_digest(OUTPUT, (root / OUTPUT).read_bytes())
    entry = LockEntry(inputs=inputs, content=content)
    (root / LOCKFILE).write_text(render_lockfile({OUTPUT: entry}))


@pytest.fixture
def locked(project: Path) -> Path:
    """A project whose models a remote backend generated, other ones than ours."""
    run_generate(project)
    path = project / OUTPUT
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    lock_current_files(project)
    return project


def test_a_file_that_agrees_with_its_lock_line_is_up_to_date(locked: Path) -> None:
    before = snapshot(locked)
    assert statuses(run_check(locked)) == ["up-to-date"]
    assert statuses(run_generate(locked)) == ["up-to-date"]
    assert snapshot(locked) == before


def test_force_regenerates_it_and_drops_the_line(locked: Path) -> None:
    report = run_generate(locked, force=True)
    assert actions(report) == {OUTPUT: "changed"}
    assert set(report.written) == {OUTPUT, LOCKFILE}
    assert not (locked / LOCKFILE).exists()


def test_a_forged_line_with_forged_models_is_found(locked: Path) -> None:
    before = snapshot(locked)
    report = run_check(locked, force=True, diff=True)
    assert statuses(report) == ["stale"]
    (change,) = report.outcomes[0].files
    assert '\n-    "version": 2,\n+    "version": 1,\n' in change.diff
    assert snapshot(locked) == before


@pytest.mark.parametrize("changed", ["blog.graphql", OUTPUT])
def test_a_change_voids_the_lock_line(locked: Path, changed: str) -> None:
    path = locked / changed
    path.write_text(path.read_text().replace("title", "titel"))
    assert statuses(run_check(locked)) == ["stale"]
    assert statuses(run_generate(locked)) == ["generated"]
    assert parse_lockfile(None) == {}
    assert not (locked / LOCKFILE).exists()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from support.pipeline import CONFIGURATION

    root = tmp_path / "repository"
    root.mkdir()
    (root / "amplify-modelgen.toml").write_text(CONFIGURATION)
    (root / "blog.graphql").write_text(SCHEMA)
    git(root, "init", "-q")
    monkeypatch.chdir(root)
    return root


def test_an_output_that_git_ignores_never_stops_a_commit(repository: Path) -> None:
    (repository / ".gitignore").write_text("# build\nmodels/\n")
    checked = run_check(repository)
    assert (statuses(checked), checked.exit_code) == (["up-to-date"], 0)
    assert checked.outcomes[0].reason == f"{OUTPUT} is ignored by .gitignore:2, not checked"
    assert actions(checked) == {OUTPUT: "ignored"}
    report = run_generate(repository)
    assert (repository / OUTPUT).exists()
    assert (report.written, report.exit_code) == ((), 0)


def test_at_pre_push_the_pushed_commit_counts(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_generate(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "models")
    (repository / "blog.graphql").write_text(SCHEMA.replace("String", "Int"))
    git(repository, "commit", "-qam", "schema only")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", git(repository, "rev-parse", "HEAD"))
    monkeypatch.setenv("PRE_COMMIT_REMOTE_NAME", "origin")
    assert statuses(run_generate(repository)) == ["generated"]
    again = run_check(repository)
    assert (statuses(again), again.exit_code) == (["stale"], 1)
    assert again.outcomes[0].reason == (f"the commit to be pushed has another version of {OUTPUT}")
    git(repository, "commit", "-qam", "models")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", git(repository, "rev-parse", "HEAD"))
    assert run_check(repository).exit_code == 0


def test_check_writes_nothing(project: Path) -> None:
    (project / LOCKFILE).write_text(OLD_LOCK)
    before = snapshot(project)
    report = run_check(project)
    assert (statuses(report), report.exit_code) == (["stale"], 1)
    assert report.outcomes[0].hint == "run 'amplify-modelgen generate' and commit"
    assert (report.written, report.files) == ((), ())
    assert snapshot(project) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows needs a privilege to create links")
@pytest.mark.parametrize("link", ["models", OUTPUT])
def test_a_link_on_the_way_to_an_output_is_an_error(project: Path, link: str) -> None:
    hooks = project / ".git" / "hooks"
    hooks.mkdir()
    (hooks / "blog.json").write_text("victim")
    path = project / link
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(hooks if link == "models" else hooks / "blog.json")
    report = run_generate(project)
    assert (statuses(report), report.exit_code) == (["failed"], 2)
    assert f"{link} is a symbolic link" in report.outcomes[0].reason
    assert (hooks / "blog.json").read_text() == "victim"


LICENCE = "/*\n * Copyright of the example\n */\n"


def set_emitter(project: Path, emitter: str) -> Path:
    _set_output(project, emitter, "models")
    run_generate(project)
    return project / "models" / ("index.ts" if emitter == "typescript" else "index.d.ts")


def test_a_licence_stays_at_the_top_of_a_file(project: Path) -> None:
    path = set_emitter(project, "javascript")
    path.write_text(LICENCE + path.read_text())
    assert run_check(project).exit_code == 0
    (project / "blog.graphql").write_text(SCHEMA.replace("title", "titel"))
    assert statuses(run_generate(project)) == ["generated"]
    assert path.read_text().startswith(f"{LICENCE}// Generated by amplify-modelgen")
    assert "titel" in path.read_text()


def test_a_file_of_amplify_gets_no_header(project: Path) -> None:
    path = set_emitter(project, "javascript").with_name("schema.js")
    path.write_text("".join(path.read_text().partition("\n")[2:]).lstrip("\n"))
    (project / "blog.graphql").write_text(SCHEMA.replace("title", "titel"))
    (outcome,) = run_check(project, diff=True).outcomes
    shown = next(file.diff for file in outcome.files if file.path.endswith("schema.js"))
    lines = [line for line in shown.splitlines()[2:] if line[0] in "+-"]
    assert lines
    assert all("tit" in line or "version" in line for line in lines)
    assert run_generate(project).exit_code == 1
    assert "amplify-modelgen" not in path.read_text()
    assert run_check(project).exit_code == 0


def test_a_file_that_is_recognized_by_its_header_gets_it_again(project: Path) -> None:
    path = set_emitter(project, "typescript")
    header, text = path.read_text().split("\n", maxsplit=1)
    path.write_text(f"<<<<<<< ours\n{header}\n=======\n>>>>>>> theirs\n{text}")
    run_generate(project, overwrite=True)
    assert path.read_text() == f"{header}\n{text}"


def test_a_conflict_whose_first_side_is_empty_is_resolved(project: Path) -> None:
    path = set_emitter(project, "typescript")
    text = path.read_text()
    path.write_text(f"<<<<<<< ours\n=======\n{text}>>>>>>> theirs\n")
    assert statuses(run_generate(project)) == ["generated"]
    assert path.read_text() == text


@pytest.mark.parametrize("style", ["--no-diff3", "--diff3", "--zdiff3"])
def test_a_conflict_in_files_of_amplify_is_resolved(project: Path, style: str) -> None:
    directory = set_emitter(project, "javascript").parent
    sides = []
    for name in ("title", "titel", "titre"):
        (project / "blog.graphql").write_text(SCHEMA.replace("title", name))
        run_generate(project)
        lines = {path: path.read_text().split("\n", 1)[1] for path in directory.iterdir()}
        sides.append({path: f"// A licence\n{text}\n" for path, text in lines.items()})
    base, ours, theirs = sides
    for path in base:
        for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
            (project / name).write_text(text[path])
        merged = ("merge-file", "-p", style, "ours", "base", "theirs")
        done = subprocess.run(["git", *merged], cwd=project, capture_output=True, check=False)
        path.write_bytes(done.stdout)
    assert "<<<<<<< ours" in (directory / "schema.js").read_text()
    report = run_generate(project)
    assert (statuses(report), report.exit_code) == (["generated"], 1)
    assert {change.subject for change in report.outcomes[0].changes} == {"Post.titel", "Post.titre"}
    assert {path: path.read_text() for path in directory.iterdir()} == theirs
