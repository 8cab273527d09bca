"""Compare the documents of our engine with those of the peer."""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen.documents import FeatureFlags
from conformance.peer import Result, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAX_LINES = 80


def ours(schema: str, flags: FeatureFlags) -> Verdict:
    """Return both documents of our engine, or the error that it refuses a document with."""
    from amplify_modelgen.modelgen import (
        generate_datastore,
        generate_introspection,
        generate_models,
        to_json,
    )

    try:
        models = generate_models(schema, flags)
    except SchemaError:
        return Verdict(
            introspection=_generate(generate_introspection, schema, flags),
            datastore=_generate(generate_datastore, schema, flags),
        )
    return Verdict(
        introspection=Result(text=to_json(models.introspection)),
        datastore=Result(text=to_json(models.datastore)),
    )


def _generate(
    generate: Callable[[str, FeatureFlags], dict[str, Any]], schema: str, flags: FeatureFlags
) -> Result:
    from amplify_modelgen.modelgen import to_json

    try:
        return Result(text=to_json(generate(schema, flags)))
    except SchemaError as error:
        return Result(error=str(error))


def difference(schema: str, flags: FeatureFlags, expected: Verdict) -> str:
    """Return a report (schema, flags, diff) if our engine differs from the peer, else nothing.

    Two refusals of a document are equal, whatever their messages.
    """
    actual = ours(schema, flags)
    if (
        _is_incidental(expected)
        and actual.introspection.text is None
        and actual.datastore.text is None
    ):
        return ""
    lines = [
        *_lines("introspection", actual, expected),
        *_lines("datastore", actual, expected),
    ]
    return "\n".join([*_heading(schema, flags), *lines]) if lines else ""


def _is_incidental(expected: Verdict) -> bool:
    # The peer validates one of its documents only, so that a name that is not a string or an
    # argument that is a model becomes part of the other one. We may refuse such a schema.
    return (expected.introspection.error or "").startswith("Data did not validate")


def _heading(schema: str, flags: FeatureFlags) -> list[str]:
    changed = {
        name: value
        for name, value in asdict(flags).items()
        if value != getattr(FeatureFlags(), name)
    }
    return ["", "--- schema", schema.rstrip("\n"), f"--- flags {json.dumps(changed)}"]


def _lines(document: str, ours: Verdict, peers: Verdict) -> Iterator[str]:
    expected, actual = getattr(peers, document), getattr(ours, document)
    if expected.text is None and actual.text is None:
        return
    if expected.text is None or actual.text is None:
        yield from _refusals(document, expected, actual)
    elif expected.text != actual.text:
        yield from _diff(document, expected.text, actual.text)


def _refusals(document: str, expected: Result, actual: Result) -> Iterator[str]:
    for name, result in (("peer", expected), ("ours", actual)):
        outcome = "generated" if result.error is None else f"refused: {result.error}"
        yield f"--- {document}: {name}: {outcome}"


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
    yield from lines[:_MAX_LINES]
    if len(lines) > _MAX_LINES:
        yield f"... {len(lines) - _MAX_LINES} more lines"
