"""A small set of flag combinations that covers all pairs of values of two flags."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from msgspec.structs import asdict, fields

from amplify_modelgen.modelgen.documents import FeatureFlags

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSIONS = (2, 1)
_SWITCH = (True, False)


def flag_rows() -> list[FeatureFlags]:
    """Return the combinations; each covers the most pairs that no earlier one covers."""
    candidates = {row: pairs(row) for row in _all_rows()}
    missing = set().union(*candidates.values())
    rows = []
    while missing:
        best = max(candidates, key=lambda row: len(candidates[row] & missing))
        missing -= candidates[best]
        rows.append(best)
    return rows


def pairs(row: FeatureFlags) -> frozenset[tuple[tuple[str, int], tuple[str, int]]]:
    """Return all pairs of settings in a row."""
    return frozenset(combinations(asdict(row).items(), 2))


def _all_rows() -> Iterator[FeatureFlags]:
    names = [field.name for field in fields(FeatureFlags)]
    names.remove("transformer_version")
    for version, *switches in product(_VERSIONS, *(_SWITCH for _ in names)):
        settings = dict(zip(names, map(bool, switches), strict=True))
        yield FeatureFlags(transformer_version=version, **settings)
