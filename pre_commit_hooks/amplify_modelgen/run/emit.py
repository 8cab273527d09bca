"""Turning a target's models into the files of its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.errors import (
    WHOSE_FAULT,
    ConfigError,
    ModelgenError,
    PluginError,
    UsageError,
)
from amplify_modelgen.faults import FAULTS, described
from amplify_modelgen.records import Artifact, Models, Output, Target
from amplify_modelgen.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from amplify_modelgen.files.lock import Locked
    from amplify_modelgen.hookspecs import Emitter
    from amplify_modelgen.plugins import Plugins

    from .plan import Plan


def check_outputs(targets: Iterable[Target], emitters: Mapping[str, Emitter]) -> None:
    """Refuse outputs that name an unknown emitter, or an option that its emitter does not know.

    Raises:
        UsageError, ConfigError: the first such output.
    """
    for target in targets:
        for output in target.outputs:
            _check_output(target, output, emitters)


def check_new_outputs(plans: Iterable[Plan], lock: Mapping[str, Locked], plugins: Plugins) -> None:
    """Check the outputs of plans whose settings are not those in the lock.

    Those in the lock have been checked when they were written there, so that no plugin is asked
    for its emitters where nothing changed.

    Raises:
        UsageError, ConfigError: as `check_outputs`.
    """
    new = [plan.target for plan in plans if _is_new(plan, lock.get(plan.target.key))]
    if new:
        check_outputs(new, plugins.emitters)


def _is_new(plan: Plan, locked: Locked | None) -> bool:
    return locked is None or locked.settings != plan.settings_digest


def _check_output(target: Target, output: Output, emitters: Mapping[str, Emitter]) -> None:
    emitter = emitters.get(output.emitter)
    if emitter is None:
        raise UsageError(
            f"{target.name}: there is no emitter {output.emitter!r} (output {output.path})",
            hint=f"choose one of: {', '.join(sorted(emitters))}",
        )
    known = emitter.options or {}
    for name, _ in output.options:
        if name not in known:
            takes = f"it takes {', '.join(sorted(known))}" if known else "it takes no options"
            raise ConfigError(
                f"{target.name}: the emitter {emitter.name!r} has no option {name!r} "
                f"(output {output.path})",
                hint=f"remove the option: {takes}",
            )
    if emitter.check is not None:
        _check_options(emitter.check, emitter.name, output)


def _check_options(
    check: Callable[[Mapping[str, object]], object], name: str, output: Output
) -> None:
    try:
        check(dict(output.options))
    except ModelgenError:
        raise
    except FAULTS as error:
        raise PluginError(f"the emitter {name!r} broke: {described(error)}") from error


def emit(target: Target, models: Models, emitters: Mapping[str, Emitter]) -> tuple[Artifact, ...]:
    """Return all files of a target, with paths relative to the root.

    No emitter sees the models' status, which tells of the moment that they were asked for.

    Raises:
        PluginError: an emitter broke, returned no artifacts, or made one outside its folder.
        ConfigError: two files would have one name.
    """
    lasting = replace(models, status=None)
    artifacts = [
        artifact
        for output in target.outputs
        for artifact in placed(output, run_emitter(emitters[output.emitter], lasting, output))
    ]
    own = next((each.path for each in artifacts if each.path in target.inputs), None)
    if own is not None:
        raise ConfigError(
            f"{target.name}: an output would overwrite {own}, which the target is read from",
            hint="give the output another path",
        )
    paths = [artifact.path.casefold() for artifact in artifacts]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise ConfigError(
            f"{target.name}: two outputs would write {twice}",
            hint="give one of the outputs another path",
        )
    return tuple(artifacts)


def run_emitter(emitter: Emitter, models: Models, output: Output) -> list[Artifact]:
    """Return what an emitter makes of the models; whatever it raises names the emitter."""
    try:
        own = models if emitter.reads_only else _copied(models)
        artifacts = emitter.emit(own, dict(output.options))
    except ModelgenError:
        raise
    except FAULTS as error:
        raise PluginError(f"the emitter {emitter.name!r} broke: {described(error)}") from error
    listed = isinstance(artifacts, Sequence) and not isinstance(artifacts, str | bytes)
    if not listed or not all(map(_is_artifact, artifacts)):
        raise PluginError(
            f"the emitter {emitter.name!r} returned no list of artifacts of text and bytes",
            hint=WHOSE_FAULT,
        )
    return list(artifacts)


def _copied(models: Models) -> Models:
    # Loaded here, because none of our own emitters needs it.
    from copy import deepcopy

    return deepcopy(models)


def _is_artifact(item: object) -> bool:
    return (
        isinstance(item, Artifact)
        and isinstance(item.path, str)
        and isinstance(item.content, bytes)
    )


def placed(output: Output, artifacts: list[Artifact]) -> list[Artifact]:
    """Put artifacts at their output's path.

    The path is the file itself where there is one artifact and both end alike (`.json`), and the
    folder of the artifacts in every other case.
    """
    path = PurePosixPath(output.path)
    alike = len(artifacts) == 1 and path.suffix == PurePosixPath(artifacts[0].path).suffix
    if alike and path.suffix:
        return [Artifact(path=str(path), content=artifacts[0].content)]
    return [_inside(path, artifact, output) for artifact in artifacts]


def _inside(folder: PurePosixPath, artifact: Artifact, output: Output) -> Artifact:
    relative = PurePosixPath(artifact.path)
    inside = relative.parts and not relative.is_absolute() and ".." not in relative.parts
    if not inside or printable(artifact.path) != artifact.path:
        raise PluginError(
            f"the emitter {output.emitter!r} made a file outside its folder: {artifact.path!r}",
            hint=WHOSE_FAULT,
        )
    return Artifact(path=str(folder / relative), content=artifact.content)
