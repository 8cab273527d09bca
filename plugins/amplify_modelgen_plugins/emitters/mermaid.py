"""The emitter `mermaid`: an entity-relationship diagram that GitHub draws from a Markdown file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.plugin import Artifact, Emitter, SchemaError, hookimpl

from .schema_model import (
    HEADER,
    Field,
    ObjectType,
    Relation,
    check_document,
    has_header,
    schema_model,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amplify_modelgen.plugin import Models

    from .schema_model import EnumType, SchemaModel

# Markers of the keys of an attribute, in any case, which cannot be names.
_KEY_MARKERS = frozenset({"PK", "FK", "UK"})


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `models.md`: the diagram of all models and custom types, and a table of enums.

    Raises:
        BackendError: the models are not Amplify's, or have a name that is not a GraphQL name.
    """
    text = "\n".join(_page(schema_model(_with_relations(models))))
    return [Artifact(path="models.md", content=f"{text}\n".encode())]


def _with_relations(models: Models) -> Models:
    """Add the relations of the DataStore schema, which alone has them under transformer 1."""
    if models.introspection is None or models.flags.uses_transformer_2:
        return models
    from amplify_modelgen.modelgen import generate_datastore, with_relations

    datastore = models.datastore
    if datastore is None and models.schema is not None:
        with suppress(SchemaError):
            datastore = generate_datastore(models.schema, models.flags)
    if datastore is None:
        return models
    introspection = check_document(models.introspection, "the model introspection schema")
    valid = check_document(datastore, "the DataStore schema")
    return replace(models, introspection=with_relations(introspection, valid))


def _page(schema: SchemaModel) -> Iterator[str]:
    relationships = _find_relationships(schema)
    # A foreign key is unique in a one-to-one relationship.
    foreign: dict[tuple[str, str], bool] = {}
    for each in relationships:
        foreign |= {key: foreign.get(key, False) or not each.many for key in each.keys}
    yield from (f"<!-- {HEADER} -->", "", "# Models", "", "```mermaid", "erDiagram")
    for entity in schema.objects:
        yield from _box(entity, foreign)
    for each in relationships:
        left = "||" if each.owner_required else "|o"
        right = _right(required=each.owned_required, many=each.many)
        label = " / ".join(each.fields)
        yield f'    "{each.owner}" {left}--{right} "{each.owned}" : "{label}"'
    for entity in schema.objects:
        yield from _contents(entity)
    yield "```"
    if schema.enums:
        yield from _enums(schema.enums)


def _box(entity: ObjectType, foreign: Mapping[tuple[str, str], bool]) -> Iterator[str]:
    yield f'    "{entity.name}" {{'
    for field in entity.fields:
        # Relations are drawn, not listed.
        if field.relation is None:
            yield f"        {_attribute(field, _markers(entity, field, foreign))}"
    yield "    }"


def _attribute(field: Field, markers: str) -> str:
    remarks = [
        *([field.sdl] if field.many or field.required else []),
        *(["read-only"] if field.read_only else []),
        *(["named " + name for name in (field.type, field.name) if name.upper() in _KEY_MARKERS]),
    ]
    name = f"{_escaped(field.type)}{'[]' * len(field.levels)} {_escaped(field.name)}"
    comment = f' "{", ".join(remarks)}"' if remarks else ""
    return f"{name}{markers}{comment}"


def _escaped(name: str) -> str:
    return f"{name}_" if name.upper() in _KEY_MARKERS else name


def _markers(entity: ObjectType, field: Field, foreign: Mapping[tuple[str, str], bool]) -> str:
    key = (entity.name, field.name)
    markers = {"PK": field.name in entity.key, "FK": key in foreign, "UK": foreign.get(key, False)}
    text = ", ".join(marker for marker, applies in markers.items() if applies)
    return f" {text}" if text else ""


def _right(*, required: bool, many: bool) -> str:
    if many:
        return "o{"
    return "||" if required else "o|"


def _contents(entity: ObjectType) -> Iterator[str]:
    """Draw a dotted line to each type of which an entity contains objects."""
    for field in entity.fields:
        if field.kind in ("model", "nonModel") and field.relation is None:
            right = _right(required=field.required, many=field.many)
            yield f'    "{entity.name}" |o..{right} "{field.type}" : "{field.name}"'


