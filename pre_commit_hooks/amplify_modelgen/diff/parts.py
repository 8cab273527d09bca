"""What a client sees of models: the parts that are compared, read from an introspection document.

Everything that Amplify only repeats is gone here: what a reader need not tell apart is equal.
"""

from __future__ import annotations

from msgspec import Struct, field

IMPLICIT_INDEX = "gsi-"


class TypeName(Struct, frozen=True, kw_only=True):
    """A named type; `kind` is `scalar`, `enum`, `nonModel`, `model`, `input`, ..."""

    kind: str
    name: str

    def __str__(self) -> str:
        """Return the name, with its kind where it is no scalar."""
        kind = {"scalar": "", "nonModel": "custom type "}.get(self.kind, f"{self.kind} ")
        return f"{kind}{self.name}"


class Relation(Struct, frozen=True, kw_only=True):
    """How a field reaches another model.

    `fields` are the document's `associatedWith`; `keys` the stored fields that these stand for
    (a belongs-to field stands for its targets), and `targets` the stored fields on this side.
    """

    kind: str
    fields: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def stored(self) -> str:
        """The names of all fields that hold the link, for people."""
        return ", ".join(self.targets + self.keys) or "none"


class Value(Struct, frozen=True, kw_only=True):
    """A field, an argument, a field of an input, or the answer of an operation.

    `required` is the value's own (a list's, where it is one) and `items_required` that of the
    items. `spelt_out` says that clients write the type into their queries: for arguments, and
    for the key fields that Amplify makes arguments of. `rest` is what nobody here knows.
    """

    type: TypeName
    is_list: bool = False
    required: bool = False
    items_required: bool = False
    read_only: bool = False
    spelt_out: bool = False
    relation: Relation | None = None
    rest: str = ""

    @property
    def sdl(self) -> str:
        """The type as a schema writes it, as in `[String!]!`."""
        inner = self.type.name + "!" * self.items_required
        return (f"[{inner}]" if self.is_list else self.type.name) + "!" * self.required

    @property
    def to_many(self) -> bool:
        """Whether this is the "many" end of a relation, of which the record stores nothing."""
        return self.relation is not None and self.relation.kind == "HAS_MANY"

    @property
    def link(self) -> str:
        """The kind of the relation, for people and for comparison."""
        return self.relation.kind if self.relation else "none"


class Index(Struct, frozen=True, kw_only=True):
    """A secondary index; `query` is the query that Amplify makes for it, if the schema names it."""

    name: str
    fields: tuple[str, ...]
    query: str | None = None
    rest: str = ""

    @property
    def implicit(self) -> bool:
        """Whether Amplify made it for a has-many relation, rather than the schema."""
        return self.name.startswith(IMPLICIT_INDEX)

    @property
    def listed(self) -> str:
        """The indexed fields, for people."""
        return ", ".join(self.fields)


class Attribute(Struct, frozen=True, kw_only=True):
    """Any other directive on a model; `text` holds its arguments as canonical JSON."""

    name: str
    text: str


class Option(Struct, frozen=True, kw_only=True):
    """An argument of `@model`; `value` is canonical JSON, or None where it is not written."""

    name: str
    value: str | None

    @property
    def off(self) -> bool:
        """Whether the argument switches operations off."""
        return self.value in ("null", '"off"')


class Access(Struct, frozen=True, kw_only=True):
    """What somebody may do; `alone` are the operations that the other side does not have."""

    who: str
    operations: str = ""
    alone: str = ""


class PrimaryKey(Struct, frozen=True, kw_only=True):
    """A primary key; `declared` says whether the schema writes it, `rest` what else is known."""

    field: str
    sort: tuple[str, ...] = ()
    declared: bool = False
    rest: str = ""

    @property
    def listed(self) -> str:
        """All key fields, for people."""
        return ", ".join((self.field, *self.sort))


class Model(Struct, frozen=True, kw_only=True):
    """A model. `grants` are the operations of each who; None where there is no auth rule."""

    fields: dict[str, Value]
    key: PrimaryKey
    plural: str | None = None
    indexes: tuple[Index, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    grants: dict[str, frozenset[str]] | None = None
    table: str | None = None
    rest: str = ""


class CustomType(Struct, frozen=True, kw_only=True):
    """A custom type (`nonModels`), which records hold inside them, or an input."""

    fields: dict[str, Value]
    rest: str = ""


class Enum(Struct, frozen=True, kw_only=True):
    """An enum with its values in the document's order."""

    values: tuple[str, ...]
    rest: str = ""


class Operation(Struct, frozen=True, kw_only=True):
    """A field of Query, Mutation or Subscription; `section` is the document's word for its kind."""

    section: str
    answer: Value
    arguments: dict[str, Value]
    rest: str = ""


class Document(Struct, frozen=True, kw_only=True):
    """A whole introspection document. Operations are named `Query.echo`."""

    models: dict[str, Model]
    custom_types: dict[str, CustomType]
    enums: dict[str, Enum]
    inputs: dict[str, CustomType]
    operations: dict[str, Operation]
    rest: str = ""

    def kinds(self) -> set[tuple[str, str]]:
        """Return the named types, each with what it is, for people."""
        sections = (
            ("model", self.models),
            ("custom type", self.custom_types),
            ("enum", self.enums),
            ("input", self.inputs),
        )
        return {(name, kind) for kind, section in sections for name in section}
