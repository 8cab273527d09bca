from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER_USER = 65534
CONFIGURATION = """\
[[target]]
app-id = "d1"
environment = "dev"
resource = "blog"
schema = "blog.graphql"
outputs = [{ emitter = "introspection", path = "models/blog.json" }]
"""
SCHEMA = "type Post @model {\n  id: ID!\n  title: String\n}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout, the working directory, with a target that has not been generated yet."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "amplify-modelgen.toml").write_text(CONFIGURATION)
    (root / "blog.graphql").write_text(SCHEMA)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def unprivileged_directory() -> Iterator[Path]:
    """A directory of a user to whom permissions apply, also if the tests run as root."""
    if os.name == "nt":
        pytest.skip("POSIX permissions")
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name).resolve()
            return
        os.chown(name, _OTHER_USER, _OTHER_USER)
        os.setresuid(_OTHER_USER, _OTHER_USER, 0)
        try:
            yield Path(name).resolve()
        finally:
            os.setresuid(0, 0, 0)
