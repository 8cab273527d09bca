"""Our hooks, as pre-commit itself reads them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hosts.running import SOURCE

COMMIT_IDS = ("amplify-modelgen", "amplify-modelgen-check", "amplify-modelgen-validate")
IDS = (*COMMIT_IDS, "amplify-modelgen-aws")
PATH = SOURCE / ".pre-commit-hooks.yaml"


def hooks() -> dict[str, dict[str, Any]]:
    """Return every hook of the manifest by its id, with pre-commit's own defaults filled in."""
    # pre-commit is not typed; what is imported by name is Any.
    loaded = import_module("pre_commit.clientlib").load_manifest(str(PATH))
    return {hook["id"]: hook for hook in loaded}


def local_config(*names: str) -> dict[str, Any]:
    """Return a configuration with the named hooks of the manifest, installed beside the tests."""
    manifest = import_module("yaml").safe_load(PATH.read_text(encoding="utf-8"))
    selected = [hook for hook in manifest if hook["id"] in names]
    for hook in selected:
        hook["language"] = "system"
        del hook["minimum_pre_commit_version"]
    return {"repos": [{"repo": "local", "hooks": selected}]}
