from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from amplify_modelgen import plugin_manager
from amplify_modelgen.cli.main import main
from amplify_modelgen.cli.preview import preview
from amplify_modelgen.cli.typed_schemas import read_typed_schema
from amplify_modelgen.errors import ConfigError, PluginError, SchemaError, UsageError
from amplify_modelgen.plugin import Emitter
from amplify_modelgen.records import Artifact, Output

EXAMPLE = Path(__file__).parents[3] / "examples" / "blog"
SDL = "type Post @model {\n  id: ID!\n}\n"


@pytest.fixture
def schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("schema.graphql").write_text(SDL)
    for name in ("blog", "shop"):
        Path("api", name).mkdir(parents=True)
        Path("api", name, "schema.graphql").write_text(SDL.replace("Post", name.title()))
    return Path("schema.graphql")


@pytest.mark.parametrize("format_name", ["introspection", "datastore"])
def test_a_document_is_printed_alone(
    schema: Path, capsys: pytest.CaptureFixture[str], format_name: str
) -> None:
    assert preview([schema], Output(emitter=format_name, path="."), None) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["models"]["Post"]["name"] == "Post"
    assert ("codegenVersion" in document) is (format_name == "datastore")


def test_several_schemas_are_named_after_their_resources(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    preview(
        [Path("api/blog/schema.graphql"), Path("api/shop")],
        Output(emitter="introspection", path="."),
        None,
    )
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("==>")] == [
        "==> blog/model-introspection.json <==",
        "==> shop/model-introspection.json <==",
    ]
    assert schema.exists()


@pytest.mark.usefixtures("schema")
def test_documents_are_written_into_a_directory(capsys: pytest.CaptureFixture[str]) -> None:
    preview(
        [Path("api/blog"), Path("api/shop")], Output(emitter="datastore", path="."), Path("new/out")
    )
    assert sorted(path.as_posix() for path in Path("new").rglob("*.json")) == [
        "new/out/blog/schema.json",
        "new/out/shop/schema.json",
    ]
    assert "created new/out/blog/schema.json\n" in capsys.readouterr().out.replace("\\", "/")


def test_two_schemas_of_the_same_name_are_an_error(schema: Path) -> None:
    with pytest.raises(UsageError, match="several schemas are called "):
        preview([schema, schema], Output(emitter="introspection", path="."), None)


@pytest.mark.parametrize("output", ["out", "out/new"])
def test_an_output_that_is_a_file_is_an_error(schema: Path, output: str) -> None:
    Path("out").touch()
    with pytest.raises(UsageError, match=r"--output must be a directory, but out is a file"):
        preview([schema], Output(emitter="introspection", path="."), Path(output))


def test_an_invalid_schema_is_named_as_it_was_typed(schema: Path) -> None:
    broken = Path("api/blog/schema.graphql")
    broken.write_text("type Post {\n  a: Nope\n}\n")
    with pytest.raises(SchemaError) as caught:
        preview([schema, broken], Output(emitter="introspection", path="."), None)
    assert caught.value.diagnostics[0].location.startswith("api/blog/schema.graphql:2:")


BROKEN = "type Post {\n  a: Nope\n}\n"


@pytest.mark.parametrize(
    ("cwd", "typed", "place"),
    [
        ("api/blog", ".", "schema.graphql"),
        ("api/blog", "..", "../blog/schema.graphql"),
        ("api/shop", "../blog", "../blog/schema.graphql"),
        ("api/shop", "../blog/", "../blog/schema.graphql"),
        ("api/shop", "../blog/schema.graphql", "../blog/schema.graphql"),
        (".", "api", "api/blog/schema.graphql"),
    ],
)
@pytest.mark.usefixtures("schema")
@pytest.mark.parametrize("text", [BROKEN, ""])
def test_an_invalid_schema_has_the_path_that_was_typed(
    monkeypatch: pytest.MonkeyPatch, cwd: str, typed: str, place: str, text: str
) -> None:
    Path("api/shop/schema.graphql").unlink()
    Path("api/blog/schema.graphql").write_text(text)
    monkeypatch.chdir(cwd)
    with pytest.raises(SchemaError) as caught:
        preview([Path(typed)], Output(emitter="introspection", path="."), None)
    assert caught.value.diagnostics[0].path == place


