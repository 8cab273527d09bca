"""Python names and types for those of GraphQL.

Names are kept; reserved ones get a trailing underscore.

Generated modules use builtins under their own names, and everything else that they need under
names with a leading underscore. So no name of a schema can hide one of them: names that start with
an underscore get a prefix, and classes are never named like a builtin.

The names are written out, although Python could list some of them, so that a schema gives the same
module whichever Python the emitter runs on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen_plugins.emitters.schema_model import Field

SCALARS = {
    "ID": ("str", "_TEXT"),
    "String": ("str", "_TEXT"),
    "Int": ("int", "_INTEGER"),
    "Float": ("float", "_FLOAT"),
    "Boolean": ("bool", "_BOOLEAN"),
    "AWSDate": ("_dt.date", "_DATE"),
    "AWSTime": ("_dt.time", "_TIME"),
    "AWSDateTime": ("_dt.datetime", "_DATETIME"),
    "AWSTimestamp": ("AWSTimestamp", "_INTEGER"),
    "AWSEmail": ("AWSEmail", "_TEXT"),
    "AWSJSON": ("AWSJSON", "_JSON"),
    "AWSPhone": ("AWSPhone", "_TEXT"),
    "AWSURL": ("AWSURL", "_TEXT"),
    "AWSIPAddress": ("AWSIPAddress", "_TEXT"),
}
"""For each scalar its annotation and its converter.

An AWSTimestamp stays a number of seconds, because it has neither fractions nor a zone, and an
AWSIPAddress stays text, because it may be a network as well as an address.
"""

ANNOTATION_NAMES = frozenset({"bool", "float", "int", "list", "str"}).union(
    scalar for scalar, (annotation, _) in SCALARS.items() if scalar == annotation
)
"""The public names that annotations use, apart from those of generated classes."""

_ALIASES = {
    "AWSEmail": "str",
    "AWSIPAddress": "str",
    "AWSJSON": '"dict[str, AWSJSON] | list[AWSJSON] | str | int | float | bool | None"',
    "AWSPhone": "str",
    "AWSTimestamp": "int",
    "AWSURL": "str",
}
# pydantic does not support recursive aliases; its own type is equivalent.
_PYDANTIC_ALIASES = _ALIASES | {"AWSJSON": "_pydantic.JsonValue"}

_KEYWORDS = """
False None True and as assert async await break class continue def del elif else except finally
for from global if import in is lambda nonlocal not or pass raise return try while with yield
"""
KEYWORDS = frozenset(_KEYWORDS.split())

_BUILTINS = """
ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError
BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError
ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning
EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError
FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
ModuleNotFoundError NameError NotADirectoryError NotImplemented NotImplementedError OSError
OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError
RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration
StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError
UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
UnicodeWarning UserWarning ValueError Warning WindowsError ZeroDivisionError abs aiter all anext
any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright
credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr
globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map
max memoryview min next object oct open ord pow print property quit range repr reversed round set
setattr slice sorted staticmethod str sum super tuple type vars zip
"""
BUILTINS = frozenset(_BUILTINS.split())
"""All builtins of Python 3.11 to 3.14: a forward reference to a class must not find one."""

CONVERTERS = frozenset({"from_dict", "to_dict", "to_input", "from_dynamodb", "to_dynamodb"})
"""The helpers: methods of classes, or functions that take a TypedDict."""

_PYDANTIC = """
construct copy dict from_orm json model_computed_fields model_config model_construct model_copy
model_dump model_dump_json model_extra model_fields model_fields_set model_json_schema
model_parametrized_name model_post_init model_rebuild model_validate model_validate_json
model_validate_strings parse_file parse_obj parse_raw schema schema_json update_forward_refs
validate
"""
PYDANTIC = frozenset(_PYDANTIC.split())
"""The public attributes of a pydantic model."""

_STRING = """
capitalize casefold center count encode endswith expandtabs find format format_map index isalnum
isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle
isupper join ljust lower lstrip maketrans mro name partition removeprefix removesuffix replace
rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title
translate upper value zfill
"""
STRING = frozenset(_STRING.split())
"""The public attributes of a member of a `StrEnum`."""


class PythonNames:
    """The names in a module: `classes` are those for models, custom types and enums."""

    def __init__(self, types: Iterable[str], style: str) -> None:
        self.style = style
        own = CONVERTERS | PYDANTIC if style == "pydantic" else CONVERTERS
        # Also not those of attributes: pydantic looks up annotations in the class first.
        self.classes = _renamed(types, KEYWORDS | BUILTINS | ANNOTATION_NAMES | own, "Type")
        # A field hides the name of an annotation within its class.
        self._reserved = KEYWORDS | ANNOTATION_NAMES | frozenset(self.classes.values())
        if style != "typeddict":
            self._reserved |= own | {"self"}

    def attributes(self, fields: Iterable[str]) -> dict[str, str]:
        """Return the attributes for the fields of a class; a TypedDict can have any key."""
        if self.style == "typeddict":
            return {name: name for name in fields}
        return _renamed(fields, self._reserved, "field")

    def can_declare(self, keys: Iterable[str]) -> bool:
        """Return whether the body of a TypedDict can declare all the keys."""
        return not any(key in self._reserved or key.startswith("__") for key in keys)

    def annotation(self, field: Field) -> str:
        """Return the type of a field's value; a relation may not be loaded, so it may be None."""
        text = SCALARS[field.type][0] if field.kind == "scalar" else self.classes[field.type]
        for required in field.levels:
            text = f"list[{text}]" if required else f"list[{text} | None]"
        return text if is_required(field) else f"{text} | None"

    def converter(self, field: Field) -> str:
        """Return what converts the items from and to JSON: a scalar's converter, or a class."""
        return SCALARS[field.type][1] if field.kind == "scalar" else self.classes[field.type]

    def aliases(self, used: set[str]) -> list[str]:
        """Return the lines for the aliases of the scalars in `used`, in alphabetical order."""
        aliases = _PYDANTIC_ALIASES if self.style == "pydantic" else _ALIASES
        return [f"{name}: _typing.TypeAlias = {aliases[name]}" for name in aliases if name in used]


def member_names(values: Iterable[str]) -> dict[str, str]:
    """Return the members of an enum by their values."""
    return _renamed(values, KEYWORDS | STRING, "value")


def _renamed(names: Iterable[str], reserved: frozenset[str], prefix: str) -> dict[str, str]:
    # Names that are kept come first, so that `class_` stays `class_` beside `class`.
    original = list(names)
    used = {name for name in original if name not in reserved and not name.startswith("_")}
    renamed = {name: name for name in original}
    for name in [name for name in original if name not in used]:
        # A leading underscore means private to Python, two are mangled, and enums ignore some.
        candidate = f"{prefix}{name}" if name.startswith("_") else f"{name}_"
        while candidate in reserved or candidate in used:
            candidate += "_"
        renamed[name] = candidate
        used.add(candidate)
    return renamed


def is_required(field: Field) -> bool:
    """Return whether an object without a value for the field is invalid."""
    return field.required and field.relation is None
