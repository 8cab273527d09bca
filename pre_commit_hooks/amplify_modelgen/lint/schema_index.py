"""The definitions of a schema, prepared for the rules."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.modelgen.naming import lower_first, pluralize, upper_first
from amplify_modelgen.modelgen.schema import SCALARS
from amplify_modelgen.modelgen.syntax import Definition, Directive, FieldDefinition, find_directive

from .directive_definitions import amplify_definitions
from .wording import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from amplify_modelgen.modelgen.documents import FeatureFlags
    from amplify_modelgen.modelgen.syntax import FieldDefinition, TypeReference, Value


Path = tuple[str | int, ...]

NUMBERS = ("Int", "Float", "AWSTimestamp", "BigInt")
"""The scalars that are stored as numbers; the others are stored as texts."""

ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
"""The root operations, and the default names of their types."""

LOOKED_UP = 2
"""DynamoDB finds an object by a partition key and one sort key."""


class Problem(Struct, frozen=True):
    """A place in the text that violates a rule.

    `offset` is that of a token, or of a directive; `path` then leads from the directive to the
    value of an argument, such as `("rules", 0, "allow")`, or to its name if `at_name`. If `name`
    is like one of the `known` names, the hint is that name instead; comparing names is slow, and
    is done for problems that are shown only.
    """

    offset: int
    message: str
    hint: str
    path: Path = ()
    at_name: bool = False
    name: str = ""
    known: Collection[str] = ()


class DirectiveUse(Struct, frozen=True, gc=False):
    """A directive on a type, or on a field of it."""

    directive: Directive
    owner: Definition
    field: FieldDefinition | None = None

    @property
    def path(self) -> str:
        """`Post` or `Post.title`."""
        return f"{self.owner.name}.{self.field.name}" if self.field else self.owner.name

    def argument(self, name: str) -> Value:
        """Return the value of an argument, None if it is absent."""
        return self.directive.arguments.get(name)

    def items(self, argument: str) -> list[tuple[str, Path]]:
        """Return the strings in an argument that is a list or a single string, and their places."""
        value = self.argument(argument)
        if isinstance(value, list):
            return [(str(name), (argument, position)) for position, name in enumerate(value)]
        return [(str(value), (argument,))] if value else []

    def has_argument(self, name: str) -> bool:
        """Whether an argument has a value; null and an empty text are none."""
        return self.argument(name) not in (None, "")

    @property
    def key_names(self) -> list[str]:
        """The fields of a primary key or an index: the partition key and the sort keys."""
        field = [self.field.name] if self.field else [name for name, _ in self.items("fields")]
        return [*field, *(name for name, _ in self.items("sortKeyFields"))]

    @property
    def index_name(self) -> str:
        """The name of an index: the declared or the default one, which its query has, too."""
        return str(self.argument("name") or self.default_query_name)

    @property
    def default_query_name(self) -> str:
        """The name of the query of an index that declares none: `postsByTitleAndDate`."""
        suffix = "And".join(map(upper_first, self.key_names))
        return f"{lower_first(pluralize(upper_first(self.owner.name)))}By{suffix}"

    def problem(self, message: str, hint: str, *path: str | int) -> Problem:
        """Return a problem at the directive, or at the value that `path` leads to."""
        return Problem(self.directive.offset, message, hint, path)


class ModelKey(Struct, frozen=True):
    """A primary key or an index: the types of its fields by their order.

    `declared` is false for a primary key without `@primaryKey`.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    declared: bool = True


