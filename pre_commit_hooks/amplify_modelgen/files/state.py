"""What a checkout remembers between runs: jobs that were left running, and the last good run.

It lives in `amplify-modelgen/` inside the git folder (of the worktree or submodule), or in the
user's cache folder where there is no git. It is never committed, and deleting it is safe.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from amplify_modelgen.unchanged import regular

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = "amplify-modelgen"


def state_folder(root: Path) -> Path:
    """Return the folder for the state of the checkout at `root`; it may not exist yet."""
    git = git_folder(root)
    if git is not None:
        return git / _FOLDER
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
    return _cache_folder() / _FOLDER / name


def checkout_folder(root: Path) -> Path:
    """Return the folder whose state `state_folder` keeps: several roots of a checkout share it."""
    if git_folder(root) is None:
        return root
    return next(folder for folder in (root, *root.parents) if (folder / ".git").exists())


def git_folder(root: Path) -> Path | None:
    """Return the git folder of the checkout that `root` is in, or None outside git."""
    for folder in (root, *root.parents):
        dot_git = folder / ".git"
        if dot_git.is_dir():
            return dot_git
        if dot_git.is_file():
            return _linked_folder(dot_git)
    return None


def _linked_folder(dot_git: Path) -> Path | None:
    # A worktree or submodule has one line that says where its git folder is. That folder may be
    # out of reach: in a container that sees the worktree alone.
    try:
        text = dot_git.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    folder = dot_git.parent / text.removeprefix("gitdir:").strip()
    return folder if text.startswith("gitdir:") and folder.is_dir() else None


def _cache_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or _home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return _home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache")


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        # A user without an entry, as in many containers.
        from tempfile import gettempdir

        return Path(gettempdir())


class _Left(msgspec.Struct, frozen=True, kw_only=True):
    """A job that was left running for a target, and the digest of what it was started for."""

    target: str
    digest: str
    job: str


class JobMemory:
    """The jobs that a run started and has not seen the end of. Safe to share between threads.

    They are lines of one file, as making a file for each of many targets takes longer than all
    else about them; the last line about a target holds. A run that is interrupted leaves its
    lines; the next run goes on with those jobs if the schema is the same. A memory that cannot be
    kept costs a second job, never an error.
    """

    def __init__(self, root: Path) -> None:
        self._path = state_folder(root) / "jobs.jsonl"
        # Several roots of a checkout share the file.
        self._root = root.relative_to(checkout_folder(root)).as_posix()
        self._lock = Lock()
        self._left = _left_in(self._path)
        self._is_begun = False

    def recall(self, key: str, digest: str) -> str | None:
        """Return the id of the job that was started for the target with this schema digest."""
        left = self._left.get(self._target(key))
        return left.job if left is not None and left.digest == digest else None

    def note(self, key: str, digest: str, job_id: str) -> None:
        """Remember that this job runs for the target."""
        left = _Left(target=self._target(key), digest=digest, job=job_id)
        # A name that is not text (half of a surrogate pair) cannot be kept either.
        with self._lock, suppress(OSError, UnicodeEncodeError):
            line = _line(left)
            self._left[left.target] = left
            if not self._is_begun:
                self._write_anew()
                self._is_begun = True
                return
            with open(self._path, "ab", opener=regular) as file:
                file.write(line)

    def forget(self, keys: Iterable[str]) -> None:
        """Forget the jobs of these targets: there is nothing to go on with."""
        targets = self._left.keys() & map(self._target, keys)
        if not targets:
            return
        with self._lock, suppress(OSError):
            for target in targets:
                del self._left[target]
            if self._left:
                self._write_anew()
            else:
                self._path.unlink(missing_ok=True)

    def _target(self, key: str) -> str:
        return hashlib.sha256(os.fsencode(f"{self._root}\n{key}")).hexdigest()[:32]

    def _write_anew(self) -> None:
        """Write what is left and nothing else, so that lines of earlier runs do not pile up."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Of one name, so that no run that dies adds to what others left.
        beside = self._path.with_suffix(".new")
        with open(beside, "wb", opener=regular) as file:
            file.writelines(map(_line, self._left.values()))
        beside.replace(self._path)


def _line(left: _Left) -> bytes:
    return msgspec.json.encode(left) + b"\n"


def _left_in(path: Path) -> dict[str, _Left]:
    found: dict[str, _Left] = {}
    with suppress(OSError), open(path, "rb", opener=regular) as file:
        for line in file:
            # One that was cut off when a run died says nothing.
            with suppress(msgspec.DecodeError, ValueError, RecursionError):
                left = msgspec.json.decode(line, type=_Left)
                found[left.target] = left
    return found
