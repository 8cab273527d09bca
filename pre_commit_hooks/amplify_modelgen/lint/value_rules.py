"""Rules of `@default`, `@validate` and default values of arguments.

Amplify checks the texts of values as JavaScript reads them.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

from .rule import schema_rule
from .schema_index import Problem, is_required, owner_problems
from .wording import did_you_mean, listed, type_text, with_article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amplify_modelgen.modelgen.syntax import Value

    from .schema_index import SchemaIndex


_COMPARISONS = ("gt", "lt", "gte", "lte")
# As JavaScript reads the beginning of a text as a number.
_LENGTH = r"\s*\+?\d"
_INTEGER = r"\s*[+-]?\d"
_NUMBER = r"\s*[+-]?(?:Infinity|\d|\.\d)"
_BOOLEAN = r"(?i:true|false)\Z"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*\Z"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
_URL = r"\s*([A-Za-z][A-Za-z0-9+.-]*):(.*)"
_AUTHORITY = (
    r"[/\\]*(?:[^/\\?#]*@)?"
    r"(?:\[[0-9A-Fa-f:.]+\]|[^\s/\\?#:@<>\[\]^|%]+)(?::(\d{0,5}))?\s*(?:[/\\?#]|\Z)"
)
_WEB_SCHEMES = ("http", "https", "ftp", "ws", "wss")
_MAX_PORT = 65_535
# A country code and a number. Which numbers a country has is checked for North America only. Both
# end with the whitespace before an extension: matched twice, it would take quadratic time.
_PHONE = (
    r"\s*\+(?:1[\s().-]*(?!555)[2-9]\d\d[\s().-]*[2-9]\d\d[\s.-]*\d{4}\s*"
    r"|(?!1)(?:\d[\s().-]*){8,15})"
)
_EXTENSION = r"(?:(?:ext|x|;ext=)\W*\d+\s*)?\Z"


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.match(pattern, text) is not None


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def is_valid(text: str) -> bool:
        try:
            parse(text)
        except (ValueError, RecursionError):
            return False
        return True

    return is_valid


@_parses
def _is_date(text: str) -> None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError
    # The year 0 does not exist in Python; it has the calendar of the year 2000.
    date.fromisoformat(re.sub("^0000", "2000", text))


def _is_date_time(text: str) -> bool:
    day, _, clock = text.partition("T")
    return _is_date(day) and re.fullmatch(_CLOCK, clock) is not None


@_parses
def _is_json(text: str) -> None:
    json.loads(text, parse_constant=int)  # NaN and Infinity are not JSON.


def _is_url(text: str) -> bool:
    match = re.match(_URL, text, re.DOTALL)
    if match is None or match[1].lower() not in _WEB_SCHEMES:
        return match is not None
    authority = re.match(_AUTHORITY, match[2])
    return authority is not None and int(authority[1] or 0) <= _MAX_PORT


@_parses
def _is_ip_address(text: str) -> None:
    from ipaddress import ip_address

    ip_address(text)


FORMATS: dict[str, tuple[Callable[[str], bool], str]] = {
    "Int": (_matches(_INTEGER), "5"),
    "Float": (_matches(_NUMBER), "5.5"),
    "Boolean": (_matches(_BOOLEAN), "true"),
    "AWSTimestamp": (_matches(_INTEGER), "1577836800"),
    "AWSDate": (_is_date, "2020-01-31"),
    "AWSTime": (lambda text: re.fullmatch(_CLOCK, text) is not None, "12:30:00Z"),
    "AWSDateTime": (_is_date_time, "2020-01-31T12:30:00Z"),
    "AWSEmail": (_matches(_EMAIL), "name@example.com"),
    "AWSJSON": (_is_json, "{}"),
    "AWSURL": (_is_url, "https://example.com"),
    "AWSPhone": (_matches(_PHONE + _EXTENSION), "+12065550100"),
    "AWSIPAddress": (_is_ip_address, "192.0.2.1"),
}
"""How to check a default value of each scalar, and an example. Others take any text."""


@schema_rule()
def default_owner(index: SchemaIndex) -> Iterator[Problem]:
    """`@default` belongs to fields of models.

    Wrong:
        type Post @model { id: ID! place: Place }
        type Place { city: String @default(value: "Oslo") }
    Right: type Post @model { id: ID! city: String @default(value: "Oslo") }
    """
    yield from owner_problems(index, "default")


@schema_rule()
def default_type(index: SchemaIndex) -> Iterator[Problem]:
    """A field with `@default` has a scalar or an enum as its type, and is not a list.

    Wrong: type Post @model { id: ID! tags: [String] @default(value: "new") }
    Right: type Post @model { id: ID! tag: String @default(value: "new") }
    """
    for use, field in index.model_uses("default"):
        name = field.type.name
        kind = index.kind(name)
        is_leaf = kind == "scalar" or (kind == "enum" and name in index.types)
        if field.type.list_depth or (not is_leaf and kind != "unknown"):
            message = f"{use.path} has @default, but {type_text(field.type)} has no default values"
            yield use.problem(message, "remove @default, or use a scalar or an enum")


@schema_rule()
def default_value(index: SchemaIndex) -> Iterator[Problem]:
    """The value of `@default` is the text of a value of the field's type.

    Wrong: type Post @model { id: ID! likes: Int @default(value: "none") }
    Right: type Post @model { id: ID! likes: Int @default(value: "0") }
    """
    for use, field in index.field_uses("default"):
        text, name = str(use.argument("value")), field.type.name
        is_valid, example = FORMATS.get(name, (bool, ""))
        definition = index.types.get(name)
        if field.type.list_depth:
            continue
        if definition is not None and definition.kind == "enum":
            values = [value.text for value in definition.names]
            if text not in values:
                message = f'the default value "{text}" is not a value of the enum {name}'
                hint = did_you_mean(text, values, f"its values are {listed(values)}")
                yield use.problem(message, hint, "value")
        elif example and not is_valid(text):
            message = f'the default value "{text}" is not {with_article(name)}'
            yield use.problem(message, f'write it like @default(value: "{example}")', "value")


@schema_rule()
def validate_field(index: SchemaIndex) -> Iterator[Problem]:
    """`@validate` belongs to single numbers and strings of models, as its type says.

    Wrong: type Post @model { id: ID! likes: Int @validate(type: minLength, value: "1") }
    Right: type Post @model { id: ID! likes: Int @validate(type: gte, value: "1") }
    """
    yield from owner_problems(index, "validate")
    for use, field in index.model_uses("validate"):
        kind = str(use.argument("type"))
        allowed = ("Int", "Float") if kind in _COMPARISONS else ("String",)
        if field.type.list_depth or field.type.name not in allowed:
            message = f"{use.path} is {type_text(field.type)}, which {kind} cannot validate"
            place = () if field.type.list_depth else ("type",)
            yield use.problem(message, f"use {kind} for {' or '.join(allowed)}", *place)


@schema_rule()
def validate_value(index: SchemaIndex) -> Iterator[Problem]:
    """`@validate` compares with a number, or with a length of 0 or more.

    Wrong: type Post @model { id: ID! likes: Int @validate(type: gt, value: "none") }
    Right: type Post @model { id: ID! likes: Int @validate(type: gt, value: "0") }
    """
    for use in index.uses["validate"]:
        kind, value = str(use.argument("type")), str(use.argument("value"))
        if kind in _COMPARISONS and not re.match(_NUMBER, value):
            yield use.problem(f'"{value}" is not a number', f"{kind} needs a number", "value")
        elif kind in ("minLength", "maxLength") and not re.match(_LENGTH, value):
            yield use.problem(f'"{value}" is not a length', f"{kind} needs 0 or more", "value")


@schema_rule()
def validate_repeated(index: SchemaIndex) -> Iterator[Problem]:
    """A field has one `@validate` of each type.

    Wrong: type A @model { n: Int @validate(type: gt, value: "0") @validate(type: gt, value: "1") }
    Right: type A @model { n: Int @validate(type: gt, value: "0") @validate(type: lt, value: "9") }
    """
    seen = set()
    for use in index.uses["validate"]:
        key = (use.path, use.argument("type"))
        if key in seen:
            message = f"{use.path} has several @validate with the type {key[1]}"
            yield use.problem(message, "keep one of them", "type")
        seen.add(key)


@schema_rule(1, 2)
def default_output_type(index: SchemaIndex) -> Iterator[Problem]:
    """A default value of an argument has no part of an output type.

    Wrong: type Post @model { id: ID! } type Query { posts(like: Post = { id: 1 }): [Post] }
    Right:
        type Post @model { id: ID! }
        input Like { id: ID }
        type Query { posts(like: Like = { id: 1 }): [Post] }
    """
    fields = (field for definition in index.definitions for field in definition.fields)
    entries = (entry for field in fields for entry in (field, *field.arguments))
    for entry in (entry for entry in entries if entry.default is not None):
        name = _output_type(index, entry.default, entry.type.name)
        if name:
            message = f"the default of {entry.name} has a value of the type {name}"
            yield Problem(entry.type.offset, message, f"use an input type instead of {name}")


def _output_type(index: SchemaIndex, value: Value, name: str) -> str | None:
    """Return the output type that a value or a part of it has, or None."""
    if isinstance(value, list):
        return next(filter(None, (_output_type(index, item, name) for item in value)), None)
    if value is not None and index.kind(name) in ("model", "object", "interface", "union"):
        return name
    if index.kind(name) != "input" or not isinstance(value, dict):
        return None
    for key, field in index.fields[name].items():
        part = value.get(key)
        found = _output_type(index, part, field.type.name)
        # Without a required field the value is ignored.
        if found or (part is None and is_required(field.type) and field.default is None):
            return found
    return None
