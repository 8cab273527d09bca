"""The model introspection document in the files that Amplify Gen 2 writes for clients.

`amplify_outputs.json` has it as `data.model_introspection`, `amplifyconfiguration.json` as
`modelIntrospection`; a file can also be the document itself. Source: docs.amplify.aws, "Amplify
outputs".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from amplify_modelgen.errors import Diagnostic, SchemaError

if TYPE_CHECKING:
    from collections.abc import Collection

_OBJECT = re.compile(r'\ufeff?\s{0,64}\{\s{0,64}"')
_SECTIONS = frozenset({"models", "nonModels", "enums"})


def is_outputs_file(text: str) -> bool:
    """Return whether a text is a JSON object with a key, which no GraphQL document is."""
    return _OBJECT.match(text) is not None


def read_outputs(
    text: str, documents: Collection[str] = frozenset({"introspection"})
) -> dict[str, Any]:
    """Return the document in a file of Amplify Gen 2.

    Raises:
        SchemaError: it has no such document, or one of `documents` is another one.
    """
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        column = getattr(error, "colno", 1)
        raise _error("the file is not valid JSON", line, column) from error
    document: dict[str, Any] | None = next(filter(_is_document, _candidates(value)), None)
    if document is None:
        raise _error("the file has no model introspection document (data.model_introspection)")
    if set(documents) - {"introspection"}:
        raise _error("an output needs the GraphQL schema, which is not in a file of Amplify Gen 2")
    return document


def _candidates(value: Any) -> list[Any]:  # noqa: ANN401 (JSON)
    if not isinstance(value, dict):
        return []
    data = value.get("data")
    nested = data.get("model_introspection") if isinstance(data, dict) else None
    return [nested, value.get("modelIntrospection"), value]


def _is_document(value: Any) -> bool:  # noqa: ANN401 (JSON)
    return isinstance(value, dict) and bool(value.keys() & _SECTIONS)


def _error(message: str, line: int = 1, column: int = 1) -> SchemaError:
    hint = (
        "these emitters work with the model introspection document of amplify_outputs.json: "
        "introspection, mermaid, python, typescript-types"
    )
    return SchemaError((Diagnostic(message=message, line=line, column=column, hint=hint),))
