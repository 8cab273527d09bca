"""What the styles of generated modules have to say differently, apart from their classes."""

from __future__ import annotations

from msgspec import Struct

_METHODS = '''
    @classmethod
    def from_dict(cls, data: collections.abc.Mapping[str, typing.Any]) -> typing.Self:
        """Read an object of AppSync's JSON; keys that the schema does not have do not count.

        Raises ValueError where the object is not what the schema says.
        """
        model: typing.Self = _read(cls, data, "answer")
        return model

    def to_dict(self) -> dict[str, typing.Any]:
        """Write the object as AppSync does; relations that are None are left out."""
        return _write(type(self), self, "answer")

    def to_input(self) -> dict[str, typing.Any]:
        """Write what a mutation takes: no read-only fields, no relations, and no None."""
        return _write(type(self), self, "input")

    @classmethod
    def from_dynamodb(
        cls, image: collections.abc.Mapping[str, typing.Any]
    ) -> typing.Self:
        """Read an item in DynamoDB's JSON, such as the `NewImage` of a stream's record.

        Raises ValueError where the item is not what the schema says.
        """
        model: typing.Self = _read(cls, _stored_values(cls, image), "item")
        return model

    def to_dynamodb(self) -> dict[str, typing.Any]:
        """Write the item in DynamoDB's JSON; relations and None are left out."""
        return _to_attributes(_write(type(self), self, "item"))
'''

_DATACLASS = f'''
class _Model:
    """What all classes of this module can do."""

    __slots__ = ()
{_METHODS}'''

_PYDANTIC = f'''
class _Model(pydantic.BaseModel):
    """What all classes of this module can do."""

    model_config = pydantic.ConfigDict(populate_by_name=True, protected_namespaces=())
{_METHODS}'''

_FUNCTIONS = '''
def from_dict(model: type[_T], data: collections.abc.Mapping[str, typing.Any]) -> _T:
    """Read an object of AppSync's JSON; keys that the schema does not have do not count.

    Raises ValueError where the object is not what the schema says.
    """
    value: _T = _read(model, data, "answer")
    return value


def to_dict(model: type[_T], value: _T) -> dict[str, typing.Any]:
    """Write the object as AppSync does."""
    return _write(model, value, "answer")


def to_input(model: type[_T], value: _T) -> dict[str, typing.Any]:
    """Write what a mutation takes: no read-only fields, no relations, and no None."""
    return _write(model, value, "input")


def from_dynamodb(
    model: type[_T], image: collections.abc.Mapping[str, typing.Any]
) -> _T:
    """Read an item in DynamoDB's JSON, such as the `NewImage` of a stream's record.

    Raises ValueError where the item is not what the schema says.
    """
    value: _T = _read(model, _stored_values(model, image), "item")
    return value


def to_dynamodb(model: type[_T], value: _T) -> dict[str, typing.Any]:
    """Write the item in DynamoDB's JSON; relations and None are left out."""
    return _to_attributes(_write(model, value, "item"))
'''

_OF_CLASSES = """
def _fields(model: typing.Any) -> list[_Field]:
    # The first that has some, so that a class may be derived from a generated one.
    return next(_FIELDS[base] for base in model.__mro__ if base in _FIELDS)
"""

_OF_KEYS = """
def _fields(model: typing.Any) -> list[_Field]:
    return _FIELDS[model]


def _is_absent(field: _Field, value: typing.Any) -> bool:
    return field.wire not in value and not field.required
"""


class Style(Struct, frozen=True, kw_only=True):
    """The texts of a style.

    `base` stands before the classes, `helpers` behind them, `lookup` finds the table of a
    class's fields. The others are expressions: `build` makes an object of `model` from `values`,
    `item` takes a `field` from the `value`, and `absent` says whether the value has no such item.
    """

    base: str
    helpers: str
    lookup: str
    build: str
    item: str
    absent: str


STYLES: dict[str, Style] = {
    "dataclass": Style(
        base=_DATACLASS,
        helpers="",
        lookup=_OF_CLASSES,
        build="model(**values)",
        item="getattr(value, field.attribute)",
        absent="_left_out(field, item, form)",
    ),
    "pydantic": Style(
        base=_PYDANTIC,
        helpers="",
        lookup=_OF_CLASSES,
        build="model(**values)",
        item="getattr(value, field.attribute)",
        absent="_left_out(field, item, form)",
    ),
    "typeddict": Style(
        base="",
        helpers=_FUNCTIONS,
        lookup=_OF_KEYS,
        build="values",
        item="value.get(field.wire)",
        absent="_is_absent(field, value) or _left_out(field, item, form)",
    ),
}
"""The styles by the names that the option has for them."""
