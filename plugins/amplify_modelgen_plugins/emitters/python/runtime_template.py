"""The code that generated modules share: it converts models from and to JSON.

It runs without amplify-modelgen, and is the same for every schema. `STYLE_PARTS` holds the parts
that differ between the styles: the code before the classes, and the code after them.
Source of the DynamoDB part: Amazon DynamoDB API reference, "AttributeValue"; GraphQL has no binary
values.
"""

from __future__ import annotations

_IMPORTS = '''
"""The models of a GraphQL schema, with conversion from and to JSON."""

from __future__ import annotations

import collections.abc as _abc
%simport datetime as _dt
import enum as _enum
import json as _json
import math as _math
import typing as _typing
%s
_T = _typing.TypeVar("_T")
_Form: _typing.TypeAlias = _typing.Literal["answer", "input", "item"]
'''

IMPORTS = {
    "dataclass": _IMPORTS % ("import dataclasses as _dataclasses\n", ""),
    "pydantic": _IMPORTS % ("", "\nimport pydantic as _pydantic\n"),
    "typeddict": _IMPORTS % ("", ""),
}

_METHODS = '''
    @classmethod
    def from_dict(cls, data: _abc.Mapping[str, _typing.Any]) -> _typing.Self:
        """Parse an AppSync object, ignoring unknown keys.

        Raises ValueError if the object does not conform to the schema.
        """
        model: _typing.Self = _read(cls, data, "answer")
        return model

    def to_dict(self) -> dict[str, _typing.Any]:
        """Return the object as AppSync does; relations that are None are omitted."""
        return _write(type(self), self, "answer")

    def to_input(self) -> dict[str, _typing.Any]:
        """Return the input of a mutation: no read-only fields, no relations, and no None."""
        return _write(type(self), self, "input")

    @classmethod
    def from_dynamodb(cls, image: _abc.Mapping[str, _typing.Any]) -> _typing.Self:
        """Parse an item in DynamoDB's JSON, such as the `NewImage` of a stream record.

        Raises ValueError if the item does not conform to the schema.
        """
        model: _typing.Self = _read(cls, _stored_values(cls, image), "item")
        return model

    def to_dynamodb(self) -> dict[str, _typing.Any]:
        """Return the item in DynamoDB's JSON; relations and None are omitted."""
        return _to_attributes(_write(type(self), self, "item"))
'''

_DATACLASS = f'''
@_dataclasses.dataclass(kw_only=True, slots=True)
class _Model:
    """Base class of the generated models."""
{_METHODS}'''

_PYDANTIC = f'''
class _Model(_pydantic.BaseModel):
    """Base class of the generated models."""

    model_config = _pydantic.ConfigDict(populate_by_name=True, protected_namespaces=())
{_METHODS}'''

_FUNCTIONS = '''
def from_dict(model: type[_T], data: _abc.Mapping[str, _typing.Any]) -> _T:
    """Parse an AppSync object, ignoring unknown keys.

    Raises ValueError if the object does not conform to the schema.
    """
    value: _T = _read(model, data, "answer")
    return value


def to_dict(model: type[_T], value: _T) -> dict[str, _typing.Any]:
    """Return the object as AppSync does; relations that are None are omitted."""
    return _write(model, value, "answer")


def to_input(model: type[_T], value: _T) -> dict[str, _typing.Any]:
    """Return the input of a mutation: no read-only fields, no relations, and no None."""
    return _write(model, value, "input")


def from_dynamodb(model: type[_T], image: _abc.Mapping[str, _typing.Any]) -> _T:
    """Parse an item in DynamoDB's JSON, such as the `NewImage` of a stream record.

    Raises ValueError if the item does not conform to the schema.
    """
    value: _T = _read(model, _stored_values(model, image), "item")
    return value


def to_dynamodb(model: type[_T], value: _T) -> dict[str, _typing.Any]:
    """Return the item in DynamoDB's JSON; relations and None are omitted."""
    return _to_attributes(_write(model, value, "item"))
'''

_CLASS_ACCESS = """
def _fields(model: _typing.Any) -> list[_Field]:
    # Of the first generated class, because the model may be derived from one.
    return next(_FIELDS[base] for base in model.__mro__ if base in _FIELDS)


def _build(model: _typing.Any, values: dict[str, _typing.Any]) -> _typing.Any:
    return model(**values)


def _get(value: _typing.Any, field: _Field) -> _typing.Any:
    return getattr(value, field.attribute)
"""

_DICT_ACCESS = """
def _fields(model: _typing.Any) -> list[_Field]:
    return _FIELDS[model]


def _build(model: _typing.Any, values: dict[str, _typing.Any]) -> _typing.Any:
    return values


def _get(value: _typing.Any, field: _Field) -> _typing.Any:
    return value.get(field.json_name, None if field.required else _OMITTED)
"""

