from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from amplify_modelgen import plugins
from amplify_modelgen.cli.main import main
from amplify_modelgen.cli.preview import preview
from amplify_modelgen.errors import ConfigError, SchemaError, UsageError
from amplify_modelgen.hookspecs import Emitter
from amplify_modelgen.records import Artifact

SDL = "type Post @model {\n  id: ID!\n}\n"


@pytest.fixture
def schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("schema.graphql").write_text(SDL)
    for name in ("blog", "shop"):
        Path("api", name).mkdir(parents=True)
        Path("api", name, "schema.graphql").write_text(SDL.replace("Post", name.title()))
    return Path("schema.graphql")


@pytest.mark.parametrize("form", ["introspection", "datastore"])
def test_a_document_is_printed_alone(
    schema: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert preview([schema], form, None) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["models"]["Post"]["name"] == "Post"
    assert ("codegenVersion" in document) is (form == "datastore")


def test_several_schemas_are_told_apart_by_their_resources(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    preview([Path("api/blog/schema.graphql"), Path("api/shop")], "introspection", None)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("==>")] == [
        "==> blog/model-introspection.json <==",
        "==> shop/model-introspection.json <==",
    ]
    assert schema.exists()


@pytest.mark.usefixtures("schema")
def test_documents_are_written_into_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    preview([Path("api/blog"), Path("api/shop")], "datastore", Path("new/out"))
    assert sorted(path.as_posix() for path in Path("new").rglob("*.json")) == [
        "new/out/blog/schema.json",
        "new/out/shop/schema.json",
    ]
    assert "created new/out/blog/schema.json\n" in capsys.readouterr().out.replace("\\", "/")


def test_two_schemas_of_one_name_are_refused(schema: Path) -> None:
    with pytest.raises(UsageError, match=r"two schemas would be called \S+, and one of them is"):
        preview([schema, schema], "introspection", None)


@pytest.mark.parametrize("output", ["out", "out/new"])
def test_a_folder_that_is_a_file_is_refused(schema: Path, output: str) -> None:
    Path("out").touch()
    with pytest.raises(UsageError, match=r"--output \S+ is to be a folder, and out is a file"):
        preview([schema], "introspection", Path(output))


def test_a_refused_schema_is_named_as_it_was_called(schema: Path) -> None:
    broken = Path("api/blog/schema.graphql")
    broken.write_text("type Post {\n  a: Nope\n}\n")
    with pytest.raises(SchemaError) as caught:
        preview([schema, broken], "introspection", None)
    assert caught.value.problems[0].place.startswith("api/blog/schema.graphql:2:")


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
def test_a_refused_schema_goes_by_the_path_that_was_typed(
    monkeypatch: pytest.MonkeyPatch, cwd: str, typed: str, place: str, text: str
) -> None:
    Path("api/shop/schema.graphql").unlink()
    Path("api/blog/schema.graphql").write_text(text)
    monkeypatch.chdir(cwd)
    with pytest.raises(SchemaError) as caught:
        preview([Path(typed)], "introspection", None)
    assert caught.value.problems[0].path == place


@pytest.mark.usefixtures("schema")
def test_a_schema_elsewhere_that_cannot_be_read_goes_by_the_path_that_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("api/blog/schema.graphql").write_bytes(b"\xff")
    monkeypatch.chdir("api/shop")
    with pytest.raises(ConfigError, match=r"^\.\./blog: blog/schema\.graphql is not UTF-8"):
        preview([Path("../blog")], "introspection", None)


@pytest.mark.usefixtures("schema")
@pytest.mark.parametrize("word", ["nope", "api/nope.graphql", "../nope", "/nope"])
def test_a_schema_that_is_not_there_is_a_usage_error(word: str) -> None:
    with pytest.raises(UsageError, match="there is no schema ") as caught:
        preview([Path(word)], "introspection", None)
    assert caught.value.message.endswith(str(Path(word)))
    assert "target" not in (caught.value.hint or "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
@pytest.mark.parametrize("word", [os.devnull, "/dev/zero", "pipe", "../pipe", "link", "/dev/fd/{}"])
def test_a_pipe_or_a_device_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    for folder in (tmp_path, tmp_path / "folder"):
        folder.mkdir(exist_ok=True)
        os.mkfifo(folder / "pipe")
    monkeypatch.chdir(tmp_path / "folder")
    Path("link").symlink_to(os.devnull)
    ends = os.pipe()
    path = word.format(ends[0])
    assert main(["preview", path]) == 2
    for end in ends:
        os.close(end)
    message, hint = capsys.readouterr().err.splitlines()
    assert message == (
        f"amplify-modelgen: {path} is a pipe or a device, and no schema can be read from one"
    )
    assert hint.startswith("  write the schema into a file, ")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_nothing_is_an_error_with_a_message(schema: Path) -> None:
    Path("link").symlink_to("nowhere")
    with pytest.raises(ConfigError, match="nowhere does not exist"):
        preview([schema.with_name("link")], "introspection", None)


@pytest.mark.parametrize("word", ["..", ".", "../folder"])
def test_a_place_without_schemas_is_an_error_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    with pytest.raises(ConfigError):
        preview([Path(word)], "introspection", None)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_a_schema_elsewhere_is_followed(
    schema: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("links").mkdir()
    Path("links/link.graphql").symlink_to(schema.absolute())
    monkeypatch.chdir("links")
    assert preview([Path("link.graphql")], "introspection", None) == 0
    assert '"Post"' in capsys.readouterr().out


class Emitters:
    def __init__(self) -> None:
        artifact = Artifact(path="a.txt", content=b"\xffx")
        self.emitters = {"text": Emitter(name="text", help="", emit=lambda *_: [artifact])}


def test_an_emitter_of_a_plugin_is_used(
    schema: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "load_plugins", Emitters)
    preview([schema], "text", None)
    assert capsys.readouterr().out == "\\xffx\n"


def test_an_unknown_form_is_refused_with_those_that_there_are(
    schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "load_plugins", Emitters)
    with pytest.raises(UsageError, match="there is no format 'txet'") as caught:
        preview([schema], "txet", None)
    assert caught.value.hint == "choose one of: datastore, introspection, text"


def test_the_introspection_of_a_schema_without_datastore_models_is_printed(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema.write_text("type Post @model { u: U } type A { a: Int } union U = A")
    assert preview([schema], "introspection", None) == 0
    assert "Post" in json.loads(capsys.readouterr().out)["models"]
