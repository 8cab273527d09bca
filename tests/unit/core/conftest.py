from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOBODY = 65534
CONFIGURATION = """\
backend = "local"
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
    """A checkout, the working directory, with one target that has never been generated."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "amplify-modelgen.toml").write_text(CONFIGURATION)
    (root / "blog.graphql").write_text(SCHEMA)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """A folder of a user to whom permissions apply, also where the tests run as root."""
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name).resolve()
            return
        os.chown(name, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, 0)
        try:
            yield Path(name).resolve()
        finally:
            os.setresuid(0, 0, 0)
