"""Which targets have to be generated, and why. Nothing here asks a backend or a plugin."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.files.lock import Locked
from amplify_modelgen.files.paths import read_below
from amplify_modelgen.modelgen.flags import SHAPING
from amplify_modelgen.targets.schemas import read_schema
from amplify_modelgen.tokens import file_digest, schema_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from amplify_modelgen.records import Schema, Target


class Plan(Struct, frozen=True, kw_only=True):
    """A target, its schema as it is now, and the reasons why its outputs are stale, if any."""

    target: Target
    schema: Schema | None
    schema_digest: str
    settings_digest: str
    reasons: tuple[str, ...]

    @property
    def fresh(self) -> bool:
        """Whether lock, schema, settings and outputs agree."""
        return not self.reasons


def plan_target(
    root: Path,
    target: Target,
    lock: Mapping[str, Locked],
    found: AbstractSet[tuple[str, str]] = frozenset(),
) -> Plan:
    """Compare a target with the lock.

    `found` are paths with the digests of their content that are known: what is as it was written
    is not read once more.

    Raises:
        ModelgenError: the schema cannot be read.
    """
    schema = read_schema(root, target) if target.schema is not None else None
    digest = schema_digest(schema.text) if schema is not None else ""
    settings = settings_digest(target)
    locked = lock.get(target.key)
    if locked is None:
        reasons: tuple[str, ...] = ("it has never been generated",)
    else:
        wanted = Locked(schema=digest, settings=settings)
        unsure = sorted(locked.outputs.items() - found)
        reasons = (*_differences(target, wanted, locked), *_edits(root, unsure))
    return Plan(
        target=target,
        schema=schema,
        schema_digest=digest,
        settings_digest=settings,
        reasons=reasons,
    )


def settings_digest(target: Target) -> str:
    """Return the SHA-256 (hex) of what shapes a target's outputs besides its schema."""
    outputs = [[output.emitter, output.path, output.options] for output in target.outputs]
    flags = {name: getattr(target.flags, name) for name in SHAPING}
    shape = json.dumps([outputs, flags], sort_keys=True, default=str)
    return hashlib.sha256(shape.encode()).hexdigest()


def _differences(target: Target, wanted: Locked, locked: Locked) -> Iterator[str]:
    if wanted.schema != locked.schema:
        yield f"{target.schema or 'the schema'} changed"
    if wanted.settings != locked.settings:
        yield "its outputs, their options or its feature flags changed in the configuration"


def _edits(root: Path, outputs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for path, digest in outputs:
        content = read_below(root, path)
        if content is None:
            yield f"{path} is missing"
        elif file_digest(content) != digest:
            yield f"{path} was edited"
