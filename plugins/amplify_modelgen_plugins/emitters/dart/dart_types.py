"""The fields of a class in Dart: their types, names and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import FeatureFlags, NativeField, NativeModel, NativeType

CORE = "amplify_core."
TYPES = {
    **dict.fromkeys(("ID", "String", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone"), "String"),
    "AWSIPAddress": "String",
    "Int": "int",
    "Float": "double",
    "Boolean": "bool",
    "AWSDate": f"{CORE}TemporalDate",
    "AWSTime": f"{CORE}TemporalTime",
    "AWSDateTime": f"{CORE}TemporalDateTime",
    "AWSTimestamp": f"{CORE}TemporalTimestamp",
}


class DartField(Struct, frozen=True):
    """A field of a class."""

    field: NativeField

    @property
    def name(self) -> str:
        """The name as in the schema."""
        return self.field.name

    @property
    def is_id(self) -> bool:
        """Whether the field is called `id`: it is not private, and has a default value."""
        return self.name == "id"

    @property
    def member(self) -> str:
        """The name of the private member."""
        return self.name if self.is_id else f"_{self.name}"

    @property
    def constant(self) -> str:
        """The name of the query field."""
        return self.name.upper()

    @property
    def relation(self) -> str:
        """HAS_ONE, HAS_MANY, BELONGS_TO, or nothing."""
        return self.field.association.kind if self.field.association else ""

    @property
    def is_required(self) -> bool:
        """Whether the field must have a value."""
        if self.field.is_list:
            return self.relation != "HAS_MANY" and self.field.list_required is not False
        return self.field.required

    @property
    def element(self) -> str:
        """The type of the field, or of its items."""
        return TYPES.get(self.field.type, self.field.type)

    @property
    def type(self) -> str:
        """The type of the field."""
        return f"List<{self.element}>" if self.field.is_list else self.element


class DartClass(Struct, frozen=True, kw_only=True):
    """The class of a model or custom type. `key` is empty for a custom type."""

    name: str
    fields: tuple[DartField, ...]
    key: tuple[str, ...]
    has_identifier: bool
    has_timestamps: bool

    @property
    def writable(self) -> list[DartField]:
        """The fields that an application sets."""
        return [field for field in self.fields if not field.field.read_only]

    @property
    def identifier(self) -> str:
        """The name of the class of the primary key."""
        return f"{self.name}ModelIdentifier"

    @property
    def key_fields(self) -> list[DartField]:
        """The fields of the primary key, in its order."""
        by_name = {field.name: field for field in self.fields}
        return [by_name[name] for name in self.key]

    def is_fixed(self, field: DartField) -> bool:
        """Whether a copy has the same value, because the field is part of the primary key."""
        return self.has_identifier and field.name in self.key


def dart_class(entry: NativeModel | NativeType, flags: FeatureFlags) -> DartClass:
    """Return the class of a model or custom type."""
    key: tuple[str, ...] = getattr(entry, "key", ())
    return DartClass(
        name=entry.name,
        fields=tuple(map(DartField, entry.fields)),
        key=key,
        has_identifier=bool(key) and flags.uses_full_primary_keys,
        has_timestamps=flags.add_timestamp_fields,
    )
