"""Where schemas are read from: the working tree, or a git revision without checking it out.

Paths are relative to the root, with forward slashes, and `.` is the root itself.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from amplify_modelgen.config.checks import read_text
from amplify_modelgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SUFFIX = ".graphql"
_SKIPPED = "node_modules"

# Git sets these for its hooks, and they would win over the folder that we name.
_OTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


class Tree(Protocol):
    """Files as they are somewhere. `shown` is how messages call a path there."""

    def shown(self, path: str) -> str:
        """Return the path for people."""

    def is_file(self, path: str) -> bool:
        """Whether there is a file of that path."""

    def schemas(self, folder: str) -> tuple[str, ...]:
        """Return the `.graphql` files below a folder, sorted; names with a leading dot are out."""

    def folders(self, folder: str) -> tuple[str, ...]:
        """Return the names of the folders in a folder, sorted; none where it is missing."""

    def read(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of files that are there."""


class WorkingTree:
    """The files on disk, below `root` and beside it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def shown(self, path: str) -> str:
        """Return the path itself."""
        return path

    def is_file(self, path: str) -> bool:
        """Whether there is a file, or a link to one."""
        return (self._root / path).is_file()

    def schemas(self, folder: str) -> tuple[str, ...]:
        """Return the files below `folder`; links to folders are not followed."""
        return tuple(sorted(self._walk(folder)))

    def _walk(self, folder: str) -> Iterator[str]:
        for place, folders, files in os.walk(self._root / folder):
            folders[:] = [name for name in folders if _counts(name)]
            inner = os.path.relpath(place, self._root / folder).replace(os.sep, "/")
            for name in files:
                if name.endswith(_SUFFIX) and _counts(name):
                    yield posixpath.normpath(posixpath.join(folder, inner, name))

    def folders(self, folder: str) -> tuple[str, ...]:
        """Return the folders in `folder`."""
        here = self._root / folder
        return tuple(sorted(p.name for p in here.iterdir() if p.is_dir())) if here.is_dir() else ()

    def read(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return the texts; raises `ConfigError` for a file that nobody can read as text."""
        return tuple(read_text(self._root / path, path) for path in paths)


class Revision:
    """The files of a git revision, for which nothing is checked out.

    Raises `UsageError` where there is no git, no repository or no such revision.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._root = root
        self._name = name
        self._prefix = _git(root, "rev-parse", "--show-prefix").decode().rstrip("\n")
        self._commit = self._resolve()

    def _resolve(self) -> str:
        # A name with a leading dash would be an option of git.
        if not self._name.startswith("-"):
            try:
                wanted = f"{self._name}^{{commit}}"
                return _git(self._root, "rev-parse", "--verify", "--quiet", wanted).decode().strip()
            except UsageError:
                pass
        raise UsageError(
            f"git does not know the revision {self._name!r}",
            hint="fetch it first: CI often clones a single commit, and names remote branches as"
            " in origin/main",
        )

    @cached_property
    def _blobs(self) -> dict[str, str]:
        """All files of the revision: path from the top of the repository -> object id."""
        listing = _git(self._root, "ls-tree", "-r", "-z", "--full-tree", self._commit)
        blobs = {}
        for entry in os.fsdecode(listing).split("\0")[:-1]:
            details, _, path = entry.partition("\t")
            mode, _, blob = details.split(" ")
            # A link's content is a path, not a schema.
            if mode.startswith("100"):
                blobs[path] = blob
        return blobs

    def _full(self, path: str) -> str:
        full = posixpath.normpath(posixpath.join(self._prefix, path))
        return "" if full == "." else full

    def _below(self, folder: str) -> Iterator[str]:
        """Yield the paths, relative to `folder`, of all files below it."""
        full = self._full(folder)
        start = f"{full}/" if full else ""
        return (path[len(start) :] for path in self._blobs if path.startswith(start))

    def shown(self, path: str) -> str:
        """Return the path after the revision's name, as git writes it."""
        return f"{self._name}:{path}"

    def is_file(self, path: str) -> bool:
        """Whether the revision has the file."""
        return self._full(path) in self._blobs

    def schemas(self, folder: str) -> tuple[str, ...]:
        """Return the files below `folder`."""
        inner = (
            path
            for path in self._below(folder)
            if path.endswith(_SUFFIX) and all(map(_counts, path.split("/")))
        )
        return tuple(sorted(posixpath.normpath(posixpath.join(folder, path)) for path in inner))

    def folders(self, folder: str) -> tuple[str, ...]:
        """Return the folders in `folder`."""
        return tuple(sorted({p.split("/")[0] for p in self._below(folder) if "/" in p}))

    def read(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return the texts, with one git process; raises `UsageError` for text not in UTF-8."""
        wanted = "".join(f"{self._blobs[self._full(path)]}\n" for path in paths)
        answer = _git(self._root, "cat-file", "--batch", sent=wanted.encode())
        texts = []
        for path in paths:
            header, _, rest = answer.partition(b"\n")
            size = int(header.split(b" ")[2])
            texts.append(self._text(path, rest[:size]))
            answer = rest[size + 1 :]
        return tuple(texts)

    def _text(self, path: str, content: bytes) -> str:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageError(f"{self.shown(path)} is not UTF-8 text") from error
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _counts(name: str) -> bool:
    return not name.startswith(".") and name != _SKIPPED


def _git(root: Path, *arguments: str, sent: bytes = b"") -> bytes:
    environment = {name: os.environ[name] for name in os.environ if name not in _OTHER_REPOSITORY}
    try:
        done = subprocess.run(  # noqa: S603 (no shell; a revision cannot become an option)
            ["git", *arguments],  # noqa: S607 (the git that the user would run)
            cwd=root,
            input=sent,
            capture_output=True,
            check=True,
            env=environment | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
        )
    except FileNotFoundError as error:
        raise UsageError(
            "git is not installed", hint="REV: needs it; name files instead"
        ) from error
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").splitlines()
        raise UsageError(f"git failed: {lines[0] if lines else arguments[0]}") from error
    return done.stdout
