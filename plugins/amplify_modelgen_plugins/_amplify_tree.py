"""Finds the `amplify/` folders of a working tree, and every folder that had to be looked into."""

from __future__ import annotations

import os
import stat
from math import inf
from pathlib import Path, PurePosixPath

from msgspec import Struct

from amplify_modelgen import ConfigError, printable

PROJECT_FILE = ".config/project-config.json"
"""What makes a folder called `amplify` a project of Amplify CLI, and not one of Amplify Gen 2."""

VENDORED = frozenset(
    (
        "Pods",
        "__pycache__",
        "bower_components",
        "build",
        "dist",
        "env",
        "node_modules",
        "site-packages",
        "vendor",
        "venv",
    )
)
"""Folders of other people's work or of build results: never looked into, nor are hidden ones."""

MOST_FOLDERS = 10_000
"""How many folders are looked into where nobody said that a project is there."""

_MOST_NAME = 255
_GIT_SECONDS = 60.0
# Git sets these for its hooks, and they would point it to the top of the checkout, not to a root.
_GIT_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


class Tree(Struct, frozen=True, kw_only=True):
    """The projects below a root, and what their discovery depended on; paths are relative to it.

    `looked_at` has the folders that were listed, ending in a slash (`./` is the root), and the
    files that tell git, or would tell it, what to ignore.
    """

    projects: tuple[str, ...]
    looked_at: tuple[str, ...]


def find_projects(root: Path, *, most: float = inf) -> Tree:
    """Walk the tree once; git-ignored, vendored, hidden and linked folders are left out.

    Raises:
        ConfigError: git fails in its own checkout, an `amplify/` folder cannot be read, or there
            are more than `most` folders.
    """
    ignored = _ignored(root)
    projects: list[str] = []
    looked_at: list[str] = []
    pending = [""]
    while pending:
        folder = pending.pop()
        looked_at.append(folder or "./")
        if len(looked_at) > most:
            raise _too_many(root, most)
        for entry in _entries(root, folder):
            path = f"{folder}{entry.name}"
            if entry.name == ".gitignore":
                looked_at.append(path)
            elif not _is_own_folder(root, entry, path) or f"{path}/" in ignored:
                continue
            elif entry.name == "amplify" and _is_project(root, path):
                projects += [path] if has_text_name(path) else []
            else:
                pending.append(f"{path}/")
    looked_at.extend(_ignore_files(root, projects))
    return Tree(projects=tuple(sorted(projects)), looked_at=tuple(sorted({*looked_at})))


def has_text_name(path: str) -> bool:
    """Return whether a path can stand in the lock, on a line of UTF-8; else say it is left out.

    Raises:
        ConfigError: it is, and the locale of this process has no such characters.
    """
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError:
        _leave_out(path, "its name is not UTF-8")
        return False
    if any("\ud800" <= character <= "\udfff" for character in path):
        # Left out, it would count as deleted, and its models with it.
        raise ConfigError(
            f"the name of {printable(path)} cannot be read in this locale",
            hint="set PYTHONUTF8=1, or LC_ALL to a locale in UTF-8, such as C.UTF-8",
        )
    # A line with such a name could be taken for another one; no lock has ever named it.
    if "\\" in path or printable(path) != path:
        _leave_out(path, "its name has a control character or a backslash")
        return False
    return True


def has_resource_name(folder: str) -> bool:
    """Return whether the folder of an API has a name that a resource can have; else say so.

    No lock has ever named another: what the core refuses would stop all targets.
    """
    if not has_text_name(folder):
        return False
    name = PurePosixPath(folder).name
    usable = name.strip() == name and printable(name) == name and len(name) <= _MOST_NAME
    if not usable:
        _leave_out(
            folder,
            "its name has white space around it, looks like a command of a CI server, "
            f"or is longer than {_MOST_NAME} characters",
        )
    return usable


def _too_many(root: Path, most: float) -> ConfigError:
    return ConfigError(
        f"there are more than {most:,} folders below {printable(str(root))}, "
        "which is neither in a git checkout nor configured",
        hint="run it in the project's folder, or name that with --root DIR; "
        "an amplify-modelgen.toml marks a root, too",
    )


def _ignore_files(root: Path, projects: list[str]) -> list[str]:
    """Return the files that may come to ignore a project, whether they exist or not."""
    folders = {parent for path in projects for parent in PurePosixPath(path).parents}
    files = [str(folder / ".gitignore") for folder in folders]
    return [*files, ".git/info/exclude"] if (root / ".git").is_dir() else files


def unreadable(path: str, error: OSError) -> ConfigError:
    """Return the error for a place of a project that only seems to be empty."""
    return ConfigError(
        f"cannot read {printable(path)}: {_reason(error)}",
        hint="make the folder readable for the user who runs this, or let git ignore it",
    )


def _is_project(root: Path, amplify: str) -> bool:
    try:
        # What is neither a file nor a folder is refused where it is read.
        return not stat.S_ISDIR((root / amplify / PROJECT_FILE).stat().st_mode)
    except PermissionError as error:
        raise unreadable(f"{amplify}/{PROJECT_FILE}", error) from error
    except OSError:
        return False


def _entries(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        # Whoever has targets there according to the lock refuses to take them for deleted.
        _leave_out(folder.rstrip("/") or ".", f"cannot read it: {_reason(error)}")
        return []


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _is_own_folder(root: Path, entry: os.DirEntry[str], path: str) -> bool:
    if entry.name.startswith(".") or entry.name in VENDORED:
        return False
    if entry.is_symlink():
        if entry.name == "amplify":
            _tell_of_link(root, path)
        return False
    return entry.is_dir(follow_symlinks=False)


def _tell_of_link(root: Path, path: str) -> None:
    # A link within the tree needs no word: the folder that it points to is found by itself.
    if not Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root)):
        _leave_out(path, f"it is a symbolic link to a folder outside {root}")


def _leave_out(path: str, reason: str) -> None:
    import logging

    logging.getLogger(__name__).warning("%s is left out: %s", printable(path), printable(reason))


def _ignored(root: Path) -> frozenset[str]:
    import subprocess

    command = ("git", "ls-files", "--others", "--ignored", "--exclude-standard")
    environ = {key: value for key, value in os.environ.items() if key not in _GIT_PLACES}
    try:
        answer = subprocess.run(  # noqa: S603 (fixed words, no shell)
            (*command, "--directory", "-z"),
            cwd=root,
            env={**environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()  # no git here: the vendored names have to do
    if answer.returncode:
        _refuse_checkout(root, os.fsdecode(answer.stderr))
    return frozenset(os.fsdecode(answer.stdout).split("\0"))


def _refuse_checkout(root: Path, said: str) -> None:
    """Raise for what git said in a checkout; outside one there is nothing that it could know."""
    import shlex

    real = Path(os.path.realpath(root))
    top = next((each for each in (real, *real.parents) if os.path.lexists(each / ".git")), None)
    # Git says so, too, of a worktree whose git folder is out of reach, as in a container.
    if top is None or "not a git repository" in said:
        return
    # Below its last word on the fault, git may go on with advice of several lines.
    lines = [line for line in said.splitlines() if line.strip()] or ["nothing"]
    faults = [line for line in lines if line.startswith(("fatal:", "error:"))]
    raise ConfigError(
        "git could not say which files are ignored; it said: "
        f"{printable((faults or lines)[-1].strip())}",
        hint="try 'git status'; where another user owns the checkout, and you trust it: "
        f"git config --global --add safe.directory {printable(shlex.quote(str(top)))}",
    )
