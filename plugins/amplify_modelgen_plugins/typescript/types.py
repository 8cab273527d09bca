"""The TypeScript types of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from amplify_modelgen_plugins._shapes import Field

    from .naming import Names

# All other scalars are strings.
_SCALARS = {"Boolean": "boolean", "Int": "number", "Float": "number", "AWSTimestamp": "number"}


class Properties(Struct, frozen=True, kw_only=True):
    """How fields are written as properties.

    `nominal_enums` says that enums are TypeScript's own, whose members differ from equal strings.
    """

    names: Names
    nominal_enums: bool

    def eager(self, field: Field) -> str:
        """Return the property of a field whose value is there at once."""
        value = self._value(field)
        if field.many:
            value = f"{_grouped(value if field.item_required else f'{value} | null')}[]"
        if field.required:
            return f"readonly {field.name}: {value};"
        return f"readonly {field.name}?: {value} | null;"

    def lazy(self, field: Field) -> str:
        """Return the property of a relation as DataStore gives it: loaded when asked for."""
        helper = self.names.helpers["AsyncCollection" if field.many else "AsyncItem"]
        value = field.type if field.many or field.required else f"{field.type} | undefined"
        return f"readonly {field.name}: {helper}<{value}>;"

    def _value(self, field: Field) -> str:
        if field.kind == "scalar":
            return _SCALARS.get(field.type, "string")
        if field.kind == "enum" and self.nominal_enums:
            return f"{field.type} | `${{{field.type}}}`"
        return field.type


def is_relation(field: Field) -> bool:
    """Whether DataStore loads the field, of a model, by itself."""
    return field.kind == "model" and field.relation is not None


def _grouped(value: str) -> str:
    return f"({value})" if "|" in value else value
