"""What the files that list all models of a platform say: their version and the models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Description

if TYPE_CHECKING:
    from collections.abc import Mapping


def loader_description(
    files: Mapping[str, bytes], name: str, version: bytes, model: bytes
) -> Description | None:
    """Describe the models by the file `name`; None if it has no version.

    `version` and `model` are patterns with one group. The file is not trusted: both patterns must
    match in linear time.
    """
    content = next((text for path, text in files.items() if path.rpartition("/")[2] == name), b"")
    found = re.search(version, content)
    if found is None:
        return None
    names = frozenset(match.decode() for match in re.findall(model, content))
    return Description(version=found[1].decode(), models=names)
