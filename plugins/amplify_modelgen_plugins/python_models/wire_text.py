"""The code of generated modules that reads and writes JSON, which runs without amplify-modelgen.

It is the same in all modules of a style. The styles differ in how an object is built, looked
into, and found in the table of its fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dynamodb_text import DYNAMODB

if TYPE_CHECKING:
    from .styles import Style

_HEAD = '''
# How models are read from JSON, and written: the same in every generated module.


class _Scalar(typing.NamedTuple):
    """How values of a GraphQL scalar are read from JSON, and written."""

    read: collections.abc.Callable[[typing.Any], typing.Any]
    write: collections.abc.Callable[[typing.Any], typing.Any]


class _Field(typing.NamedTuple):
    """What JSON has for an attribute.

    `required` and `items_required` say whether null is refused, `related` that another
    model is meant, which DynamoDB keeps elsewhere. `alias` is the attribute's name where
    Python could not take the field's, which is `wire`.
    """

    wire: str
    kind: typing.Any
    required: bool = False
    many: bool = False
    items_required: bool = False
    related: bool = False
    read_only: bool = False
    alias: str = ""

    @property
    def attribute(self) -> str:
        """The name in Python."""
        return self.alias or self.wire
'''

_SCALARS = """
# Python takes them for their base class, GraphQL does not.
_IMPOSTORS: dict[type, type] = {int: bool, dt.date: dt.datetime}


def _expect(kind: type[_T], value: object) -> _T:
    if isinstance(value, kind) and not isinstance(value, _IMPOSTORS.get(kind, ())):
        return value
    raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")


def _text(value: object) -> str:
    return _expect(str, value)


def _integer(value: object) -> int:
    return _expect(int, value)


def _boolean(value: object) -> bool:
    return _expect(bool, value)


def _float(value: object) -> float:
    number = value if isinstance(value, float) else float(_integer(value))
    if not math.isfinite(number):
        raise ValueError("JSON has no such number")
    return number


def _read_date(value: object) -> dt.date:
    # An AWSDate may end in an offset, which Python's dates do not have.
    return dt.date.fromisoformat(_text(value)[:10])


def _write_date(value: object) -> str:
    return _expect(dt.date, value).isoformat()


def _read_time(value: object) -> dt.time:
    return dt.time.fromisoformat(_text(value))


def _write_time(value: object) -> str:
    return _with_z(_expect(dt.time, value).isoformat())


def _read_datetime(value: object) -> dt.datetime:
    return _aware(dt.datetime.fromisoformat(_text(value)))


def _write_datetime(value: object) -> str:
    # Milliseconds, as AppSync writes them, so that unchanged values stay equal as text.
    moment = _aware(_expect(dt.datetime, value))
    digits = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return _with_z(moment.isoformat(timespec=digits))


def _aware(moment: dt.datetime) -> dt.datetime:
    if moment.utcoffset() is None:
        raise ValueError("an AWSDateTime needs an offset from UTC")
    return moment


def _with_z(text: str) -> str:
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _read_json(value: object) -> typing.Any:
    return json.loads(_text(value))


def _write_json(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


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
def _read(model: typing.Any, data: typing.Any, form: _Form) -> typing.Any:
    if not isinstance(data, collections.abc.Mapping):
        raise TypeError(f"expected an object, got {type(data).__name__}")
    values: dict[str, typing.Any] = {}
    for field in _fields(model):
        try:
            if field.wire in data and not (form == "item" and field.related):
                values[field.attribute] = _read_value(field, data[field.wire], form)
            elif field.required:
                raise ValueError("there is no value")
        except (TypeError, ValueError) as error:
            raise ValueError(f"{model.__name__}.{field.wire}: {error}") from error
    return %(build)s


def _read_value(field: _Field, value: typing.Any, form: _Form) -> typing.Any:
    if not field.many:
        return _read_one(field.kind, value, field.required, form)
    if field.related and isinstance(value, collections.abc.Mapping):
        value = value.get("items")
    if value is None and not field.required:
        return None
    items = _expect(list, value)
    return [_read_one(field.kind, item, field.items_required, form) for item in items]


def _read_one(
    kind: typing.Any, value: typing.Any, required: bool, form: _Form
) -> typing.Any:
    if (value is None and not required) or (form == "item" and kind is _JSON):
        return value
    if isinstance(kind, _Scalar):
        return kind.read(value)
    if issubclass(kind, enum.Enum):
        return kind(value)
    return _read(kind, value, form)


def _write(model: typing.Any, value: typing.Any, form: _Form) -> dict[str, typing.Any]:
    data: dict[str, typing.Any] = {}
    for field in _fields(model):
        item = %(item)s
        if %(absent)s:
            continue
        try:
            data[field.wire] = _write_value(field, item, form)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{model.__name__}.{field.wire}: {error}") from error
    return data


def _left_out(field: _Field, item: object, form: _Form) -> bool:
    if field.related:
        return item is None or form != "answer"
    absent = item is None and not field.required
    return form != "answer" and (absent or (form == "input" and field.read_only))


def _write_value(field: _Field, value: typing.Any, form: _Form) -> typing.Any:
    if not field.many:
        return _write_one(field.kind, value, field.required, form)
    if value is None and not field.required:
        return None
    items = [
        _write_one(field.kind, item, field.items_required, form)
        for item in _expect(list, value)
    ]
    return {"items": items} if field.related else items


def _write_one(
    kind: typing.Any, value: typing.Any, required: bool, form: _Form
) -> typing.Any:
    if (value is None and not required) or (form == "item" and kind is _JSON):
        return value
    if isinstance(kind, _Scalar):
        return kind.write(value)
    if issubclass(kind, enum.Enum):
        return kind(value).value
    return _write(kind, value, form)
"""


def converters(style: Style) -> str:
    """Return the code for a style: two blank lines between its parts, none around it."""
    objects = _OBJECTS % {"build": style.build, "item": style.item, "absent": style.absent}
    parts = (_HEAD, _SCALARS, style.lookup, objects, DYNAMODB)
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)
