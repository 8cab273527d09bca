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

import msgspec

from amplify_modelgen.unchanged import regular

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
    """A job that was left running: its id, and the digest of what it was started for."""

    digest: str
    job: str


class JobMemory:
    """The jobs that a run started and has not seen the end of, one small file for each target.

    A run that is interrupted leaves its file; the next run goes on with that job if the schema
    is the same. A memory that cannot be kept costs a second job, never an error.
    """

    def __init__(self, root: Path) -> None:
        self._folder = state_folder(root) / "jobs"
        # Several roots of a checkout share the folder.
        self._root = root.relative_to(checkout_folder(root)).as_posix()

    def _file(self, key: str) -> Path:
        name = hashlib.sha256(os.fsencode(f"{self._root}\n{key}")).hexdigest()[:32]
        return self._folder / f"{name}.json"

    def recall(self, key: str, digest: str) -> str | None:
        """Return the id of the job that was started for the target with this schema digest."""
        try:
            with open(self._file(key), "rb", opener=regular) as file:
                left = msgspec.json.decode(file.read(), type=_Left)
        except (OSError, ValueError, RecursionError):
            return None
        return left.job if left.digest == digest else None

    def note(self, key: str, digest: str, job_id: str | None) -> None:
        """Remember that this job runs for the target, or (None) that it has ended."""
        # A name that is not text (half of a surrogate pair) cannot be kept either.
        with suppress(OSError, UnicodeEncodeError):
            if job_id is None:
                self._file(key).unlink(missing_ok=True)
            else:
                self._folder.mkdir(parents=True, exist_ok=True)
                file = self._file(key)
                # Of one name, so that no run that dies adds to what others left.
                beside = file.with_suffix(".new")
                with open(beside, "wb", opener=regular) as new:
                    new.write(msgspec.json.encode(_Left(digest=digest, job=job_id)))
                beside.replace(file)
