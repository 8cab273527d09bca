from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen import ConfigError, SchemaError, Target
from amplify_modelgen.config import checks
from amplify_modelgen.targets.schemas import read_schema, schema_folders, schema_paths

if TYPE_CHECKING:
    from amplify_modelgen import Schema


def target(schema: str | None) -> Target:
    return Target(app_id="", environment="", resource="blog", name="blog", schema=schema)


def read(root: Path, schema: str) -> Schema:
    return read_schema(root, target(schema))


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


def test_folder_in_the_order_of_paths(tmp_path: Path) -> None:
    for path in ("s/b.graphql", "s/a/z.graphql", "s/a.graphql", "s/ü.graphql", "s/B.graphql"):
        write(tmp_path, path)
    assert paths(read(tmp_path, "s")) == [
        "s/B.graphql",
        "s/a.graphql",
        "s/a/z.graphql",
        "s/b.graphql",
        "s/ü.graphql",
    ]


def test_folder_takes_nothing_hidden_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "s/a.graphql")
    for path in ("s/.b.graphql", "s/.c/d.graphql", "s/README.md", "s/e.graphqls", "s/f.gql"):
        write(tmp_path, path)
    (tmp_path / "s" / ".#a.graphql").symlink_to("nobody@nowhere:1")
    assert paths(read(tmp_path, "s")) == ["s/a.graphql"]


def test_root_itself_as_folder(tmp_path: Path) -> None:
    write(tmp_path, "a.graphql")
    write(tmp_path, "b/c.graphql")
    assert paths(read(tmp_path, ".")) == ["a.graphql", "b/c.graphql"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_bom_and_line_ends(tmp_path: Path, line_end: str) -> None:
    (tmp_path / "a.graphql").write_bytes(f"\ufefftype Ä{line_end}{{ a: Int }}".encode())
    assert read(tmp_path, "a.graphql").text == "type Ä\n{ a: Int }"


def test_no_schema_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="blog has no schema in the working tree"):
        read_schema(tmp_path, target(None))


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the schema a\.graphql does not exist"):
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


def test_folder_without_schema_files(tmp_path: Path) -> None:
    write(tmp_path, "s/a.txt")
    with pytest.raises(ConfigError, match=r"the schema folder s has no \.graphql file") as caught:
        read(tmp_path, "s")
    assert caught.value.exit_code == 2


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_bytes("type A { a: Int }".encode("utf-16"))
    with pytest.raises(ConfigError, match=r"a\.graphql is not UTF-8 text: byte 1 is 0xff"):
        read(tmp_path, "a.graphql")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MOST_BYTES", 20)
    for path in ("s/a.graphql", "s/b.graphql"):
        write(tmp_path, path)
    with pytest.raises(ConfigError, match="the schema s is larger than 20 bytes"):
        read(tmp_path, "s")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.graphql")
    with pytest.raises(ConfigError, match=r"a\.graphql is not a file"):
        read(tmp_path, "a.graphql")


def test_file_that_links_to_itself(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").symlink_to("a.graphql")
    with pytest.raises(ConfigError, match=r"cannot read a\.graphql: "):
        read(tmp_path, "a.graphql")


def test_link_within_the_root(tmp_path: Path) -> None:
    write(tmp_path, "shared/a.graphql")
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "more").symlink_to("../shared")
    (tmp_path / "s" / "b.graphql").symlink_to("../shared/a.graphql")
    assert paths(read(tmp_path, "s")) == ["s/b.graphql", "s/more/a.graphql"]


@pytest.mark.parametrize("link", ["s/b.graphql", "s/more", "s"])
def test_link_out_of_the_root(tmp_path: Path, link: str) -> None:
    write(tmp_path, "outside/a.graphql")
    root = tmp_path / "root"
    (root / link).parent.mkdir(parents=True)
    aim = "outside/a.graphql" if link.endswith(".graphql") else "outside"
    (root / link).symlink_to(tmp_path / aim)
    with pytest.raises(ConfigError, match="is outside it"):
        read(root, "s")


def test_folder_that_links_to_a_folder_above(tmp_path: Path) -> None:
    write(tmp_path, "s/a.graphql")
    (tmp_path / "s" / "again").symlink_to(".")
    with pytest.raises(ConfigError, match="s/again is a symbolic link to a folder that it is in"):
        read(tmp_path, "s")


def test_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s").mkdir()

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ConfigError, match="cannot read the schema folder s: permission denied"):
        read(tmp_path, "s")


def test_folders_of_a_schema(tmp_path: Path) -> None:
    write(tmp_path, "s/a/b.graphql")
    assert sorted(schema_folders(tmp_path, target("s"))) == ["s/", "s/a/"]


def test_folders_where_there_are_none(tmp_path: Path) -> None:
    write(tmp_path, "a.graphql")
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "again").symlink_to(".")
    for schema in ("a.graphql", "missing", "s", None):
        assert schema_folders(tmp_path, target(schema)) == ()


def test_a_schema_in_a_folder_that_cannot_be_entered_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "lstat", refuse)
    with pytest.raises(ConfigError, match=r"cannot read a\.graphql: permission denied"):
        schema_paths(tmp_path, "a.graphql")
