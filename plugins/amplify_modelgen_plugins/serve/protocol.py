"""The rest-json protocol of AmplifyBackend, read from botocore's service model, and its errors.

Routes, member names and locations, required members, types, enumerations and bounds all come from
the model, so this server cannot disagree with a client that botocore generates.
"""

from __future__ import annotations

import re
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from msgspec import Struct

from amplify_modelgen.plugin import BackendError

if TYPE_CHECKING:
    from botocore.model import ListShape, OperationModel, Shape, StructureShape

_PARAMETER = re.compile(r"\{(\w+)\}")
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a string"),
    "boolean": ((bool,), "true or false"),
    "integer": ((int,), "an integer"),
    "double": ((int, float), "a number"),
    "structure": ((dict,), "an object"),
    "list": ((list,), "a list"),
}


class ApiError(BackendError):
    """An error of the API: `code` is sent with the HTTP status `status`."""

    code = "InternalFailure"
    status = 500

    def members(self) -> dict[str, str]:
        """Return the members of the error's shape except its message."""
        return {}


class BadRequestError(ApiError):
    """The request is invalid."""

    code = "BadRequestException"
    status = 400


class ResourceNotFoundError(ApiError):
    """Something that the request names does not exist; `resource_type` is its kind."""

    code = "NotFoundException"
    status = 404

    def __init__(self, message: str, *, resource_type: str) -> None:
        super().__init__(message)
        self.resource_type = resource_type

    def members(self) -> dict[str, str]:
        """Return the kind of the missing resource, as the API does."""
        return {"resourceType": self.resource_type}


class Operation(Struct, frozen=True, kw_only=True):
    """An operation of the API: its name, HTTP method, pattern of the raw path, and shapes."""

    name: str
    method: str
    path: re.Pattern[str]
    input: StructureShape
    output: StructureShape

    def decode(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the members of a request by their names in the model.

        `path` is still percent-encoded; `body` is the JSON object of the request.

        Raises:
            BadRequestError: a member is missing, empty or of a wrong type; it is named.
        """
        match = self.path.fullmatch(path)
        parameters = match.groupdict() if match else {}
        decoded = {name: _unquote(name, text) for name, text in parameters.items()}
        return _decode_structure(self.input, {**body, **decoded})

    def encode(self, members: dict[str, Any]) -> dict[str, Any]:
        """Return the body of a response: location names, without members that are None."""
        return _encode_structure(self.output, members)


@cache
def load_operations() -> tuple[Operation, ...]:
    """Return all operations of the service model. Imports botocore; needs no network."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    raw = Loader().load_service_model("amplifybackend", "service-2")
    model = ServiceModel(raw, "amplifybackend")
    return tuple(_operation(model.operation_model(name)) for name in model.operation_names)


def find_operation(method: str, path: str) -> Operation | None:
    """Return the operation for a request with this raw path."""
    for operation in load_operations():
        if operation.method == method and operation.path.fullmatch(path):
            return operation
    return None


def _operation(model: OperationModel) -> Operation:
    return Operation(
        name=model.name,
        method=model.http["method"],
        path=_pattern(model.http["requestUri"]),
        input=cast("StructureShape", model.input_shape),
        output=cast("StructureShape", model.output_shape),
    )


def _pattern(uri: str) -> re.Pattern[str]:
    # The raw path is matched, so that an encoded slash stays part of a name. Names may be empty,
    # because clients send such paths; the error then names the parameter.
    parts = _PARAMETER.split(uri)
    literals = [re.escape(text) for text in parts[::2]]
    groups = [f"(?P<{name}>[^/]*)" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(literals, [*groups, ""], strict=True)))


def _unquote(name: str, text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequestError(f"{name} in the path is not UTF-8") from error


def _location_name(name: str, shape: Shape) -> str:
    return str(shape.serialization.get("name", name))


def _decode_structure(
    shape: StructureShape, values: dict[str, object], path: str = ""
) -> dict[str, object]:
    # Members that the model does not have are dropped.
    members = {}
    for name, member in shape.members.items():
        member_path = f"{path}{name}"
        value = values.get(_location_name(name, member))
        if name in shape.required_members and value in (None, ""):
            raise BadRequestError(f"{member_path} is required")
        if value is not None:
            members[name] = _decode(member, value, member_path)
    return members


def _encode_structure(shape: StructureShape, members: dict[str, object]) -> dict[str, object]:
    # A member that the model does not have is a KeyError.
    return {
        _location_name(name, shape.members[name]): _encode(shape.members[name], value)
        for name, value in members.items()
        if value is not None
    }


def _decode(shape: Shape, value: object, path: str) -> object:
    _check_type(shape, value, path)
    if shape.type_name == "structure":
        values = cast("dict[str, object]", value)
        return _decode_structure(cast("StructureShape", shape), values, f"{path}.")
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        items = enumerate(cast("list[object]", value))
        return [_decode(member, item, f"{path}[{index}]") for index, item in items]
    _check_bounds(shape, value, path)
    return value


def _check_type(shape: Shape, value: object, path: str) -> None:
    types, expected = _TYPES[shape.type_name]
    # A bool is an int in Python, but not in JSON.
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise BadRequestError(f"{path} must be {expected}")
    if isinstance(value, float) and not isfinite(value):
        raise BadRequestError(f"{path} is out of range")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise BadRequestError(f"{path} contains an unpaired surrogate") from error


def _check_bounds(shape: Shape, value: object, path: str) -> None:
    choices = shape.metadata.get("enum")
    if choices and value not in choices:
        raise BadRequestError(f"{path} must be one of {', '.join(choices)}")
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and high is not None and not low <= cast("int", value) <= high:
        raise BadRequestError(f"{path} must be between {low} and {high}")


def _encode(shape: Shape, value: object) -> object:
    if shape.type_name == "structure":
        members = cast("dict[str, object]", value)
        return _encode_structure(cast("StructureShape", shape), members)
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        return [_encode(member, item) for item in cast("list[object]", value)]
    return value
