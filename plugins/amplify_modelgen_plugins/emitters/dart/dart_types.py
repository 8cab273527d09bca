"""The fields of a class in Dart: their types and names, and their values in JSON and in text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from amplify_modelgen_plugins.emitters.platforms import PlatformField, render

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import FeatureFlags, NativeModel, NativeType

CORE = "amplify_core."
_DATES = ("AWSDate", "AWSTime", "AWSDateTime")
_NUMBERS = {"Int": "toInt", "Float": "toDouble"}


class DartField(PlatformField, frozen=True):
    """A field of a class."""

    SCALARS: ClassVar = {
        "Int": "int",
        "Float": "double",
        "Boolean": "bool",
        "AWSDate": f"{CORE}TemporalDate",
        "AWSTime": f"{CORE}TemporalTime",
        "AWSDateTime": f"{CORE}TemporalDateTime",
        "AWSTimestamp": f"{CORE}TemporalTimestamp",
    }

    @property
    def is_id(self) -> bool:
        """Whether the field is called `id`: it is not private, and has a default value."""
        return self.name == "id"

    @property
    def member(self) -> str:
        """The name of the private member."""
        return self.name if self.is_id else f"_{self.name}"

    @property
    def constant(self) -> str:
        """The name of the query field."""
        return self.name.upper()

    @property
    def is_required(self) -> bool:
        """Whether the field must have a value."""
        if self.source.is_list:
            return self.relation != "HAS_MANY" and self.source.list_required is not False
        return self.source.required

    @property
    def type(self) -> str:
        """The type of the field."""
        return f"List<{self.element}>" if self.source.is_list else self.element


class DartClass(Struct, frozen=True, kw_only=True):
    """The class of a model or custom type. `key` is empty for a custom type.

    `writable` are the fields that an application sets.
    """

    name: str
    fields: list[DartField]
    writable: list[DartField]
    key: tuple[str, ...]
    has_identifier: bool
    has_timestamps: bool

    @property
    def identifier(self) -> str:
        """The name of the class of the primary key."""
        return f"{self.name}ModelIdentifier"

    @property
    def key_fields(self) -> list[DartField]:
        """The fields of the primary key, in its order."""
        by_name = {field.name: field for field in self.fields}
        return [by_name[name] for name in self.key]

    def is_fixed(self, field: DartField) -> bool:
        """Whether a copy has the same value, because the field is part of the primary key."""
        return self.has_identifier and field.name in self.key


def dart_class(entry: NativeModel | NativeType, flags: FeatureFlags) -> DartClass:
    """Return the class of a model or custom type."""
    key: tuple[str, ...] = getattr(entry, "key", ())
    fields = [DartField(field, flags) for field in entry.fields]
    return DartClass(
        name=entry.name,
        fields=fields,
        writable=[field for field in fields if not field.source.read_only],
        key=key,
        has_identifier=bool(key) and flags.uses_full_primary_keys,
        has_timestamps=flags.add_timestamp_fields,
    )


def from_json(field: DartField) -> str:
    """Return an expression for the value of a field in a JSON object."""
    json, name = f"json['{field.name}']", field.source.type
    kind, is_list = field.source.kind, field.source.is_list
    if kind != "scalar":
        template = f"dart/json_{kind}_list" if is_list else f"dart/json_{kind}"
        return "\n".join(render(template, json=json, name=name))
    return _scalars(field, json) if is_list else _scalar(field, json)


def _scalar(field: DartField, json: str) -> str:
    name = field.source.type
    if name in _NUMBERS:
        return f"({json} as num?)?.{_NUMBERS[name]}()"
    method = _temporal(name, "fromString", "fromSeconds")
    return f"{json} != null ? {field.element}.{method}({json}) : null" if method else json


def _scalars(field: DartField, json: str) -> str:
    name = field.source.type
    method = _temporal(name, "fromString", "fromSeconds")
    if name in _NUMBERS:
        item = f"(e as num).{_NUMBERS[name]}()"
    elif method:
        item = f"{field.element}.{method}(e)"
    else:
        return f"{json}?.cast<{field.element}>()"
    return f"({json} as List?)?.map((e) => {item}).toList()"


def _temporal(name: str, date: str, timestamp: str) -> str:
    """Return the method for a date or time, that for a timestamp, or nothing."""
    return date if name in _DATES else timestamp if name == "AWSTimestamp" else ""


def to_json(field: DartField) -> str:
    """Return an expression for the value of a field in JSON."""
    member, is_list = field.member, field.source.is_list
    match field.source.kind:
        case "enum":
            items = f"(e) => {CORE}enumToString(e)"
            value = f"{CORE}enumToString({member})"
        case "scalar":
            method = _temporal(field.source.type, "format", "toSeconds")
            if not method:
                return member
            items, value = f"(e) => e.{method}()", f"{member}?.{method}()"
        case _:
            items, value = f"({field.element}? e) => e?.toJson()", f"{member}?.toJson()"
    return f"{member}?.map({items}).toList()" if is_list else value


def to_text(field: DartField) -> str:
    """Return an expression for the value of a field in `toString`."""
    member, is_list = field.member, field.source.is_list
    if field.element == "String" and not is_list:
        return f'"${member}"'
    text = f"{member}!.toString()"
    if field.source.kind == "enum":
        text = f"{CORE}enumToString({member})!"
        if is_list:
            text = f"{member}!.map((e) => {CORE}enumToString(e)).toString()"
    elif field.source.type in _DATES and not is_list:
        text = f"{member}!.format()"
    return f'({member} != null ? {text} : "null")'
