"""Hostile files that are read on the way: of hooks, of front ends, of Amplify Gen 2."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.child_processes import Finished, command, run_in_child
from support.fault_projects import Project, make_project
from support.repositories import commit

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

EXAMPLES = Path(__file__).parents[2] / "examples"
SECONDS = 60
EVIL = "x';\"\n$(touch M)`${1}*/ \x1b[2J\u202e</script>"


def run(root: Path, *words: str) -> Finished:
    """Run a command; it ends in time and shows neither a traceback nor a control character."""
    began = time.monotonic()
    ended = run_in_child(command(*words), root.parent / "logs", root)
    assert time.monotonic() - began < SECONDS
    assert "Traceback" not in ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    return ended


def make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def make_sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 3_000_000_000)


def make_binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 1000)


SPECIAL = pytest.mark.parametrize(
    "make", [make_link, make_sparse, make_binary, os.mkfifo, Path.mkdir]
)
"""Something else than a text; what is behind a link is never shown."""


@pytest.fixture
def project(memory: Path) -> Project:
    made = make_project(memory / "work")
    made.configure("blog")
    return made


@pytest.fixture
def flutter(memory: Path) -> Path:
    shutil.copytree(EXAMPLES / "flutter", memory / "flutter")
    commit(memory / "flutter", {})
    return memory / "flutter"


@SPECIAL
def test_init_leaves_an_unusual_configuration_of_hooks_alone(
    project: Project, make: Callable[[Path], object]
) -> None:
    make(project.root / ".pre-commit-config.yaml")
    before = os.lstat(project.root / ".pre-commit-config.yaml")
    ended = run(project.root, "init", "--yes")
    assert ended.code == 2
    assert ".pre-commit-config.yaml" in ended.stderr
    assert "root:" not in ended.stdout + ended.stderr
    after = os.lstat(project.root / ".pre-commit-config.yaml")
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("text", ["id:" * 3_000_000, " " * 9_000_000, f"repos:{' ' * 9_000_000}#"])
def test_init_reads_a_configuration_of_megabytes_in_linear_time(
    project: Project, text: str
) -> None:
    (project.root / ".pre-commit-config.yaml").write_text(text)
    assert run(project.root, "init", "--yes").code in (0, 2)


@SPECIAL
def test_a_named_configuration_is_a_file_below_the_root(
    project: Project, make: Callable[[Path], object]
) -> None:
    make(project.root / "other.toml")
    ended = run(project.root, "check", "--config", "other.toml")
    assert ended.code == 2
    assert "other.toml" in ended.stderr
    assert "root:" not in ended.stderr


@pytest.mark.parametrize("path", ["/dev/zero", "../outside.toml", ".git/config", "no\x1b[2J"])
def test_a_named_configuration_outside_is_refused(project: Project, path: str) -> None:
    assert run(project.root, "check", "--config", path).code == 2


@SPECIAL
def test_a_list_of_packages_that_is_no_text_fails_its_target(
    flutter: Path, make: Callable[[Path], object]
) -> None:
    (flutter / "pubspec.lock").unlink()
    make(flutter / "pubspec.lock")
    ended = run(flutter, "check")
    assert ended.code == 2
    assert "pubspec.lock" in ended.stdout
    assert "root:" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "text",
    ["  amplify_flutter:\n" * 800_000, "    a: b\n" * 1_500_000],
    ids=["packages", "values"],  # else the text is in an environment variable of every process
)
def test_a_list_of_packages_of_megabytes_is_read_in_linear_time(flutter: Path, text: str) -> None:
    (flutter / "pubspec.lock").write_text(f"  amplify_flutter:\n{text}")
    assert run(flutter, "check").code in (0, 1)


def model(**members: Any) -> dict[str, Any]:
    field = {"name": "id", "isArray": False, "type": "ID", "isRequired": True, "attributes": []}
    key = {
        "isCustomPrimaryKey": False,
        "primaryKeyFieldName": "id",
        "sortKeyFieldNames": [],
    }
    parts = {"pluralName": "P", "syncable": True, "attributes": [], "primaryKeyInfo": key}
    return {"name": "Post", "fields": {"id": field}, **parts, **members}


def outputs(**models: Any) -> str:
    document = {"version": 1, "models": models, "enums": {}, "nonModels": {}}
    return json.dumps({"data": {"model_introspection": document}})


GEN_2 = {
    "names": outputs(**{EVIL: model(name=EVIL)}),
    "types": outputs(Post=model(fields={"id": 5, "b": None, "c": {"type": {"model": EVIL}}})),
    "rules": outputs(
        Post=model(attributes=[{"type": EVIL, "properties": {"rules": [{"groups": [EVIL]}]}}])
    ),
    "list": outputs(Post=[1, 2]),
    "null": '{"models": null, "enums": null, "nonModels": null}',
    "deep": '{"models":' * 100_000,
    "digits": f'{{"models": {{"Post": {"9" * 10_000}}}}}',
    "surrogate": r'{"models": {"\ud800": {"name": "\ud800", "fields": {}}}}',
    "spaces": "{" + " " * 9_000_000,
    "keyword": outputs(**{"class": model(name="class")}),
}


@pytest.mark.parametrize("name", GEN_2)
def test_hostile_outputs_of_gen_2_give_safe_files_or_an_error(project: Project, name: str) -> None:
    (project.root / "amplify_outputs.json").write_text(GEN_2[name])
    emitters = "introspection python mermaid typescript-types javascript swift java dart"
    for emitter in emitters.split():
        words = ["preview", "--format", emitter, "--output", "out", "amplify_outputs.json"]
        assert run(project.root, *words).code in (0, 1, 3)
    for words in (
        ["validate", "amplify_outputs.json"],
        ["diff", "amplify_outputs.json", "blog.graphql"],
    ):
        assert run(project.root, *words).code in (0, 1, 2)
    for path in (project.root / "out").rglob("*.py"):
        subprocess.run([sys.executable, "-I", str(path)], check=True, cwd=project.root)
    assert not (project.root / "M").exists()
    written = [path.read_text() for path in (project.root / "out").rglob("*") if path.is_file()]
    assert not [text for text in written if "\x1b" in text]


def test_an_output_that_needs_the_schema_says_so(project: Project) -> None:
    (project.root / "amplify_outputs.json").write_text(outputs(Post=model()))
    for emitter in ("javascript", "swift", "java", "dart"):
        ended = run(project.root, "preview", "--format", emitter, "amplify_outputs.json")
        assert ended.code == 1
        assert "an output needs the GraphQL schema, which is not in" in ended.stderr


@pytest.mark.parametrize("size", [20_000_001, 300_000_000])
def test_large_outputs_of_gen_2_are_refused_unread(project: Project, size: int) -> None:
    (project.root / "amplify_outputs.json").touch()
    os.truncate(project.root / "amplify_outputs.json", size)
    ended = run(project.root, "preview", "amplify_outputs.json")
    assert (ended.code, "larger than 20,000,000 bytes" in ended.stderr) == (2, True)


LITERALS = {'"': 0, "\\": 0, "'": 3, "\n": 0, "\x1b": 0, "${exit(7)}": 2, "`x`": 3, "</x>": 3}
"""Texts of a rule, and how many of the three platforms can have them in a string unchanged."""


@pytest.mark.parametrize("text", LITERALS, ids=range(len(LITERALS)))
def test_a_string_that_a_platform_would_have_to_escape_is_refused(
    project: Project, text: str
) -> None:
    rule = f"{{allow: groups, groups: [{json.dumps(text)}]}}"
    schema = f"type Post @model @auth(rules: [{rule}]) {{ id: ID! }}"
    (project.root / "blog.graphql").write_text(schema)
    codes = [
        run(project.root, "preview", "--format", name, "--output", name, "blog.graphql").code
        for name in ("swift", "java", "dart")
    ]
    assert codes.count(0) == LITERALS[text]
    assert set(codes) <= {0, 1}


@pytest.mark.parametrize("start", ['"', "'", "`", "/*", 'a"', "{ '"])
def test_code_with_unterminated_strings_is_read_in_linear_time(memory: Path, start: str) -> None:
    shutil.copytree(EXAMPLES / "blog", memory / "blog")
    commit(memory / "blog", {})
    for path in (memory / "blog/src/models").glob("*.*s"):
        path.write_text(start + rf"\{start[-1]}" * 300_000)
    ended = run(memory / "blog", "check")
    assert (ended.code, ended.stdout.count("no generator wrote it")) == (3, 4 + 4)


DEFAULTS = {"AWSPhone": ["+23456789{}y", "+1 206 555 0100{}y", "+{0}2" * 15], "AWSEmail": ["a@{}"]}


@pytest.mark.parametrize("kind", DEFAULTS)
def test_default_values_are_checked_in_linear_time(project: Project, kind: str) -> None:
    for number, value in enumerate(DEFAULTS[kind]):
        for filler in (" ", ".", "a-", "(-)"):
            text = value.format(filler * 300_000)
            field = f'f{number}: {kind} @default(value: "{text}")'
            (project.root / "blog.graphql").write_text(f"type A @model {{ id: ID! {field} }}")
            assert run(project.root, "validate").code in (0, 1)


LINKS = (
    *("amplify-modelgen.toml", "pyproject.toml", "amplify-modelgen.lock", ".gitignore"),
    *("amplify", "amplify/.config", "amplify/.config/project-config.json", "amplify/cli.json"),
    *("amplify/.config/local-env-info.json", "amplify/team-provider-info.json"),
    *("amplify/backend", "amplify/backend/api", "amplify/backend/backend-config.json"),
    *(
        f"amplify/backend/api/blog{each}"
        for each in ("", "/schema.graphql", "/transform.conf.json")
    ),
    *("src", "src/models", "src/models/schema.js", "src/models/model-introspection.json"),
    *(".git/amplify-modelgen", ".git/amplify-modelgen/running.lock"),
    *(".git/amplify-modelgen/last-check", ".git/amplify-modelgen/last-check.tmp"),
)
CANARY = "type Canary @model { id: ID! }"


@pytest.mark.parametrize("is_directory", [False, True])
@pytest.mark.parametrize("path", LINKS)
def test_nothing_is_read_or_written_through_a_link(
    memory: Path,
    path: str,
    is_directory: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    root, outside = memory / "blog", memory / "outside"
    shutil.copytree(EXAMPLES / "blog", root)
    commit(root, {})
    outside.mkdir()
    for name in ("schema.graphql", "schema.js", "project-config.json", "last-check"):
        (outside / name).write_text(CANARY)
    before = {each.name: each.read_bytes() for each in outside.iterdir()}
    link = root / path
    shutil.rmtree(link, ignore_errors=True)
    link.unlink(missing_ok=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside if is_directory else outside / "schema.graphql")
    for words in (["check", "--diff"], ["generate", "--overwrite", "--create"], ["targets"]):
        ended = run(root, *words)
        assert ended.code in (0, 1, 2)
        assert "Canary" not in ended.stdout + ended.stderr
    assert {each.name: each.read_bytes() for each in outside.iterdir()} == before
    assert link.is_symlink()
