from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import generate_models
from emitters.javascript.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
BLOG = HERE.parents[2] / "examples/blog/amplify/backend/api/blog/schema.graphql"


@pytest.fixture(scope="session")
def peer(npm_project: Callable[[Path], Path]) -> Path:
    return npm_project(HERE / "peer")


@pytest.fixture(scope="session")
def make_workspace(
    peer: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Workspace]:
    def make(name: str) -> Workspace:
        workspace = Workspace(root=tmp_path_factory.mktemp(name), peer=peer)
        workspace.prepare()
        return workspace

    return make


@pytest.fixture(scope="session")
def shop(make_workspace: Callable[[str], Workspace]) -> Workspace:
    """The models of shop/schema.graphql with types.ts beside them, and those of the example."""
    workspace = make_workspace("shop")
    workspace.emit(generate_models((HERE / "shop/schema.graphql").read_text()), "shop")
    workspace.emit(generate_models(BLOG.read_text()), "blog")
    workspace.write("run.mjs", (HERE / "shop/run.mjs").read_text())
    types = (HERE / "shop/types.ts").read_text()
    for language in ("js", "ts"):
        workspace.write(f"shop/{language}/types.ts", types)
        enums = (HERE / f"shop/enums_{language}.ts").read_text()
        workspace.write(f"shop/{language}/enums.ts", enums)
    return workspace
