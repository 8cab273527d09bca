"""Classify how the models of a target changed against those that its files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplify_modelgen.errors import ModelgenError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amplify_modelgen.records import FeatureFlags, FileChange, ModelChange, Models
    from amplify_modelgen.storage.project_files import ProjectFiles

    from .emit import EmittedFile

_INTROSPECTION_KEYS = frozenset({"models", "nonModels", "version"})


def drift_changes(deployed: str, sdl: str | None, flags: FeatureFlags) -> tuple[ModelChange, ...]:
    """Return what the schema on disk changes in the models of the deployed one.

    Empty if the difference does not reach the models, or no models can be generated from one.
    """
    if sdl is None:
        return ()
    from amplify_modelgen.modelgen import generate_models

    try:
        old = generate_models(deployed, flags, ("introspection",)).introspection
        new = generate_models(sdl, flags, ("introspection",)).introspection
        return _compare(old or {}, new or {})
    except ModelgenError:
        return ()


def model_changes(
    files: ProjectFiles,
    emitted: Sequence[EmittedFile],
    changes: Sequence[FileChange],
    models: Models,
) -> tuple[ModelChange, ...]:
    """Return how the models differ from those in the files that are about to be replaced.

    The previous models are read from an introspection document among the files. Without one
    nothing is known of them, unless all files are new: then all models are new.
    """
    if models.introspection is None:
        return ()
    old = _previous_introspection(files, emitted)
    is_first = all(change.action == "created" for change in changes)
    if old is None and not is_first:
        return ()
    try:
        return _compare(old, models.introspection)
    except ModelgenError:
        return ()


def _previous_introspection(
    files: ProjectFiles, emitted: Sequence[EmittedFile]
) -> Mapping[str, Any] | None:
    import msgspec

    for file in emitted:
        content = files.read_bytes(file.path) if file.path.endswith(".json") else None
        if content is None:
            continue
        try:
            document = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
        if isinstance(document, dict) and document.keys() >= _INTROSPECTION_KEYS:
            return document
    return None


def _compare(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> tuple[ModelChange, ...]:
    from amplify_modelgen.diff import compare_models, prune_unchanged

    if old is not None:
        old, new = prune_unchanged(old, new)
    return compare_models(old, new)
