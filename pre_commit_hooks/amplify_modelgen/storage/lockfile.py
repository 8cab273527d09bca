"""The lock file: what a remote backend generated, which cannot be regenerated offline.

It has one sorted line for each output: the digest of its inputs, the digest of its content in
canonical form, and its path. A line that cannot be read counts as absent, so that a merge
conflict costs a regeneration and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCKFILE = "amplify-modelgen.lock"

_HEADER = "# amplify-modelgen lock 2"
_COMMENT = "# Models that AWS generated. Written by 'amplify-modelgen generate'; commit this file."
_LINE = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{64}) ([^/].*)")


class LockEntry(Struct, frozen=True, kw_only=True):
    """The state of an output when it was generated.

    `inputs` is the digest of the schema's tokens and of the settings that shape the output,
    `content` the digest of the file in canonical form. Both are SHA-256 in hex.
    """

    inputs: str
    content: str


def parse_lockfile(text: str | None) -> dict[str, LockEntry]:
    """Return the entries of a lock file by path; unreadable lines are skipped.

    A path that occurs twice, as after a careless merge, counts as absent.
    """
    matches = map(_LINE.fullmatch, (text or "").splitlines())
    lines = [match.groups() for match in matches if match is not None]
    counts = Counter(path for _, _, path in lines)
    return {
        path: LockEntry(inputs=inputs, content=content)
        for inputs, content, path in lines
        if counts[path] == 1
    }


def render_lockfile(entries: Mapping[str, LockEntry]) -> str:
    """Return the text of a lock file with these entries."""
    lines = [f"{entry.inputs} {entry.content} {path}" for path, entry in sorted(entries.items())]
    return "\n".join([_HEADER, _COMMENT, *lines]) + "\n"