@pytest.mark.usefixtures("schema")
def test_an_unreadable_schema_has_the_path_that_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("api/blog/schema.graphql").write_bytes(b"\xff")
    monkeypatch.chdir("api/shop")
    with pytest.raises(ConfigError, match=r"^\.\./blog: blog/schema\.graphql is not UTF-8"):
        preview([Path("../blog")], Output(emitter="introspection", path="."), None)


@pytest.mark.usefixtures("schema")
@pytest.mark.parametrize("argument", ["nope", "api/nope.graphql", "../nope", "/nope"])
def test_a_missing_schema_is_a_usage_error(argument: str) -> None:
    with pytest.raises(UsageError, match=r"does not exist$") as caught:
        preview([Path(argument)], Output(emitter="introspection", path="."), None)
    assert caught.value.message.startswith(str(Path(argument)))
    assert "target" not in (caught.value.hint or "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
@pytest.mark.parametrize(
    "argument", [os.devnull, "/dev/zero", "pipe", "../pipe", "link", "/dev/fd/{}"]
)
def test_a_pipe_or_a_device_is_a_usage_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argument: str,
) -> None:
    for directory in (tmp_path, tmp_path / "directory"):
        directory.mkdir(exist_ok=True)
        os.mkfifo(directory / "pipe")
    monkeypatch.chdir(tmp_path / "directory")
    Path("link").symlink_to(os.devnull)
    ends = os.pipe()
    path = argument.format(ends[0])
    assert main(["preview", path]) == 2
    for end in ends:
        os.close(end)
    message, hint = capsys.readouterr().err.splitlines()
    assert message == (f"amplify-modelgen: {path} is not a regular file")
    assert hint.startswith("  name a schema file or a directory of *.graphql files, or pipe ")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_nothing_is_an_error_with_a_message(schema: Path) -> None:
    Path("link").symlink_to("nowhere")
    with pytest.raises(ConfigError, match="no schema found at nowhere"):
        preview([schema.with_name("link")], Output(emitter="introspection", path="."), None)


