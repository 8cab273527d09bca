"""The host that started this process: pre-commit, prek, tox, or a shell."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Host = Literal["pre-commit", "prek", "tox", "shell"]


def detect_host(environ: Mapping[str, str]) -> Host:
    """Return the innermost host: a git hook that tox runs is a git hook.

    Both hook runners set `PRE_COMMIT`; prek also sets `PREK_HOOK_STAGE`.
    """
    if environ.get("PRE_COMMIT"):
        return "prek" if environ.get("PREK_HOOK_STAGE") else "pre-commit"
    return "tox" if environ.get("TOX_ENV_NAME") else "shell"


def rerun_command(
    backend_option: str | None, environ: Mapping[str, str], options: Sequence[str] = ()
) -> str:
    """Return the command that regenerates, as the user types it where this process runs.

    `backend_option` is the value of `--backend`, None if it was not given; `options` are further
    ones that this process was given.
    """
    host = detect_host(environ)
    # tox sets it for the commands of an environment; the tox plugin does not set it.
    if host == "tox" and not environ.get("TOX_ENV_DIR"):
        return "tox run -e amplify-modelgen"
    if host in ("shell", "tox"):
        import shlex

        backend = ("--backend", backend_option) if backend_option else ()
        return shlex.join((*_program(host, environ), "generate", *backend, *options))
    if backend_option == "aws":
        return f"{host} run amplify-modelgen-aws --hook-stage manual --all-files"
    return f"{host} run amplify-modelgen --all-files"


def _program(host: Host, environ: Mapping[str, str]) -> tuple[str, ...]:
    if host == "tox":
        return ("tox", "exec", "-e", environ["TOX_ENV_NAME"], "--", "amplify-modelgen")
    # As it was called: with `-m`, because the script may not be on the `PATH`.
    is_module = sys.argv[:1] == [os.path.join(os.path.dirname(__file__), "__main__.py")]  # noqa: PTH118, PTH120 (pathlib is slower to import)
    return ("python", "-m", "amplify_modelgen") if is_module else ("amplify-modelgen",)


def pushed_revision(environ: Mapping[str, str]) -> str | None:
    """Return the commit that is being pushed, None unless this is a pre-push hook.

    Without `PRE_COMMIT_REMOTE_NAME` the refs come from `--from-ref` and `--to-ref`, which compare
    any two revisions. pre-commit names no commit if the remote has no common history; then the
    pushed ref is returned.
    """
    if not environ.get("PRE_COMMIT_REMOTE_NAME"):
        return None
    return environ.get("PRE_COMMIT_TO_REF") or environ.get("PRE_COMMIT_LOCAL_BRANCH") or None
