"""All targets of a run: configured and discovered ones together, each with its name and key."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.config import checks
from amplify_modelgen.errors import UsageError

from .collisions import check_target, check_together
from .merge import completed, counterpart
from .schemas import schema_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amplify_modelgen.records import Settings, Target


def all_targets(settings: Settings, found: Iterable[Target]) -> tuple[Target, ...]:
    """Return the configured targets, then the discovered ones that none of them replaces.

    A configured target replaces the discovered one of the same schema, or of the same app,
    environment and resource, and takes from it what it does not say itself.

    Raises:
        ConfigError: two targets or two outputs collide, or a target is not usable.
    """
    discovered = [_keyed(target) for target in found]
    for target in discovered:
        check_target(settings.root, target)
    pairs = [(target, counterpart(target, discovered)) for target in settings.targets]
    configured = [completed(target, known, settings) for target, known in pairs]
    replaced = {known.key for _, known in pairs if known is not None}
    rest = [target for target in discovered if target.key not in replaced]
    targets = _named([*configured, *rest])
    check_together(settings, targets)
    return tuple(_watching_schema(settings.root, target) for target in targets)


def _keyed(target: Target) -> Target:
    if target.key:
        return target
    return replace(target, key=checks.label(target.app_id, target.resource, target.environment))


def _watching_schema(root: Path, target: Target) -> Target:
    # A file that is added to a schema folder changes the schema. No inputs at all mean that
    # nobody knows what the target depends on, and have to stay none.
    folders = schema_folders(root, target) if target.inputs else ()
    return replace(target, inputs=tuple(sorted({*target.inputs, *folders})))


def _named(targets: Sequence[Target]) -> tuple[Target, ...]:
    names = [_short(target) for target in targets]
    for longer in (_with_app, _with_key):
        taken = Counter(names)
        names = [
            longer(target) if taken[name] > 1 else name
            for target, name in zip(targets, names, strict=True)
        ]
    return tuple(replace(target, name=name) for target, name in zip(targets, names, strict=True))


def _short(target: Target) -> str:
    return checks.label("", target.resource, target.environment)


def _with_app(target: Target) -> str:
    return checks.label(target.app_id, target.resource, target.environment)


def _with_key(target: Target) -> str:
    # The same resource of the same app in two folders, as monorepos have it: only the key differs.
    after = checks.label("", "", target.environment)
    return target.key if target.key.endswith(after) else f"{target.key}{after}"


def select(
    settings: Settings,
    targets: Iterable[Target],
    names: Sequence[str],
    files: Sequence[str],
    *,
    cwd: Path | None = None,
) -> tuple[Target, ...]:
    """Return the targets that are named and whose schema is touched by the files.

    No names stand for all targets, and so do no files. A file touches a schema that it is, that
    is a folder above it, or that lies below it; it is absolute or relative to `cwd`. One that
    was deleted counts like any other as long as it touches a schema.

    Raises:
        UsageError: there is no target of a name, or a file is neither there nor of a schema.
    """
    if "" in files:
        raise UsageError("a FILE is empty", hint="leave it out to mean all targets")
    known = tuple(targets)
    chosen = known
    if names:
        _check_names(names, known)
        chosen = tuple(target for target in chosen if target.name in names)
    if files:
        here = cwd or Path.cwd()
        touched = {_real(here / file): file for file in files}
        _check_files(settings.root, touched, known, here)
        chosen = tuple(t for t in chosen if _is_touched(settings.root, t, touched))
    return chosen


def _check_names(names: Sequence[str], targets: Sequence[Target]) -> None:
    known = {target.name for target in targets}
    for name in names:
        if name not in known:
            raise UsageError(
                f"there is no target {checks.shown(name)}", hint=checks.did_you_mean(name, known)
            )


def _check_files(
    root: Path, files: Mapping[Path, str], targets: Sequence[Target], here: Path
) -> None:
    """Refuse what is most likely misspelt; `files` are those that were given, by their places."""
    for path, file in files.items():
        if not os.path.lexists(path) and not any(_is_touched(root, t, [path]) for t in targets):
            schemas = [_from(here, root / each.schema) for each in targets if each.schema]
            raise UsageError(
                f"there is no file {checks.shown(file)}",
                hint=checks.did_you_mean(file, schemas) if schemas else None,
            )


def _from(here: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path, here)).as_posix()
    except ValueError:  # pragma: no cover (another drive of Windows)
        return str(path)


def _real(path: Path) -> Path:
    # The file itself may be gone, or a link whose own place is meant: only its folder is followed.
    return Path(os.path.realpath(path.parent)) / path.name


def _is_touched(root: Path, target: Target, files: Iterable[Path]) -> bool:
    if target.schema is None:
        return False
    schema = _real(root / target.schema)
    return any(file.is_relative_to(schema) or schema.is_relative_to(file) for file in files)
