"""Models with their fields, keys and auth rules, as both documents are serialized from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from .diagnostics import Diagnostics, SchemaRuleError
from .documents import RELATION_DIRECTIVES
from .javascript import js_truthy
from .naming import lower_first, pluralize, upper_first
from .syntax import FieldDefinition, TypeReference, find_directive

if TYPE_CHECKING:
    from collections.abc import Callable

    from .documents import GeneratorOptions
    from .schema import TypeKind, TypeSystem
    from .syntax import Definition, Directive, Value

    KeyFinder: TypeAlias = Callable[
        [Definition, dict[str, FieldDefinition], Diagnostics], "PrimaryKey"
    ]

_OPERATIONS: list[Value] = ["create", "update", "delete", "read"]
_TIMESTAMPS = ("createdAt", "updatedAt")
_USERNAME = "username"


class PrimaryKey(Struct, frozen=True):
    """The names of the fields of a primary key. If it is not `declared`, it is the id."""

    field: str
    sort_fields: tuple[str, ...] = ()
    declared: bool = False


class Association(Struct, frozen=True):
    """How a relation field finds its models.

    `associated` are fields of the other model, `targets` fields of its own model, or None.
    `by_references`: the schema names the fields in `references`.
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
    associations: dict[str, Association] = {}

    @property
    def all_fields(self) -> list[FieldDefinition]:
        """All fields; the hidden ones come first."""
        return [*self.hidden, *self.fields.values()]


class ResolvedSchema(Struct, frozen=True, kw_only=True):
    """The schema that a document is serialized from: its relations are resolved.

    `kinds` maps every type name to its kind, including join models. `non_models` are the object
    types without `@model`. `referenced_models` are the models of which Amplify resolves a key, for
    the version hash.
    """

    types: TypeSystem
    models: dict[str, ModelType]
    non_models: tuple[Definition, ...]
    kinds: dict[str, TypeKind]
    referenced_models: frozenset[str]
    options: GeneratorOptions


