"""The conversion of a class from and to JSON, and to text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dart_types import CORE

if TYPE_CHECKING:
    from .dart_types import DartClass, DartField

_MAP = "new Map<String, dynamic>.from"
_DATES = ("AWSDate", "AWSTime", "AWSDateTime")
_NUMBERS = {"Int": "toInt", "Float": "toDouble"}


def from_json(dart: DartClass) -> list[str]:
    """Return the constructor that reads a JSON object."""
    values = [line for field in dart.fields for line in _assignment(field)]
    return [
        f"{dart.name}.fromJson(Map<String, dynamic> json)  ",
        f"  : {values[0]}",
        *(f"    {line}" for line in values[1:-1]),
        *(f"    {line}" for line in values[1:][-1:]),
    ]


def _assignment(field: DartField) -> list[str]:
    first, *others = _value(field)
    return [f"{field.member} = {first}", *others]


def _value(field: DartField) -> list[str]:
    json = f"json['{field.name}']"
    kind, name, is_list = field.field.kind, field.element, field.field.is_list
    match kind:
        case "model":
            return _models(json, name) if is_list else _object(json, name, 0)
        case "nonModel":
            return _objects(json, name) if is_list else _object(json, name, 2)
        case "enum":
            return _enums(json, name) if is_list else [_enum(name, json)]
    return [_scalars(field, json) if is_list else _scalar(field, json)]


def _models(json: str, name: str) -> list[str]:
    items = f"{json}['items']"
    return [
        f"{json}  is Map",
        f"  ? ({items} is List",
        f"    ? ({items} as List)",
        "        .where((e) => e != null)",
        f"        .map((e) => {name}.fromJson({_MAP}(e)))",
        "        .toList()",
        "    : null)",
        f"  : ({json} is List",
        f"    ? ({json} as List)",
        "        .where((e) => e?['serializedData'] != null)",
        f"        .map((e) => {name}.fromJson({_MAP}(e?['serializedData'])))",
        "        .toList()",
        "    : null)",
    ]


def _object(json: str, name: str, indent: int) -> list[str]:
    outer, inner = " " * indent, " " * indent * 2
    data = f"{json}['serializedData']"
    return [
        f"{json} != null",
        f"  {outer}? {data} != null",
        f"    {inner}? {name}.fromJson({_MAP}({data}))",
        f"    {inner}: {name}.fromJson({_MAP}({json}))",
        "  : null",
    ]


def _objects(json: str, name: str) -> list[str]:
    return [
        f"{json} is List",
        f"  ? ({json} as List)",
        "    .where((e) => e != null)",
        f"    .map((e) => {name}.fromJson({_MAP}(e['serializedData'] ?? e)))",
        "    .toList()",
        "  : null",
    ]


def _enum(name: str, json: str) -> str:
    return f"{CORE}enumFromString<{name}>({json}, {name}.values)"


def _enums(json: str, name: str) -> list[str]:
    return [
        f"{json} is List",
        f"  ? ({json} as List)",
        f"    .map((e) => {_enum(name, 'e')}!)",
        "    .toList()",
        "  : null",
    ]


def _scalar(field: DartField, json: str) -> str:
    name = field.field.type
    if name in _DATES:
        return f"{json} != null ? {field.element}.fromString({json}) : null"
    if name == "AWSTimestamp":
        return f"{json} != null ? {field.element}.fromSeconds({json}) : null"
    return f"({json} as num?)?.{_NUMBERS[name]}()" if name in _NUMBERS else json


def _scalars(field: DartField, json: str) -> str:
    name = field.field.type
    if name in _DATES:
        convert = f"{field.element}.fromString(e)"
    elif name == "AWSTimestamp":
        convert = f"{field.element}.fromSeconds(e)"
    elif name in _NUMBERS:
        convert = f"(e as num).{_NUMBERS[name]}()"
    else:
        return f"{json}?.cast<{field.element}>()"
    return f"({json} as List?)?.map((e) => {convert}).toList()"


def to_json(field: DartField) -> str:
    """Return an expression for the value of a field in JSON."""
    member, is_list, name = field.member, field.field.is_list, field.field.type
    match field.field.kind:
        case "model" | "nonModel":
            convert = f"({field.element}? e) => e?.toJson()"
            return f"{member}?.map({convert}).toList()" if is_list else f"{member}?.toJson()"
        case "enum":
            convert = f"(e) => {CORE}enumToString(e)"
            return f"{member}?.map({convert}).toList()" if is_list else _enum_text(member)
    method = "format" if name in _DATES else "toSeconds" if name == "AWSTimestamp" else ""
    if not method:
        return member
    return f"{member}?.map((e) => e.{method}()).toList()" if is_list else f"{member}?.{method}()"


def _enum_text(member: str) -> str:
    return f"{CORE}enumToString({member})"


def to_text(field: DartField) -> str:
    """Return an expression for the value of a field in `toString`."""
    member, is_list = field.member, field.field.is_list
    if field.element == "String" and not is_list:
        return f'"${member}"'
    text = f"{member}!.toString()"
    if field.field.kind == "enum":
        text = f"{_enum_text(member)}!"
        if is_list:
            text = f"{member}!.map((e) => {CORE}enumToString(e)).toString()"
    elif field.field.type in _DATES and not is_list:
        text = f"{member}!.format()"
    return f'({member} != null ? {text} : "null")'
