"""What makes targets unusable: bad names or paths, and what two of them cannot share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.config import checks
from amplify_modelgen.errors import ConfigError
from amplify_modelgen.files import lock
from amplify_modelgen.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from amplify_modelgen.records import Output, Settings, Target


def check_target(root: Path, target: Target) -> None:
    """Check what a plugin has discovered as the configuration is checked when it is read.

    Raises:
        ConfigError: a name or a path is not usable; the message says where it came from.
    """
    _check(target, "resource", target.resource, checks.name)
    _check(target, "key", target.key, _key)
    if target.app_id:
        _check(target, "app-id", target.app_id, checks.name)
    if target.environment:
        _check(target, "environment", target.environment, checks.name)
    for name in target.environments:
        _check(target, "environments", name, checks.name)
    if target.region is not None:
        _check(target, "region", target.region, checks.region)
    if target.profile is not None:
        _check(target, "profile", target.profile, checks.name)
    if target.schema is not None:
        _check(target, "schema", target.schema, lambda path: checks.path_below(root, path))
    for output in target.outputs:
        _check(target, "outputs", output.emitter, checks.name)
        _check(target, "outputs", output.path, lambda path: checks.path_below(root, path))


def _key(text: str) -> str:
    if not text or printable(text) != text:
        raise ValueError(f"expected a key on one line, not {checks.shown(text)}")
    return text


def _check(target: Target, key: str, value: str, check: Callable[[str], str]) -> None:
    try:
        same = check(value) == value
    except ValueError as error:
        raise _unusable(target, key, str(error)) from error
    if not same:
        raise _unusable(target, key, f"expected the path in its shortest form, not '{value}'")


def _unusable(target: Target, key: str, reason: str) -> ConfigError:
    origins = [each.origin for each in target.sources if each.key == key]
    place = origins[0] if origins else f"target {checks.shown(target.key)}"
    return ConfigError(f"{printable(place)}: {key}: {reason}")


def check_together(settings: Settings, targets: Sequence[Target]) -> None:
    """Check what no target can see alone.

    Raises:
        ConfigError: two targets are the same, two outputs would write one file, an output would
            overwrite a schema or a file of ours, or a target has no output.
    """
    _check_once(targets)
    taken = _reserved(settings, targets)
    for target in targets:
        if not target.outputs:
            raise ConfigError(
                f"target {target.name} has no outputs",
                hint='add outputs = [{ emitter = "introspection", path = "..." }] to it',
            )
        for output in target.outputs:
            _claim(taken, target, output)


def _check_once(targets: Iterable[Target]) -> None:
    known: dict[str, Target] = {}
    for target in targets:
        for word in {target.key, target.name}:
            if word in known:
                raise ConfigError(
                    f"two targets are called {word}",
                    hint="give one of them another app-id, environment or resource",
                )
            known[word] = target


def _reserved(settings: Settings, targets: Iterable[Target]) -> dict[str, str]:
    reserved = {_folded(lock.NAME): "the lock"}
    for path in settings.inputs:
        reserved[_folded(path)] = "the configuration"
    for target in targets:
        if target.schema is not None:
            reserved[_folded(target.schema)] = f"the schema of {target.name}"
    return reserved


def _claim(taken: dict[str, str], target: Target, output: Output) -> None:
    # Emitters that write a folder may share it; a path with a suffix is a file.
    path = _folded(output.path)
    is_file = "." in path.rsplit("/", 1)[-1].strip(".")
    claim = path if is_file else f"{output.emitter}: {path}"
    other = taken.get(path) or taken.get(claim)
    if other is not None:
        raise ConfigError(
            f"{output.path} would be written by target {target.name}, and it is {other}",
            hint="give the output another path",
        )
    taken[claim] = f"an output of {target.name}"


def _folded(path: str) -> str:
    # Windows and macOS know no difference between these.
    if path.isascii():
        return path.casefold()
    from unicodedata import normalize

    return normalize("NFC", path).casefold()
