"""The emitter `typescript-types`: the types of the models, for clients without DataStore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Artifact, Emitter, hookimpl

from .schema_model import HEADER, has_header, schema_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amplify_modelgen.plugin import Models

    from .schema_model import EnumType, Field, ObjectType


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `models.ts`, which imports nothing.

    Raises:
        BackendError: the models are not Amplify's.
        SchemaError: a name cannot be used in TypeScript.
    """
    from .javascript.names import check_exports

    schema = schema_model(models)
    check_exports(schema.objects, schema.enums, models.schema)
    parts = [f"// {HEADER}", *map(_enum, schema.enums), *map(_type, schema.objects)]
    return [Artifact(path="models.ts", content="{}\n".format("\n\n".join(parts)).encode())]


def _enum(enum: EnumType) -> str:
    members = _block(f'{value}: "{value}",' for value in enum.values)
    name = enum.name
    return (
        f"export const {name} = {members} as const;\n\n"
        f"export type {name} = (typeof {name})[keyof typeof {name}];"
    )


def _type(declared: ObjectType) -> str:
    return f"export type {declared.name} = {_block(map(_property, declared.fields))};"


def _block(lines: Iterable[str]) -> str:
    return "\n  ".join(["{", *lines]) + "\n}"


def _property(field: Field) -> str:
    from .javascript.declarations import typescript_value

    # A response has the relations that its query selects, whatever the schema requires.
    if field.required and field.kind != "model":
        return f"{field.name}: {typescript_value(field)};"
    return f"{field.name}?: {typescript_value(field)} | null;"


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Return the emitter."""
    return [
        Emitter(
            name="typescript-types",
            help="types of the models, without DataStore",
            emit=emit,
            recognizes=has_header,
        )
    ]
