"""JSON values to and from botocore's shapes: checked on the way in, renamed both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .errors import BadRequestError

if TYPE_CHECKING:
    from botocore.model import ListShape, Shape, StructureShape

_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a string"),
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "an integer"),
    "double": ((int, float), "a number"),
    "structure": ((dict,), "an object"),
    "list": ((list,), "a list"),
}


def location_name(name: str, shape: Shape) -> str:
    """Return the name that the member `name` has on the wire."""
    return str(shape.serialization.get("name", name))


def decode_structure(
    shape: StructureShape, given: dict[str, object], path: str = ""
) -> dict[str, object]:
    """Return the members of a JSON object by their names in the model; unknown ones are dropped.

    Raises `BadRequestError` naming the first member that is missing or wrong, as a path.
    """
    members = {}
    for name, member in shape.members.items():
        place = f"{path}{name}"
        value = given.get(location_name(name, member))
        if name in shape.required_members and value in (None, ""):
            message = f"{place} is required"
            raise BadRequestError(message)
        if value is not None:
            members[name] = _decode(member, value, place)
    return members


def encode_structure(shape: StructureShape, answer: dict[str, object]) -> dict[str, object]:
    """Return a structure under its members' location names, without members that are None.

    Raises `KeyError` for a member that the model does not have.
    """
    return {
        location_name(name, shape.members[name]): _encode(shape.members[name], value)
        for name, value in answer.items()
        if value is not None
    }


def _decode(shape: Shape, value: object, path: str) -> object:
    _check_type(shape, value, path)
    if shape.type_name == "structure":
        given = cast("dict[str, object]", value)
        return decode_structure(cast("StructureShape", shape), given, f"{path}.")
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        items = enumerate(cast("list[object]", value))
        return [_decode(member, item, f"{path}[{at}]") for at, item in items]
    _check_bounds(shape, value, path)
    return value


def _check_type(shape: Shape, value: object, path: str) -> None:
    types, words = _TYPES[shape.type_name]
    # A bool is an int in Python, and not in JSON.
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        message = f"{path} must be {words}"
        raise BadRequestError(message)
    if isinstance(value, str):
        _check_text(value, path)


def _check_text(value: str, path: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        message = f"{path} has half of a surrogate pair, which is no character"
        raise BadRequestError(message) from error


def _check_bounds(shape: Shape, value: object, path: str) -> None:
    choices = shape.metadata.get("enum")
    if choices and value not in choices:
        message = f"{path} must be one of {', '.join(choices)}"
        raise BadRequestError(message)
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and high is not None and not low <= cast("int", value) <= high:
        message = f"{path} must be between {low} and {high}"
        raise BadRequestError(message)


def _encode(shape: Shape, value: object) -> object:
    if shape.type_name == "structure":
        members = cast("dict[str, object]", value)
        return encode_structure(cast("StructureShape", shape), members)
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        return [_encode(member, item) for item in cast("list[object]", value)]
    return value
