"""The AmplifyBackend rest-json protocol, read from botocore's own service model.

Routes, member names and their places, required members, types, enumerations and bounds all come
from the model, so that a client which botocore generates and this server cannot disagree.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from msgspec import Struct

from .errors import BadRequestError
from .shapes import decode_structure, encode_structure

if TYPE_CHECKING:
    from botocore.model import OperationModel, StructureShape

_PARAMETER = re.compile(r"\{(\w+)\}")


class Operation(Struct, frozen=True, kw_only=True):
    """One operation of the API: its name, the HTTP method and the pattern of its raw path."""

    name: str
    method: str
    path: re.Pattern[str]
    input: StructureShape
    output: StructureShape

    def decode(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the request's members by their names in the model.

        `path` is still percent-encoded, `body` the JSON object that was sent. Raises
        `BadRequestError` naming the member that is missing, empty or of a wrong type.
        """
        match = self.path.fullmatch(path)
        raw = match.groupdict() if match else {}
        given = {**body, **{name: _decoded(name, text) for name, text in raw.items()}}
        return decode_structure(self.input, given)

    def encode(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return an answer as it is sent: location names, without members that are None."""
        return encode_structure(self.output, answer)


class Protocol(Struct, frozen=True, kw_only=True):
    """All operations of the API, and the HTTP status of each of its errors by its code."""

    operations: tuple[Operation, ...]
    errors: dict[str, int]

    def match(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request with this raw path is for."""
        for operation in self.operations:
            if operation.method == method and operation.path.fullmatch(path):
                return operation
        return None


@cache
def load_protocol() -> Protocol:
    """Read the service model, once; botocore is imported then, and no network is asked."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    raw = Loader().load_service_model("amplifybackend", "service-2")
    model = ServiceModel(raw, "amplifybackend")
    operations = tuple(_operation(model.operation_model(name)) for name in model.operation_names)
    errors = {
        shape.name: int(shape.metadata["error"]["httpStatusCode"]) for shape in model.error_shapes
    }
    return Protocol(operations=operations, errors=errors)


def _operation(model: OperationModel) -> Operation:
    return Operation(
        name=model.name,
        method=model.http["method"],
        path=_pattern(model.http["requestUri"]),
        input=cast("StructureShape", model.input_shape),
        output=cast("StructureShape", model.output_shape),
    )


def _pattern(uri: str) -> re.Pattern[str]:
    # The raw path is matched, so that an encoded slash stays part of a name. A name may be
    # empty, because clients send those; it is refused by name later.
    parts = _PARAMETER.split(uri)
    literals = [re.escape(text) for text in parts[::2]]
    groups = [f"(?P<{name}>[^/]*)" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(literals, [*groups, ""], strict=True)))


def _decoded(name: str, text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        message = f"{name} in the path is not UTF-8"
        raise BadRequestError(message) from error
