"""Render the models of a target as the files of its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.errors import ConfigError, PluginError, UsageError, plugin_errors
from amplify_modelgen.records import Artifact, Models, Output, Target
from amplify_modelgen.storage.project_files import MAX_BYTES
from amplify_modelgen.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amplify_modelgen.plugin import Emitter


class EmittedFile(Struct, frozen=True, kw_only=True):
    """A generated file: its path relative to the root, its content, and its output."""

    path: str
    content: bytes
    output: Output


def check_outputs(targets: Iterable[Target], emitters: Mapping[str, Emitter]) -> None:
    """Check that every output names a known emitter and valid options of it.

    Raises:
        UsageError: an emitter is unknown.
        ConfigError: an option is unknown or has an invalid value.
    """
    for target in targets:
        for output in target.outputs:
            _check_output(target, output, emitters)


def _check_output(target: Target, output: Output, emitters: Mapping[str, Emitter]) -> None:
    emitter = emitters.get(output.emitter)
    if emitter is None:
        raise UsageError(
            f"{target.name}: unknown emitter {output.emitter!r} (output {output.path})",
            hint=f"choose from: {', '.join(sorted(emitters))}",
        )
    known = emitter.options or {}
    for name, _ in output.options:
        if name not in known:
            names = f"known options: {', '.join(sorted(known))}" if known else "it has no options"
            raise ConfigError(
                f"{target.name}: unknown option {name!r} of the emitter {emitter.name!r} "
                f"(output {output.path})",
                hint=f"remove the option; {names}",
            )
    if emitter.check_options is not None:
        with plugin_errors(f"the emitter {emitter.name!r}"):
            emitter.check_options(dict(output.options))


def needs_of(target: Target, emitters: Mapping[str, Emitter]) -> frozenset[str]:
    """Return the parts of `Models` that the outputs of a target need.

    A target without outputs is checked for the introspection schema, which refuses the least.
    """
    names = [output.emitter for output in target.outputs if output.emitter in emitters]
    needs = [emitters[name].needs for name in names]
    return frozenset().union(*needs) if needs else frozenset({"introspection"})


def emit(
    target: Target, models: Models, emitters: Mapping[str, Emitter], inputs: frozenset[str]
) -> tuple[EmittedFile, ...]:
    """Return all files of a target. `inputs` are paths that no output may overwrite.

    Raises:
        PluginError: an emitter failed, or returned something other than artifacts.
        ConfigError: an output would overwrite an input or another output, or a file is too large
            for the next run to read.
    """
    files = [
        EmittedFile(path=artifact.path, content=artifact.content, output=output)
        for output in target.outputs
        for artifact in resolve_paths(output, run_emitter(emitters[output.emitter], models, output))
    ]
    taken = {path.casefold() for path in inputs}
    for file in files:
        if file.path.casefold() in taken:
            raise ConfigError(
                f"{target.name}: an output would overwrite {file.path}, which is an input or "
                "another output",
                hint="give the output another path",
            )
        taken.add(file.path.casefold())
        if len(file.content) > MAX_BYTES:
            raise ConfigError(
                f"{file.path} would be larger than {MAX_BYTES:,} bytes",
                hint="split the schema into several APIs, or remove this output",
            )
    return tuple(files)


def run_emitter(emitter: Emitter, models: Models, output: Output) -> list[Artifact]:
    """Return the artifacts of an emitter.

    Raises:
        PluginError: the emitter failed, or returned something other than artifacts.
    """
    with plugin_errors(f"the emitter {emitter.name!r}"):
        artifacts = emitter.emit(models, dict(output.options))
    is_list = isinstance(artifacts, Sequence) and not isinstance(artifacts, str | bytes)
    if not is_list or not all(
        isinstance(item, Artifact)
        and isinstance(item.path, str)
        and isinstance(item.content, bytes)
        for item in artifacts
    ):
        raise PluginError(
            f"the emitter {emitter.name!r} must return a list of Artifact (str path, bytes content)"
        )
    return list(artifacts)


def resolve_paths(output: Output, artifacts: list[Artifact]) -> list[Artifact]:
    """Return the artifacts with paths relative to the root.

    The output's path is the file itself if there is one artifact and both have the same suffix
    (`.json`); otherwise it is the directory of the artifacts.
    """
    path = PurePosixPath(output.path)
    if path.suffix and [PurePosixPath(each.path).suffix for each in artifacts] == [path.suffix]:
        return [Artifact(path=str(path), content=artifacts[0].content)]
    return [_join(path, artifact, output) for artifact in artifacts]


def _join(directory: PurePosixPath, artifact: Artifact, output: Output) -> Artifact:
    relative = PurePosixPath(artifact.path)
    is_inside = relative.parts and not relative.is_absolute() and ".." not in relative.parts
    if not is_inside or escape(artifact.path) != artifact.path:
        raise PluginError(
            f"the emitter {output.emitter!r} returned a path outside its directory: "
            f"{artifact.path!r}"
        )
    return Artifact(path=str(directory / relative), content=artifact.content)
