"""Keys and relations under transformer version 1: `@key` and `@connection`.

The directives of version 2 have no effect there. As in `relations`, connections are resolved in
document order, and each finds what earlier ones have added or removed. A connection looks for its
partner, a field of the other model; the kind of the relation follows from the types of both.

The syntax is not checked before, so that any value may be an argument; Amplify compares them as
JavaScript does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from .diagnostics import Diagnostics, SchemaRuleError
from .javascript import js_first, js_truthy
from .model import Association, PrimaryKey, build_model, implicit_field
from .naming import lower_first, upper_first
from .relations import RelationField, remove_unrelated
from .syntax import find_directive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .documents import GeneratorOptions
    from .model import ModelGraph, ModelType
    from .syntax import Definition, Directive, FieldDefinition, Value

    _Key: TypeAlias = str | tuple[str, object] | None


# Keys.


def build_keyed_models(
    definitions: Iterable[Definition], options: GeneratorOptions, diagnostics: Diagnostics
) -> dict[str, ModelType]:
    """Build the models, whose keys are their `@key` directives."""
    models = {}
    for definition in definitions:
        models[definition.name] = build_model(definition, options, diagnostics, _primary_key)
        if options.describes_keys and not options.native:
            _check_sort_keys(definition, diagnostics)
    return models


def _primary_key(
    model: Definition, fields: dict[str, FieldDefinition], diagnostics: Diagnostics
) -> PrimaryKey:
    """Return the primary key of a model, with those of its sort keys that are fields."""
    directive = _unnamed_key(model.directives)
    if directive:
        with diagnostics:
            return _declared_key(model.name, directive, fields)
    return PrimaryKey("id")


def _unnamed_key(directives: tuple[Directive, ...]) -> Directive | None:
    """Return the first `@key` without a name, which is the primary key."""
    for directive in directives:
        if directive.name == "key" and not js_truthy(directive.arguments.get("name")):
            return directive
    return None


def _declared_key(
    model: str, directive: Directive, fields: dict[str, FieldDefinition]
) -> PrimaryKey:
    names = directive.arguments.get("fields")
    # As in JavaScript, the first item of a string is its first letter.
    if not names or not isinstance(names, list | str) or (isinstance(names, str) and names[1:]):
        message = f"the primary key of {model} has no list of fields"
        raise SchemaRuleError(directive.offset, message, 'write a list: `@key(fields: ["id"])`')
    name, *sort_names = map(str, names)
    if name not in fields:
        message = f"the primary key field {name} is not a field of {model}"
        hint = f"declare {name} in {model}, or correct the name"
        raise SchemaRuleError(directive.offset, message, hint)
    if not fields[name].type.required:
        message = f"{model}.{name} is a primary key, but may be null"
        raise SchemaRuleError(fields[name].offset, message, "make its type non-null, with `!`")
    sort_fields = tuple(entry for entry in sort_names if entry in fields)
    return PrimaryKey(name, sort_fields, declared=True)


def _check_sort_keys(model: Definition, diagnostics: Diagnostics) -> None:
    directive = _unnamed_key(model.directives)
    names = directive.arguments.get("fields") if directive else None
    declared = {field.name for field in model.fields}
    for name in map(str, names[1:] if isinstance(names, list) else ()):
        if directive and name not in declared:
            message = f"sort key {name} is not a field of {model.name}"
            hint = f"declare {name}, or correct the name; automatic fields do not count"
            diagnostics.error(directive.offset, message, hint)


# Connections.


class _Connection(RelationField, frozen=True):
    """A field with a `@connection`. Its partner is a field of the other model."""

    @property
    def default_key(self) -> str:
        """The name of the foreign key, if the directive does not name one: `commentPostId`."""
        return f"{lower_first(self.model.name)}{upper_first(self.field.name)}Id"

    @property
    def target(self) -> str:
        """The field of the own model that holds the key of the other model."""
        first = js_first(self.argument("fields"))
        if not js_truthy(first):
            return self.default_key
        if isinstance(first, str):
            return first
        raise self.error("`fields` is not a list of names", 'write names: `fields: ["id"]`')


class _Partners:
    """The fields that may be partners of connections, and the keys, indexed by model and name.

    A model may have thousands of them. `rejected` are the pairs that have been reported.
    """

    def __init__(self, graph: ModelGraph) -> None:
        self._fields: dict[tuple[str, str, _Key], list[FieldDefinition]] = {}
        self._keys: dict[tuple[str, _Key], Directive] = {}
        self.rejected: set[frozenset[int]] = set()
        for model in graph.models.values():
            for directive in model.directives:
                if directive.name == "key":
                    given = directive.arguments
                    # Unlike for the primary key, an empty name counts as a name.
                    name = _comparable(given["name"]) if "name" in given else None
                    self._keys.setdefault((model.name, name), directive)
            for field in model.fields.values():
                for directive in field.directives:
                    if directive.name == "connection":
                        self._add(model, field, directive)

    def _add(self, model: ModelType, field: FieldDefinition, connection: Directive) -> None:
        for argument, convert in (("name", _comparable), ("fields", _first)):
            value = connection.arguments.get(argument)
            if js_truthy(value):
                key = (model.name, argument, convert(value))
                self._fields.setdefault(key, []).append(field)

    def find(
        self, model: ModelType, argument: str, key: _Key, excluded: FieldDefinition | None = None
    ) -> FieldDefinition | None:
        """Return the first field of a model with a `@connection` whose argument has this key."""
        for field in self._fields.get((model.name, argument, key), ()):
            if field is not excluded and model.fields.get(field.name) is field:
                return field
        return None

    def key(self, model: ModelType, name: _Key) -> Directive | None:
        """Return the first `@key` of a model with a name; None is the name of one without."""
        return self._keys.get((model.name, name))


def _comparable(value: Value) -> _Key:
    """Return a key by which values are compared; lists and objects equal themselves only."""
    match value:
        case str():
            return value
        case list() | dict():
            return ("object", id(value))
        case bool():
            return ("boolean", value)
    return ("number", value)


def _first(value: Value) -> _Key:
    """Return the key of the first item of what should be a list; None if it has none."""
    return _comparable(value[0]) if isinstance(value, list | str) and value else None


def resolve_connections(graph: ModelGraph) -> frozenset[str]:
    """Resolve all connections of the models in the graph, modifying them."""
    partners = _Partners(graph)
    for model in list(graph.models.values()):
        for field in list(model.fields.values()):
            directive = find_directive(field.directives, "connection")
            if directive and field.type.name in graph.kinds:
                with graph.diagnostics:
                    _connect(_Connection(graph, model, field, directive), partners)
        for field in list(model.fields.values()):
            if field.type.name in graph.models and field.name not in model.associations:
                remove_unrelated(graph, model, field, "add @connection to the field")
    return frozenset()


def _connect(connection: _Connection, partners: _Partners) -> None:
    """Resolve a connection, and apply its changes to both models."""
    graph, model, field = connection.graph, connection.model, connection.field
    partner = _find_partner(connection, partners)
    association = _association(connection, partner)
    if association is None:
        message = f"{connection.path} is ignored: it and its partner in {field.type.name} are lists"
        hint = "connect the two through a model with two connections"
        graph.diagnostics.warning(field.offset, message, hint)
        return
    if association.kind == "HAS_ONE" and partner is not None:
        with graph.diagnostics:  # Without the field its partner would have another problem.
            _check_pair(connection, partner, partners)
    # An earlier connection may have removed the field; this one still changes the other model.
    if model.fields.get(field.name) is field:
        model.associations[field.name] = association
    if connection.is_list and partner is None:
        graph.add_field(connection.other, implicit_field(connection.default_key, "ID"))
    if association.kind == "BELONGS_TO":
        _remove_foreign_key(connection)


def _find_partner(connection: _Connection, partners: _Partners) -> FieldDefinition | None:
    """Return the partner of a connection; None for the default foreign key if it is not there."""
    other = connection.other
    if js_truthy(connection.argument("fields")):
        return _partner_by_key(connection, partners)
    name = connection.argument("name")
    if not js_truthy(name):
        return other.fields.get(connection.default_key)
    partner = partners.find(other, "name", _comparable(name), excluded=connection.field)
    if partner:
        return partner
    message = f"{other.name} has no other field with @connection(name: {name})"
    raise connection.error(message, f"add it to the field of {other.name} that is its inverse")


def _partner_by_key(connection: _Connection, partners: _Partners) -> FieldDefinition:
    """Return the field of the other model that uses its key, or the first field of that key."""
    other, key = connection.other, _other_key(connection, partners)
    partner = partners.find(other, "fields", key)
    if partner is None and isinstance(key, str):
        partner = other.fields.get(key)
    if partner is not None:
        return partner
    name = key if isinstance(key, str) else "without a name"
    message = f"{other.name} has no key field {name}"
    raise connection.error(message, f"declare the field in {other.name}, or correct its @key")


def _other_key(connection: _Connection, partners: _Partners) -> _Key:
    """Return the first field of the key of the other model: the named or the primary key."""
    other, name = connection.other, connection.argument("keyName")
    wanted = _comparable(name) if js_truthy(name) else None
    directive = partners.key(other, wanted)
    if directive is None and wanted is None:
        return "id"
    if directive is None:
        message = f"{other.name} has no @key with the name {name}"
        hint = f'add @key(name: "{name}", fields: [...]) to {other.name}'
        raise connection.error(message, hint)
    fields = directive.arguments.get("fields")
    if fields is None:
        message = f"the @key of {other.name} has no list of fields"
        raise connection.error(message, 'write a list: `@key(fields: ["id"])`')
    return _first(fields)


def _association(connection: _Connection, partner: FieldDefinition | None) -> Association | None:
    """Return the association of a connection; None if both of its sides are lists."""
    if connection.is_list and partner is not None and partner.type.list_depth:
        return None
    if connection.is_list:
        name = partner.name if partner is not None else connection.default_key
        return Association("HAS_MANY", (name,), None)
    if partner is None or partner.type.list_depth:
        names = connection.argument("fields")
        if isinstance(names, list | str) and len(names) > 1:
            message = "a connection to many models can have one key field only"
            raise connection.error(message, "remove all but the first name from `fields`")
        return Association("BELONGS_TO", None, (connection.target,))
    if connection.field.type.required and not partner.type.required:
        return Association("BELONGS_TO", None, (connection.target,))
    return Association("HAS_ONE", (partner.name,), (connection.target,))


def _check_pair(connection: _Connection, partner: FieldDefinition, partners: _Partners) -> None:
    """Reject a 1:1 relation that DataStore does not support, once for both of its fields."""
    field, required = connection.field, partner.type.required
    pair = frozenset((field.offset, partner.offset))
    is_allowed = connection.options.allows_optional_pairs or field.type.required != required
    if not is_allowed and pair not in partners.rejected:
        partners.rejected.add(pair)
        kind = "required" if required else "optional"
        path = f"{connection.other.name}.{partner.name}"
        message = f"DataStore supports no 1:1 relation between two {kind} fields, this and {path}"
        hint = "make one of the two non-null, with `!`, and the other one nullable"
        raise connection.error(message, hint)


def _remove_foreign_key(connection: _Connection) -> None:
    """Remove the field that only holds the key of the other model, but not the primary key."""
    graph, model, name = connection.graph, connection.model, connection.target
    is_key = name == model.primary_key.field and not connection.options.force_id_fields
    if name in model.fields and not is_key:
        graph.remove_field(model, name)
        model.associations.pop(name, None)
        if name == "id":
            message = f"{connection.path} removes the id of {model.name} from the DataStore schema"
            hint = "declare another field for the key of the other model"
            graph.diagnostics.warning(connection.field.offset, message, hint)
