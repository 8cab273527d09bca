"""A generated module: its classes, one statement on a line, and the code that all modules share."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .python_names import PythonNames, is_required, member_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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


def module_text(schema: SchemaModel, style: str) -> str:
    """Return the module for all models, custom types and enums of a schema."""
    types = [*(declared.name for declared in schema.objects), *(enum.name for enum in schema.enums)]
    names = PythonNames(types, style)
    used = {field.type for declared in schema.objects for field in declared.fields}
    is_dict = style == "typeddict"
    parts = [
        "\n".join([_template("imports", style), *names.aliases(used)]),
        *([] if is_dict else [_template("base_class", style)]),
        *("\n".join(_enum(enum, names.classes[enum.name])) for enum in schema.enums),
        *("\n".join(_class(declared, names)) for declared in schema.objects),
        _template("functions" if is_dict else "class_access", style),
        _template("conversion", style),
        "\n".join(_table(schema.objects, names)),
    ]
    return _HEAD + "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _template(name: str, style: str) -> str:
    text = (files(__package__) / "templates" / f"{name}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(_STYLES[style])


def _enum(enum: EnumType, name: str) -> list[str]:
    members = [f'    {member} = "{value}"' for value, member in member_names(enum.values).items()]
    docstring = '    """An enum of the schema."""'
    return [f"class {name}(_enum.StrEnum):", docstring, *([""] if members else []), *members]


def _class(declared: ObjectType, names: PythonNames) -> list[str]:
    if names.style == "typeddict":
        return _typed_dict(declared, names)
    fields = [
        f"    {attribute}: {names.annotation(field)}{_default(field, attribute, names.style)}"
        for field, attribute in _attributes(declared, names)
    ]
    decorator = [_DATACLASS] if names.style == "dataclass" else []
    name = names.classes[declared.name]
    return [*decorator, f"class {name}(_Model):", *_body(declared, fields)]


def _attributes(declared: ObjectType, names: PythonNames) -> Iterator[tuple[Field, str]]:
    attributes = names.attributes(field.name for field in declared.fields)
    return ((field, attributes[field.name]) for field in declared.fields)


def _default(field: Field, attribute: str, style: str) -> str:
    default = "" if is_required(field) else "None"
    if style == "pydantic" and attribute != field.name:
        arguments = [
            *([f"default={default}"] if default else []),
            f'validation_alias="{field.name}"',
            f'serialization_alias="{field.name}"',
        ]
        default = f"_pydantic.Field({', '.join(arguments)})"
    return f" = {default}" if default else ""


def _typed_dict(declared: ObjectType, names: PythonNames) -> list[str]:
    name, keys = names.classes[declared.name], {}
    for field in declared.fields:
        text = names.annotation(field)
        keys[field.name] = text if is_required(field) else f"_typing.NotRequired[{text}]"
    if names.can_declare(keys):
        fields = [f"    {key}: {text}" for key, text in keys.items()]
        return [f"class {name}(_typing.TypedDict):", *_body(declared, fields)]
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


def _table(types: Sequence[ObjectType], names: PythonNames) -> list[str]:
    """Return the lines that define `_FIELDS`: the representation in JSON of each attribute."""
    rows = []
    for declared in types:
        fields = [
            _row(field, attribute, names.converter(field))
            for field, attribute in _attributes(declared, names)
        ]
        rows += [f"    {names.classes[declared.name]}: [", *fields, "    ],"]
    # Also so that the base class is used in a module without models.
    key = "object" if names.style == "typeddict" else "type[_Model]"
    return [f"_FIELDS: dict[{key}, list[_Field]] = {{", *rows, "}"]


def _row(field: Field, attribute: str, converter: str) -> str:
    flags = {
        "required": is_required(field),
        "many": field.many,
        "items_required": field.many and field.item_required,
        "related": field.relation is not None,
        "read_only": field.read_only,
    }
    arguments = [
        f'"{field.name}"',
        converter,
        *(f"{flag}=True" for flag, value in flags.items() if value),
        *([f"inner_required={field.inner_required}"] if field.inner_required else []),
        *([f'alias="{attribute}"'] if attribute != field.name else []),
    ]
    return f"        _Field({', '.join(arguments)}),"
