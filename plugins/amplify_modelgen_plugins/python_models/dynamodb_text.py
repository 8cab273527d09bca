"""The code of generated modules that reads and writes DynamoDB's JSON.

Source: Amazon DynamoDB API reference, "AttributeValue"; binary values have no place in GraphQL.
"""

from __future__ import annotations

DYNAMODB = """
def _stored_values(
    model: typing.Any, image: collections.abc.Mapping[str, typing.Any]
) -> dict[str, typing.Any]:
    names = [field.wire for field in _fields(model) if field.wire in image]
    return {name: _from_attribute(image[name]) for name in names}


def _from_attribute(attribute: typing.Any) -> typing.Any:
    match attribute:
        case {"S": str(text)}:
            return text
        case {"N": str(digits)}:
            return _number(digits)
        case {"BOOL": bool(value)}:
            return value
        case {"NULL": True}:
            return None
        case {"L": list(items)}:
            return [_from_attribute(item) for item in items]
        case {"M": dict(members)}:
            return {name: _from_attribute(member) for name, member in members.items()}
        case {"SS": list(texts)}:
            return texts
        case {"NS": list(numbers)}:
            return [_number(digits) for digits in numbers]
    raise ValueError("a value is no DynamoDB attribute of a type that JSON has")


def _number(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:
        return float(digits)


def _to_attributes(values: dict[str, typing.Any]) -> dict[str, typing.Any]:
    return {name: _to_attribute(value) for name, value in values.items()}


def _to_attribute(value: typing.Any) -> dict[str, typing.Any]:
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
            return {"L": [_to_attribute(item) for item in value]}
        case dict():
            return {"M": _to_attributes(value)}
    raise TypeError(f"JSON has no {type(value).__name__}")
"""
