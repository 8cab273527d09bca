"""Whether the documents of a backend can be turned into code: their shape, and every name in them.

Emitters write names into programs, so nothing but a GraphQL name may reach them: a backend that
was tampered with must not be able to write code. All emitters of code call `check_documents`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from amplify_modelgen import BackendError, printable

if TYPE_CHECKING:
    from amplify_modelgen import Models

# Source: GraphQL specification, October 2021, section 2.1.9 "Names".
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_SECTIONS = {"model": "models", "enum": "enums", "nonModel": "nonModels"}
_LONGEST_SHOWN = 60


def check_documents(models: Models) -> None:
    """Make sure that both documents are what an emitter of code may rely on.

    Afterwards: `models`, `enums` and `nonModels` are dicts by name; each entry's `name` is its
    key; models and nonModels have `fields` by name, each with `isArray` and `isRequired` as
    booleans and a `type` that is a scalar of Amplify's or names an entry of the same document;
    `isArrayNullable` and `isReadOnly` are booleans where they are given; `attributes` of models
    are a list of dicts with the string `type` and the dict `properties`; `values` of enums are
    distinct names; `primaryKeyInfo`, where it is given, names fields of its model. All of these
    names are GraphQL names. Not looked at: other sections of the introspection schema (queries,
    inputs, ...), and what is inside of associations and of the properties of attributes.

    Raises:
        BackendError: anything else; the message names the document and the place.
    """
    _check_document(models.datastore, "the DataStore schema")
    if models.introspection is not None:
        _check_document(models.introspection, "the model introspection schema")


def _check_document(value: object, where: str) -> None:
    document = _object(value, where)
    sections = {
        section: _entries(document.get(section), f"{where}: {section}")
        for section in _SECTIONS.values()
    }
    for name, enum in sections["enums"].items():
        _check_enum(enum, f"{where}: enum {name}")
    for section in ("models", "nonModels"):
        for name, entry in sections[section].items():
            _check_fields(entry, sections, f"{where}: {name}")
    for name, model in sections["models"].items():
        _check_model(model, f"{where}: {name}")


def _entries(value: object, where: str) -> dict[str, dict[str, Any]]:
    """Return an object of objects, each of which knows its own name."""
    for name, entry in _object(value, where).items():
        _check_name(name, where)
        if _object(entry, f"{where}.{name}").get("name") != name:
            _refuse(f"{where}.{name} is called {_shown(entry.get('name'))} inside")
    return _object(value, where)


def _check_enum(enum: dict[str, Any], where: str) -> None:
    values = _list(enum.get("values"), f"{where}.values")
    for value in values:
        _check_name(value, where)
    if len(set(values)) < len(values):
        _refuse(f"{where} has a value twice")


def _check_fields(
    entry: dict[str, Any], sections: dict[str, dict[str, dict[str, Any]]], where: str
) -> None:
    for name, field in _entries(entry.get("fields"), f"{where}.fields").items():
        for flag in ("isArray", "isRequired"):
            _check_flag(field.get(flag), f"{where}.{name}.{flag}")
        for flag in ("isArrayNullable", "isReadOnly"):
            _check_flag(field.get(flag, False), f"{where}.{name}.{flag}")
        if not _is_known(field.get("type"), sections):
            shown = _shown(field.get("type"))
            _refuse(f"{where}.{name} has the type {shown}, which this document does not explain")


def _is_known(kind: object, sections: dict[str, dict[str, dict[str, Any]]]) -> bool:
    from amplify_modelgen.modelgen.known import SCALARS

    if isinstance(kind, dict) and len(kind) == 1:
        ((section, name),) = kind.items()
        return isinstance(name, str) and name in sections.get(_SECTIONS.get(section, ""), {})
    return isinstance(kind, str) and kind in SCALARS


def _check_model(model: dict[str, Any], where: str) -> None:
    for value in _list(model.get("attributes"), f"{where}.attributes"):
        attribute = _object(value, f"{where}.attributes")
        _object(attribute.get("properties"), f"{where}.attributes: properties")
        if not isinstance(attribute.get("type"), str):
            _refuse(f"{where} has an attribute without a type")
    if "primaryKeyInfo" in model:
        info = _object(model["primaryKeyInfo"], f"{where}.primaryKeyInfo")
        _check_key(info, model["fields"], f"{where}.primaryKeyInfo")


def _check_key(info: dict[str, Any], fields: dict[str, Any], where: str) -> None:
    _check_flag(info.get("isCustomPrimaryKey"), f"{where}.isCustomPrimaryKey")
    sort_keys = _list(info.get("sortKeyFieldNames"), f"{where}.sortKeyFieldNames")
    for name in (info.get("primaryKeyFieldName"), *sort_keys):
        if not isinstance(name, str) or name not in fields:
            _refuse(f"{where} names {_shown(name)}, which is no field of the model")


def _check_flag(value: object, where: str) -> None:
    if not isinstance(value, bool):
        _refuse(f"{where} is neither true nor false")


def _check_name(value: object, where: str) -> None:
    if not isinstance(value, str) or _NAME.fullmatch(value) is None:
        _refuse(f"{where} holds {_shown(value)}, which is no GraphQL name")


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(f"{where} is no object")
    return value


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        _refuse(f"{where} is no list")
    return value


def _shown(value: object) -> str:
    text = printable(repr(value))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _refuse(message: str) -> NoReturn:
    raise BackendError(
        f"{message}, so no code can be made of it",
        hint="these are not models as Amplify makes them; to make them from the working tree "
        "instead, use '--backend local'",
    )
