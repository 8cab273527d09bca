"""Rules of `@default`. Amplify checks the text of a default value as JavaScript reads it."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

from .rule import Rule
from .wording import did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .schema_index import Problem, SchemaIndex

_INTEGER = r"\s*[+-]?\d"
_NUMBER = r"\s*[+-]?(?:Infinity|\d|\.\d)"
_BOOLEAN = r"(?i:true|false)\Z"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*\Z"
_DATE = r"(\d{4}-\d\d-\d\d)"
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


def _is_date(text: str) -> bool:
    match = re.fullmatch(_DATE, text)
    if match is None:
        return False
    # The year 0 does not exist in Python; it has the calendar of the year 2000.
    year = text[:4] if text[:4] != "0000" else "2000"
    try:
        date.fromisoformat(year + text[4:])
    except ValueError:
        return False
    return True


def _is_date_time(text: str) -> bool:
    day, _, clock = text.partition("T")
    return _is_date(day) and re.fullmatch(_CLOCK, clock) is not None


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_reject_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _reject_constant(name: str) -> object:
    raise ValueError(name)


def _is_url(text: str) -> bool:
    match = re.match(_URL, text, re.DOTALL)
    if match is None or match[1].lower() not in _WEB_SCHEMES:
        return match is not None
    authority = re.match(_AUTHORITY, match[2])
    return authority is not None and int(authority[1] or 0) <= _MAX_PORT


def _is_ip_address(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True


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


def _owners(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["default"]:
        if use.owner.name not in index.models:
            message = f"{use.path} has @default, but {use.owner.name} is not a model"
            hint = f"remove @default, or add @model to {use.owner.name}"
            yield use.problem(message, hint)


def _types(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["default"]:
        field = use.field
        if field is None or use.owner.name not in index.models:
            continue
        kind = index.kind(field.type.name)
        is_leaf = kind == "scalar" or (kind == "enum" and field.type.name in index.types)
        if field.type.list_depth or (not is_leaf and kind != "unknown"):
            is_list = bool(field.type.list_depth)
            name = f"the list of {field.type.name}" if is_list else f"the type {field.type.name}"
            message = f"{use.path} has @default, but {name} cannot have a default value"
            yield use.problem(message, "remove @default, or use a scalar or an enum")


def _values(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["default"]:
        text, field = use.argument("value"), use.field
        if field is None or not isinstance(text, str) or field.type.list_depth:
            continue
        type_name = field.type.name
        is_valid, example = FORMATS.get(type_name, (bool, ""))
        definition = index.types.get(type_name)
        if definition is not None and definition.kind == "enum":
            values = [value.text for value in definition.names]
            if text not in values:
                message = f'the default value "{text}" is not a value of the enum {type_name}'
                hint = did_you_mean(text, values, f"its values are {listed(values)}")
                yield use.problem(message, hint, "value")
        elif example and not is_valid(text):
            article = "an" if type_name[0] in "AI" else "a"
            message = f'the default value "{text}" is not {article} {type_name}'
            yield use.problem(message, f'write it like @default(value: "{example}")', "value")


_FIELD = "type Post @model { id: ID! %s }"

DEFAULT_RULES = (
    Rule(
        id="default-owner",
        summary="`@default` belongs to fields of models.",
        wrong=_FIELD % "place: Place" + ' type Place { city: String @default(value: "Oslo") }',
        right=_FIELD % 'city: String @default(value: "Oslo")',
        find=_owners,
    ),
    Rule(
        id="default-type",
        summary="A field with `@default` has a scalar or an enum as its type, and is not a list.",
        wrong=_FIELD % 'tags: [String] @default(value: "new")',
        right=_FIELD % 'tag: String @default(value: "new")',
        find=_types,
    ),
    Rule(
        id="default-value",
        summary="The value of `@default` is the text of a value of the field's type.",
        wrong=_FIELD % 'likes: Int @default(value: "none")',
        right=_FIELD % 'likes: Int @default(value: "0")',
        find=_values,
    ),
)
