"""The fields of a class in Java: their types, names and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen import camel_case, constant_case, pascal_case

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import FeatureFlags, NativeField, NativeModel, NativeType

TYPES = {
    **dict.fromkeys(("ID", "String", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone"), "String"),
    "AWSIPAddress": "String",
    "Int": "Integer",
    "Float": "Double",
    "Boolean": "Boolean",
    "AWSDate": "Temporal.Date",
    "AWSTime": "Temporal.Time",
    "AWSDateTime": "Temporal.DateTime",
    "AWSTimestamp": "Temporal.Timestamp",
}


class JavaField(Struct, frozen=True):
    """A field of a class. A lazy one is loaded when it is first used."""

    field: NativeField
    lazy: bool
    transparent_lists: bool

    @property
    def name(self) -> str:
        """The name as in the schema."""
        return self.field.name

    @property
    def method(self) -> str:
        """The name of the builder methods, and of their argument."""
        return camel_case(self.name)

    @property
    def getter(self) -> str:
        """The name of the getter."""
        return f"get{pascal_case(self.name)}"

    @property
    def constant(self) -> str:
        """The name of the constant for queries."""
        return constant_case(self.name)

    @property
    def relation(self) -> str:
        """HAS_ONE, HAS_MANY, BELONGS_TO, or nothing."""
        return self.field.association.kind if self.field.association else ""

    @property
    def is_writable(self) -> bool:
        """Whether an application sets the field."""
        return not self.field.read_only and self.relation not in {"HAS_ONE", "HAS_MANY"}

    @property
    def is_required(self) -> bool:
        """Whether the field must have a value; without the flag, whether the items must."""
        if self.field.is_list and self.transparent_lists:
            return self.field.list_required is not False
        return self.field.required

    @property
    def element(self) -> str:
        """The type of the field, or of its items."""
        return TYPES.get(self.field.type, self.field.type)

    @property
    def is_reference(self) -> bool:
        """Whether the field is a lazy reference to one other model."""
        return self.lazy and self.relation in {"HAS_ONE", "BELONGS_TO"}

    @property
    def argument_type(self) -> str:
        """The type of the field as the argument of a builder method."""
        return self.element if self.is_reference else self.type

    @property
    def type(self) -> str:
        """The type of the field."""
        if self.is_reference:
            return f"ModelReference<{self.element}>"
        if self.relation == "HAS_MANY" and self.lazy:
            return f"ModelList<{self.element}>"
        return f"List<{self.element}>" if self.field.is_list else self.element

    @property
    def parameter(self) -> str:
        """The field as a parameter, by its name in the schema."""
        return f"{self.type} {self.name}"


class JavaClass(Struct, frozen=True, kw_only=True):
    """The class of a model or custom type. `key` is empty for a custom type.

    `writable` are the fields that an application sets, `steps` those that a builder requires, in
    order, and `optional` those that it does not. `elements` are the types of the fields. With
    `has_id` the primary key is the id alone; its value is optional in a builder.
    """

    name: str
    fields: tuple[JavaField, ...]
    writable: tuple[JavaField, ...]
    steps: tuple[JavaField, ...]
    optional: tuple[JavaField, ...]
    elements: frozenset[str]
    key: tuple[str, ...]
    is_lazy: bool
    has_id: bool
    has_identifier: bool

    @property
    def identifier(self) -> str:
        """The name of the class for a composite primary key."""
        return f"{self.name}Identifier"

    def step(self, field: JavaField) -> str:
        """Return the name of the interface of a required field."""
        name = pascal_case(field.name)
        return f"{name}BuildStep" if f"{name}Step" in self.elements else f"{name}Step"


def is_lazy(flags: FeatureFlags) -> bool:
    """Whether relations are loaded when they are first used, which DataStore does not support."""
    return (
        flags.generate_models_for_lazy_load_and_custom_selection_set
        and not flags.is_data_store_enabled
    )


def java_class(entry: NativeModel | NativeType, flags: FeatureFlags) -> JavaClass:
    """Return the class of a model or custom type."""
    lazy = is_lazy(flags)
    key = getattr(entry, "key", ())
    fields = tuple(
        JavaField(field, lazy, flags.handle_list_nullability_transparently)
        for field in entry.fields
    )
    writable = tuple(field for field in fields if field.is_writable)
    has_id = key == ("id",) and not _has_unknown_sort_key(entry, flags)
    settable = [field for field in writable if not has_id or field.name != "id"]
    return JavaClass(
        name=entry.name,
        fields=fields,
        writable=writable,
        steps=tuple(field for field in settable if field.is_required),
        optional=tuple(field for field in settable if not field.is_required),
        elements=frozenset(field.element for field in fields),
        key=key,
        is_lazy=lazy and bool(key),
        has_id=has_id,
        has_identifier=bool(key) and flags.uses_full_primary_keys,
    )


def _has_unknown_sort_key(entry: NativeModel | NativeType, flags: FeatureFlags) -> bool:
    """Whether the primary key declares a sort key, which is not a field if `key` lacks it.

    Only transformer version 1 accepts such a key.
    """
    if flags.uses_transformer_2 or not flags.respect_primary_key_attributes_on_connection_field:
        return False
    unnamed = [index.fields for index in entry.indexes if not index.name]
    return len(unnamed[0]) > 1 if unnamed else False
