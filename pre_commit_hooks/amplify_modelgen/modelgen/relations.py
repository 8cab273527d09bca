"""Resolve the relations between models.

The order matters, because a relation finds what earlier ones have added: models in document order
(join models last), and the fields of each in document order.

Without the option `full_primary_keys`, as in older projects, a relation uses an id only, whatever
the primary key is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .diagnostics import SchemaRuleError
from .documents import RELATION_DIRECTIVES
from .javascript import js_first, js_truthy
from .model import Association, implicit_field, primary_key_field
from .naming import lower_first, upper_first
from .syntax import find_directive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .documents import GeneratorOptions
    from .model import ModelGraph, ModelType
    from .syntax import Directive, FieldDefinition, Value

_ID = (implicit_field("Id", "ID"),)
_ALL_RELATIONS = (*RELATION_DIRECTIVES, "manyToMany", "connection")


class RelationField(Struct, frozen=True):
    """A field of a model with a relation directive, in the graph of all models."""

    graph: ModelGraph
    model: ModelType
    field: FieldDefinition
    directive: Directive

    @property
    def kind(self) -> str:
        """The name of the directive: hasOne, hasMany or belongsTo."""
        return self.directive.name

    @property
    def options(self) -> GeneratorOptions:
        """The options of the graph."""
        return self.graph.options

    @property
    def path(self) -> str:
        """The model and the field: `Post.comments`."""
        return f"{self.model.name}.{self.field.name}"

    @property
    def is_list(self) -> bool:
        """Whether the type of the field is a list."""
        return bool(self.field.type.list_depth)

    @property
    def other(self) -> ModelType:
        """The other model; `SchemaRuleError` if the type of the field is not a model."""
        name = self.field.type.name
        if name in self.graph.models:
            return self.graph.models[name]
        message = f"@{self.kind} requires a model, but {name} is not one"
        is_object = self.graph.kinds.get(name) == "nonModel"
        hint = f"add @model to {name}" if is_object else "use a model as its type"
        raise self.error(message, f"{hint}, or remove @{self.kind}")

    @property
    def inverse_links(self) -> list[FieldDefinition]:
        """The fields of the other model whose type is this model, in order."""
        return self.graph.links(self.field.type.name, self.model.name)

    @property
    def has_references(self) -> bool:
        """Whether the relation has references; an empty list or string does not count."""
        return bool(self.argument("references"))

    def argument(self, name: str) -> Value:
        """Return an argument of the directive, or None."""
        return self.directive.arguments.get(name)

    def error(self, message: str, hint: str) -> SchemaRuleError:
        """Return an error about this relation."""
        return SchemaRuleError(self.field.offset, f"{self.path}: {message}", hint)

    def names(self, argument: str) -> tuple[str, ...]:
        """Return the names in an argument, `fields` or `references`."""
        value = self.argument(argument)
        if not js_truthy(value):
            return ()
        # As in JavaScript, iterating over a single string in `fields` gives its letters.
        if isinstance(value, list | str) and all(isinstance(name, str) for name in value):
            return tuple(str(name) for name in value)
        message = f"`{argument}` of @{self.kind} is not a list of names"
        raise self.error(message, f'write names: `{argument}: ["id"]`')


def resolve_relations(graph: ModelGraph) -> frozenset[str]:
    """Resolve all relations of the models in the graph, modifying them.

    Fields whose type is a model, but that have no relation, are removed. Returns the models with a
    declared key, and those that the key of a relation refers to, for the version hash.
    """
    options = graph.options
    referenced: set[str] = set()
    if not options.force_id_fields:
        referenced = {name for name, model in graph.models.items() if model.primary_key.declared}
    for model in list(graph.models.values()):
        referenced.update(_resolve_model(graph, model))
    if options.native or not options.full_primary_keys:
        for model in graph.models.values():
            _remove_foreign_keys(graph, model)
    return frozenset(referenced)


def _resolve_model(graph: ModelGraph, model: ModelType) -> list[str]:
    """Resolve the relations of a model; return the models that count for the version hash."""
    relations = [
        RelationField(graph, model, field, directive)
        for field in model.all_fields
        if field.type.name in graph.kinds and (directive := _relation_directive(field))
    ]
    for relation in relations:
        with graph.diagnostics:
            model.associations[relation.field.name] = _RESOLVERS[relation.kind](relation)
    for field in list(model.fields.values()):
        if field.type.name in graph.models and not _relation_directive(field):
            name = "hasMany" if field.type.list_depth else "hasOne"
            remove_unrelated(graph, model, field, f"add @{name} or @belongsTo to the field")
    return [entry.field.type.name for entry in relations if _references_model(entry)]


def _relation_directive(field: FieldDefinition) -> Directive | None:
    """Return the first relation directive of a field; the others do not count."""
    for directive in field.directives:
        if directive.name in RELATION_DIRECTIVES:
            return directive
    return None


def _references_model(relation: RelationField) -> bool:
    """Whether the version hash includes the field names of the other model's relations."""
    if relation.kind == "belongsTo" or relation.has_references:
        return True
    if relation.kind == "hasMany":
        return js_truthy(relation.argument("fields"))
    return relation.options.force_id_fields


