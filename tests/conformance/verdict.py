"""What our engine says to a schema, and how that differs from what the peer says."""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen.flags import FeatureFlags
from conformance.peer import Judgement, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_LINES = 80


def ours(schema: str, flags: FeatureFlags) -> Judgement:
    """Both documents as our engine serialises them, or its refusal of either."""
    from amplify_modelgen.modelgen import (
        generate_datastore,
        generate_introspection,
        generate_models,
        to_json,
    )

    try:
        models = generate_models(schema, flags)
    except SchemaError:
        return Judgement(
            introspection=_alone(generate_introspection, schema, flags),
            datastore=_alone(generate_datastore, schema, flags),
        )
    return Judgement(
        introspection=Result(text=to_json(models.introspection)),
        datastore=Result(text=to_json(models.datastore)),
    )


def _alone(
    generate: Callable[[str, FeatureFlags], dict[str, Any]], schema: str, flags: FeatureFlags
) -> Result:
    from amplify_modelgen.modelgen import to_json

    try:
        return Result(text=to_json(generate(schema, flags)))
    except SchemaError as refusal:
        return Result(error=str(refusal))


def difference(schema: str, flags: FeatureFlags, theirs: Judgement) -> str:
    """Empty if our engine agrees with `theirs`, else a report to read: schema, flags, diff.

    Two refusals of a document agree, whatever their words.
    """
    mine = ours(schema, flags)
    if _accidental(theirs) and mine.introspection.text is None and mine.datastore.text is None:
        return ""
    lines = [*_lines("introspection", mine, theirs), *_lines("datastore", mine, theirs)]
    return "\n".join([*_heading(schema, flags), *lines]) if lines else ""


def _accidental(theirs: Judgement) -> bool:
    # The peer checks what it wrote for one document only, so a name that is no string or an
    # argument that is a model gets into the other one. We may refuse such a schema as a whole.
    return (theirs.introspection.error or "").startswith("Data did not validate")


def _heading(schema: str, flags: FeatureFlags) -> list[str]:
    changed = {
        name: value
        for name, value in asdict(flags).items()
        if value != getattr(FeatureFlags(), name)
    }
    return ["", "--- schema", schema.rstrip("\n"), f"--- flags {json.dumps(changed)}"]


def _lines(document: str, mine: Judgement, theirs: Judgement) -> Iterator[str]:
    expected, actual = getattr(theirs, document), getattr(mine, document)
    if expected.text is None and actual.text is None:
        return
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
