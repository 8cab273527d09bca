"""Decoding the documents that the API calls models."""

from __future__ import annotations

import json
import math
import re
from typing import Any

# Far beyond any real schema: a thousand models make about five million characters.
LONGEST = 100_000_000
# Amplify's own documents are about ten levels deep.
DEEPEST = 200

_JSON_SPACE = " \t\r\n"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
# Where the object of a module begins: `export const schema = {`, `export default {`.
_ASSIGNED = re.compile(r"(?:=|\bdefault)\s*(?=\{)")

Document = dict[str, Any]


class DocumentError(ValueError):
    """A text that is no document; the message says why, without the text itself."""


def decode(text: str) -> Document:
    """Return the JSON object in the text, which is JSON or a JavaScript module.

    The API says "stringified JSON"; the service also stores `export const schema = {...};`.

    Raises:
        DocumentError: the text is empty, longer than `LONGEST` characters, no JSON object, deeper
            than `DEEPEST` levels, or holds what JSON does not: a name twice in an object, NaN,
            numbers without end, halves of characters.
    """
    if len(text) > LONGEST:
        raise DocumentError(f"it has {len(text)} characters, and {LONGEST} are the limit")
    text = text.removeprefix("\ufeff").strip(_JSON_SPACE)
    if not text:
        raise DocumentError("it is empty")
    document = _decoded(text, _beginning(text))
    _check_depth(document)
    _check_characters(text, document)
    return document


def _beginning(text: str) -> int:
    if text.startswith("{"):
        return 0
    # Words begin a module; anything else begins another JSON value, or is none.
    assigned = _ASSIGNED.search(text) if text[0].isalpha() or text[0] == "/" else None
    if assigned is None:
        raise DocumentError("it is neither a JSON object nor a JavaScript module with one")
    return assigned.end()


def _decoded(text: str, beginning: int) -> Document:
    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_float
    )
    try:
        document, end = decoder.raw_decode(text, beginning)
    except DocumentError:
        raise
    except RecursionError:
        raise DocumentError(f"it is nested more than {DEEPEST} levels deep") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(f"it is not JSON: {error.msg} at {place}") from None
    except ValueError as error:
        raise DocumentError(f"it is not JSON: {error}") from None
    if beginning == 0 and text[end:].strip(_JSON_SPACE + ";"):
        raise DocumentError("something follows its JSON object")
    result: Document = document
    return result


def _object(pairs: list[tuple[str, object]]) -> Document:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise DocumentError("an object in it has the same name twice")
    return value


def _refuse_constant(name: str) -> None:
    raise DocumentError(f"it holds {name}, which is no JSON")


def _float(text: str) -> float:
    from amplify_modelgen.modelgen.values import number

    value = number(text)
    if math.isinf(value):
        raise DocumentError("it holds a number that is too large")
    return value


def _check_depth(document: Document) -> None:
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    raise DocumentError(f"it is nested more than {DEEPEST} levels deep")


def _check_characters(text: str, document: Document) -> None:
    if not _SURROGATE.search(text):
        return
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise DocumentError("it holds half a character (a lone surrogate)") from None
