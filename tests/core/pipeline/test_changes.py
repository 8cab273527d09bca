from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.plugin import Artifact, Description, Emitter, Models, hookimpl
from support.pipeline import CONFIGURATION, SCHEMA, plugins_with, run_check, run_generate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from amplify_modelgen.plugin_manager import PluginManager
    from amplify_modelgen.records import Outcome

WITH_BODY = SCHEMA.replace("title: String", "title: String\n  body: String")
SAME_FIELDS = (
    "the same models and fields: another version of the generator wrote the files, they were "
    "edited, or auth rules, keys or enum values differ"
)
SAFE = "stale against the schema (1 change: 1 safe)"


@pytest.fixture
def checkout(project: Path) -> Path:
    """A project in a git repository."""
    (project / ".git").rmdir()
    git(project, "init", "--quiet")
    return project


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Commit")


def set_outputs(root: Path, *emitters: str) -> None:
    outputs = ", ".join(f'{{ emitter = "{name}", path = "models/{name}" }}' for name in emitters)
    start = CONFIGURATION.partition("outputs")[0]
    (root / "amplify-modelgen.toml").write_text(f"{start}outputs = [{outputs}]\n")


def check_then_generate(root: Path, plugins: PluginManager | None = None) -> Outcome:
    """Return the outcome of `generate`, which reports the same changes as `check`."""
    (checked,) = run_check(root, plugins).outcomes
    (generated,) = run_generate(root, plugins).outcomes
    assert (checked.changes, checked.reason) == (generated.changes, generated.reason)
    return generated


@pytest.mark.parametrize("emitter", ["introspection", "datastore", "javascript", "typescript"])
def test_the_files_on_disk_say_how_the_models_changed(project: Path, emitter: str) -> None:
    set_outputs(project, emitter)
    run_generate(project)
    (project / "blog.graphql").write_text(WITH_BODY)
    outcome = check_then_generate(project)
    assert [change.subject for change in outcome.changes] == ["Post.body"]
    assert outcome.reason.endswith(f"; {SAFE}")


def test_outputs_in_one_directory_are_described_apart(project: Path) -> None:
    set_outputs(project, "javascript", "introspection")
    path = project / "amplify-modelgen.toml"
    path.write_text(path.read_text().replace("models/introspection", "models/javascript"))
    run_generate(project)
    (project / "blog.graphql").write_text(WITH_BODY)
    schema = project / "models/javascript/schema.js"
    schema.write_text(schema.read_text().replace('"name":', "name:"))  # not JSON any more
    outcome = check_then_generate(project)
    assert [change.subject for change in outcome.changes] == ["Post.body"]


@pytest.mark.parametrize("emitter", ["mermaid", "python"])
def test_other_outputs_are_compared_with_the_schema_at_head(checkout: Path, emitter: str) -> None:
    set_outputs(checkout, emitter)
    run_generate(checkout)
    commit(checkout)
    (checkout / "blog.graphql").write_text(WITH_BODY)
    outcome = check_then_generate(checkout)
    assert [change.subject for change in outcome.changes] == ["Post.body"]
    assert outcome.reason.endswith(SAFE)


def test_a_schema_directory_is_read_at_head(checkout: Path) -> None:
    set_outputs(checkout, "mermaid")
    (checkout / "blog.graphql").unlink()
    (checkout / "blog.graphql").mkdir()
    (checkout / "blog.graphql" / "post.graphql").write_text(SCHEMA)
    run_generate(checkout)
    commit(checkout)
    (checkout / "blog.graphql" / "tag.graphql").write_text("type Tag @model { id: ID! }\n")
    assert [change.subject for change in check_then_generate(checkout).changes] == ["Tag"]


def test_a_datastore_schema_is_compared_if_there_is_no_other(checkout: Path) -> None:
    """With an argument of an output type there is no introspection document."""
    set_outputs(checkout, "plain")
    models = "type A @model { id: ID! }\ntype Query { q(a: A): Int }\n"
    (checkout / "blog.graphql").write_text(f"enum E {{ X }}\n{models}")
    plugins = describing(lambda _: None, needs="datastore")
    run_generate(checkout, plugins)
    commit(checkout)
    (checkout / "blog.graphql").write_text(models)
    assert [change.subject for change in check_then_generate(checkout, plugins).changes] == ["E"]


def test_without_a_commit_and_documents_nothing_is_known(project: Path) -> None:
    set_outputs(project, "mermaid")
    run_generate(project)
    (project / "blog.graphql").write_text(WITH_BODY)
    outcome = check_then_generate(project)
    assert (outcome.changes, outcome.reason) == ((), "models/mermaid/models.md differs")


def test_new_files_beside_others_are_not_new_models(checkout: Path) -> None:
    set_outputs(checkout, "mermaid")
    run_generate(checkout)
    commit(checkout)
    set_outputs(checkout, "mermaid", "introspection")
    (outcome,) = run_generate(checkout).outcomes
    assert outcome.changes == ()


