"""A generated module: its classes, one statement on a line, and the code that all modules share."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .python_names import (
    alias_lines,
    annotation,
    attribute_names,
    can_declare_keys,
    class_names,
    converter,
    is_required,
    member_names,
    reserved_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amplify_modelgen_plugins.emitters.schema_model import (
        EnumType,
        Field,
        ObjectType,
        SchemaModel,
    )

_HEAD = f"# {HEADER}\n# fmt: off\n# ruff: noqa\n"
_DATACLASS = "@_dataclasses.dataclass(kw_only=True, slots=True)"
_STYLES = {
    "dataclass": {
        "dataclasses": "\nimport dataclasses as _dataclasses",
        "pydantic": "",
        "base": f"{_DATACLASS}\nclass _Model:",
        "config": "",
    },
    "pydantic": {
        "dataclasses": "",
        "pydantic": "\n\nimport pydantic as _pydantic",
        "base": "class _Model(_pydantic.BaseModel):",
        "config": "\n    model_config = _pydantic.ConfigDict("
        "populate_by_name=True, protected_namespaces=())\n",
    },
    "typeddict": {"dataclasses": "", "pydantic": ""},
}
"""What the styles fill into the templates, which are the code that all modules share.

Source of the DynamoDB part: Amazon DynamoDB API reference, "AttributeValue"; GraphQL has no binary
values.
"""


class _Class(Struct, frozen=True, kw_only=True):
    """A class to generate: its name, the type that it is generated from, attributes by field.

    `declares_keys` is false if the body of a TypedDict could not declare all of them.
    """

    name: str
    type: ObjectType
    attributes: Mapping[str, str]
    declares_keys: bool


def module_text(schema: SchemaModel, style: str) -> str:
    """Return the module for all models, custom types and enums of a schema."""
    names = class_names(
        [*(declared.name for declared in schema.objects), *(enum.name for enum in schema.enums)],
        style,
    )
    reserved = reserved_names(names.values(), style)
    classes = [
        _Class(
            name=names[declared.name],
            type=declared,
            attributes=attribute_names([field.name for field in declared.fields], reserved, style),
            declares_keys=can_declare_keys((field.name for field in declared.fields), reserved),
        )
        for declared in schema.objects
    ]
    used = {field.type for declared in schema.objects for field in declared.fields}
    is_dict = style == "typeddict"
    parts = [
        "\n".join([_template("imports", style), *alias_lines(used, style)]),
        *([] if is_dict else [_template("base_class", style)]),
        *("\n".join(_enum(enum, names[enum.name])) for enum in schema.enums),
        *("\n".join(_class(generated, names, style)) for generated in classes),
        _template("functions" if is_dict else "class_access", style),
        _template("conversion", style),
        "\n".join(_table(classes, names, style)),
    ]
    return _HEAD + "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _template(name: str, style: str) -> str:
    text = (files(__package__) / "templates" / f"{name}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(_STYLES[style])


def _enum(enum: EnumType, name: str) -> list[str]:
    members = [f'    {member} = "{value}"' for value, member in member_names(enum.values).items()]
    docstring = '    """An enum of the schema."""'
    return [f"class {name}(_enum.StrEnum):", docstring, *([""] if members else []), *members]


def _class(generated: _Class, names: Mapping[str, str], style: str) -> list[str]:
    if style == "typeddict":
        return _typed_dict(generated, names)
    fields = [
        f"    {generated.attributes[field.name]}: {annotation(field, names)}"
        f"{_default(field, generated, style)}"
        for field in generated.type.fields
    ]
    decorator = [_DATACLASS] if style == "dataclass" else []
    return [*decorator, f"class {generated.name}(_Model):", *_body(generated.type, fields)]


def _default(field: Field, generated: _Class, style: str) -> str:
    default = "" if is_required(field) else "None"
    if style == "pydantic" and generated.attributes[field.name] != field.name:
        arguments = [
            *([f"default={default}"] if default else []),
            f'validation_alias="{field.name}"',
            f'serialization_alias="{field.name}"',
        ]
        default = f"_pydantic.Field({', '.join(arguments)})"
    return f" = {default}" if default else ""


def _typed_dict(generated: _Class, names: Mapping[str, str]) -> list[str]:
    name, keys = generated.name, {}
    for field in generated.type.fields:
        text = annotation(field, names)
        keys[field.name] = text if is_required(field) else f"_typing.NotRequired[{text}]"
    if generated.declares_keys:
        fields = [f"    {key}: {text}" for key, text in keys.items()]
        return [f"class {name}(_typing.TypedDict):", *_body(generated.type, fields)]
    fields = [f'    "{key}": "{text}",' for key, text in keys.items()]
    return [f'{name} = _typing.TypedDict("{name}", {{', *fields, "})"]


def _body(declared: ObjectType, fields: list[str]) -> list[str]:
    title = "A custom type, contained in models."
    if declared.kind == "model":
        title = f"A model, identified by {_listed(declared.key)}."
    read_only = [field.name for field in declared.fields if field.read_only]
    relations = [field.name for field in declared.fields if field.relation]
    remarks = [f"    Read-only: {_listed(read_only)}."] if read_only else []
    if relations:
        remarks.append(f"    Relations, None if they are not loaded: {_listed(relations)}.")
    docstring = f'    """{title}'
    lines = [docstring, "", *remarks, '    """'] if remarks else [f'{docstring}"""']
    return [*lines, *([""] if fields else []), *fields]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(classes: Sequence[_Class], names: Mapping[str, str], style: str) -> list[str]:
    """Return the lines that define `_FIELDS`: the representation in JSON of each attribute."""
    rows = []
    for generated in classes:
        fields = [_row(field, generated, names) for field in generated.type.fields]
        rows += [f"    {generated.name}: [", *fields, "    ],"]
    # Also so that the base class is used in a module without models.
    key = "object" if style == "typeddict" else "type[_Model]"
    return [f"_FIELDS: dict[{key}, list[_Field]] = {{", *rows, "}"]


def _row(field: Field, generated: _Class, names: Mapping[str, str]) -> str:
    flags = {
        "required": is_required(field),
        "many": field.many,
        "items_required": field.many and field.item_required,
        "related": field.relation is not None,
        "read_only": field.read_only,
    }
    attribute = generated.attributes[field.name]
    arguments = [
        f'"{field.name}"',
        converter(field, names),
        *(f"{flag}=True" for flag, value in flags.items() if value),
        *([f"inner_required={field.inner_required}"] if field.inner_required else []),
        *([f'alias="{attribute}"'] if attribute != field.name else []),
    ]
    return f"        _Field({', '.join(arguments)}),"
