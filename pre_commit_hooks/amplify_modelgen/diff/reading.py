"""Reads introspection documents, whole, partial or edited by hand, into the parts we compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from .directives import granted, indexes, options, others, primary_key, read_directives, table
from .parts import CustomType, Document, Enum, Model, Operation, Relation, TypeName, Value
from .shapes import flag, mapping, names, rest, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    T = TypeVar("T")

_ROOTS = {
    "queries": "Query",
    "generations": "Query",
    "mutations": "Mutation",
    "conversations": "Mutation",
    "subscriptions": "Subscription",
}
_SECTIONS = {"version", "codegenVersion", "models", "enums", "nonModels", "inputs", *_ROOTS}
_VALUE = {"name", "type", "isArray", "isRequired", "isArrayNullable", "isReadOnly", "association"}
_MODEL = {"name", "fields", "pluralName", "attributes", "primaryKeyInfo"}
_RELATION = {"connectionType", "associatedWith", "targetNames", "targetName"}


def read_document(document: Mapping[str, Any]) -> Document:
    """Return the parts of an introspection document (or of a DataStore schema).

    What is absent is empty. Raises `ModelgenError`, naming the place, for anything that is not
    of the document's shape.
    """
    whole = mapping(document, "the document")
    return Document(
        models=_linked(_section(whole, "models", _model)),
        custom_types=_section(whole, "nonModels", _custom_type),
        enums=_section(whole, "enums", _enum),
        inputs=_section(whole, "inputs", _input),
        operations=dict(_operations(whole)),
        rest=rest(whole, _SECTIONS, "the document"),
    )


def _section(
    whole: dict[str, Any], section: str, read: Callable[[dict[str, Any], str], T]
) -> dict[str, T]:
    return _each(whole.get(section), section, read)


def _each(value: object, where: str, read: Callable[[dict[str, Any], str], T]) -> dict[str, T]:
    found = {}
    for name, item in mapping(value, where).items():
        place = f"{where}.{name}"
        found[name] = read(mapping(item, place), place)
    return found


def _custom_type(value: dict[str, Any], where: str) -> CustomType:
    fields = _each(value.get("fields"), f"{where}.fields", _value)
    return CustomType(fields=fields, rest=rest(value, ("name", "fields"), where))


def _input(value: dict[str, Any], where: str) -> CustomType:
    fields = _each(value.get("attributes"), f"{where}.attributes", _value)
    return CustomType(fields=fields, rest=rest(value, ("name", "attributes"), where))


def _enum(value: dict[str, Any], where: str) -> Enum:
    values = names(value.get("values"), f"{where}.values")
    return Enum(values=values, rest=rest(value, ("name", "values"), where))


def _operations(whole: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for section, root in _ROOTS.items():
        for name, value in mapping(whole.get(section), section).items():
            yield f"{root}.{name}", _operation(value, section, f"{section}.{name}")


def _operation(value: object, section: str, where: str) -> Operation:
    known = mapping(value, where)
    left = rest(known, ("name", "message"), where) if section == "conversations" else ""
    if section == "conversations":
        message = mapping(known.get("message"), f"{where}.message")
        left += rest(message, ("send",), where)
        known = mapping(message.get("send"), f"{where}.message.send")
    arguments = _each(known.pop("arguments", None), f"{where}.arguments", _value)
    return Operation(
        section=section,
        answer=_value(known, where),
        arguments={name: replace(value, spelt_out=True) for name, value in arguments.items()},
        rest=left,
    )


def _value(value: dict[str, Any], where: str) -> Value:
    is_list = flag(value.get("isArray"), f"{where}.isArray")
    inner = flag(value.get("isRequired"), f"{where}.isRequired")
    link = mapping(value.get("association"), f"{where}.association")
    nullable = flag(value.get("isArrayNullable"), f"{where}.isArrayNullable", absent=True)
    return Value(
        type=_type(value.get("type"), f"{where}.type"),
        is_list=is_list,
        required=not nullable if is_list else inner,
        items_required=is_list and inner,
        read_only=flag(value.get("isReadOnly"), f"{where}.isReadOnly"),
        relation=_relation(link, f"{where}.association") if link else None,
        rest=rest(value, _VALUE, where, {"attributes": []}) + rest(link, _RELATION, where),
    )


def _type(value: object, where: str) -> TypeName:
    if value is None or isinstance(value, str):
        return TypeName(kind="scalar", name=value or "an unknown type")
    named = mapping(value, where)
    kind = next(iter(named), "unknown")
    return TypeName(kind=kind, name=text(named.get(kind, "an unknown type"), f"{where}.{kind}"))


def _relation(link: dict[str, Any], where: str) -> Relation:
    fields = names(link.get("associatedWith"), f"{where}.associatedWith")
    targets = link.get("targetNames", link.get("targetName"))
    return Relation(
        kind=text(link.get("connectionType"), f"{where}.connectionType"),
        fields=fields,
        keys=fields,
        targets=names(targets, f"{where}.targetNames"),
    )


def _linked(models: dict[str, Model]) -> dict[str, Model]:
    """Let every relation know the stored fields behind the belongs-to fields that it names."""

    def link(value: Value) -> Value:
        other = models.get(value.type.name)
        if value.relation is None or other is None:
            return value
        keys = tuple(key for name in value.relation.fields for key in _keys(other, name))
        return replace(value, relation=replace(value.relation, keys=keys))

    return {
        name: replace(model, fields={field: link(value) for field, value in model.fields.items()})
        for name, model in models.items()
    }


def _keys(model: Model, name: str) -> tuple[str, ...]:
    field = model.fields.get(name)
    targets = field.relation.targets if field and field.relation else ()
    return targets or (name,)


def _model(value: dict[str, Any], where: str) -> Model:
    directives = read_directives(value.get("attributes"), f"{where}.attributes")
    key = primary_key(value.get("primaryKeyInfo"), directives, f"{where}.primaryKeyInfo")
    found = indexes(directives)
    spelt_out = {key.field, *key.sort}.union(*(index.fields for index in found))
    fields = _each(value.get("fields"), f"{where}.fields", _value)
    plural = value.get("pluralName")
    return Model(
        fields={
            name: replace(field, spelt_out=name in spelt_out) for name, field in fields.items()
        },
        key=key,
        plural=None if plural is None else text(plural, f"{where}.pluralName"),
        indexes=found,
        options=options(directives),
        attributes=others(directives),
        grants=granted(directives),
        table=table(directives),
        rest=rest(value, _MODEL, where, {"syncable": True}),
    )
