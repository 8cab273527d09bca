"""Generate models from a schema: parse, merge, classify, resolve relations, check, serialize."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amplify_modelgen.errors import SchemaError

from .diagnostics import Diagnostics, SchemaRuleError, raise_for_errors
from .documents import (
    DEFAULT_FLAGS,
    Models,
    generator_options,
    is_outputs_file,
    read_outputs,
    with_relations,
)
from .many_to_many import build_all_models
from .merge import MERGE_PASSES, has_duplicates, merge
from .model import ModelGraph, ResolvedSchema, auth_attributes, normalize_fields
from .parser import deepest_bracket, parse
from .relations import resolve_relations
from .schema import BUILT_INS_1, BUILT_INS_2, build_type_system
from .serialize import datastore_document, introspection_document, serialize_sections
from .transformer1 import build_keyed_models, resolve_connections
from .validation import (
    check_defaults,
    check_directive_arguments,
    check_field_types,
    check_version,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from amplify_modelgen.errors import Diagnostic

    from .documents import DocumentKind, FeatureFlags, GeneratorOptions
    from .schema import BuiltIns, TypeSystem
    from .syntax import Definition

_ALL_DOCUMENTS: tuple[DocumentKind, ...] = ("introspection", "datastore")
# The kinds that a name keeps even if a join model has the same name.
_KEPT_KINDS = ("scalar", "enum", "nonModel")


def generate_models(
    sdl: str,
    flags: FeatureFlags = DEFAULT_FLAGS,
    documents: tuple[DocumentKind, ...] = _ALL_DOCUMENTS,
) -> Models:
    """Return the documents of a schema text, with the text and the flags. Others are None.

    The text may also be a file of Amplify Gen 2 that has the introspection document.

    Raises:
        SchemaError: Amplify would reject one of the documents; it has all errors.
    """
    return Models(**_generate(sdl, flags, documents), schema=sdl, flags=flags)


def generate_introspection(sdl: str, flags: FeatureFlags = DEFAULT_FLAGS) -> dict[str, Any]:
    """Return the model introspection schema only; `SchemaError` if Amplify would reject it.

    Schemas with unions have one, although they have no DataStore schema.
    """
    return _generate(sdl, flags, ("introspection",))["introspection"]


def generate_datastore(sdl: str, flags: FeatureFlags = DEFAULT_FLAGS) -> dict[str, Any]:
    """Return the DataStore schema only; `SchemaError` if Amplify would reject it."""
    return _generate(sdl, flags, ("datastore",))["datastore"]


def _generate(
    sdl: str, flags: FeatureFlags, kinds: tuple[DocumentKind, ...]
) -> dict[str, dict[str, Any]]:
    if is_outputs_file(sdl):
        return {"introspection": read_outputs(sdl, kinds)}
    documents: dict[str, dict[str, Any]] = {}
    previous = None
    for kind, schema in resolve(sdl, flags, kinds).items():
        if schema is not previous:
            sections = serialize_sections(schema)
        previous = schema
        serialize = introspection_document if kind == "introspection" else datastore_document
        documents[kind] = serialize(schema, sections)
    return documents


def nested_lists(sdl: str) -> dict[tuple[str, str], tuple[bool, ...]]:
    """Return the fields whose type is a list of lists, by the names of type and field.

    The values say for each list inside the outermost one, from outside in, whether it is non-null.
    Without result for a text that is not GraphQL.
    """
    return {
        (definition.name, field.name): field.type.inner_required
        for definition in _definitions(sdl)
        if definition.kind == "object"
        for field in definition.fields
        if field.type.inner_required
    }


def name_offsets(sdl: str) -> dict[tuple[str, str], int]:
    """Return where types and fields are declared: by `("Post", "")` and `("Post", "title")`.

    The values are offsets in the text, as `Diagnostics` takes them. Without result for a text that
    is not GraphQL.
    """
    offsets: dict[tuple[str, str], int] = {}
    for definition in _definitions(sdl):
        offsets.setdefault((definition.name, ""), definition.offset)
        for field in definition.fields:
            offsets.setdefault((definition.name, field.name), field.offset)
    return offsets


def _definitions(sdl: str) -> tuple[Definition, ...]:
    try:
        return parse(sdl)
    except SchemaRuleError:
        return ()


def needed_documents(needs: Collection[str]) -> tuple[DocumentKind, ...]:
    """Return the documents that emitters need, always in the same order, to share a result."""
    return tuple(document for document in _ALL_DOCUMENTS if document in needs)


def describe_models(sdl: str, flags: FeatureFlags = DEFAULT_FLAGS) -> dict[str, Any]:
    """Return the introspection document, always with the fields that connect models.

    Under transformer version 1 these are those of the DataStore schema, if the schema has one.
    """
    introspection = generate_introspection(sdl, flags)
    if flags.uses_transformer_2:
        return introspection
    try:
        return with_relations(introspection, generate_datastore(sdl, flags))
    except SchemaError:
        return introspection


def find_problems(
    sdl: str,
    flags: FeatureFlags = DEFAULT_FLAGS,
    documents: tuple[DocumentKind, ...] = _ALL_DOCUMENTS,
) -> tuple[Diagnostic, ...]:
    """Return the errors and warnings that a schema text has for documents, sorted by position.

    Without documents these are the errors of the text itself: syntax, types, directives.
    """
    if is_outputs_file(sdl):
        try:
            read_outputs(sdl, documents)
        except SchemaError as error:
            return error.diagnostics
        return ()
    return _analyze(sdl, flags, documents, 1)[1]


def resolve(
    sdl: str, flags: FeatureFlags, documents: tuple[DocumentKind, ...], native_passes: int = 1
) -> dict[DocumentKind, ResolvedSchema]:
    """Return the resolved schema of each document; `SchemaError` if Amplify would reject one."""
    schemas, diagnostics = _analyze(sdl, flags, documents, native_passes)
    raise_for_errors(diagnostics)
    return schemas


@lru_cache(maxsize=1)
def _analyze(
    sdl: str, flags: FeatureFlags, documents: tuple[DocumentKind, ...], native_passes: int
) -> tuple[dict[DocumentKind, ResolvedSchema], tuple[Diagnostic, ...]]:
    """Return the resolved schema of each document, which callers must not modify, and diagnostics.

    The last result is cached, because a run validates a schema before it generates models from it.
    """
    diagnostics = Diagnostics()
    schemas: dict[DocumentKind, ResolvedSchema] = {}
    try:
        with diagnostics:
            built_ins = BUILT_INS_2 if flags.uses_transformer_2 else BUILT_INS_1
            diagnostics.rule = "syntax"
            definitions = parse(sdl)
            diagnostics.rule = "generator-directive"
            check_directive_arguments(definitions, diagnostics)
            diagnostics.rule = "transformer-version"
            check_version(definitions, built_ins, flags, diagnostics)
            diagnostics.rule = "generator-type"
            passes = {kind: MERGE_PASSES.get(kind, native_passes) for kind in documents}
            schemas = _resolve_documents(definitions, built_ins, flags, passes, diagnostics)
    except RecursionError:
        message = "types, lists or values are nested too deeply"
        diagnostics.error(deepest_bracket(sdl), message)
    return schemas, diagnostics.locate(sdl)


def _resolve_documents(
    definitions: tuple[Definition, ...],
    built_ins: BuiltIns,
    flags: FeatureFlags,
    merge_passes: dict[DocumentKind, int],
    diagnostics: Diagnostics,
) -> dict[DocumentKind, ResolvedSchema]:
    """Resolve the schema for each document; documents share it unless their options differ."""
    passes_matter = has_duplicates(definitions, built_ins)
    shared: dict[tuple[GeneratorOptions, int], ResolvedSchema] = {}
    schemas: dict[DocumentKind, ResolvedSchema] = {}
    if not merge_passes:
        build_type_system(merge(definitions, 1, built_ins, diagnostics), built_ins, diagnostics)
    for document, needed_passes in merge_passes.items():
        options = generator_options(document, flags)
        passes = needed_passes if passes_matter else 1
        if (options, passes) not in shared:
            diagnostics.rule = "generator-merge"
            merged = merge(definitions, passes, built_ins, diagnostics)
            diagnostics.rule = "generator-type"
            types = build_type_system(merged, built_ins, diagnostics)
            diagnostics.rule = "generator-default-literal"
            check_defaults(merged, types.kinds, diagnostics)
            shared[options, passes] = _resolve_schema(types, options, diagnostics)
        schemas[document] = shared[options, passes]
        diagnostics.rule = "generator-field-type"
        check_field_types(schemas[document], document, diagnostics)
    return schemas


def _resolve_schema(
    types: TypeSystem, options: GeneratorOptions, diagnostics: Diagnostics
) -> ResolvedSchema:
    """Build the models of a schema and resolve their relations."""
    build, resolve_fields = build_all_models, resolve_relations
    if not options.is_version_2:
        build, resolve_fields = build_keyed_models, resolve_connections
    diagnostics.rule = "generator-model"
    models = build(types.models, options, diagnostics)
    diagnostics.rule = "generator-relation"
    kinds = dict(types.kinds)
    for name in models:
        if kinds.get(name) not in _KEPT_KINDS:
            kinds[name] = "model"
    graph = ModelGraph(models, kinds, options, diagnostics)
    referenced = resolve_fields(graph)
    diagnostics.rule = "generator-auth"
    for model in models.values():
        for field in model.fields.values():
            if field.directives:
                auth_attributes(field.directives, diagnostics)  # Only to report invalid rules.
    return ResolvedSchema(
        types=types,
        models=models,
        non_models=tuple(
            replace(entry, fields=tuple(normalize_fields(entry).values()))
            for entry in types.non_models
        ),
        kinds=kinds,
        referenced_models=referenced,
        options=options,
    )
