"""The classes of a generated module, in each of the styles."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from msgspec import Struct

from .layout import WIDTH, Of, assignment, declaration, heading
from .names import CONVERTERS, PYDANTIC, attribute_names, is_key, member_names, spoken_of
from .types import annotation, is_required

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amplify_modelgen_plugins._shapes import Entry, Enumeration, Field

    from .layout import Annotation

_TAKEN = {"dataclass": CONVERTERS, "pydantic": CONVERTERS | PYDANTIC}


class Class(Struct, frozen=True, kw_only=True):
    """A class to be: its name, the entry that it is made of, and its attributes by field."""

    name: str
    entry: Entry
    attributes: Mapping[str, str]


def plan_classes(entries: Iterable[Entry], classes: Mapping[str, str], style: str) -> list[Class]:
    """Return the classes for models and custom types; `classes` are those of all types by name."""
    spoken = spoken_of(classes.values())
    planned = []
    for entry in entries:
        attributes = {field.name: field.name for field in entry.fields}
        # A TypedDict has keys, which may be anything.
        if style in _TAKEN:
            attributes = attribute_names(attributes, spoken | _TAKEN[style])
        planned.append(Class(name=classes[entry.name], entry=entry, attributes=attributes))
    return planned


def enum_lines(enum: Enumeration, name: str) -> list[str]:
    """Return the lines of an enum's class."""
    members = [
        line
        for value, member in member_names(enum.values).items()
        for line in assignment(member, f'"{value}"')
    ]
    doc = '    """An enum of the schema."""'
    return [*heading(name, "enum.StrEnum"), doc, *([""] if members else []), *members]


def class_lines(one: Class, classes: Mapping[str, str], style: str) -> list[str]:
    """Return the lines of a model's or custom type's class."""
    if style == "typeddict":
        return _typed_dict(one, classes)
    fields = [
        line
        for field in one.entry.fields
        for line in declaration(
            one.attributes[field.name], annotation(field, classes), _default(field, one, style)
        )
    ]
    head = ["@dataclasses.dataclass(kw_only=True, slots=True)"] if style == "dataclass" else []
    return [*head, *heading(one.name, "_Model"), *_body(one.entry, fields)]


def _default(field: Field, one: Class, style: str) -> list[str]:
    none = [] if is_required(field) else ["None"]
    if style != "pydantic" or one.attributes[field.name] == field.name:
        return none
    return [
        "pydantic.Field(",
        *(f"    default={value}," for value in none),
        f'    validation_alias="{field.name}",',
        f'    serialization_alias="{field.name}",',
        ")",
    ]


def _typed_dict(one: Class, classes: Mapping[str, str]) -> list[str]:
    spoken = spoken_of(classes.values())
    keys = {field.name: _key(field, classes) for field in one.entry.fields}
    if all(is_key(name, spoken) for name in keys):
        fields = [line for name, kind in keys.items() for line in declaration(name, kind)]
        return [*heading(one.name, "typing.TypedDict"), *_body(one.entry, fields)]
    return [
        f"{one.name} = typing.TypedDict(",
        f'    "{one.name}",',
        "    {",
        *(f'        "{name}": "{kind}",' for name, kind in keys.items()),
        "    },",
        ")",
    ]


def _key(field: Field, classes: Mapping[str, str]) -> Annotation:
    kind = annotation(field, classes)
    return kind if is_required(field) else Of("typing.NotRequired", kind)


def _body(entry: Entry, fields: list[str]) -> list[str]:
    return [*_docstring(entry), *([""] if fields else []), *fields]


def _docstring(entry: Entry) -> list[str]:
    title = "A custom type, kept within models."
    if entry.kind == "model":
        title = f"A model, known by {_listed(entry.key)}."
    remarks = _remarks(entry)
    text = [f'"""{title}"""'] if not remarks else [f'"""{title}', "", *remarks, '"""']
    return [f"    {line}" if line else "" for line in text]


def _remarks(entry: Entry) -> list[str]:
    read_only = [field.name for field in entry.fields if field.read_only]
    related = [field.name for field in entry.fields if field.relation]
    remarks = [f"Read-only: {_listed(read_only)}."] if read_only else []
    if related:
        remarks.append(f"Relations, None where they are not loaded: {_listed(related)}.")
    return [
        line
        for remark in remarks
        for line in textwrap.wrap(remark, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    ]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