def remove_unrelated(
    graph: ModelGraph, model: ModelType, field: FieldDefinition, hint: str
) -> None:
    """Remove a field whose type is a model, but that has no relation.

    That is an error if it is the primary key, else a warning; but nothing if it has a relation
    directive, which has been reported already.
    """
    graph.remove_field(model, field.name)
    path, other = f"{model.name}.{field.name}", field.type.name
    if field.name == model.primary_key.field and graph.options.describes_keys:
        message = f"{path} is the primary key, but its type {other} is a model"
        graph.diagnostics.error(field.offset, message, "use a scalar type, such as ID!")
    elif not any(entry.name in _ALL_RELATIONS for entry in field.directives):
        message = f"{path} is ignored: its type {other} is a model without a relation directive"
        graph.diagnostics.warning(field.offset, message, hint)


def _remove_foreign_keys(graph: ModelGraph, model: ModelType) -> None:
    """Remove fields that only hold the key of another model, except a model's own key."""
    key, full_keys = model.primary_key, graph.options.full_primary_keys
    kept = {"id"}
    if not graph.options.force_id_fields:
        # The introspection schema without `full_primary_keys` keeps the first field only.
        kept |= {key.field, *(key.sort_fields if full_keys else ())}
    for field in list(model.fields.values()):
        association = model.associations.get(field.name)
        if not association or association.kind != "BELONGS_TO":
            continue
        if association.by_references and not full_keys:
            continue
        targets = association.targets or ()
        if not full_keys or targets[:1] == ("id",):
            targets = targets[:1]
        for name in targets:
            if name in model.fields and name not in kept:
                graph.remove_field(model, name)


def _resolve_has_one(relation: RelationField) -> Association:
    """Resolve a hasOne: the model has the key of the other model."""
    other, options = relation.other, relation.options
    _check_list(relation)
    inverse = _inverse_field(relation, ("belongsTo",))
    if inverse and inverse.type.list_depth:
        path = f"{other.name}.{inverse.name}"
        message = f"@hasOne is a 1:1 relation, but {path} is a list"
        raise relation.error(message, f"remove the brackets of {path}")
    if relation.has_references:
        associated = _checked_references(relation, first_only=options.force_id_fields)
        return Association("HAS_ONE", associated, None, by_references=True)
    associated = tuple(field.name for field in other.key_fields)
    if not options.full_primary_keys:
        associated = (_matching_field(relation, _key_name(relation)),)
    elif inverse and options.native:
        associated = (inverse.name,)
    default = _foreign_keys(relation.model, relation.field, _key_fields(other, options))
    targets = relation.names("fields") or default
    _add_own_keys(relation, targets)
    return Association("HAS_ONE", associated, targets)