STYLE_PARTS = {
    "dataclass": (_DATACLASS, _CLASS_ACCESS),
    "pydantic": (_PYDANTIC, _CLASS_ACCESS),
    "typeddict": ("", f"{_FUNCTIONS.rstrip()}\n\n{_DICT_ACCESS}"),
}

_TYPES = '''
# The conversion from and to JSON: the same in every generated module.

# Subclasses that GraphQL does not accept in place of their base.
_FALSE_SUBCLASSES: dict[type, type] = {int: bool, _dt.date: _dt.datetime}
_OMITTED = object()


class _Scalar(_typing.NamedTuple):
    """The conversion of a GraphQL scalar from and to JSON."""

    read: _abc.Callable[[_typing.Any], _typing.Any]
    write: _abc.Callable[[_typing.Any], _typing.Any]


class _Field(_typing.NamedTuple):
    """The representation of an attribute in JSON.

    `required` and `items_required` say whether null is invalid, and `inner_required` whether it
    is in place of each list inside the outermost one. `related` says that the field refers to
    another model, which DynamoDB stores separately. `alias` is the attribute's name if Python
    cannot use the field's, which is `json_name`.
    """

    json_name: str
    kind: _typing.Any
    required: bool = False
    many: bool = False
    items_required: bool = False
    related: bool = False
    read_only: bool = False
    inner_required: tuple[bool, ...] = ()
    alias: str = ""

    @property
    def attribute(self) -> str:
        """The name in Python."""
        return self.alias or self.json_name
'''

_SCALARS = """
def _expect(kind: type[_T], value: object) -> _T:
    if isinstance(value, kind) and not isinstance(value, _FALSE_SUBCLASSES.get(kind, ())):
        return value
    raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")


def _items(value: _typing.Any) -> list[_typing.Any]:
    _expect(list, value)
    return _typing.cast("list[_typing.Any]", value)


def _text(value: object) -> str:
    return _expect(str, value)


def _integer(value: object) -> int:
    return _expect(int, value)


def _boolean(value: object) -> bool:
    return _expect(bool, value)


def _float(value: object) -> float:
    number = value if isinstance(value, float) else float(_integer(value))
    if not _math.isfinite(number):
        raise ValueError("JSON has no such number")
    return number


def _read_date(value: object) -> _dt.date:
    # An AWSDate may end in an offset, which Python's dates do not have.
    return _dt.date.fromisoformat(_text(value)[:10])


def _write_date(value: object) -> str:
    return _expect(_dt.date, value).isoformat()


def _read_time(value: object) -> _dt.time:
    return _dt.time.fromisoformat(_text(value))


def _write_time(value: object) -> str:
    return _with_z(_expect(_dt.time, value).isoformat())


def _read_datetime(value: object) -> _dt.datetime:
    return _aware(_dt.datetime.fromisoformat(_text(value)))


def _write_datetime(value: object) -> str:
    # Milliseconds, as AppSync writes them, so that unchanged values stay equal as text.
    moment = _aware(_expect(_dt.datetime, value))
    digits = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return _with_z(moment.isoformat(timespec=digits))


def _aware(moment: _dt.datetime) -> _dt.datetime:
    if moment.utcoffset() is None:
        raise ValueError("an AWSDateTime needs an offset from UTC")
    return moment


def _with_z(text: str) -> str:
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _read_json(value: object) -> _typing.Any:
    return _json.loads(_text(value))


def _write_json(value: object) -> str:
    return _json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


_TEXT = _Scalar(_text, _text)
_INTEGER = _Scalar(_integer, _integer)
_BOOLEAN = _Scalar(_boolean, _boolean)
_FLOAT = _Scalar(_float, _float)
_DATE = _Scalar(_read_date, _write_date)
_TIME = _Scalar(_read_time, _write_time)
_DATETIME = _Scalar(_read_datetime, _write_datetime)
_JSON = _Scalar(_read_json, _write_json)
"""

