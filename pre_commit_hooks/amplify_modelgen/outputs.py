"""Choose the outputs of discovered targets: what is maintained without a configuration."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .digests import first_side
from .errors import ConfigError
from .records import Provenance
from .text import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .plugin import Emitter, ProjectFiles
    from .records import Output, Target


def choose_outputs(
    target: Target,
    files: ProjectFiles,
    emitters: Mapping[str, Emitter],
    *,
    create: bool,
    is_sparse: bool = False,
) -> Target:
    """Return a target with those of its candidates that are there, or that are to be created, too.

    The output of the front end (the first candidate) is where its files are: in its own directory,
    else in the only other one that has some. If they are nowhere, it is created if DataStore is
    enabled or `create` is true; in a sparse checkout only if `create` is true, because they may be
    somewhere that is left out. The others are only maintained.

    Raises:
        PluginError: an emitter failed.
    """
    if not target.candidates:
        return target
    first = target.candidates[0]
    present = [each for each in target.candidates if _is_present(each, files, emitters)]
    places = [each for each in present if each.emitter == first.emitter]
    chosen = [first] if first in places else places if len(places) == 1 else []
    if places and not chosen:
        _warn_about_choice(target, places)
        target = replace(target, candidates=())  # There are models: none need to be created.
    if not places and (create or (target.flags.is_data_store_enabled and not is_sparse)):
        chosen = [first]
    further = (each for each in present if each.emitter != first.emitter)
    outputs = tuple(dict.fromkeys((*chosen, *target.outputs, *further)))
    return replace(target, outputs=outputs, provenance=_provenance(target, outputs))


def _warn_about_choice(target: Target, places: list[Output]) -> None:
    import logging

    logging.getLogger(__name__).warning(
        "%s: the models are in several directories (%s) and not maintained; "
        "set 'outputs' of the target",
        escape(target.schema or target.resource),
        escape(", ".join(place.path for place in places)),
    )


def _provenance(target: Target, outputs: tuple[Output, ...]) -> tuple[Provenance, ...]:
    """Return the provenance of a target with the chosen outputs."""
    is_usual = outputs[:1] == target.candidates[:1]
    value = ", ".join(output.path for output in outputs) or "none"
    return tuple(
        Provenance(key="outputs", value=value, origin=item.origin if is_usual else "found there")
        if item.key == "outputs"
        else item
        for item in target.provenance
    )


def _is_present(output: Output, files: ProjectFiles, emitters: Mapping[str, Emitter]) -> bool:
    emitter = emitters.get(output.emitter)
    if emitter is None:
        return False
    try:
        return any(
            emitter.recognizes(path, _content(path, files, is_alone=path == output.path))
            for path in _existing_files(output.path, files)
        )
    except ConfigError:
        return True  # It cannot be read; the target will fail with the reason.


def _content(path: str, files: ProjectFiles, *, is_alone: bool) -> bytes:
    try:
        return first_side(files.read_bytes(path) or b"")
    except ConfigError:
        if is_alone:
            raise
        return b""  # Other files of the directory do not matter.


def _existing_files(path: str, files: ProjectFiles) -> list[str]:
    """Return the file at a path, or those in the directory there; a link counts as a file."""
    parent, name = posixpath.split(path)
    kinds = {entry.name: entry.kind for entry in files.list_directory(parent)}
    if kinds.get(name) != "directory":
        return [path] if name in kinds else []
    entries = files.list_directory(path, all_names=True)
    return [posixpath.join(path, entry.name) for entry in entries if entry.kind == "file"]
