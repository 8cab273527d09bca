"""The fields of a class in Java: their types, names and roles."""

from __future__ import annotations

from functools import cached_property
from operator import add
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from amplify_modelgen.modelgen import camel_case, constant_case, pascal_case
from amplify_modelgen_plugins.emitters.platforms import PlatformField, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen import FeatureFlags, NativeModel, NativeType

_RELATIONS = {"HAS_ONE": "HasOne", "HAS_MANY": "HasMany", "BELONGS_TO": "BelongsTo"}


class JavaField(PlatformField, frozen=True):
    """A field of a class. A lazy one is loaded when it is first used."""

    SCALARS: ClassVar = {
        "Int": "Integer",
        "Float": "Double",
        "Boolean": "Boolean",
        "AWSDate": "Temporal.Date",
        "AWSTime": "Temporal.Time",
        "AWSDateTime": "Temporal.DateTime",
        "AWSTimestamp": "Temporal.Timestamp",
    }

    @cached_property
    def method(self) -> str:
        """The name of the builder methods, and of their argument."""
        return camel_case(self.name)

    @cached_property
    def getter(self) -> str:
        """The name of the getter."""
        return f"get{pascal_case(self.name)}"

    @cached_property
    def constant(self) -> str:
        """The name of the constant for queries."""
        return constant_case(self.name)

    @property
    def is_writable(self) -> bool:
        """Whether an application sets the field."""
        return self.is_stored and not self.source.read_only

    @property
    def is_lazy(self) -> bool:
        """Whether other models are loaded when the field is first used."""
        return bool(self.relation) and is_lazy(self.flags)

    @property
    def is_reference(self) -> bool:
        """Whether the field is a lazy reference to one other model."""
        return self.is_lazy and self.relation != "HAS_MANY"

    @cached_property
    def type(self) -> str:
        """The type of the field."""
        if self.is_reference:
            return f"ModelReference<{self.element}>"
        if self.is_lazy:
            return f"ModelList<{self.element}>"
        return f"List<{self.element}>" if self.source.is_list else self.element

    @property
    def parameter(self) -> str:
        """The field as a parameter, by its name in the schema."""
        return f"{self.type} {self.name}"

    @property
    def signature(self) -> str:
        """The builder method for the field."""
        type_ = self.element if self.is_reference else self.type
        return f"{self.method}({type_} {self.method})"

    @property
    def imports(self) -> Iterator[str]:
        """The classes that the field needs, below the core of Amplify's library."""
        if self.relation:
            yield f"annotations.{_RELATIONS[self.relation]}"
            if self.is_reference:
                yield from ("ModelReference", "LoadedModelReferenceImpl")
            elif self.is_lazy:
                yield "ModelList"
        if self.element.startswith("Temporal.") and not self.source.is_list:
            yield "temporal.Temporal"

    @property
    def annotation(self) -> str:
        """The annotation of a relation, after a space, or nothing."""
        association = self.source.association
        if association is None:
            return ""
        targets = association.targets or ()
        parts = [f'associatedWith = "{name}"' for name in (association.associated or ())[:1]]
        is_owned = self.relation == "BELONGS_TO"
        if is_owned:
            parts.append(f'targetName = "{targets[0]}"')
        if targets and self.flags.uses_full_primary_keys and (is_owned or self.is_lazy):
            parts.append(f"targetNames = {{{quoted_list(targets)}}}")
        parts.append(f"type = {self.element}.class")
        return f" @{_RELATIONS[self.relation]}({', '.join(parts)})"


class JavaClass(Struct, frozen=True, kw_only=True, dict=True):
    """The class of a model or custom type. `key` is empty for a custom type.

    `writable` are the fields that an application sets, `steps` those that a builder requires, in
    order, and `optional` those that it does not. With `has_id` the primary key is the id alone;
    its value is optional in a builder.
    """

    name: str
    fields: tuple[JavaField, ...]
    writable: tuple[JavaField, ...]
    steps: tuple[JavaField, ...]
    optional: tuple[JavaField, ...]
    key: tuple[str, ...]
    is_lazy: bool
    has_id: bool
    has_identifier: bool

    @property
    def identifier(self) -> str:
        """The name of the class for a composite primary key."""
        return f"{self.name}Identifier"

    @property
    def identifier_member(self) -> str:
        """The name of the member for a composite primary key."""
        return self.identifier[:1].lower() + self.identifier[1:]

    @cached_property
    def interfaces(self) -> list[str]:
        """The interfaces of a builder: one for each required field, in order, and the last."""
        elements = {field.element for field in self.fields}
        names = [pascal_case(field.name) for field in self.steps]
        suffixes = ["BuildStep" if f"{name}Step" in elements else "Step" for name in names]
        return [*map(add, names, suffixes), "BuildStep"]


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
    fields = tuple(JavaField(field, flags) for field in entry.fields)
    writable = tuple(field for field in fields if field.is_writable)
    has_id = key == ("id",) and not _has_unknown_sort_key(entry, flags)
    settable = [field for field in writable if not has_id or field.name != "id"]
    return JavaClass(
        name=entry.name,
        fields=fields,
        writable=writable,
        steps=tuple(field for field in settable if field.is_required),
        optional=tuple(field for field in settable if not field.is_required),
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
