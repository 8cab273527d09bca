"""Fields of models and custom types as Swift has them: names, types and strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from amplify_modelgen_plugins.emitters.platforms import PlatformField

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import FeatureFlags, NativeModel

# Amplify puts these names in backticks.
_QUOTED_BY_AMPLIFY = """
_COLUMN_ _FILE_ _FUNCTION_ _LINE_ as associativity break case Class continue convenience default
deinit didSet do dynamic dynamicType else Enum extension fallthrough false final for Func get if
import in infix Init inout internal is lazy left Let mutating nil none nonmutating operator optional
override postfix precedence prefix private protocol Protocol public required return right self Self
set static struct subscript super switch Type typealias true unknown unowned var weak where while
willSet
"""
_QUOTED_BY_US = """
Any associatedtype catch class defer enum fileprivate func guard init let precedencegroup repeat
rethrows throw throws try
"""
RESERVED = tuple(_QUOTED_BY_US.split())
"""Names that have to be in backticks as well, or the application does not compile."""
_QUOTED = frozenset([*_QUOTED_BY_AMPLIFY.split(), *RESERVED])
# The words that cannot be the name of a constant.
_KEYWORDS = """
Any as associatedtype break case catch class continue default defer deinit do else enum extension
fallthrough false fileprivate for func guard if import in init inout internal is let nil operator
precedencegroup private protocol public repeat rethrows return self static struct subscript super
switch throw throws true try typealias var where while
"""
_CONSTANTS = frozenset(_KEYWORDS.split())

_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
)
_SCHEMA_TYPES = {
    "Int": "int",
    "Double": "double",
    "Bool": "bool",
    "Temporal.Date": "date",
    "Temporal.Time": "time",
    "Temporal.DateTime": "dateTime",
    "String": "string",
}
"""The names of scalar types in a model's schema. In paths they are in lower case."""


class SwiftField(PlatformField, frozen=True):
    """A field in Swift. `is_key`: it is part of the model's primary key."""

    SCALARS: ClassVar = {
        "Int": "Int",
        "Float": "Double",
        "Boolean": "Bool",
        "AWSDate": "Temporal.Date",
        "AWSTime": "Temporal.Time",
        "AWSDateTime": "Temporal.DateTime",
        "AWSTimestamp": "Int",
    }
    is_key: bool = False

    @property
    def member(self) -> str:
        """The name after a dot."""
        return member(self.name)

    @property
    def quoted(self) -> str:
        """The name in a declaration."""
        return quoted(self.name)

    @property
    def is_collection(self) -> bool:
        """Whether it is the many side of a relation."""
        return self.relation == "HAS_MANY"

    @property
    def is_lazy(self) -> bool:
        """Whether it is the one side of a relation, and loaded on access."""
        lazy = self.flags.generate_models_for_lazy_load_and_custom_selection_set
        return lazy and self.relation in {"HAS_ONE", "BELONGS_TO"}

    @property
    def type(self) -> str:
        """The type without the mark of an optional."""
        if self.is_collection:
            return f"List<{self.element}>"
        if not self.source.is_list:
            return self.element
        has_nulls = self.flags.handle_list_nullability_transparently and not self.source.required
        return f"[{self.element}?]" if has_nulls else f"[{self.element}]"

    @property
    def optional_type(self) -> str:
        """The type of the property."""
        is_optional = self.is_collection or not self.is_required
        return f"{self.type}?" if is_optional else self.type

    @property
    def parameter(self) -> str:
        """The parameter of an initializer, with its default value."""
        is_value = self.is_collection and self.source.required
        return f"{self.quoted}: {self.type if is_value else self.optional_type}{self._default}"

    @property
    def _default(self) -> str:
        if self.name == "id":
            return " = UUID().uuidString"
        if not self.source.is_list:
            return "" if self.is_required else " = nil"
        transparent = self.flags.handle_list_nullability_transparently
        is_nil = transparent and not self.is_collection and not self.is_required
        return " = nil" if is_nil else " = []"

    @property
    def schema_type(self) -> str:
        """The type in the model's schema, unless it is a relation."""
        kind = self.source.kind
        if self.source.is_list:
            method = "collection" if kind == "model" else "embeddedCollection"
            return f".{method}(of: {self.element}.self)"
        if kind == "scalar":
            return f".{_SCHEMA_TYPES[self.element]}"
        method = "embedded" if kind == "nonModel" else kind
        return f".{method}(type: {self.element}.self)"

    @property
    def path_method(self) -> str:
        """The method of `ModelPath` for a scalar."""
        return _SCHEMA_TYPES[self.element].lower()


def swift_fields(model: NativeModel, flags: FeatureFlags) -> list[SwiftField]:
    """Return the fields of a model."""
    key = model.key if flags.respect_primary_key_attributes_on_connection_field else ("id",)
    return [SwiftField(field, flags, is_key=field.name in key) for field in model.fields]


def quoted(name: str) -> str:
    """Return a declared name, in backticks if it is reserved."""
    return f"`{name}`" if name in _QUOTED else name


def member(name: str) -> str:
    """Return a name after a dot, where only two words are reserved."""
    return f"`{name}`" if name in {"init", "self"} else name


def key_constant(name: str) -> str:
    """Return the name of the constant that has the coding keys of a type."""
    constant = name[0].lower() + name[1:]
    return f"`{constant}`" if constant in _CONSTANTS else constant


def string(text: str) -> str:
    """Return a string literal, in which no backslash begins an interpolation."""
    return f'"{text.translate(_ESCAPES)}"'
