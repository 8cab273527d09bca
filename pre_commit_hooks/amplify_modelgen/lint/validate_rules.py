"""Rules of `@validate`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schema_index import Problem, SchemaIndex

_COMPARISONS = ("gt", "lt", "gte", "lte")
_LENGTHS = ("minLength", "maxLength")
# As JavaScript reads the beginning of a text as a number.
_NUMBER = r"\s*[+-]?(?:Infinity|\d|\.\d)"
_LENGTH = r"\s*\+?\d"


def _fields(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["validate"]:
        field, kind = use.field, str(use.argument("type"))
        if field is None or use.owner.name not in index.models:
            message = f"{use.path} has @validate, but {use.owner.name} is not a model"
            hint = f"remove @validate, or add @model to {use.owner.name}"
            yield use.problem(message, hint)
        elif field.type.list_depth:
            message = f"{use.path} has @validate, but is a list"
            yield use.problem(message, "remove @validate, or the brackets of the type")
        else:
            allowed = ("Int", "Float") if kind in _COMPARISONS else ("String",)
            if field.type.name not in allowed:
                message = f"{use.path} has the type {field.type.name}, which {kind} cannot validate"
                yield use.problem(message, f"use {kind} for {' or '.join(allowed)}", "type")


def _values(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["validate"]:
        kind, value = str(use.argument("type")), str(use.argument("value"))
        if kind in _COMPARISONS and not re.match(_NUMBER, value):
            yield use.problem(f'"{value}" is not a number', f"{kind} needs a number", "value")
        elif kind in _LENGTHS and not re.match(_LENGTH, value):
            yield use.problem(f'"{value}" is not a length', f"{kind} needs 0 or more", "value")


def _repeated(index: SchemaIndex) -> Iterator[Problem]:
    seen = set()
    for use in index.uses["validate"]:
        key = (use.path, use.argument("type"))
        if key in seen:
            message = f"{use.path} has several @validate with the type {key[1]}"
            yield use.problem(message, "keep one of them", "type")
        seen.add(key)


_LIKES = "type Post @model { id: ID! likes: Int %s }"

VALIDATE_RULES = (
    Rule(
        id="validate-field",
        summary="`@validate` belongs to single numbers and strings of models, as its type says.",
        wrong=_LIKES % '@validate(type: minLength, value: "1")',
        right=_LIKES % '@validate(type: gte, value: "1")',
        find=_fields,
    ),
    Rule(
        id="validate-value",
        summary="`@validate` compares with a number, or with a length of 0 or more.",
        wrong=_LIKES % '@validate(type: gt, value: "none")',
        right=_LIKES % '@validate(type: gt, value: "0")',
        find=_values,
    ),
    Rule(
        id="validate-repeated",
        summary="A field has one `@validate` of each type.",
        wrong=_LIKES % '@validate(type: gt, value: "0") @validate(type: gt, value: "1")',
        right=_LIKES % '@validate(type: gt, value: "0") @validate(type: lt, value: "10")',
        find=_repeated,
    ),
)
