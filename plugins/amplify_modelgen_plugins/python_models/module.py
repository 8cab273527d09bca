"""A generated module, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen_plugins._names import GENERATED

from . import wire_text
from .classes import class_lines, enum_lines, plan_classes
from .names import class_names
from .styles import STYLES
from .table import table_lines
from .types import aliases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen_plugins._shapes import Shapes

_HEAD = f'''\
# {GENERATED}
"""The models of a GraphQL schema, and how they are read from JSON and written."""

from __future__ import annotations

import collections.abc
%(dataclasses)simport datetime as dt
import enum
import json
import math
import typing
%(third_party)s
%(aliases)s_T = typing.TypeVar("_T")
_Form: typing.TypeAlias = typing.Literal["answer", "input", "item"]
'''


def module_text(shapes: Shapes, style: str) -> str:
    """Return the module for all models, custom types and enums of a schema.

    `style` is one of `STYLES`. The text is formatted as `ruff format` does by default.
    """
    names = (*(entry.name for entry in shapes.entries), *(enum.name for enum in shapes.enums))
    classes = class_names(names)
    planned = plan_classes(shapes.entries, classes, style)
    blocks = [
        STYLES[style].base,
        *(_block(enum_lines(enum, classes[enum.name])) for enum in shapes.enums),
        *(_block(class_lines(one, classes, style)) for one in planned),
        STYLES[style].helpers,
        wire_text.converters(STYLES[style]),
        _block(table_lines(planned, classes)),
    ]
    return "\n\n".join(
        [_head(shapes, style), *(block.strip("\n") + "\n" for block in blocks if block)]
    )


def _head(shapes: Shapes, style: str) -> str:
    used = {field.type for entry in shapes.entries for field in entry.fields}
    return _HEAD % {
        "dataclasses": "import dataclasses\n" if style == "dataclass" and shapes.entries else "",
        "third_party": "\nimport pydantic\n" if style == "pydantic" else "",
        "aliases": aliases(used, style),
    }


def _block(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
