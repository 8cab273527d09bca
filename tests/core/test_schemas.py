from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen import workspace
from amplify_modelgen.errors import ConfigError, SchemaError
from amplify_modelgen.storage.project_files import ProjectFiles
from amplify_modelgen.workspace import read_schema

if TYPE_CHECKING:
    from pathlib import Path

    from amplify_modelgen.records import Schema


def read(root: Path, schema: str) -> Schema:
    with ProjectFiles(root) as files:
        return read_schema(files, schema)


def write(root: Path, path: str, text: str = "type A { a: Int }") -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def paths(schema: Schema) -> list[str]:
    return [file.path for file in schema.files]


def test_file(tmp_path: Path) -> None:
    write(tmp_path, "api/schema.graphql")
    schema = read(tmp_path, "api/schema.graphql")
    assert paths(schema) == ["api/schema.graphql"]
    assert schema.text == "type A { a: Int }"


def test_directory_in_the_order_of_paths(tmp_path: Path) -> None:
    for path in ("s/b.graphql", "s/a/z.graphql", "s/a.graphql", "s/ü.graphql", "s/B.graphql"):
        write(tmp_path, path)
    assert paths(read(tmp_path, "s")) == [
        "s/B.graphql",
        "s/a.graphql",
        "s/a/z.graphql",
        "s/b.graphql",
        "s/ü.graphql",
    ]


def test_directory_takes_nothing_hidden_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "s/a.graphql")
    for path in ("s/.b.graphql", "s/.c/d.graphql", "s/README.md", "s/e.graphqls", "s/f.gql"):
        write(tmp_path, path)
    (tmp_path / "s" / ".#a.graphql").symlink_to("user@host:1")
    assert paths(read(tmp_path, "s")) == ["s/a.graphql"]


def test_root_itself_as_directory(tmp_path: Path) -> None:
    write(tmp_path, "a.graphql")
    write(tmp_path, "b/c.graphql")
    assert paths(read(tmp_path, ".")) == ["a.graphql", "b/c.graphql"]


@pytest.mark.parametrize("line_ending", ["\n", "\r\n", "\r"])
def test_bom_and_line_endings(tmp_path: Path, line_ending: str) -> None:
    (tmp_path / "a.graphql").write_bytes(f"\ufefftype Ä{line_ending}{{ a: Int }}".encode())
    assert read(tmp_path, "a.graphql").text == "type Ä\n{ a: Int }"


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no schema found at a\.graphql"):
        read(tmp_path, "a.graphql")


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff"])
def test_empty(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.graphql", text)
    with pytest.raises(SchemaError, match=r"a\.graphql:1:1: the schema is empty") as caught:
        read(tmp_path, "a.graphql")
    assert caught.value.exit_code == 1


def test_one_empty_file_among_others(tmp_path: Path) -> None:
    write(tmp_path, "s/a.graphql", "")
    write(tmp_path, "s/b.graphql")
    assert len(read(tmp_path, "s").files) == 2


def test_directory_without_schema_files(tmp_path: Path) -> None:
    write(tmp_path, "s/a.txt")
    with pytest.raises(ConfigError, match=r"no schema found at s") as caught:
        read(tmp_path, "s")
    assert caught.value.exit_code == 2


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_bytes("type A { a: Int }".encode("utf-16"))
    with pytest.raises(
        ConfigError, match=r"a\.graphql is not UTF-8 text: invalid byte at position 1"
    ):
        read(tmp_path, "a.graphql")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "MAX_BYTES", 20)
    for path in ("s/a.graphql", "s/b.graphql"):
        write(tmp_path, path)
    with pytest.raises(ConfigError, match="the schema s is larger than 20 bytes"):
        read(tmp_path, "s")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.graphql")
    with pytest.raises(ConfigError, match=r"a\.graphql is not a regular file"):
        read(tmp_path, "a.graphql")


@pytest.mark.parametrize("destination", ["a.graphql", "b.graphql", "../a.graphql", "missing"])
@pytest.mark.parametrize("path", ["a.graphql", "s/a.graphql"])
def test_linked_file_is_refused(tmp_path: Path, path: str, destination: str) -> None:
    write(tmp_path, "a.graphql", "secret")
    write(tmp_path, "root/b.graphql")
    root = tmp_path / "root"
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).symlink_to(destination)
    with pytest.raises(ConfigError, match=f"^{path} is a symbolic link") as caught:
        read(root, path.partition("/")[0])
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("schema", ["s", "s/more", "s/more/a.graphql"])
def test_linked_directory_is_not_read(tmp_path: Path, schema: str) -> None:
    write(tmp_path, "outside/a.graphql")
    root = tmp_path / "root"
    (root / "s").mkdir(parents=True)
    (root / "s" / "more").symlink_to(tmp_path / "outside")
    with pytest.raises(ConfigError):
        read(root, schema)