def _resolve_belongs_to(relation: RelationField) -> Association:
    """Resolve a belongsTo: as a hasOne, but the other model may name the key."""
    _check_list(relation)
    other, options = relation.other, relation.options
    candidates = _inverse_candidates(relation)
    inverse = next(candidates, None)
    if inverse is None:
        name = relation.model.name
        message = f"@belongsTo has no matching @hasOne or @hasMany in {other.name}"
        types = f"[{name}] with @hasMany, or {name} with @hasOne"
        raise relation.error(message, f"add a field of type {types}, to {other.name}")
    if relation.has_references:
        _check_references(relation, _inverse_candidates(relation), ("hasOne", "hasMany"))
    targets = relation.names("fields") + relation.names("references")
    if not targets:
        is_ambiguous = not options.full_primary_keys and next(candidates, None) is not None
        named_by_other = inverse.type.list_depth and not is_ambiguous
        model, field = (other, inverse) if named_by_other else (relation.model, relation.field)
        targets = _foreign_keys(model, field, _key_fields(other, options))
    _add_own_keys(relation, targets)
    return Association("BELONGS_TO", None, targets, relation.has_references)


def _resolve_has_many(relation: RelationField) -> Association:
    """Resolve a hasMany: the other model has the key of the model."""
    _check_list(relation)
    other, options = relation.other, relation.options
    needs_index = _needs_index(relation)
    inverse = _inverse_field(relation, _inverse_kinds(relation)) if options.native else None
    if relation.has_references:
        first_only = options.force_id_fields and not needs_index
        associated = _checked_references(relation, first_only=first_only)
    elif js_truthy(relation.argument("fields")):
        associated = (_matching_field(relation, _key_name(relation)),)
    elif inverse:
        associated = (inverse.name,)
    else:
        key_fields = _key_fields(relation.model, options)
        associated = _foreign_keys(relation.model, relation.field, key_fields)
        _add_keys(relation.graph, other, associated, key_fields, required=False)
    if needs_index:
        other.keys.append({"name": f"gsi-{relation.path}", "fields": list(associated)})
    return Association("HAS_MANY", associated, None, relation.has_references)


_RESOLVERS = {
    "hasOne": _resolve_has_one,
    "hasMany": _resolve_has_many,
    "belongsTo": _resolve_belongs_to,
}


def _key_fields(model: ModelType, options: GeneratorOptions) -> tuple[FieldDefinition, ...]:
    return model.key_fields if options.full_primary_keys else _ID


def _foreign_keys(
    model: ModelType, field: FieldDefinition, key_fields: tuple[FieldDefinition, ...]
) -> tuple[str, ...]:
    """Return the default names of foreign keys: `postCommentsId`."""
    prefix = lower_first(model.name) + upper_first(field.name)
    return tuple(prefix + upper_first(key_field.name) for key_field in key_fields)


def _add_own_keys(relation: RelationField, targets: tuple[str, ...]) -> None:
    """Add the fields that hold the key of the other model; required if the relation is."""
    full_primary_keys = relation.options.full_primary_keys
    key_fields = _key_fields(relation.other, relation.options)
    if len(targets) > len(key_fields) and full_primary_keys:
        names = ", ".join(key_field.name for key_field in key_fields)
        other = relation.field.type.name
        message = f"has {len(targets)} key fields, but the primary key of {other} is {names}"
        raise relation.error(message, "give one field for each field of that key")
    # With a single id, an empty name (which only a schema can give) adds nothing.
    if full_primary_keys or any(targets[:1]):
        required = relation.field.type.required
        _add_keys(relation.graph, relation.model, targets, key_fields, required=required)


def _add_keys(
    graph: ModelGraph,
    model: ModelType,
    names: tuple[str, ...],
    key_fields: tuple[FieldDefinition, ...],
    *,
    required: bool,
) -> None:
    """Add fields with these names and the types of the key fields to a model."""
    for name, key in zip(names, key_fields, strict=False):
        graph.add_field(model, implicit_field(name, key.type.name, required=required))


# The other model, and its field that is the inverse of a relation.


def _inverses(
    relation: RelationField, kinds: tuple[str, ...]
) -> Iterator[tuple[FieldDefinition, Directive]]:
    """Yield the fields of the other model with a relation of these kinds to this one."""
    for field in relation.inverse_links:
        for directive in field.directives:
            if directive.name in kinds:
                yield field, directive


