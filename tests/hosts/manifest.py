"""Our hooks, as pre-commit itself reads them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hosts.running import SOURCE

IDS = ("amplify-modelgen", "amplify-modelgen-check", "amplify-modelgen-validate")
PATH = SOURCE / ".pre-commit-hooks.yaml"


def hooks() -> dict[str, dict[str, Any]]:
    """Return every hook of the manifest by its id, with pre-commit's own defaults filled in."""
    # pre-commit is not typed; what is imported by name is Any.
    loaded = import_module("pre_commit.clientlib").load_manifest(str(PATH))
    return {hook["id"]: hook for hook in loaded}


def local_config(*names: str) -> dict[str, Any]:
    """Return a configuration that runs the named hooks as they are installed beside the tests.

    All is as in the manifest, but nothing has to be installed, and the backend is the local one.
    """
    found = import_module("yaml").safe_load(PATH.read_text(encoding="utf-8"))
    used = [hook for hook in found if hook["id"] in names]
    for hook in used:
        hook["language"] = "system"
        del hook["minimum_pre_commit_version"]
        if hook["id"] == "amplify-modelgen":
            hook["args"] = ["--backend=local"]
    return {"repos": [{"repo": "local", "hooks": used}]}
