"""What a run is about: the targets of the tree, those that were asked for, and the lock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.config.checks import MOST_BYTES
from amplify_modelgen.config.file import CONFIGURATION_FILES
from amplify_modelgen.errors import ModelgenError, UsageError
from amplify_modelgen.files.lock import NAME as LOCK
from amplify_modelgen.files.lock import Locked, output_digests, read_lock
from amplify_modelgen.targets.naming import all_targets, select
from amplify_modelgen.targets.schemas import schema_paths
from amplify_modelgen.unchanged import take_evidence

from .plan import Plan, plan_target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from amplify_modelgen.plugins import Plugins
    from amplify_modelgen.records import Settings, Target


class Survey(Struct, frozen=True, kw_only=True):
    """All targets, the chosen ones, and the lock as it was when the run began.

    `limited` says that names or files chose them: then nothing is done about any other target.
    `evidence` are the lines of `unchanged.take_evidence` for what the targets were read from, or
    None where that cannot be known, so that nothing may be remembered.
    """

    settings: Settings
    targets: tuple[Target, ...]
    chosen: tuple[Target, ...]
    limited: bool
    lock: Mapping[str, Locked]
    evidence: tuple[str, ...] | None


def survey(
    settings: Settings, plugins: Plugins, names: Sequence[str], files: Sequence[str]
) -> Survey:
    """Find all targets and choose those that are named and whose schema is among the files.

    Raises:
        UsageError: there is no target at all, or none of that name.
        ConfigError: configuration, a project file or the lock is wrong.
    """
    targets = all_targets(settings, plugins.targets(settings))
    lock = read_lock(settings.root)
    # Where the lock names some, the last one has gone, and there is something to say and to do.
    if not targets and not lock:
        raise UsageError(
            f"no targets below {settings.root}: there is no Amplify project with a GraphQL API, "
            "and none is configured",
            hint="run it where the amplify/ folder is, or name a [[target]] in "
            "amplify-modelgen.toml (docs/configuration.md)",
        )
    return Survey(
        settings=settings,
        targets=targets,
        chosen=select(settings, targets, names, files),
        limited=bool(names or files),
        evidence=_evidence(settings, targets, plugins.looked_at),
        lock=lock,
    )


def _evidence(
    settings: Settings, targets: Sequence[Target], looked_at: Iterable[str]
) -> tuple[str, ...] | None:
    if settings.root != Path.cwd() or not all(target.inputs for target in targets):
        return None
    # A file or project that is not there yet may come, and bring other targets.
    inputs = {"./", *CONFIGURATION_FILES, *settings.inputs, *looked_at}
    inputs |= {path for target in targets for path in target.inputs}
    try:
        schemas = {path for target in targets for path in _schema_paths(settings, target)}
        if any((settings.root / path).stat().st_size > MOST_BYTES for path in schemas):
            return None  # It is going to be refused; its tokens would be counted for a minute.
        return tuple(take_evidence(sorted(inputs - schemas), sorted(schemas)))
    except (ModelgenError, OSError, ValueError):
        return None


def _schema_paths(settings: Settings, target: Target) -> tuple[str, ...]:
    return schema_paths(settings.root, target.schema) if target.schema is not None else ()


def own_files(survey: Survey) -> set[str]:
    """Return the files that targets are read from or written to, relative to the root."""
    inputs = {path for target in survey.targets for path in target.inputs}
    schemas = {target.schema for target in survey.targets if target.schema is not None}
    return {LOCK, *survey.settings.inputs, *inputs, *schemas, *output_digests(survey.lock)}


def settled_evidence(survey: Survey, written: Collection[str] = ()) -> tuple[str, ...] | None:
    """Return the evidence for "nothing has to be done", or None where something has to be.

    What the run has `written` is not read again, since the lock has its digest: a file that is
    another one by now does not match that, which is seen next time.
    """
    root = survey.settings.root
    try:
        if survey.evidence is None:
            return None
        outputs = output_digests(read_lock(root))
        known = {path: outputs[path] for path in written if path in outputs}
        # Before they are judged: what changes in between is then seen next time.
        evidence = take_evidence(sorted({LOCK, *outputs} - known.keys()), known=known)
        lock = read_lock(root)
        found = {(path, digest) for _, digest, path in (line.split(" ", 2) for line in evidence)}
        plans = [plan_target(root, target, lock, found) for target in survey.targets]
        whole = output_digests(lock).keys() == outputs.keys()
        return (*survey.evidence, *evidence) if whole and settled(plans, lock) else None
    except (ModelgenError, OSError, ValueError):
        return None


def settled(plans: Sequence[Plan], lock: Mapping[str, Locked]) -> bool:
    """Whether every target is fresh and the lock names no other."""
    return all(plan.fresh for plan in plans) and lock.keys() == {plan.target.key for plan in plans}
