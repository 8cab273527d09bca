"""A model while it is made: its own fields, then those that its relations add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from .auth import access_rules
from .keys import PrimaryKey, key_attributes, primary_key
from .problems import Finding
from .rules import RELATIONS
from .tree import Field, Type
from .type_system import first_directive
from .values import truthy

if TYPE_CHECKING:
    from .rules import Rules
    from .tree import Definition, Directive, Value

TIMESTAMPS = ("createdAt", "updatedAt")


class Association(Struct, frozen=True):
    """How a relation field finds its models.

    `associated` are fields of the other model, `targets` fields of the field's own; None where
    the kind of association has no such list.
    """

    kind: Literal["HAS_ONE", "HAS_MANY", "BELONGS_TO"]
    associated: tuple[str, ...] | None
    targets: tuple[str, ...] | None


class Model(Struct, kw_only=True):
    """A model under construction; only `model_graph` changes one after it is made.

    `keys` and `access` are the properties of the key and auth attributes, `components` the fields
    of the primary key. `hidden` are fields of a join model that have the name of a later one:
    those of a many-to-many relation that leads from a model to itself.
    """

    name: str
    at: int
    directives: tuple[Directive, ...]
    fields: dict[str, Field]
    access: tuple[dict[str, Value], ...]
    primary_key: PrimaryKey
    components: tuple[Field, ...]
    read_only: frozenset[str]
    keys: list[dict[str, Value]]
    hidden: tuple[Field, ...] = ()
    associations: dict[str, Association] = field(default_factory=dict)

    @property
    def all_fields(self) -> list[Field]:
        """All fields, the hidden ones before those that hide them."""
        return [*self.hidden, *self.fields.values()]


def make_model(definition: Definition, rules: Rules, findings: list[Finding]) -> Model:
    """Make a model of its definition: fields, primary key, timestamps, keys."""
    declared = read_fields(definition)
    # With forced ids a declared key has no say, so nothing can be wrong with it.
    key = primary_key(definition, declared, [] if rules.forced_ids else findings)
    fields = with_id(declared, key, forced=rules.forced_ids)
    stamps = _timestamps(definition, fields, findings) if rules.timestamps else {}
    fields = _id_first({**fields, **stamps})
    return Model(
        name=definition.name,
        at=definition.at,
        directives=definition.directives,
        fields=fields,
        access=access_rules(definition.directives, findings),
        primary_key=key,
        components=tuple(fields[name] for name in (key.field, *key.sort_fields)),
        read_only=frozenset(stamps),
        keys=key_attributes(definition, fields, findings),
    )


def read_fields(definition: Definition) -> dict[str, Field]:
    """Return the fields of an object type, with the arguments of their relations in one form."""
    return {one.name: _read_field(one) if one.directives else one for one in definition.fields}


def _read_field(declared: Field) -> Field:
    if not any("references" in one.arguments for one in declared.directives):
        return declared
    directives = tuple(
        _references_listed(one) if one.name in RELATIONS else one for one in declared.directives
    )
    return replace(declared, directives=directives)


def _references_listed(directive: Directive) -> Directive:
    """Make a single name in `references` a list of one."""
    references = directive.arguments.get("references")
    if isinstance(references, list) or not truthy(references):
        return directive
    return replace(directive, arguments={**directive.arguments, "references": [references]})


def with_id(fields: dict[str, Field], key: PrimaryKey, *, forced: bool) -> dict[str, Field]:
    """Give the fields of a model the id that its key needs: an own one made non-null, or new."""
    if key.declared and not forced:
        return fields
    declared = fields.get("id")
    if declared is None:
        return {"id": id_field(), **fields}
    outer = declared.type.outer_required or not declared.type.lists
    required = replace(declared.type, required=True, outer_required=outer)
    return {**fields, "id": replace(declared, type=required)}


def id_field() -> Field:
    """Return the id that a model has by default."""
    return added_field("id", "ID", required=True)


def added_field(name: str, type_name: str, *directives: Directive, required: bool = False) -> Field:
    """Return a field that no text declares; it is never a list."""
    return Field(name, 0, Type(type_name, 0, 0, required, required), directives)


def timestamp_fields(names: tuple[str, str], fields: dict[str, Field]) -> dict[str, Field]:
    """Return the timestamps that `fields` lack, in order."""
    return {name: added_field(name, "AWSDateTime") for name in names if name not in fields}


def _timestamps(
    definition: Definition, fields: dict[str, Field], findings: list[Finding]
) -> dict[str, Field]:
    directive = first_directive(definition.directives, "model")
    chosen = directive.arguments.get("timestamps", {}) if directive else {}
    if chosen is None:
        return {}
    names = chosen if isinstance(chosen, dict) else {}
    created, updated = (names.get(name) or name for name in TIMESTAMPS)
    if not isinstance(created, str) or not isinstance(updated, str):
        message = f"the timestamps of {definition.name} are not named by strings"
        hint = 'write names: `timestamps: {createdAt: "createdOn"}`'
        findings.append(Finding(at=definition.at, message=message, hint=hint))
        return {}
    return timestamp_fields((created, updated), fields)


def _id_first(fields: dict[str, Field]) -> dict[str, Field]:
    return {"id": fields["id"], **fields} if "id" in fields else fields