def build_model(
    definition: Definition,
    options: GeneratorOptions,
    diagnostics: Diagnostics,
    find_key: KeyFinder | None = None,
) -> ModelType:
    """Build a model from its definition, without its relations.

    `find_key` returns its primary key; without it, the directives of fields are its keys.
    """
    declared = normalize_fields(definition)
    # Problems of a declared key do not matter if it is ignored.
    key_diagnostics = Diagnostics() if options.force_id_fields else diagnostics
    key = (find_key or primary_key)(definition, declared, key_diagnostics)
    fields = _with_id(declared, key, forced=options.force_id_fields)
    timestamps = _timestamps(definition, fields, diagnostics) if options.timestamps else {}
    fields = {**fields, **timestamps}
    if "id" in fields:
        fields = {"id": fields["id"], **fields}
    return ModelType(
        name=definition.name,
        offset=definition.offset,
        directives=definition.directives,
        fields=fields,
        auth=auth_attributes(definition.directives, diagnostics),
        primary_key=key,
        key_fields=tuple(fields[name] for name in (key.field, *key.sort_fields)),
        read_only=frozenset(timestamps),
        keys=[] if find_key else _key_attributes(definition, fields, diagnostics),
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
    return replace(declared, directives=tuple(map(_normalize_references, declared.directives)))


def _normalize_references(directive: Directive) -> Directive:
    references = directive.arguments.get("references")
    is_name = js_truthy(references) and not isinstance(references, list)
    if directive.name not in RELATION_DIRECTIVES or not is_name:
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
        return {"id": ID_FIELD, **fields}
    outer_required = declared.type.outer_required or not declared.type.list_depth
    reference = replace(declared.type, required=True, outer_required=outer_required)
    return {**fields, "id": replace(declared, type=reference)}


def implicit_field(
    name: str, type_name: str, *directives: Directive, required: bool = False
) -> FieldDefinition:
    """Return a field that the schema does not declare. It is never a list."""
    return FieldDefinition(name, 0, TypeReference(type_name, 0, 0, required, required), directives)


ID_FIELD = implicit_field("id", "ID", required=True)
"""The default id of a model."""


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


# Keys.


def primary_key(
    model: Definition, fields: dict[str, FieldDefinition], diagnostics: Diagnostics
) -> PrimaryKey:
    """Return the primary key of a model, and report problems of a declared one."""
    found = primary_key_field(fields)
    if found is None:
        return PrimaryKey("id")
    with diagnostics:
        return _declared_key(model.name, *found, fields)
    return PrimaryKey(found[0].name, (), declared=True)


def primary_key_field(
    fields: dict[str, FieldDefinition],
) -> tuple[FieldDefinition, Directive] | None:
    """Return the first field with `@primaryKey`, and that directive."""
    for entry in fields.values():
        directive = find_directive(entry.directives, "primaryKey")
        if directive:
            return entry, directive
    return None


def _declared_key(
    model: str, field: FieldDefinition, directive: Directive, fields: dict[str, FieldDefinition]
) -> PrimaryKey:
    if not field.type.required:
        message = f"{model}.{field.name} is a primary key, but may be null"
        raise SchemaRuleError(field.offset, message, "make its type non-null, with `!`")
    sort_fields = directive.arguments.get("sortKeyFields")
    if isinstance(sort_fields, str) and sort_fields:
        message = f"the sortKeyFields of {model}.{field.name} are not a list"
        raise SchemaRuleError(directive.offset, message, 'write a list: `sortKeyFields: ["name"]`')
    names = tuple(map(str, sort_fields)) if isinstance(sort_fields, list) else ()
    for name in names:
        if name not in fields:
            message = f"sort key {name} of {model}.{field.name} is not a field of {model}"
            hint = f"declare {name} in {model}, or correct the name; automatic fields do not count"
            raise SchemaRuleError(directive.offset, message, hint)
    return PrimaryKey(field.name, names, declared=True)


def _key_attributes(
    model: Definition, fields: dict[str, FieldDefinition], diagnostics: Diagnostics
) -> list[dict[str, Value]]:
    """Return the properties of a model's key attributes: primary key first, then indexes."""
    legacy_keys = [entry.arguments for entry in model.directives if entry.name == "key"]
    legacy_names = [key["name"] for key in legacy_keys if js_truthy(key.get("name"))]
    keys: list[dict[str, Value]] = []
    primary = primary_key_field(fields)
    if primary and not any("name" not in key for key in legacy_keys):
        field, directive = primary
        keys.append({"fields": [field.name, *_to_list(directive.arguments.get("sortKeyFields"))]})
    for field in fields.values():
        for directive in field.directives:
            if directive.name == "index":
                with diagnostics:
                    key = _index_attribute(model.name, field, directive)
                    if key["name"] not in legacy_names:
                        keys.append(key)
    return keys


def _index_attribute(model: str, field: FieldDefinition, directive: Directive) -> dict[str, Value]:
    arguments = directive.arguments
    fields: list[Value] = [field.name, *_to_list(arguments.get("sortKeyFields"))]
    name = arguments.get("name")
    if name is None and not all(isinstance(entry, str) for entry in fields):
        message = f"the sortKeyFields of {model}.{field.name} are not all names"
        hint = 'write names: `sortKeyFields: ["name"]`'
        raise SchemaRuleError(directive.offset, message, hint)
    if name is None:
        suffix = "And".join(upper_first(str(entry)) for entry in fields)
        name = f"{lower_first(pluralize(model))}By{suffix}"
    key: dict[str, Value] = {"name": name}
    if "queryField" in arguments:
        key["queryField"] = arguments["queryField"]
    return {**key, "fields": fields}


def _to_list(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


# Auth rules.


def auth_attributes(
    directives: tuple[Directive, ...], diagnostics: Diagnostics
) -> tuple[dict[str, Value], ...]:
    """Return the arguments of every `@auth`, its rules completed with their defaults.

    Rules for dynamic groups in their legacy form (`groupField`) are dropped, as Amplify does.
    Invalid rules are reported.
    """
    attributes = []
    for directive in directives:
        if directive.name == "auth":
            with diagnostics:
                attributes.append({**directive.arguments, "rules": _complete_rules(directive)})
    return tuple(attributes)


def _complete_rules(directive: Directive) -> list[Value]:
    rules = directive.arguments.get("rules")
    if js_truthy(rules) and not isinstance(rules, list):
        message = "the rules of @auth are not a list"
        raise SchemaRuleError(directive.offset, message, "write `rules: [{allow: owner}]`")
    completed: list[Value] = []
    for rule in rules if isinstance(rules, list) else ():
        if rule is None:
            message = "a rule of @auth is null"
            raise SchemaRuleError(directive.offset, message, "write `{allow: owner}`")
        properties = _js_properties(rule)
        if properties.get("allow") != "groups" or not js_truthy(properties.get("groupField")):
            completed.append(complete_rule(properties))
    return completed


def _js_properties(value: Value) -> dict[str, Value]:
    """Return the enumerable properties that JavaScript would see."""
    if isinstance(value, dict):
        return value
    items = value if isinstance(value, list | str) else ()
    return {str(index): item for index, item in enumerate(items)}


def complete_rule(rule: dict[str, Value]) -> dict[str, Value]:
    """Return a rule of `@auth` with its defaults."""
    operations = _first_truthy(rule.get("operations"), rule.get("mutations"), _OPERATIONS)
    completed = {**rule, "operations": operations}
    match rule.get("allow"):
        case "owner":
            claim = _first_truthy(rule.get("identityClaim"), rule.get("identityField"), _USERNAME)
            claim = f"cognito:{_USERNAME}" if claim == _USERNAME else claim
            defaults: dict[str, Value] = {"provider": "userPools", "ownerField": "owner"}
            return {**defaults, **rule, "identityClaim": claim, "operations": operations}
        case "groups":
            defaults = {"groupClaim": "cognito:groups", "provider": "userPools"}
            completed = {**defaults, **rule, "groupField": "groups", "operations": operations}
            if js_truthy(rule.get("groups")):
                del completed["groupField"]
    return completed


def _first_truthy(*values: Value) -> Value:
    return next(value for value in values if js_truthy(value))


# The graph of models.


class ModelGraph:
    """All models by name, and the fields that link them: a model may have thousands of fields."""

    def __init__(
        self,
        models: dict[str, ModelType],
        kinds: dict[str, TypeKind],
        options: GeneratorOptions,
        diagnostics: Diagnostics,
    ) -> None:
        self.models = models
        self.kinds = kinds
        self.options = options
        self.diagnostics = diagnostics
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