def _inverse_field(relation: RelationField, kinds: tuple[str, ...]) -> FieldDefinition | None:
    return next((field for field, _ in _inverses(relation, kinds)), None)


def _inverse_kinds(relation: RelationField) -> tuple[str, ...]:
    """The directives of a field that is the inverse of a hasMany."""
    return ("belongsTo",) if relation.options.full_primary_keys else RELATION_DIRECTIVES


def _check_list(relation: RelationField) -> None:
    """Reject a hasMany field that is not a list, and any other one that is."""
    if relation.is_list == (relation.kind == "hasMany"):
        return
    message = f"@{relation.kind} refers to one model, but the field is a list"
    hint = "remove the brackets, or use @hasMany"
    if relation.kind == "hasMany":
        message = "@hasMany refers to many models, but the field is not a list"
        hint = f"write [{relation.field.type.name}]"
    raise relation.error(message, hint)


def _inverse_candidates(relation: RelationField) -> Iterator[FieldDefinition]:
    """Yield the fields of the other model that a belongsTo may be the inverse of."""
    for field in relation.inverse_links:
        directive = "hasMany" if field.type.list_depth else "hasOne"
        if find_directive(field.directives, directive):
            yield field


def _checked_references(relation: RelationField, *, first_only: bool) -> tuple[str, ...]:
    """Return the references of a hasOne or hasMany, which the other model must declare.

    For the platforms, return the field of the other model that repeats them instead. With
    `first_only` the document does not contain the others.
    """
    other = relation.other
    inverse = _check_references(relation, other.fields.values(), ())
    for name in relation.names("references")[: 1 if first_only else None]:
        if name not in other.fields:
            message = f"reference {name} is not a field of {other.name}"
            raise relation.error(message, f"declare {name} in {other.name}")
    return (inverse.name,) if relation.options.native else relation.names("references")


def _check_references(
    relation: RelationField, candidates: Iterable[FieldDefinition], kinds: tuple[str, ...]
) -> FieldDefinition:
    """Return the first candidate that repeats the references, in one of these directives or any."""
    if js_truthy(relation.argument("fields")):
        raise relation.error("`fields` and `references` are mutually exclusive", "remove one")
    references = list(relation.names("references"))
    for field in candidates:
        for directive in field.directives:
            is_candidate = not kinds or directive.name in kinds
            if is_candidate and directive.arguments.get("references") == references:
                return field
    message = f"no `references` in {relation.field.type.name} are equal to {references}"
    inverse = " or ".join(f"@{kind}" for kind in kinds) or "@belongsTo"
    raise relation.error(message, f"add the same `references` to its {inverse} field")


def _matching_field(relation: RelationField, key: str) -> str:
    """Return the field that is related to this model by `key`, or the field `key` itself."""
    for field, directive in _inverses(relation, _inverse_kinds(relation)):
        if js_first(directive.arguments.get("fields")) == key:
            return field.name
    other = relation.other
    if key in other.fields:
        return key
    message = f"{other.name} has no key field {key}"
    raise relation.error(message, f"declare {key} in {other.name}, or correct `fields`")


def _key_name(relation: RelationField) -> str:
    """Return the field of the other model that the relation uses as key.

    It is the field of the index that is named in the relation, else the declared primary key, else
    the field that belongs to this model, else the id.
    """
    other, index = relation.other, relation.argument("indexName")
    if js_truthy(index):
        name = None if isinstance(index, list | dict) else relation.graph.indexes(other).get(index)
        if name is not None:
            return name
        message = f"{other.name} has no @index with the name {index}"
        raise relation.error(message, f'add @index(name: "{index}") to a field of {other.name}')
    declared = primary_key_field(other.fields)
    if declared:
        return declared[0].name
    inverse = _inverse_field(relation, ("belongsTo",))
    return inverse.name if inverse else "id"


def _needs_index(relation: RelationField) -> bool:
    """Whether a hasMany needs an implicit index on the other model.

    Only the first field of the other model whose type is this one is considered.
    """
    if relation.options.native:
        return False
    inverse = relation.inverse_links[:1]
    return not js_truthy(relation.argument("indexName")) and not any(
        find_directive(field.directives, "belongsTo") for field in inverse
    )
