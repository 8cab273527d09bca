from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.pipeline.emit import EmittedFile
from amplify_modelgen.pipeline.plan import with_diffs
from amplify_modelgen.records import FileChange, Output
from amplify_modelgen.storage.project_files import ProjectFiles
from support.pipeline import SCHEMA, run_check, run_generate

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT = Output(emitter="one", path=".")


def diff(root: Path, old: bytes | None, new: bytes | None, action: str = "changed") -> str:
    if old is not None:
        (root / "a.js").write_bytes(old)
    emitted = [] if new is None else [EmittedFile(path="a.js", content=new, output=OUTPUT)]
    change = FileChange(path="a.js", action=action)  # type: ignore[arg-type] # a valid action
    with ProjectFiles(root) as files:
        (shown,) = with_diffs(files, emitted, [change])
    return shown.diff


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"a\nb\n", b"a\nc\n", "--- a/a.js\n+++ b/a.js\n@@ -1,2 +1,2 @@\n a\n-b\n+c"),
        (None, b"a\n", "--- /dev/null\n+++ b/a.js\n@@ -0,0 +1 @@\n+a"),
        (b"a\n", None, "--- a/a.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-a"),
        (
            b"\xef\xbb\xbfa\r\nb",
            b"a\nb\nc\n",
            "--- a/a.js\n+++ b/a.js\n@@ -1,2 +1,3 @@\n a\n b\n+c",
        ),
        (b"\xff\n", b"", "--- a/a.js\n+++ b/a.js\n@@ -1 +0,0 @@\n-\ufffd"),
    ],
)
def test_a_change_is_shown_as_git_does(
    tmp_path: Path, old: bytes | None, new: bytes | None, expected: str
) -> None:
    assert diff(tmp_path, old, new) == expected


def test_huge_files_are_counted(tmp_path: Path) -> None:
    assert diff(tmp_path, b"a\n" * 50_000, b"b\n") == "a.js: 50,000 lines become 1"


def test_unchanged_files_have_no_diff_and_conflicts_have_one(tmp_path: Path) -> None:
    assert diff(tmp_path, b"a\n", b"b\n", "unchanged") == ""
    assert diff(tmp_path, b"a\n", b"b\n", "refused").endswith("-a\n+b")


def test_diffs_are_made_on_request(project: Path) -> None:
    run_generate(project)
    (project / "blog.graphql").write_text(SCHEMA.replace("title", "titel"))
    assert [file.diff for file in run_check(project).outcomes[0].files] == [""]
    (file,) = run_check(project, diff=True).outcomes[0].files
    assert '-                    "name": "title",' in file.diff.split("\n")
    assert '+                    "name": "titel",' in file.diff.split("\n")
