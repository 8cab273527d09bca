"""Use of the models of a schema with every feature, and of the example, by an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from emitters.javascript.workspace import Workspace

pytestmark = pytest.mark.node

MISTAKES = ("new Shop({});", "product.colour;", 'price.amount = "1";')


@pytest.fixture(scope="module")
def compiled(shop: Workspace) -> Workspace:
    # What types.ts expects to be an error must be an error, and nothing else.
    assert shop.tsc(emit=True) == []
    assert shop.bundle() == []
    return shop


@pytest.mark.parametrize("module", ["js/models/index.mjs", "ts/models/index.js"])
def test_instances_are_built_copied_validated_and_stored(compiled: Workspace, module: str) -> None:
    result = compiled.node("run.mjs", f"shop/{module}")
    assert result.returncode == 0, result.stderr


def test_the_compiler_finds_mistakes(compiled: Workspace) -> None:
    good = (compiled.root / "shop/js/types.ts").read_text()
    mistaken = ["shop/js/mistaken.ts", "shop/ts/mistaken.ts"]
    for path in mistaken:
        compiled.write(path, good + "\n".join(MISTAKES))
    errors = compiled.tsc()
    for path in mistaken:
        (compiled.root / path).unlink()
    lines = range(good.count("\n") + 1, good.count("\n") + 1 + len(MISTAKES))
    assert [line.partition(",")[0] for line in errors] == [
        f"{path}({line}" for path in mistaken for line in lines
    ]