@pytest.mark.parametrize("argument", ["..", ".", "../directory"])
def test_a_directory_without_schemas_is_an_error_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    (tmp_path / "directory").mkdir()
    monkeypatch.chdir(tmp_path / "directory")
    with pytest.raises(ConfigError):
        preview([Path(argument)], Output(emitter="introspection", path="."), None)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_a_schema_elsewhere_is_followed(
    schema: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("links").mkdir()
    Path("links/link.graphql").symlink_to(schema.absolute())
    monkeypatch.chdir("links")
    assert preview([Path("link.graphql")], Output(emitter="introspection", path="."), None) == 0
    assert '"Post"' in capsys.readouterr().out


class Emitters:
    def __init__(self) -> None:
        artifact = Artifact(path="a.txt", content=b"\xffx")
        self.emitters = {
            "text": Emitter(
                name="text", help="", emit=lambda *_: [artifact], recognizes=lambda *_: True
            )
        }


def test_an_emitter_of_a_plugin_is_used(
    schema: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_manager, "load_plugins", Emitters)
    preview([schema], Output(emitter="text", path="."), None)
    assert capsys.readouterr().out == "\\xffx\n"


def test_an_unknown_format_is_an_error_that_lists_the_known_ones(
    schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_manager, "load_plugins", Emitters)
    with pytest.raises(UsageError, match="unknown format 'txet'") as caught:
        preview([schema], Output(emitter="txet", path="."), None)
    assert caught.value.hint == "choose from: datastore, introspection, text"


def test_the_introspection_of_a_schema_without_datastore_models_is_printed(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema.write_text("type Post @model { u: U } type A { a: Int } union U = A")
    assert preview([schema], Output(emitter="introspection", path="."), None) == 0
    assert "Post" in json.loads(capsys.readouterr().out)["models"]


def test_a_second_preview_changes_nothing(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preview([schema], Output(emitter="introspection", path="."), Path("out"))
    time = Path("out/model-introspection.json").stat().st_mtime_ns
    preview([schema], Output(emitter="introspection", path="."), Path("out"))
    schema.write_text(SDL.replace("Post", "Entry"))
    assert Path("out/model-introspection.json").stat().st_mtime_ns == time
    preview([schema], Output(emitter="introspection", path="."), Path("out"))
    actions = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert actions == ["created", "unchanged", "changed"]


@pytest.mark.parametrize("output", ["../elsewhere/new", "{tmp_path}/elsewhere/new"])
def test_an_output_may_be_outside_the_working_directory(
    schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    monkeypatch.chdir("api")
    preview(
        [".." / schema],
        Output(emitter="introspection", path="."),
        Path(output.format(tmp_path=tmp_path)),
    )
    assert (tmp_path / "elsewhere" / "new" / "model-introspection.json").is_file()


@pytest.mark.parametrize("output", [".git/hooks", ".GIT", "sub/.git"])
def test_nothing_is_written_into_a_git_directory(schema: Path, output: str) -> None:
    Path(output).mkdir(parents=True)
    with pytest.raises(UsageError, match=r"is inside a \.git directory"):
        preview([schema], Output(emitter="introspection", path="."), Path(output))
    assert list(Path(output).iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("link", ["out", "out/blog", "out/blog/model-introspection.json"])
def test_nothing_is_written_through_a_link(
    schema: Path, tmp_path_factory: pytest.TempPathFactory, link: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    Path(link).parent.mkdir(parents=True, exist_ok=True)
    Path(link).symlink_to(elsewhere)
    assert main(["preview", "api/blog", "api/shop", "--output", "out"]) in (2, 3)
    assert list(elsewhere.iterdir()) == []
    assert schema.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_names_are_escaped(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"a\x1b{number}.graphql" for number in (1, 2)]
    for name in names:
        Path(name).write_text(schema.read_text())
    assert main(["preview", *names]) == 0
    assert main(["preview", *names, "--output", "out\x1b"]) == 0
    assert main(["preview", *names, "--output", ".git\x1b/.git"]) == 2
    assert "\x1b" not in "".join(capsys.readouterr())


def test_an_emitter_cannot_write_outside_the_output(
    schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = Artifact(path="../a.txt", content=b"x")
    emitter = Emitter(name="text", help="", emit=lambda *_: [artifact], recognizes=lambda *_: True)
    loaded = SimpleNamespace(emitters={"text": emitter})
    monkeypatch.setattr(plugin_manager, "load_plugins", lambda: loaded)
    with pytest.raises(PluginError, match="outside its directory"):
        preview([schema], Output(emitter="text", path="."), Path("out"))
    assert not Path("a.txt").exists()


def test_a_typed_schema_has_the_path_that_was_typed(schema: Path) -> None:
    assert [file.path for file in read_typed_schema(Path("api/../api")).files] == [
        "api/../api/blog/schema.graphql",
        "api/../api/shop/schema.graphql",
    ]
    assert read_typed_schema(schema).text == SDL


API = "amplify/backend/api/blog/schema.graphql"


@pytest.fixture
def amplify_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an Amplify project below apps/web, whose models have no timestamps."""
    project = tmp_path / "apps" / "web"
    shutil.copytree(EXAMPLE, project)
    (tmp_path / ".git").mkdir()
    flags = {"transformerversion": 2, "useexperimentalpipelinedtransformer": True}
    features = {"graphqltransformer": flags, "codegen": {"addtimestampfields": False}}
    (project / "amplify/cli.json").write_text(json.dumps({"features": features}))
    monkeypatch.chdir(tmp_path)
    return project


def has_timestamps(text: str) -> bool:
    return '"createdAt"' in text


@pytest.mark.parametrize(
    "name", [API, "amplify/backend/api/blog", "draft.graphql", "../../elsewhere.graphql"]
)
@pytest.mark.parametrize("form", ["introspection", "mermaid"])
def test_the_flags_are_those_of_the_project_that_a_schema_is_in(
    amplify_project: Path, capsys: pytest.CaptureFixture[str], name: str, form: str
) -> None:
    path = amplify_project / name
    if not path.exists():
        path.write_text(SDL)
    assert main(["preview", str(path), "--format", form]) == 0
    timestamps = form == "introspection" and path.name == "elsewhere.graphql"
    assert has_timestamps(capsys.readouterr().out) is timestamps


@pytest.mark.usefixtures("amplify_project")
@pytest.mark.parametrize(("directory", "timestamps"), [("apps/web/src", False), (".", True)])
def test_stdin_belongs_to_the_working_directory(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    directory: str,
    timestamps: object,
) -> None:
    monkeypatch.chdir(directory)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + SDL.encode())))
    assert main(["preview", "-"]) == 0
    assert has_timestamps(capsys.readouterr().out) is timestamps


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"type A { b: Nope }", 1, "stdin:1:13: "),
        (b" ", 1, "stdin:1:1: the schema is empty"),
        (b"type \xff", 2, "stdin is not UTF-8 text: invalid byte at position 6"),
        (b"#" * 20_000_001, 2, "the schema on stdin is larger than 20,000,000 bytes"),
    ],
)
@pytest.mark.usefixtures("schema")
def test_a_wrong_text_of_stdin_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    code: int,
    message: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert main(["preview", "-", "api/blog"]) == code
    assert f"amplify-modelgen: {message}" in capsys.readouterr().err


@pytest.mark.usefixtures("schema")
def test_an_emitter_gets_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    for style in ("dataclass", "typeddict"):
        arguments = ["--format", "python", "--option", f"style={style}"]
        assert main(["preview", "schema.graphql", *arguments]) == 0
    first, second = capsys.readouterr().out.split("from __future__")[1:]
    assert first != second


@pytest.mark.usefixtures("schema")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["style"], "--option 'style' is not NAME=VALUE, or is given twice"),
        (["=a"], "--option '=a' is not NAME=VALUE, or is given twice"),
        (["style=a", "style=b"], "--option 'style=b' is not NAME=VALUE, or is given twice"),
        (["size=1"], "--option: unknown option 'size' of the emitter 'python' (output .)"),
        (["style=x"], "invalid 'style' 'x' for the emitter 'python'"),
    ],
)
def test_a_wrong_option_is_an_error(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    arguments = [argument for option in options for argument in ("--option", option)]
    assert main(["preview", "schema.graphql", "--format", "python", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.usefixtures("schema")
def test_a_document_has_no_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "schema.graphql", "--option", "a=b"]) == 2
    assert "unknown option 'a' of the emitter 'introspection'" in capsys.readouterr().err


def test_a_draft_is_validated_with_the_flags_of_its_project(amplify_project: Path) -> None:
    cli = {"features": {"graphqltransformer": {"transformerversion": 1}}}
    (amplify_project / "amplify/cli.json").write_text(json.dumps(cli))
    sdl = "directive @index on OBJECT type A @model { id: ID! }\n"
    for directory, code in ((amplify_project, 0), (Path(), 1)):
        (directory / "draft.graphql").write_text(sdl)
        assert main(["validate", str(directory / "draft.graphql")]) == code
        assert main(["preview", str(directory / "draft.graphql")]) == code


@pytest.mark.parametrize("is_terminal", [True, False])
def test_control_characters_are_escaped_on_a_terminal(
    schema: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    is_terminal: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    rule = '@auth(rules: [{allow: groups, groups: ["\\u009b31m\\u202e"]}])'
    schema.write_text(f"type Post @model {rule} {{ id: ID! }}")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    preview([schema], Output(emitter="introspection", path="."), None)
    printed = capsys.readouterr().out
    assert ("\x9b" in printed, "\u202e" in printed) == (not is_terminal, not is_terminal)
    assert len(printed.splitlines()) > 10
