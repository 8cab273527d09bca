"""Python names for GraphQL names. Most are their own; the others get an underscore at the end.

The word lists are written out, although Python could be asked for some of them, so that one
schema gives the same module whatever Python the emitter runs on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEYWORDS = """
False None True and as assert async await break class continue def del elif else except finally
for from global if import in is lambda nonlocal not or pass raise return try while with yield
"""
KEYWORDS = frozenset(_KEYWORDS.split())

# Python's style calls them ambiguous, and linters refuse them (E741, E742).
_AMBIGUOUS = frozenset({"l", "O", "I"})

_BUILTINS = """
TypeError ValueError bool classmethod dict float getattr int isinstance issubclass len list next
object property repr str type
"""
BUILTINS = frozenset(_BUILTINS.split())
"""The builtins that generated modules use."""

IMPORTED = frozenset(
    {
        "annotations",
        "collections",
        "dataclasses",
        "dt",
        "enum",
        "json",
        "math",
        "pydantic",
        "typing",
    }
)
"""What generated modules import, under the names that it has there."""

_SPOKEN = frozenset({"bool", "dt", "float", "int", "list", "pydantic", "str", "typing"})

SCALAR_ALIASES = (
    "AWSEmail",
    "AWSIPAddress",
    "AWSJSON",
    "AWSPhone",
    "AWSTimestamp",
    "AWSURL",
)
"""The scalars that have an alias of their name in generated modules."""

CONVERTERS = frozenset({"from_dict", "to_dict", "to_input", "from_dynamodb", "to_dynamodb"})
"""The helpers: methods of classes, or functions that a TypedDict is handed to."""

_PYDANTIC = """
construct copy dict from_orm json model_computed_fields model_config model_construct model_copy
model_dump model_dump_json model_extra model_fields model_fields_set model_json_schema
model_parametrized_name model_post_init model_rebuild model_validate model_validate_json
model_validate_strings parse_file parse_obj parse_raw schema schema_json update_forward_refs
validate
"""
PYDANTIC = frozenset(_PYDANTIC.split())
"""What a pydantic model already has, under names that a field could have."""

_STRING = """
capitalize casefold center count encode endswith expandtabs find format format_map index isalnum
isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle
isupper join ljust lower lstrip maketrans mro name partition removeprefix removesuffix replace
rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title
translate upper value zfill
"""
STRING = frozenset(_STRING.split())
"""What a member of a `StrEnum` already has."""

_EVERYWHERE = KEYWORDS | _AMBIGUOUS


def class_names(names: Iterable[str]) -> dict[str, str]:
    """Return the classes for models, custom types and enums, by the GraphQL names."""
    taken = _EVERYWHERE | BUILTINS | IMPORTED | CONVERTERS | frozenset(SCALAR_ALIASES)
    return _renamed(names, taken, "Type")


def attribute_names(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return the attributes for a class's fields; `taken` is what the class has or speaks of."""
    return _renamed(names, _EVERYWHERE | {"self", *taken}, "field")


def member_names(values: Iterable[str]) -> dict[str, str]:
    """Return the members of an enum by their values."""
    return _renamed(values, _EVERYWHERE | STRING, "value")


def spoken_of(classes: Iterable[str]) -> frozenset[str]:
    """Return the names that annotations use: within a class, a field would hide them."""
    return _SPOKEN | frozenset(SCALAR_ALIASES) | frozenset(classes)


def is_key(name: str, spoken: frozenset[str]) -> bool:
    """Tell whether the body of a TypedDict can declare the key `name`."""
    return not (name in _EVERYWHERE or name in spoken or name.startswith("__"))


def _renamed(names: Iterable[str], taken: frozenset[str], prefix: str) -> dict[str, str]:
    # Names that need no other come first, so that `class_` stays `class_` beside `class`.
    given = list(names)
    free = {name for name in given if name not in taken and not name.startswith("_")}
    used = set(taken | free)
    renamed = {}
    for name in given:
        renamed[name] = name if name in free else _unused(name, used, prefix)
        used.add(renamed[name])
    return renamed


def _unused(name: str, used: set[str], prefix: str) -> str:
    # A leading underscore means private to Python, two are mangled, and enums take some away.
    candidate = f"{prefix}{name}" if name.startswith("_") else f"{name}_"
    while candidate in used:
        candidate += "_"
    return candidate
