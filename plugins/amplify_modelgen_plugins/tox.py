"""The tox plugin: environments that regenerate or check models, and a setting for all others.

    tox run -e amplify-modelgen           regenerate stale models
    tox run -e amplify-modelgen-check     check the models
    amplify_modelgen = check              in an environment: before its commands
    tox run --amplify-modelgen generate   before the commands of every environment

The command runs in a subprocess, with tox's interpreter and environment variables (`pass_env` of
an environment does not apply), once per tox run however many environments need it.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from tox.config.loader.memory import MemoryLoader
from tox.plugin import impl
from tox.tox_env.errors import Fail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tox.config.cli.parser import ToxParser
    from tox.config.sets import ConfigSet, EnvConfigSet
    from tox.session.state import State
    from tox.tox_env.api import ToxEnv

_LOGGER = logging.getLogger(__name__)

KEY: Final = "amplify_modelgen"
MODES: Final = ("generate", "check", "off")
ENVIRONMENTS: Final = {"amplify-modelgen": "generate", "amplify-modelgen-check": "check"}
_DESCRIPTIONS: Final = {
    "generate": "regenerate the Amplify models whose schemas changed",
    "check": "check that Amplify models match their schemas",
}
_PREFIX: Final = "amplify-modelgen: "
_SUCCESSFUL: Final = {"up-to-date", "generated"}
_LOCK: Final = threading.Lock()
_results: WeakKeyDictionary[ConfigSet, dict[str, str | None]] = WeakKeyDictionary()
"""The results of the command in each tox run, by mode: None, or the failure."""


@impl
def tox_add_option(parser: ToxParser) -> None:
    """Add `--amplify-modelgen` to every command of tox."""
    parser.add_argument(
        "--amplify-modelgen",
        dest=KEY,
        choices=MODES,
        default=None,
        help="override amplify_modelgen for every environment",
    )


@impl
def tox_extend_envs() -> Iterable[str]:
    """Return the environments that every project with this plugin has."""
    return tuple(ENVIRONMENTS)


@impl
def tox_add_core_config(state: State) -> None:
    """Configure these environments, unless the project does."""
    configured = {section.name for section in state.conf.sections()}
    for name, mode in ENVIRONMENTS.items():
        if name not in configured:
            # Without a base, nothing that the project's tests need is inherited: no
            # dependencies, no commands, no `ignore_outcome`.
            loader = MemoryLoader(
                base=[],
                description=_DESCRIPTIONS[mode],
                package="skip",
                skip_install=True,
                **{KEY: mode},
            )
            state.conf.memory_seed_loaders[name].append(loader)


@impl
def tox_add_env_config(env_conf: EnvConfigSet) -> None:
    """Add the key `amplify_modelgen` to every environment."""
    env_conf.add_config(
        keys=[KEY],
        of_type=str,
        default=ENVIRONMENTS.get(env_conf.name or "", "off"),
        desc="generate or check Amplify models before the commands (generate, check or off)",
    )


@impl
def tox_before_run_commands(tox_env: ToxEnv) -> None:
    """Generate or check, as the environment or the command line says.

    Raises:
        Fail: models are stale or could not be generated; the environment's commands do not run.
        SystemExit: the value of the key is unknown.
    """
    mode = getattr(tox_env.options, KEY, None) or tox_env.conf[KEY]
    if mode not in MODES:
        expected = f"expected one of {', '.join(MODES)}, found {mode!r}"
        # What tox prints for a value that it cannot convert. It raises a HandledError for that,
        # which older versions report as an internal error if it comes from a plugin.
        _LOGGER.error("failed to load %s.%s: %s", tox_env.conf.name, KEY, expected)
        raise SystemExit(1)
    if mode == "off":
        return
    with _LOCK:
        results = _results.setdefault(tox_env.core, {})
        if mode not in results:
            root = Path(tox_env.core["tox_root"])
            results[mode] = _run_command(mode, root, tox_env.conf.name)
    if results[mode] is not None:
        raise Fail(results[mode])


def _run_command(mode: str, directory: Path, environment: str) -> str | None:
    """Run the command in a directory and log its output; return the failure, if any.

    The command finds the root upwards from the directory, as it does for a user there.
    """
    with tempfile.TemporaryDirectory() as temporary:
        report = Path(temporary) / "report.json"
        # -P: a project may have modules named like ours, or like Python's own.
        command = [sys.executable, "-P", "-X", "utf8", "-m", "amplify_modelgen", mode]
        done = subprocess.run(  # noqa: S603 (our own module, by tox's interpreter)
            [*command, "--report", "terminal", "--report", f"json={report}"],
            cwd=directory,
            # Hints then name the command of tox.
            env={**os.environ, "TOX_ENV_NAME": environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        succeeded = done.returncode == 0 or (mode == "generate" and _is_regenerated(done, report))
    details, conclusion = _split(done.stdout.splitlines())
    for line in (*details, *conclusion) if succeeded else details:
        # `tox -q` shows errors, too.
        _LOGGER.log(logging.WARNING if succeeded else logging.ERROR, "%s", line)
    if succeeded:
        return None
    return "\n".join(conclusion) or f"exit code {done.returncode} of amplify-modelgen {mode}"


def _is_regenerated(done: subprocess.CompletedProcess[str], report: Path) -> bool:
    # Exit code 1 after regenerating stops a commit. In tox the models are up to date now, as
    # requested.
    if done.returncode != 1 or not report.exists():
        return False
    targets = json.loads(report.read_bytes())["targets"]
    return {target["outcome"] for target in targets} <= _SUCCESSFUL


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines about targets, and the conclusion, which tox shows as the failure.

    The prefix is left out: tox begins each line with the name of the environment.
    """
    starts = [index for index, line in enumerate(lines) if line.startswith(_PREFIX)]
    end = starts[0] if starts else len(lines)
    return lines[:end], [line.removeprefix(_PREFIX) for line in lines[end:]]
