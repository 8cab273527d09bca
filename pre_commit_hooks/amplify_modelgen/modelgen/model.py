"""Models with their fields, keys and relations, as both documents are serialized from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from .attributes import FIELD_KEYS, PrimaryKey, auth_attributes
from .diagnostics import Diagnostics
from .flags import RELATION_DIRECTIVES
from .javascript import js_truthy
from .syntax import FieldDefinition, TypeReference, find_directive

if TYPE_CHECKING:
    from collections.abc import Callable

    from .attributes import KeyRules
    from .flags import GeneratorOptions
    from .schema import BuiltIns, TypeKind, TypeSystem
    from .syntax import Definition, Directive, Value

_TIMESTAMPS = ("createdAt", "updatedAt")


class Association(Struct, frozen=True):
    """How a relation field finds its models.

    `associated` are fields of the other model, `targets` fields of its own model; None if that
    kind of association does not have them. `by_references`: the schema names the fields in
    `references`.
    """

    kind: Literal["HAS_ONE", "HAS_MANY", "BELONGS_TO"]
    associated: tuple[str, ...] | None
    targets: tuple[str, ...] | None
    by_references: bool = False


class ModelType(Struct, kw_only=True):
    """A model. Resolving relations modifies it after it has been built.

    `keys` and `auth` are the properties of the key and auth attributes, `key_fields` the fields of
    the primary key. `offset` is its position in the schema. `hidden` are fields of a join model
    that have the name of a later field, as in a many-to-many relation between a model and itself.
    """

    name: str
    offset: int
    directives: tuple[Directive, ...]
    fields: dict[str, FieldDefinition]
    auth: tuple[dict[str, Value], ...]
    primary_key: PrimaryKey
    key_fields: tuple[FieldDefinition, ...]
    read_only: frozenset[str]
    keys: list[dict[str, Value]]
    hidden: tuple[FieldDefinition, ...] = ()
    associations: dict[str, Association] = field(default_factory=dict)

    @property
    def all_fields(self) -> list[FieldDefinition]:
        """All fields; the hidden ones come first."""
        return [*self.hidden, *self.fields.values()]


class ResolvedSchema(Struct, frozen=True, kw_only=True):
    """The schema that a document is serialized from: its relations are resolved.

    `kinds` maps every type name to its kind, including join models. `non_models` are the object
    types without `@model`. `referenced_models` are the
    models of which Amplify resolves a key, for the version hash.
    """

    types: TypeSystem
    models: dict[str, ModelType]
    non_models: tuple[Definition, ...]
    kinds: dict[str, TypeKind]
    referenced_models: frozenset[str]
    options: GeneratorOptions


class Transformer(Struct, frozen=True, kw_only=True):
    """The rules of a version of Amplify's GraphQL transformer.

    `resolve_relations` returns the models of which a key is resolved (`referenced_models`).
    """

    built_ins: BuiltIns
    build_models: Callable[
        [tuple[Definition, ...], GeneratorOptions, Diagnostics], dict[str, ModelType]
    ]
    resolve_relations: Callable[[ModelGraph, GeneratorOptions, Diagnostics], frozenset[str]]


def build_model(
    definition: Definition,
    options: GeneratorOptions,
    diagnostics: Diagnostics,
    key_rules: KeyRules = FIELD_KEYS,
) -> ModelType:
    """Build a model from its definition, without its relations."""
    declared = normalize_fields(definition)
    # Problems of a declared key do not matter if it is ignored.
    key_diagnostics = Diagnostics() if options.force_id_fields else diagnostics
    key = key_rules.primary_key(definition, declared, key_diagnostics)
    fields = _with_id(declared, key, forced=options.force_id_fields)
    timestamps = _timestamps(definition, fields, diagnostics) if options.timestamps else {}
    fields = _with_id_first({**fields, **timestamps})
    return ModelType(
        name=definition.name,
        offset=definition.offset,
        directives=definition.directives,
        fields=fields,
        auth=auth_attributes(definition.directives, diagnostics),
        primary_key=key,
        key_fields=tuple(fields[name] for name in (key.field, *key.sort_fields)),
        read_only=frozenset(timestamps),
        keys=key_rules.attributes(definition, fields, diagnostics),
    )


def normalize_fields(definition: Definition) -> dict[str, FieldDefinition]:
    """Return the fields of an object type; the `references` of their relations become lists."""
    return {
        entry.name: _normalize_field(entry) if entry.directives else entry
        for entry in definition.fields
    }


def _normalize_field(declared: FieldDefinition) -> FieldDefinition:
    if not any("references" in entry.arguments for entry in declared.directives):
        return declared
    directives = tuple(
        _normalize_references(entry) if entry.name in RELATION_DIRECTIVES else entry
        for entry in declared.directives
    )
    return replace(declared, directives=directives)


def _normalize_references(directive: Directive) -> Directive:
    """Convert a single name in `references` to a list."""
    references = directive.arguments.get("references")
    if isinstance(references, list) or not js_truthy(references):
        return directive
    return replace(directive, arguments={**directive.arguments, "references": [references]})


def _with_id(
    fields: dict[str, FieldDefinition], key: PrimaryKey, *, forced: bool
) -> dict[str, FieldDefinition]:
    """Make the id of a model non-null, or add it, if its primary key needs it."""
    if key.declared and not forced:
        return fields
    declared = fields.get("id")
    if declared is None:
        return {"id": id_field(), **fields}
    outer_required = declared.type.outer_required or not declared.type.list_depth
    reference = replace(declared.type, required=True, outer_required=outer_required)
    return {**fields, "id": replace(declared, type=reference)}


def id_field() -> FieldDefinition:
    """Return the default id of a model."""
    return implicit_field("id", "ID", required=True)


def implicit_field(
    name: str, type_name: str, *directives: Directive, required: bool = False
) -> FieldDefinition:
    """Return a field that the schema does not declare. It is never a list."""
    return FieldDefinition(name, 0, TypeReference(type_name, 0, 0, required, required), directives)


def _timestamps(
    definition: Definition, fields: dict[str, FieldDefinition], diagnostics: Diagnostics
) -> dict[str, FieldDefinition]:
    """Return the timestamps that `fields` does not declare."""
    directive = find_directive(definition.directives, "model")
    argument = directive.arguments.get("timestamps", {}) if directive else {}
    if argument is None:
        return {}
    names = argument if isinstance(argument, dict) else {}
    created, updated = (names.get(name) or name for name in _TIMESTAMPS)
    if not isinstance(created, str) or not isinstance(updated, str):
        message = f"the timestamp names of {definition.name} must be strings"
        hint = 'write names: `timestamps: {createdAt: "createdOn"}`'
        diagnostics.error(definition.offset, message, hint)
        return {}
    return {
        name: implicit_field(name, "AWSDateTime")
        for name in (created, updated)
        if name not in fields
    }


def _with_id_first(fields: dict[str, FieldDefinition]) -> dict[str, FieldDefinition]:
    return {"id": fields["id"], **fields} if "id" in fields else fields


class ModelGraph:
    """All models by name, and the fields that link one model to another.

    Relations look up the fields of a model whose type is another model. A model may have thousands
    of fields, so the fields are indexed by both models, in document order.
    """

    def __init__(self, models: dict[str, ModelType], kinds: dict[str, TypeKind]) -> None:
        self.models = models
        self.kinds = kinds
        self._indexes: dict[str, dict[Value, str]] = {}
        self._links: dict[tuple[str, str], list[FieldDefinition]] = {}
        for model in models.values():
            for entry in model.all_fields:
                self._add_link(model, entry)

    def links(self, source: str, target: str) -> list[FieldDefinition]:
        """Return the fields of the model `source` whose type is the model `target`, in order."""
        return self._links.get((source, target), [])

    def indexes(self, model: ModelType) -> dict[Value, str]:
        """Return the names of the fields with the indexes of a model, by the names of these."""
        if model.name not in self._indexes:
            self._indexes[model.name] = {
                name: entry.name
                for entry in reversed(model.all_fields)
                for directive in reversed(entry.directives)
                if directive.name == "index"
                and not isinstance(name := directive.arguments.get("name"), list | dict)
            }
        return self._indexes[model.name]

    def add_field(self, model: ModelType, entry: FieldDefinition) -> None:
        """Append a field to a model, unless it has a field with that name."""
        if entry.name not in model.fields:
            model.fields[entry.name] = entry
            self._add_link(model, entry)

    def remove_field(self, model: ModelType, name: str) -> None:
        """Remove a field from a model."""
        entry = model.fields.pop(name)
        model.hidden = tuple(hidden for hidden in model.hidden if hidden.name != name)
        links = self.links(model.name, entry.type.name)
        if entry in links:
            links.remove(entry)

    def _add_link(self, model: ModelType, entry: FieldDefinition) -> None:
        if entry.type.name in self.models:
            self._links.setdefault((model.name, entry.type.name), []).append(entry)
