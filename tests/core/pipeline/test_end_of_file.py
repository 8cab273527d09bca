"""A newline that another hook added at the end of a file stays when the file is regenerated."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from amplify_modelgen.cli import main as cli

EXAMPLES = Path(__file__).parents[3] / "examples"


LIKES = ("  likes: Int\n", "  stars: Int\n")
COURT = ("  court: Court!\n", "  court: Court\n")


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize(
    ("path", "edit"),
    [
        ("blog/src/models/schema.js", LIKES),
        ("blog/src/models/model-introspection.json", LIKES),
        ("ios/amplify/generated/models/Booking.swift", COURT),
    ],
)
def test_the_end_of_a_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, edit: tuple[str, str], end: bytes
) -> None:
    example = path.partition("/")[0]
    project = Path(shutil.copytree(EXAMPLES / example, tmp_path / example))
    (project / ".git").mkdir()
    monkeypatch.chdir(project)
    [schema] = project.glob("amplify/backend/api/*/schema.graphql")
    schema.write_text(schema.read_text().replace(*edit))
    file = tmp_path / path
    before = file.read_bytes().rstrip(b"\n") + end
    file.write_bytes(before)
    assert cli.main(["generate"]) == 1
    after = file.read_bytes()
    assert after != before
    assert after.endswith(b"\n") is bool(end)
    assert cli.main(["check"]) == 0
