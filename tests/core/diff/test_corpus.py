from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct
from msgspec.structs import fields

from amplify_modelgen.diff import compare_models
from amplify_modelgen.diff.document import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__, "../../../conformance/corpus").resolve()
RECORDED = sorted(CORPUS.glob("**/introspection.json"))


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def unknown_members(part: object) -> Iterator[str]:
    """Yield the parts of a document that no rule knows."""
    if isinstance(part, dict):
        for item in part.values():
            yield from unknown_members(item)
    if isinstance(part, tuple):
        for item in part:
            yield from unknown_members(item)
    if isinstance(part, Struct):
        yield from filter(None, [getattr(part, "unknown", "")])
        for field in fields(part):
            yield from unknown_members(getattr(part, field.name))


def test_there_is_a_corpus() -> None:
    assert len(RECORDED) > 100


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parent.name)
def test_no_part_of_a_document_of_amplify_is_unknown(path: Path) -> None:
    document = load(path)
    # A conversation's own models are Amplify's fixed text.
    left = unknown_members(parse_document({**document, "conversations": {}}))
    assert list(left) == []


@pytest.mark.parametrize(("old", "new"), [*pairwise(RECORDED)], ids=lambda path: path.parent.name)
def test_any_two_documents_of_amplify_can_be_compared(old: Path, new: Path) -> None:
    before, after = load(old), load(new)
    there, back = compare_models(before, after), compare_models(after, before)
    assert bool(there) == bool(back)
    assert compare_models(before, before) == ()
