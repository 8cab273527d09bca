"""The models of a schema as source code for the platforms needs them: Swift, Java and Dart.

The three platforms have the same models, which differ from those of the documents (see
`GeneratorOptions.native`). What is only a matter of their languages is up to the emitters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .diagnostics import Diagnostics, raise_for_errors
from .documents import DEFAULT_FLAGS, FeatureFlags, is_outputs_file, read_outputs
from .engine import resolve
from .javascript import js_key_order
from .many_to_many import join_model_name
from .merge import has_duplicates

# `help()` evaluates the annotations of structs, so their names must exist at run time.
from .model import Association, ModelType, auth_attributes
from .naming import pluralize
from .parser import parse
from .schema import BUILT_INS_1, BUILT_INS_2, TypeKind
from .serialize import version_hash
from .syntax import Directive, Value, find_directive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .model import ResolvedSchema
    from .syntax import Definition, FieldDefinition

_ROOT_NAMES = ("Query", "Mutation", "Subscription")


class NativeField(Struct, frozen=True, kw_only=True):
    """A field of a model or custom type.

    `type` is the name of the innermost type, `required` whether that is non-null, `list_required`
    whether the outermost list is; it is None for a list that the schema does not declare.
    `read_only` fields are the automatic timestamps. `auth` are completed rules. `offset` is the
    position in the schema, that of the model for a field that the schema does not declare.
    """

    name: str
    type: str
    kind: TypeKind
    is_list: bool
    required: bool
    list_required: bool | None
    offset: int
    read_only: bool = False
    association: Association | None = None
    auth: tuple[dict[str, Value], ...] = ()


class NativeIndex(Struct, frozen=True):
    """A key or index of a model.

    `has_name` and `has_fields` are whether the arguments are given. The name may be null.
    """

    name: str | None
    fields: tuple[str, ...]
    has_name: bool
    has_fields: bool


class NativeModel(Struct, frozen=True, kw_only=True):
    """A model. `key` are the fields of its primary key, `auth` its completed auth rules.

    Without `respect_primary_key_attributes_on_connection_field` the key is the id. The associated
    field of a relation is the first of its `associated` ones; with references it is the inverse.
    `repeated` are the fields that Amplify writes twice, as a many-to-many relation between a model
    and itself has them.
    """

    name: str
    plural: str
    fields: tuple[NativeField, ...]
    key: tuple[str, ...]
    indexes: tuple[NativeIndex, ...]
    leading_indexes: int
    auth: tuple[dict[str, Value], ...]
    repeated: tuple[str, ...]
    offset: int


class NativeType(Struct, frozen=True, kw_only=True):
    """A custom type: an object type without `@model`."""

    name: str
    plural: str
    fields: tuple[NativeField, ...]
    indexes: tuple[NativeIndex, ...]
    directives: tuple[Directive, ...]
    offset: int


class NativeEnum(Struct, frozen=True, kw_only=True):
    """An enum with all its values, in order."""

    name: str
    values: tuple[str, ...]
    offset: int

    def cases(self, convert: Callable[[str], str]) -> dict[str, str]:
        """Return the values by their converted names, as Amplify does.

        The last of several values with the same name is in the position of the first. Names that
        are integers come first.
        """
        return js_key_order({convert(value): value for value in self.values})


class Declaration(Struct, frozen=True, kw_only=True):
    """A definition that Amplify's generators write files for, in document order.

    It may be none of the models, types and enums, as a type with a reserved name: then its files
    have no content. A name that is defined twice is listed twice. Join models have `is_model`, too;
    without `has_file` they have a path only, as transformer version 1 ignores them.
    """

    name: str
    is_enum: bool
    is_model: bool
    offset: int
    has_file: bool = True


class NativeSchema(Struct, frozen=True, kw_only=True):
    """The models, custom types and enums of a schema, in document order; join models come last.

    `version` is the version hash, which clients detect a change by.
    """

    models: tuple[NativeModel, ...]
    types: tuple[NativeType, ...]
    enums: tuple[NativeEnum, ...]
    declarations: tuple[Declaration, ...]
    version: str
    flags: FeatureFlags
    sdl: str

    @property
    def objects(self) -> tuple[NativeModel | NativeType, ...]:
        """Models, then custom types."""
        return self.models + self.types

    def raise_for(self, diagnostics: Diagnostics) -> None:
        """Raise a `SchemaError` with the errors of an emitter, if there are any."""
        raise_for_errors(diagnostics.locate(self.sdl))


def native_schema(
    sdl: str,
    flags: FeatureFlags = DEFAULT_FLAGS,
    count_files: Callable[[NativeSchema], int] = lambda _: 1,
) -> NativeSchema:
    """Return the models of a schema text for the platforms.

    `count_files` returns the number of files that Amplify's generator writes. It merges repeated
    definitions once for each of them, which repeats list items such as auth rules.

    Raises:
        SchemaError: Amplify would reject the schema; it has all errors.
    """
    if is_outputs_file(sdl):
        read_outputs(sdl, ("native",))
    schema = _native_schema(sdl, flags, 1)
    built_ins = BUILT_INS_2 if flags.uses_transformer_2 else BUILT_INS_1
    if has_duplicates(parse(sdl), built_ins):
        return _native_schema(sdl, flags, count_files(schema))
    return schema


def _native_schema(sdl: str, flags: FeatureFlags, merge_passes: int) -> NativeSchema:
    resolved = resolve(sdl, flags, ("native",), merge_passes)["native"]
    return NativeSchema(
        models=tuple(_model(model, resolved) for model in resolved.models.values()),
        types=tuple(_type(entry, resolved.kinds) for entry in resolved.non_models),
        enums=tuple(
            NativeEnum(
                name=entry.name,
                values=tuple(dict.fromkeys(value.text for value in entry.names)),
                offset=entry.offset,
            )
            for entry in resolved.types.enums
        ),
        declarations=tuple(_declarations(parse(sdl), has_joins=flags.uses_transformer_2)),
        version=version_hash(resolved),
        flags=flags,
        sdl=sdl,
    )


def _model(model: ModelType, schema: ResolvedSchema) -> NativeModel:
    key = tuple(field.name for field in model.key_fields)
    directives = [entry.name for entry in model.directives]
    return NativeModel(
        name=model.name,
        plural=pluralize(model.name),
        fields=tuple(_field(field, schema.kinds, model) for field in model.fields.values()),
        key=("id",) if schema.options.force_id_fields else key,
        indexes=tuple(_indexes(model.directives, model.keys)),
        leading_indexes=directives[: directives.index("model")].count("key"),
        auth=_rules(model.auth),
        repeated=tuple(field.name for field in model.hidden),
        offset=model.offset,
    )


def _field(
    declared: FieldDefinition, kinds: dict[str, TypeKind], owner: ModelType | Definition
) -> NativeField:
    name, reference = declared.name, declared.type
    model = owner if isinstance(owner, ModelType) else None
    directives = declared.directives if model else ()
    auth = auth_attributes(directives, Diagnostics()) if directives else ()
    return NativeField(
        name=name,
        type=reference.name,
        kind=kinds[reference.name],
        is_list=reference.list_depth > 0,
        required=reference.required,
        list_required=reference.outer_required,
        offset=declared.offset or owner.offset,
        read_only=model is not None and name in model.read_only,
        association=model.associations.get(name) if model else None,
        auth=_rules(auth),
    )


def _rules(attributes: Iterable[dict[str, Any]]) -> tuple[dict[str, Value], ...]:
    return tuple(rule for attribute in attributes for rule in attribute["rules"])


def _indexes(
    directives: Iterable[Directive], keys: Iterable[dict[str, Value]] = ()
) -> Iterator[NativeIndex]:
    """Yield the literal `@key` directives, then the primary key and the indexes of a model."""
    literal = [entry.arguments for entry in directives if entry.name == "key"]
    for key in (*literal, *keys):
        name, fields = key.get("name"), key.get("fields")
        yield NativeIndex(
            None if name is None else str(name),
            tuple(map(str, fields)) if isinstance(fields, list) else (),
            has_name="name" in key,
            has_fields=isinstance(fields, list),
        )


def _type(entry: Definition, kinds: dict[str, TypeKind]) -> NativeType:
    return NativeType(
        name=entry.name,
        plural=pluralize(entry.name),
        fields=tuple(_field(field, kinds, entry) for field in entry.fields),
        indexes=tuple(_indexes(entry.directives)),
        directives=entry.directives,
        offset=entry.offset,
    )


def _declarations(definitions: tuple[Definition, ...], *, has_joins: bool) -> Iterator[Declaration]:
    """Yield the definitions with files in document order, then all join models."""
    relations: dict[str, int] = {}
    for entry in definitions:
        is_enum = entry.kind == "enum"
        if entry.extends or not (is_enum or entry.kind == "object"):
            continue
        for field in entry.fields:
            directive = find_directive(field.directives, "manyToMany")
            name = directive and directive.arguments.get("relationName")
            if isinstance(name, str):
                relations.setdefault(join_model_name(name), entry.offset)
        if not (is_enum and entry.name.startswith("__")) and entry.name not in _ROOT_NAMES:
            is_model = find_directive(entry.directives, "model") is not None
            yield Declaration(
                name=entry.name, is_enum=is_enum, is_model=is_model, offset=entry.offset
            )
    for name, offset in relations.items():
        yield Declaration(
            name=name, is_enum=False, is_model=True, offset=offset, has_file=has_joins
        )