def test_many_files_are_counted(project: Path) -> None:
    set_outputs(project, "javascript")
    (outcome,) = run_check(project).outcomes
    assert outcome.reason == "4 files are missing (models/javascript/index.d.ts, ...)"


def test_the_same_models_in_another_text_are_of_another_version(project: Path) -> None:
    set_outputs(project, "javascript")
    run_generate(project)
    path = project / "models" / "javascript" / "index.js"
    path.write_text(path.read_text().replace("export const", "const", 1) + "export { Post };\n")
    outcome = check_then_generate(project)
    assert outcome.changes == ()
    assert outcome.reason == (
        "models/javascript/index.js differs; the same models: another version of the generator "
        "wrote the files, or they were edited"
    )


def test_a_reformatted_file_is_called_so(project: Path) -> None:
    set_outputs(project, "javascript")
    run_generate(project)
    path = project / "models" / "javascript" / "schema.js"
    path.write_text(path.read_text().replace('"', "'").replace("{", "{\n").replace(";", ""))
    assert check_then_generate(project).reason == (
        "models/javascript/schema.js differs; reformatted? exclude the files from the formatter"
    )


def describing(describe: object, text: str = "", needs: str = "introspection") -> PluginManager:
    """Return plugins with the emitter `plain`, whose file lists the models."""

    def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
        document = models.introspection or models.datastore or {}
        content = " ".join([*document["models"], text, str(models.schema)])
        return [Artifact(path="plain.txt", content=content.encode())]

    class Plugin:
        @hookimpl
        def modelgen_emitters(self) -> list[Emitter]:
            emitter = Emitter(
                name="plain",
                help="",
                emit=emit,
                recognizes=lambda *_: True,
                needs=frozenset({needs}),
                describe=describe,  # type: ignore[arg-type] # any callable
            )
            return [emitter]

    return plugins_with(plain=Plugin())


def names(files: Mapping[str, bytes]) -> Description:
    words = files["models/plain/plain.txt"].decode().split()
    models = frozenset(word for word in words[:1] if word in ("Post", "Tag", "User"))
    return Description(version=str("body" in words), models=models)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("type Tag @model { id: ID! }", "models added: Tag; models removed: Post"),
        ("type Post @model { id: ID! body : Int }", "the same models, other fields or directives"),
    ],
)
def test_without_documents_names_are_compared(project: Path, schema: str, reason: str) -> None:
    set_outputs(project, "plain")
    plugins = describing(names)
    run_generate(project, plugins)
    (project / "blog.graphql").write_text(schema)
    outcome = check_then_generate(project, plugins)
    assert outcome.reason == f"models/plain/plain.txt differs; stale against the schema ({reason})"


def test_equal_names_and_versions_are_the_same_models(project: Path) -> None:
    set_outputs(project, "plain")
    run_generate(project, describing(names))
    outcome = check_then_generate(project, describing(names, text="new"))
    assert f"; {SAME_FIELDS}" in outcome.reason


def test_an_emitter_that_cannot_describe_is_named(project: Path) -> None:
    def fail(_files: object) -> None:
        raise KeyError("models")

    set_outputs(project, "plain")
    run_generate(project, describing(names))
    (outcome,) = run_check(project, describing(fail, text="new")).outcomes
    assert outcome.reason == "the emitter 'plain' failed: KeyError: 'models'"
    assert outcome.status == "failed"


def test_a_reformatted_file_is_not_compared_with_head(checkout: Path) -> None:
    set_outputs(checkout, "mermaid")
    commit(checkout)
    (checkout / "blog.graphql").write_text(WITH_BODY)
    run_generate(checkout)
    path = checkout / "models" / "mermaid" / "models.md"
    path.write_text(path.read_text().replace("{", "{\n  ").replace('"', "'"))
    outcome = check_then_generate(checkout)
    assert (outcome.changes, outcome.reason.partition("; ")[2]) == (
        (),
        "reformatted? exclude the files from the formatter",
    )


@pytest.mark.parametrize("emitter", ["java", "dart"])
def test_the_provider_of_a_platform_names_the_models(project: Path, emitter: str) -> None:
    set_outputs(project, emitter)
    run_generate(project)
    (project / "blog.graphql").write_text(SCHEMA + "type Tag @model { id: ID! }\n")
    outcome = check_then_generate(project)
    assert outcome.reason.endswith("stale against the schema (models added: Tag)")
    (project / "blog.graphql").write_text(WITH_BODY + "type Tag @model { id: ID! }\n")
    outcome = check_then_generate(project)
    assert outcome.reason.endswith("(the same models, other fields or directives)")


