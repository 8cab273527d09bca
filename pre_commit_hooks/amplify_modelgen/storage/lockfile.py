"""The lock file: what a remote backend generated, which cannot be regenerated offline.

It has one sorted line for each output: the digest of its inputs, the digest of its content in
canonical form, and its path. A line that cannot be read counts as absent, so that a merge
conflict costs a regeneration and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCKFILE = "amplify-modelgen.lock"

_HEADER = "# amplify-modelgen lock 2"
_COMMENT = "# Models that AWS generated. Written by 'amplify-modelgen generate'; commit this file."
_DIGEST_LENGTH = 64
_HEX_DIGITS = frozenset("0123456789abcdef")


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
    entries: dict[str, LockEntry] = {}
    duplicates: set[str] = set()
    for line in (text or "").splitlines():
        inputs, _, rest = line.partition(" ")
        content, _, path = rest.partition(" ")
        if not (_is_digest(inputs) and _is_digest(content) and path) or path.startswith("/"):
            continue
        if path in entries:
            duplicates.add(path)
        entries[path] = LockEntry(inputs=inputs, content=content)
    return {path: entry for path, entry in entries.items() if path not in duplicates}


def render_lockfile(entries: Mapping[str, LockEntry]) -> str:
    """Return the text of a lock file with these entries."""
    lines = [f"{entry.inputs} {entry.content} {path}" for path, entry in sorted(entries.items())]
    return "\n".join([_HEADER, _COMMENT, *lines]) + "\n"


def _is_digest(text: str) -> bool:
    return len(text) == _DIGEST_LENGTH and _HEX_DIGITS.issuperset(text)