_OBJECTS = """
def _read(model: _typing.Any, data: _typing.Any, form: _Form) -> _typing.Any:
    if not isinstance(data, _abc.Mapping):
        raise TypeError(f"expected an object, got {type(data).__name__}")
    members = _typing.cast("_abc.Mapping[str, _typing.Any]", data)
    values: dict[str, _typing.Any] = {}
    for field in _fields(model):
        try:
            if field.json_name in members and not (form == "item" and field.related):
                values[field.attribute] = _read_value(field, members[field.json_name], form)
            elif field.required:
                raise ValueError("missing value")
        except (TypeError, ValueError) as error:
            raise ValueError(f"{model.__name__}.{field.json_name}: {error}") from error
    return _build(model, values)


def _read_value(field: _Field, value: _typing.Any, form: _Form) -> _typing.Any:
    if not field.many:
        return _read_item(field.kind, value, field.required, form)
    if field.related and isinstance(value, _abc.Mapping):
        value = _typing.cast("_abc.Mapping[str, _typing.Any]", value).get("items")
    if value is None and not field.required:
        return None
    return _convert_list(
        lambda item: _read_item(field.kind, item, field.items_required, form),
        value,
        field.inner_required,
    )


def _convert_list(
    convert: _abc.Callable[[_typing.Any], _typing.Any], value: object, inner: tuple[bool, ...]
) -> list[_typing.Any]:
    if not inner:
        return [convert(item) for item in _items(value)]
    return [
        None if item is None and not inner[0] else _convert_list(convert, item, inner[1:])
        for item in _items(value)
    ]


def _read_item(kind: _typing.Any, value: _typing.Any, required: bool, form: _Form) -> _typing.Any:
    if (value is None and not required) or (form == "item" and kind is _JSON):
        return value
    if isinstance(kind, _Scalar):
        return kind.read(value)
    if issubclass(kind, _enum.Enum):
        return kind(value)
    return _read(kind, value, form)


def _write(model: _typing.Any, value: _typing.Any, form: _Form) -> dict[str, _typing.Any]:
    data: dict[str, _typing.Any] = {}
    for field in _fields(model):
        item = _get(value, field)
        if item is _OMITTED or _is_omitted(field, item, form):
            continue
        try:
            data[field.json_name] = _write_value(field, item, form)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{model.__name__}.{field.json_name}: {error}") from error
    return data


def _is_omitted(field: _Field, item: object, form: _Form) -> bool:
    if field.related:
        return item is None or form != "answer"
    absent = item is None and not field.required
    return form != "answer" and (absent or (form == "input" and field.read_only))


def _write_value(field: _Field, value: _typing.Any, form: _Form) -> _typing.Any:
    if not field.many:
        return _write_item(field.kind, value, field.required, form)
    if value is None and not field.required:
        return None
    items = _convert_list(
        lambda item: _write_item(field.kind, item, field.items_required, form),
        value,
        field.inner_required,
    )
    return {"items": items} if field.related else items


def _write_item(kind: _typing.Any, value: _typing.Any, required: bool, form: _Form) -> _typing.Any:
    if (value is None and not required) or (form == "item" and kind is _JSON):
        return value
    if isinstance(kind, _Scalar):
        return kind.write(value)
    if issubclass(kind, _enum.Enum):
        return kind(value).value
    return _write(kind, value, form)
"""

_DYNAMODB = """
def _stored_values(
    model: _typing.Any, image: _abc.Mapping[str, _typing.Any]
) -> dict[str, _typing.Any]:
    names = [field.json_name for field in _fields(model) if field.json_name in image]
    return {name: _from_attribute(image[name]) for name in names}


def _from_attribute(attribute: _typing.Any) -> _typing.Any:
    match attribute:
        case {"S": str(text)}:
            return text
        case {"N": str(digits)}:
            return _number(digits)
        case {"BOOL": bool(value)}:
            return value
        case {"NULL": True}:
            return None
        case {"L": list()}:
            return [_from_attribute(item) for item in _items(attribute["L"])]
        case {"M": dict()}:
            return {name: _from_attribute(member) for name, member in _members(attribute["M"])}
        case {"SS": list()}:
            return _items(attribute["SS"])
        case {"NS": list()}:
            return [_number(digits) for digits in _items(attribute["NS"])]
        case _:
            raise ValueError("not a DynamoDB attribute of a type that JSON has")


def _members(value: _typing.Any) -> _abc.ItemsView[str, _typing.Any]:
    return _typing.cast("dict[str, _typing.Any]", value).items()


def _number(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:
        return float(digits)


def _to_attributes(values: dict[str, _typing.Any]) -> dict[str, _typing.Any]:
    return {name: _to_attribute(value) for name, value in values.items()}


def _to_attribute(value: _typing.Any) -> dict[str, _typing.Any]:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int() | float():
            return {"N": repr(_float(value) if isinstance(value, float) else value)}
        case list():
            return {"L": [_to_attribute(item) for item in _items(value)]}
        case dict():
            return {"M": {name: _to_attribute(member) for name, member in _members(value)}}
        case _:
            raise TypeError(f"JSON has no {type(value).__name__}")
"""

CONVERSION = "\n\n".join(f"{part.strip()}\n" for part in (_TYPES, _SCALARS, _OBJECTS, _DYNAMODB))
"""The code of every style."""
