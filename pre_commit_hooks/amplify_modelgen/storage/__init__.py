"""Read and write files safely, and find the directory for the state of a checkout.

The state is a cache: it is never committed, and deleting it is safe. Its files are opened
without following links, and whatever is not as expected counts as absent.
"""

from __future__ import annotations

import os
from pathlib import Path

from amplify_modelgen.fast_path import find_git, find_state_directory


def find_repository(root: Path) -> Path | None:
    """Return the top directory of the git working tree that `root` is in, None without git.

    The nearest directory with a `.git` counts, so that a submodule is its own repository.
    """
    git = find_git(os.path.realpath(root))
    return Path(git).parent if git else None


def state_directory(root: Path) -> Path | None:
    """Return the directory for the state of the checkout at `root`; it may not exist yet.

    It is in the git directory (of the worktree or submodule), or in the user's cache if `root`
    is not in a git repository. None if there is neither: nothing is stored then.
    """
    directory = find_state_directory(os.path.realpath(root))
    return Path(directory) if directory else None
