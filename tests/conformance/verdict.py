"""What our engine says to a schema, and how that differs from what the peer says."""

from __future__ import annotations

import json
from dataclasses import asdict
from difflib import unified_diff
from typing import TYPE_CHECKING

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen.flags import FeatureFlags
from conformance.peer import Judgement, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_LINES = 80


def ours(schema: str, flags: FeatureFlags) -> Judgement:
    """Both documents as our engine serialises them, or its refusal of both."""
    from amplify_modelgen.modelgen import generate_models, to_json

    try:
        models = generate_models(schema, flags)
    except SchemaError as refusal:
        return Judgement(
            introspection=Result(error=str(refusal)), datastore=Result(error=str(refusal))
        )
    return Judgement(
        introspection=Result(text=to_json(models.introspection)),
        datastore=Result(text=to_json(models.datastore)),
    )


def difference(schema: str, flags: FeatureFlags, theirs: Judgement) -> str:
    """Empty if our engine agrees with `theirs`, else a report to read: schema, flags, diff.

    Two refusals agree, whatever their words.
    """
    mine = ours(schema, flags)
    if mine.refused and theirs.refused:
        return ""
    lines = [*_lines("introspection", mine, theirs), *_lines("datastore", mine, theirs)]
    return "\n".join([*_heading(schema, flags), *lines]) if lines else ""


def _heading(schema: str, flags: FeatureFlags) -> list[str]:
    changed = {
        name: value
        for name, value in asdict(flags).items()
        if value != getattr(FeatureFlags(), name)
    }
    return ["", "--- schema", schema.rstrip("\n"), f"--- flags {json.dumps(changed)}"]


def _lines(document: str, mine: Judgement, theirs: Judgement) -> Iterator[str]:
    expected, actual = getattr(theirs, document), getattr(mine, document)
    if expected.text is None or actual.text is None:
        yield from _refusals(document, expected, actual)
    elif expected.text != actual.text:
        yield from _diff(document, expected.text, actual.text)


def _refusals(document: str, expected: Result, actual: Result) -> Iterator[str]:
    for name, result in (("peer", expected), ("ours", actual)):
        said = "gives it" if result.error is None else f"refuses: {result.error}"
        yield f"--- {document}: {name} {said}"


def _diff(document: str, expected: str, actual: str) -> Iterator[str]:
    lines = list(
        unified_diff(
            expected.split("\n"),
            actual.split("\n"),
            f"{document}, peer",
            f"{document}, ours",
            lineterm="",
            n=6,
        )
    )
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"... {len(lines) - _MOST_LINES} more lines"
