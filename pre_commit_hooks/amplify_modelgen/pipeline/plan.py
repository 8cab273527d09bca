"""Compare generated files with the working tree: which are created, changed or removed."""

from __future__ import annotations

import posixpath
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.digests import file_digest, first_side, is_same_file, with_leading_comments
from amplify_modelgen.git import git_command
from amplify_modelgen.records import FileChange
from amplify_modelgen.workspace import inputs_digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from amplify_modelgen.plugin import Emitter
    from amplify_modelgen.records import Target
    from amplify_modelgen.storage.project_files import ProjectFiles
    from amplify_modelgen.workspace import Workspace

    from .emit import EmittedFile

# difflib takes quadratic time for texts without anything in common.
_MAX_DIFF_LINES = 50_000


def keep_comments(
    files: ProjectFiles,
    emitted: Sequence[EmittedFile],
    changes: Sequence[FileChange],
    emitters: Mapping[str, Emitter],
) -> tuple[EmittedFile, ...]:
    """Return the files of a target; those that change keep their first comments and last newline.

    A file that its emitter would not recognize any more gets the header, as do those of emitters
    with a file for each model, which find obsolete files by it.
    """
    changed = {change.path for change in changes if change.action == "changed"}
    return tuple(
        _with_comments(files, file, emitters[file.output.emitter]) if file.path in changed else file
        for file in emitted
    )


def _with_comments(files: ProjectFiles, file: EmittedFile, emitter: Emitter) -> EmittedFile:
    old = first_side(files.read_bytes(file.path) or b"")
    content = with_leading_comments(file.path, old, file.content)
    is_kept = emitter.owns is None and old.strip() and emitter.recognizes(file.path, content)
    content = content if is_kept else file.content
    # A hook that adds a newline at the end of files would stop the next commit.
    if old.endswith(b"\n") and content and not content.endswith(b"\n"):
        content += b"\n"
    return replace(file, content=content)


def plan_changes(
    workspace: Workspace,
    emitted: Sequence[EmittedFile],
    emitters: Mapping[str, Emitter],
    *,
    locked: Collection[str] = (),
    overwrite: bool = False,
) -> tuple[FileChange, ...]:
    """Return what has to be done for the files of a target, sorted by path.

    Files in `locked` are compared with the lock file already, and unchanged. A file that no
    generator wrote is refused unless `overwrite` is given.

    Raises:
        ConfigError: a file on the way cannot be read, or is a link.
    """
    changes = [
        FileChange(path=file.path, action="unchanged")
        if file.path in locked
        else _plan_file(workspace.files, file, emitters[file.output.emitter], overwrite=overwrite)
        for file in emitted
    ]
    changes += _obsolete_files(workspace.files, emitted, emitters)
    return tuple(sorted(changes, key=attrgetter("path")))


def _plan_file(
    files: ProjectFiles, file: EmittedFile, emitter: Emitter, *, overwrite: bool
) -> FileChange:
    old = files.read_bytes(file.path)
    if old is None:
        similar = _differs_in_case(files, file.path, emitter)
        return similar or FileChange(path=file.path, action="created")
    if is_same_file(file.path, old, file.content):
        return FileChange(path=file.path, action="unchanged")
    if overwrite or _is_generated(file.path, old, emitter):
        return FileChange(path=file.path, action="changed")
    return FileChange(path=file.path, action="refused", detail="no generator wrote it")


def _differs_in_case(files: ProjectFiles, path: str, emitter: Emitter) -> FileChange | None:
    directory, name = posixpath.split(path)
    names = (entry.name for entry in files.list_directory(directory, all_names=True))
    similar = next((other for other in names if other.casefold() == name.casefold()), None)
    if similar is None:
        return None
    existing = posixpath.join(directory, similar)
    rename = git_command(files.root, "mv", existing, path)
    detail = (
        f"{similar} differs from it in case only: {rename}"
        if _is_generated(existing, files.read_bytes(existing) or b"", emitter)
        else f"{similar} differs from it in case only, and no generator wrote it"
    )
    return FileChange(path=path, action="refused", detail=detail)


def _is_generated(path: str, content: bytes, emitter: Emitter) -> bool:
    content = first_side(content)
    return not content.strip() or emitter.recognizes(path, content)


def _obsolete_files(
    files: ProjectFiles, emitted: Sequence[EmittedFile], emitters: Mapping[str, Emitter]
) -> Iterator[FileChange]:
    """Yield the files of the output directories that are not generated any more.

    Those of this project are removed. Those of Amplify CLI are only named.
    """
    # A file that differs in case from a generated one is refused instead.
    paths = {file.path.casefold() for file in emitted}
    outputs = {file.output.path: emitters[file.output.emitter] for file in emitted}
    for directory, emitter in sorted(outputs.items(), key=lambda item: item[0]):
        if emitter.owns is None:
            continue
        for entry in files.list_directory(directory, all_names=True):
            path = posixpath.join(directory, entry.name)
            if entry.kind != "file" or path.casefold() in paths:
                continue
            content = files.read_bytes(path) or b""
            if emitter.owns(path, content):
                yield FileChange(path=path, action="removed")
            elif emitter.recognizes(path, first_side(content)):
                command = git_command(files.root, "rm", path)
                detail = f"Amplify CLI wrote it and it is obsolete: {command}"
                yield FileChange(path=path, action="unchanged", detail=detail)


def lock_changes(workspace: Workspace, target: Target, sdl: str | None) -> list[list[FileChange]]:
    """Compare the files of each output of a target with the lines of the lock file.

    Only lines that were written for the same schema, flags, emitter and options count.
    """
    changes = []
    for output in target.outputs:
        paths = workspace.locked_below.get(output.path, ())
        # Projects without a lock file do not pay for a digest of the schema.
        inputs = inputs_digest(target, output, sdl) if paths else ""
        current = [path for path in paths if workspace.lock[path].inputs == inputs]
        changes.append([_compare_with_lock(workspace, path) for path in current])
    return changes


def _compare_with_lock(workspace: Workspace, path: str) -> FileChange:
    content = workspace.files.read_bytes(path)
    if content is None:
        return FileChange(path=path, action="created")
    is_same = file_digest(path, content) == workspace.lock[path].content
    return FileChange(path=path, action="unchanged" if is_same else "changed")


def with_diffs(
    files: ProjectFiles, emitted: Sequence[EmittedFile], changes: Sequence[FileChange]
) -> tuple[FileChange, ...]:
    """Return the changes with their diffs; those that are compared with the lock have none."""
    contents = {file.path: file.content for file in emitted}
    return tuple(
        replace(change, diff=_diff(change.path, files.read_bytes(change.path), contents))
        if change.is_change or change.action == "refused"
        else change
        for change in changes
    )


def _diff(path: str, old: bytes | None, contents: dict[str, bytes]) -> str:
    from difflib import unified_diff

    before, after = _lines(old), _lines(contents.get(path))
    if len(before) + len(after) > _MAX_DIFF_LINES:
        return f"{path}: {len(before):,} lines become {len(after):,}"
    start = f"a/{path}" if old is not None else "/dev/null"
    end = f"b/{path}" if path in contents else "/dev/null"
    return "\n".join(unified_diff(before, after, start, end, lineterm=""))


def _lines(content: bytes | None) -> list[str]:
    # Line endings and a byte order mark do not make a file stale.
    text = (content or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return text.replace("\r", "\n").removesuffix("\n").split("\n") if text else []