def _enums(enums: Sequence[EnumType]) -> Iterator[str]:
    yield from ("", "## Enums", "", "| enum | values |", "| --- | --- |")
    for enum in enums:
        values = ", ".join(f"`{value}`" for value in enum.values)
        yield f"| `{enum.name}` | {values} |"


class Relationship(Struct, frozen=True, kw_only=True):
    """A relationship: an object of the model `owner` has one object of `owned`, or many.

    `owner_required` and `owned_required` say whether it is at least one. `fields` declare the
    relationship. `keys` are the foreign keys, as pairs of a model and one of its fields.
    """

    owner: str
    owned: str
    owner_required: bool
    owned_required: bool = False
    many: bool
    fields: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]


class _RelationField(Struct, frozen=True):
    """A field of a model that refers to the model `other`."""

    model: ObjectType
    field: Field
    other: ObjectType
    relation: Relation


def _find_relationships(schema: SchemaModel) -> list[Relationship]:
    """Return the relationships in the order of the document, without duplicates for inverses."""
    models = {model.name: model for model in schema.models}
    ends = [
        _RelationField(model, field, models[field.type], field.relation)
        for model in schema.models
        for field in model.fields
        if field.relation is not None and field.kind == "model"
    ]
    inverses = _find_inverses(ends)
    duplicates = {id(field) for field in inverses.values()}
    return [
        _relationship(end, inverses.get(id(end.field)))
        for end in ends
        if id(end.field) not in duplicates
    ]


def _find_inverses(ends: Sequence[_RelationField]) -> dict[int, Field]:
    """Return the `@belongsTo` field for each `@hasMany` or `@hasOne` field that has one, by id.

    A has-many field names its inverse, or the same foreign keys. A has-one field names neither,
    so it gets one that no has-many field has.
    """
    inverses: dict[int, Field] = {}
    candidates: dict[tuple[str, str], list[_RelationField]] = {}
    for end in ends:
        if end.relation.kind == "BELONGS_TO":
            candidates.setdefault((end.other.name, end.model.name), []).append(end)
    taken = set()
    for end in sorted(ends, key=lambda end: end.relation.kind == "HAS_ONE"):
        if end.relation.kind == "BELONGS_TO":
            continue
        for inverse in candidates.get((end.model.name, end.other.name), ()):
            if id(inverse.field) not in taken and _is_inverse(end, inverse):
                inverses[id(end.field)] = inverse.field
                taken.add(id(inverse.field))
                break
    return inverses


def _is_inverse(end: _RelationField, inverse: _RelationField) -> bool:
    if end.relation.kind == "HAS_ONE" and end.relation.targets:
        return True
    return end.relation.associated in ((inverse.field.name,), inverse.relation.targets)


def _relationship(end: _RelationField, inverse: Field | None) -> Relationship:
    targets = end.relation.targets
    if end.relation.kind == "BELONGS_TO":
        return Relationship(
            owner=end.other.name,
            owned=end.model.name,
            owner_required=end.field.required or _all_required(end.model, targets),
            many=True,
            fields=(end.field.name,),
            keys=_keys(end.model, targets),
        )
    inverse_keys = inverse.relation.targets if inverse is not None and inverse.relation else ()
    # A has-one field with targets has the foreign key in its own model.
    own_keys = () if targets else end.relation.associated
    keys = _keys(end.model, targets) + _keys(end.other, own_keys + inverse_keys)
    is_required = inverse is not None and inverse.required
    return Relationship(
        owner=end.model.name,
        owned=end.other.name,
        owner_required=is_required or _all_required(end.other, inverse_keys or own_keys),
        owned_required=end.field.required,
        many=end.field.many,
        fields=(end.field.name, *([inverse.name] if inverse is not None else [])),
        keys=tuple(dict.fromkeys(keys)),
    )


def _keys(model: ObjectType, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    plain = {field.name for field in model.fields if field.relation is None}
    return tuple((model.name, name) for name in names if name in plain)


def _all_required(model: ObjectType, names: tuple[str, ...]) -> bool:
    required = {field.name for field in model.fields if field.required}
    return bool(names) and required.issuperset(names)


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="mermaid",
            help="a diagram of the models in a Markdown file",
            emit=emit,
            recognizes=has_header,
        )
    ]
