"""Leaves out what two introspection documents share, before anything in it is looked at."""

from __future__ import annotations

from json import loads
from typing import TYPE_CHECKING, Any

from msgspec import DecodeError, Raw, json

from amplify_modelgen.modelgen.json_text import compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Document = Mapping[str, Any]

_SECTIONS = ("models", "nonModels", "enums", "inputs")
_ENTRIES = json.Decoder(dict[str, Raw])


def read_like(content: bytes, new: Document) -> Any:  # noqa: ANN401 (any JSON value)
    """Return the JSON value of `content`, which is expected to have much in common with `new`.

    What is written alike in both is not read, and is the same object in both then: so a document
    of 1,000 models of which one differs is read and compared in half of the time.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    try:
        sections = _ENTRIES.decode(json.format(content, indent=-1))
        return {name: _section_like(raw, new.get(name)) for name, raw in sections.items()}
    except (TypeError, ValueError, DecodeError):
        # Only Python's own reader takes `NaN` and lone surrogates, and `new` may be no JSON.
        return loads(content)


def _section_like(section: Raw, new: object) -> Any:  # noqa: ANN401 (any JSON value)
    if not isinstance(new, dict) or not bytes(section).startswith(b"{"):
        return json.decode(section)
    return {
        name: new[name] if name in new and _is_text_of(raw, new[name]) else json.decode(raw)
        for name, raw in _ENTRIES.decode(section).items()
    }


def _is_text_of(raw: Raw, value: object) -> bool:
    text = compact(value)
    # A number that is infinite is written as `null`, too.
    return raw == Raw(text) and b"null" not in text


def without_equals(old: Document, new: Document) -> tuple[Document, Document]:
    """Return both documents without the types that are the same in both.

    `compare_models` says the same of them, in a part of the time. A model stays where it refers
    to one that differs or is referred to by one that is compared, because relations are judged
    by the fields of both sides. All models stay where one is gone, because it may live on under
    another name. Raises nothing: what has not the shape of a document is left for
    `compare_models` to refuse.
    """
    for section in _SECTIONS:
        before, after = old.get(section), new.get(section)
        if isinstance(before, dict) and isinstance(after, dict):
            equal = _equal(before, after)
            if section == "models":
                equal = _unaffected(equal, before, after)
            old, new = _without(old, section, equal), _without(new, section, equal)
    return old, new


def _equal(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() & after.keys() if before[name] == after[name]}


def _unaffected(equal: set[str], before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the models that are neither compared nor needed to compare others."""
    differing = after.keys() - equal
    if before.keys() - after.keys():
        return set()
    if not differing:
        return equal
    compared = {name for name in after if differing & {name, *_related(after[name])}}
    needed = {
        other for name in compared for side in (before, after) for other in _related(side.get(name))
    }
    return equal - compared - needed


def _related(model: object) -> Iterator[str]:
    """Return the types of a model's fields."""
    fields = model.get("fields") if isinstance(model, dict) else None
    for field in fields.values() if isinstance(fields, dict) else ():
        kind = field.get("type") if isinstance(field, dict) else None
        yield from map(str, kind.values() if isinstance(kind, dict) else [kind])


def _without(document: Document, section: str, names: set[str]) -> Document:
    kept = {name: value for name, value in document[section].items() if name not in names}
    return {**document, section: kept}