@pytest.mark.parametrize("emitter", ["java", "dart"])
def test_a_model_of_another_generator_has_the_same_version(project: Path, emitter: str) -> None:
    set_outputs(project, emitter)
    run_generate(project)
    path = next((project / "models" / emitter).glob("Post.*"))
    path.write_text(path.read_text() + "class Older {}\n")
    reason = check_then_generate(project).reason
    assert reason == f"models/{emitter}/{path.name} differs; {SAME_FIELDS}"


@pytest.mark.parametrize("emitter", ["java", "dart", "swift"])
@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("@model", "@model @auth(rules: [{allow: owner}])", "Post"),
        ("{ X }", "{ X Y }", "Kind.Y"),
        ("id: ID!", 'id: ID! @primaryKey(sortKeyFields: ["title"])', "Post"),
    ],
)
def test_what_the_files_of_a_platform_do_not_say_is_compared_with_head(
    checkout: Path, emitter: str, old: str, new: str, change: str
) -> None:
    set_outputs(checkout, emitter)
    schema = "type Post @model { id: ID! title: String! kind: Kind } enum Kind { X }"
    (checkout / "blog.graphql").write_text(schema)
    run_generate(checkout)
    commit(checkout)
    (checkout / "blog.graphql").write_text(schema.replace(old, new))
    (checked,) = run_check(checkout).outcomes
    assert change in [each.subject for each in checked.changes]
    commit(checkout)
    (checked,) = run_check(checkout).outcomes
    assert checked.status == "stale"
    assert checked.reason.endswith((SAME_FIELDS, "other fields or directives)"))


OLDER = """
type Post @model @auth(rules: [{allow: owner}]) {
  id: ID!
  state: taskState
  tags: [Tag] @manyToMany(relationName: "PostTags")
}
type Tag @model @auth(rules: [{allow: owner}]) {
  id: ID!
  posts: [Post] @manyToMany(relationName: "PostTags")
}
enum taskState { OPEN }
"""


def write_older_models(root: Path) -> None:
    """Generate the models of `OLDER`, and write them as appsync-modelgen-plugin 2.8.1 does."""
    set_outputs(root, "javascript")
    (root / "blog.graphql").write_text(OLDER)
    run_generate(root)
    path = root / "models" / "javascript" / "schema.js"
    start, brace, text = path.read_text().replace("taskState", "TaskState").partition("{")
    document = json.loads(brace + text.removesuffix(";"))
    join = document["models"]["PostTags"]
    join["attributes"] = [each for each in join["attributes"] if each["type"] != "auth"]
    path.write_text(f"{start}{json.dumps(document, indent=4)};")


def test_models_of_an_older_generator_are_not_changed_models(project: Path) -> None:
    write_older_models(project)
    (checked,) = run_check(project).outcomes
    assert checked.changes == ()
    assert "differs; the same models: another version of the generator" in checked.reason


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("type Tag @model @auth(rules: [{allow: owner}])", "type Tag @model", "auth-dropped"),
        ("OPEN", "OPEN DONE", "enum-value-added"),
    ],
)
def test_other_changes_beside_those_of_an_older_generator(
    project: Path, old: str, new: str, change: str
) -> None:
    write_older_models(project)
    (project / "blog.graphql").write_text(OLDER.replace(old, new))
    (checked,) = run_check(project).outcomes
    assert [each.rule for each in checked.changes] == [change]


@pytest.mark.parametrize("section", ["models", "enums", "nonModels", "PostTags", "fields"])
@pytest.mark.parametrize("value", ["null", "1", "[]", "{}", '{"x": null}'])
def test_a_schema_that_was_edited_by_hand_is_stale(project: Path, section: str, value: str) -> None:
    write_older_models(project)
    path = project / "models" / "javascript" / "schema.js"
    path.write_text(
        path.read_text().replace(f'"{section}": {{', f'"{section}": {value}, "_": {{', 1)
    )
    (checked,) = run_check(project).outcomes
    assert checked.status == "stale"


def test_changes_since_head_of_models_of_an_older_generator(checkout: Path) -> None:
    write_older_models(checkout)
    commit(checkout)
    (checkout / "blog.graphql").write_text(OLDER.replace("id: ID!", "id: ID! title: String", 1))
    (checked,) = run_check(checkout).outcomes
    assert [each.subject for each in checked.changes] == ["Post.title"]
    # They are not those of HEAD any more: nothing is left out.
    commit(checkout)
    (checked,) = run_check(checkout).outcomes
    assert {each.subject for each in checked.changes} > {"Post.title", "PostTags"}


def test_an_enum_that_was_renamed_is_a_change(project: Path) -> None:
    set_outputs(project, "javascript")
    (project / "blog.graphql").write_text(OLDER)
    run_generate(project)
    (project / "blog.graphql").write_text(OLDER.replace("taskState", "TaskState"))
    (checked,) = run_check(project).outcomes
    assert {each.subject for each in checked.changes} == {"Post.state", "taskState", "TaskState"}
