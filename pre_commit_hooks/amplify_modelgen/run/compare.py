"""Comparing: the deployed schema with the working tree's, the new models with the old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from amplify_modelgen.errors import ModelgenError
from amplify_modelgen.files.paths import read_below
from amplify_modelgen.tokens import schema_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from amplify_modelgen.files.lock import Locked
    from amplify_modelgen.records import Artifact, FeatureFlags, ModelChange, Models

    from .plan import Plan


def drifted(deployed: str | None, sdl: str | None) -> TypeGuard[str]:
    """Whether the backend's schema is another one than the working tree's, by tokens.

    False where one of the two is unknown: a backend that does not tell, a tree without schema.
    """
    if deployed is None or sdl is None:
        return False
    return schema_digest(deployed) != schema_digest(sdl)


def drift_changes(plan: Plan, deployed: str) -> tuple[ModelChange, ...]:
    """Return what the working tree's schema changes in the models of the deployed one.

    Empty where the difference does not reach the models, or one of the two makes none.
    """
    if plan.schema is None:
        return ()
    try:
        old = _introspection(deployed, plan.target.flags)
        return _changes(old, _introspection(plan.schema.text, plan.target.flags))
    except ModelgenError:
        return ()


def _changes(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> tuple[ModelChange, ...]:
    # Loaded here, because most runs of a hook find nothing to compare.
    from amplify_modelgen.diff import compare_models, without_equals

    if old is not None:
        old, new = without_equals(old, new)
    return compare_models(old, new)


def _introspection(sdl: str, flags: FeatureFlags) -> dict[str, Any]:
    from amplify_modelgen.modelgen import generate_models

    introspection = generate_models(sdl, flags).introspection
    return introspection if introspection is not None else {}


def changes_since(
    root: Path, locked: Locked | None, models: Models, artifacts: Sequence[Artifact]
) -> tuple[ModelChange, ...]:
    """Return how the models differ from those that were generated last.

    The last ones are read from an introspection document among the outputs, for a target that
    was never locked from what `artifacts` are about to replace. Where there is none nothing is
    known of them, and nothing is said, unless the target was never locked: then everything is new.
    """
    if models.introspection is None:
        return ()
    paths = locked.outputs if locked is not None else [each.path for each in artifacts]
    before = _last_introspection(root, paths, models.introspection)
    if locked is not None and before is None:
        return ()
    try:
        return _changes(before, models.introspection)
    except ModelgenError:
        return ()


def _last_introspection(
    root: Path, paths: Iterable[str], new: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    for path in paths:
        if path.endswith(".json"):
            document = _read_json(root, path, new)
            if isinstance(document, dict) and {"models", "nonModels", "version"} <= document.keys():
                return document
    return None


def _read_json(root: Path, path: str, new: Mapping[str, Any]) -> object:
    from amplify_modelgen.diff import read_like

    try:
        content = read_below(root, path)
        return read_like(content, new) if content is not None else None
    except (ModelgenError, ValueError, RecursionError):
        return None