class SchemaIndex(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What rules look up.

    `definitions` are as written, in document order. `types` has each type by name, with the fields
    and directives of all its definitions, and `fields` its fields by name. `uses` has the
    well-formed directives of types and fields by name. `structure` are the problems that were
    found before, by the id of their rule. `auth_providers` are the configured ones, None if
    unknown.
    """

    definitions: tuple[Definition, ...]
    types: dict[str, Definition]
    fields: dict[str, dict[str, FieldDefinition]]
    uses: dict[str, list[DirectiveUse]]
    structure: dict[str, list[Problem]]
    flags: FeatureFlags
    auth_providers: tuple[str, ...] | None = None

    @cached_property
    def version(self) -> int:
        """The transformer version of `amplify push`."""
        return self.flags.push_version

    @cached_property
    def models(self) -> dict[str, Definition]:
        """The object types with `@model` by name, in document order."""
        return {
            name: entry
            for name, entry in self.types.items()
            if entry.kind == "object" and find_directive(entry.directives, "model")
        }

    @cached_property
    def roots(self) -> dict[str, str]:
        """The names of the types of the three root operations."""
        blocks = (entry for entry in self.definitions if entry.kind == "schema")
        declared = {field.name: field.type.name for block in blocks for field in block.fields}
        return {**ROOTS, **declared}

    def kind(self, name: str) -> str:
        """Return what a type name refers to: `model`, `custom scalar`, `unknown`, or its kind."""
        definition, amplify = self.types.get(name), amplify_definitions(self.version)
        if name in SCALARS or (definition is None and name in amplify.scalars):
            return "scalar" if name in SCALARS or self.version == 1 else "custom scalar"
        if definition is None:
            return "enum" if name in amplify.enums else "unknown"
        if definition.kind == "scalar":
            return "custom scalar"
        return "model" if name in self.models else definition.kind

    def field(self, type_name: str, name: str) -> FieldDefinition | None:
        """Return a field of a type, None if it is missing."""
        return self.fields.get(type_name, {}).get(name)

    def field_uses(self, *names: str) -> Iterator[tuple[DirectiveUse, FieldDefinition]]:
        """Yield the uses of directives on fields, with the fields."""
        for name in names:
            for use in self.uses[name]:
                if use.field is not None:
                    yield use, use.field

    def model_uses(self, *names: str) -> Iterator[tuple[DirectiveUse, FieldDefinition]]:
        """Yield the uses of directives on the fields of models, with the fields."""
        return (pair for pair in self.field_uses(*names) if pair[0].owner.name in self.models)

    def is_scalar(self, reference: TypeReference) -> bool:
        """Whether a type, apart from its lists, is an enum or a scalar of GraphQL or AWS."""
        return self.kind(reference.name) in ("scalar", "enum", "unknown")

    @cached_property
    def keys(self) -> dict[str, dict[str, ModelKey]]:
        """The primary key of each model, by an empty name, and its indexes by their names."""
        keys: dict[str, dict[str, ModelKey]] = {name: {} for name in self.models}
        # Unlike `index.uses`, these include the malformed ones.
        declared = (
            DirectiveUse(directive, model, field)
            for model in self.models.values()
            for field in self.fields[model.name].values()
            for directive in field.directives
            if directive.name in ("primaryKey", "index")
        )
        for use in (*self._legacy_keys(), *declared):
            name = "" if use.directive.name == "primaryKey" else str(use.argument("name") or "")
            if name or use.directive.name != "index":
                fields, names = self.fields[use.owner.name], tuple(use.key_names)
                types = tuple(fields[each].type.name if each in fields else "" for each in names)
                keys[use.owner.name].setdefault(name, ModelKey(names, types))
        for model, entries in keys.items():
            field = self.field(model, "id")
            default = ModelKey(("id",), (field.type.name if field else "ID",), declared=False)
            entries.setdefault("", default)
        return keys

    def primary_keys(self) -> Iterator[DirectiveUse]:
        """Yield each `@primaryKey`, and each `@key` without a name, of a model."""
        yield from (use for use, _ in self.model_uses("primaryKey"))
        yield from (use for use in self._legacy_keys() if not use.argument("name"))

    def indexes(self) -> Iterator[DirectiveUse]:
        """Yield each `@index`, and each `@key` with a name, of a model."""
        yield from (use for use, _ in self.model_uses("index"))
        yield from (use for use in self._legacy_keys() if use.argument("name"))

    def _legacy_keys(self) -> Iterator[DirectiveUse]:
        return (use for use in self.uses["key"] if use.owner.name in self.models)


def build_index(
    definitions: tuple[Definition, ...],
    findings: Iterable[tuple[str, Problem]],
    flags: FeatureFlags,
    auth_providers: tuple[str, ...] | None,
) -> SchemaIndex:
    """Index the definitions.

    `findings` are the ids of the structure rules with the places that violate them; a directive
    that is one of these places is left out of `uses`. Transformer version 1 ignores extensions.
    """
    structure: dict[str, list[Problem]] = defaultdict(list)
    malformed = set()
    for rule_id, problem in findings:
        structure[rule_id].append(problem)
        if rule_id != "argument-list":
            malformed.add(problem.offset)
    parts: dict[str, list[Definition]] = defaultdict(list)
    uses: dict[str, list[DirectiveUse]] = defaultdict(list)
    for definition in definitions:
        if definition.extends and flags.push_version == 1:
            continue
        if definition.kind not in ("schema", "directive"):
            parts[definition.name].append(definition)
        for owner in (None, *definition.fields):
            for directive in owner.directives if owner else definition.directives:
                if directive.offset not in malformed:
                    uses[directive.name].append(DirectiveUse(directive, definition, owner))
    types = {name: _join(items) for name, items in parts.items()}
    return SchemaIndex(
        definitions=definitions,
        types=types,
        fields={
            name: {field.name: field for field in definition.fields}
            for name, definition in types.items()
        },
        uses=uses,
        structure=structure,
        flags=flags,
        auth_providers=auth_providers,
    )


def _join(parts: list[Definition]) -> Definition:
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        directives=tuple(directive for part in parts for directive in part.directives),
        fields=tuple(field for part in parts for field in part.fields),
        names=tuple(name for part in parts for name in part.names),
    )


def owner_problems(index: SchemaIndex, *names: str) -> Iterator[Problem]:
    """Yield the uses of directives, which belong to models or fields of models, elsewhere."""
    for name in names:
        for use in index.uses[name]:
            if use.owner.name not in index.models:
                message = f"{use.path} has @{name}, but {use.owner.name} is not a model"
                yield use.problem(message, f"remove @{name}, or add @model to {use.owner.name}")


def undeclared(
    index: SchemaIndex, use: DirectiveUse, model: str, name: str, *path: str | int
) -> Problem:
    """Return the problem that an argument of a directive names a field that a model lacks."""
    message = f"@{use.directive.name} of {use.path} names {name}, which {model} does not have"
    otherwise = f"declare {name} in {model}; fields that Amplify adds do not count"
    return use.problem(message, did_you_mean(name, index.fields[model], otherwise), *path)


def at_type(field: FieldDefinition, message: str, hint: str) -> Problem:
    """Return a problem at the type of a field."""
    return Problem(field.type.offset, message, hint)


def is_required(reference: TypeReference) -> bool:
    """Whether a value is never null."""
    return bool(reference.outer_required if reference.list_depth else reference.required)


def stored_names(names: Sequence[str]) -> Sequence[str]:
    """Return the fields of a key that are stored as they are: several sort keys are joined."""
    return names if len(names) <= LOOKED_UP else names[:1]
