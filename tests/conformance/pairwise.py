"""A small set of flag combinations in which every two flags meet in all their values."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from msgspec.structs import asdict, fields

from amplify_modelgen.modelgen.flags import FeatureFlags

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSIONS = (2, 1)
_SWITCH = (True, False)


def flag_rows() -> list[FeatureFlags]:
    """The rows, each chosen for the most pairs that no earlier row has."""
    candidates = {row: pairs(row) for row in _supported()}
    missing = set().union(*candidates.values())
    rows = []
    while missing:
        best = max(candidates, key=lambda row: len(candidates[row] & missing))
        missing -= candidates[best]
        rows.append(best)
    return rows


def pairs(row: FeatureFlags) -> frozenset[tuple[tuple[str, int], tuple[str, int]]]:
    """Every two settings that meet in a row."""
    return frozenset(combinations(asdict(row).items(), 2))


def _supported() -> Iterator[FeatureFlags]:
    names = [field.name for field in fields(FeatureFlags)]
    names.remove("transformer_version")
    for version, *switches in product(_VERSIONS, *(_SWITCH for _ in names)):
        settings = dict(zip(names, map(bool, switches), strict=True))
        flags = FeatureFlags(transformer_version=version, **settings)
        # Together these two mean transformer version 1, which has rules of its own.
        if flags.transformer_version == 2 or flags.use_experimental_pipelined_transformer:
            yield flags
