"""The tox plugin: environments that regenerate and check models, and a key for every other one.

    tox run -e amplify-modelgen           regenerate stale models
    tox run -e amplify-modelgen-check     check them, offline
    amplify_modelgen = check              in an environment: before its commands
    tox run --amplify-modelgen generate   before every environment of the run

The command runs as a process of its own, with tox's interpreter and tox's environment variables
(an environment's `pass_env` does not count), once per run however many environments ask.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
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
    "check": "check offline that Amplify models, schemas and lock agree",
}
_SETTLED: Final = {"up-to-date", "generated"}


@impl
def tox_add_option(parser: ToxParser) -> None:
    """Add `--amplify-modelgen` to every command of tox."""
    parser.add_argument(
        "--amplify-modelgen",
        dest=KEY,
        choices=MODES,
        default=None,
        help="what to do with Amplify models before each environment, whatever it says itself",
    )


@impl
def tox_extend_envs() -> Iterable[str]:
    """Name the environments that every project with this plugin has."""
    return tuple(ENVIRONMENTS)


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    """Configure those environments, unless the project has configured them itself."""
    del core_conf
    configured = {section.name for section in state.conf.sections()}
    for name, mode in ENVIRONMENTS.items():
        if name not in configured:
            loader = MemoryLoader(
                description=_DESCRIPTIONS[mode],
                package="skip",
                skip_install=True,
                deps=[],
                commands_pre=[],
                commands=[],
                commands_post=[],
                **{KEY: mode},
            )
            state.conf.memory_seed_loaders[name].append(loader)


@impl
def tox_add_env_config(env_conf: EnvConfigSet, state: State) -> None:
    """Add the key `amplify_modelgen` to every environment."""
    del state
    env_conf.add_config(
        keys=[KEY],
        of_type=str,
        default=ENVIRONMENTS.get(env_conf.name or "", "off"),
        desc="generate or check Amplify models before the commands (generate, check or off)",
    )


@impl
def tox_before_run_commands(tox_env: ToxEnv) -> None:
    """Do what the environment, or the command line for all of them, asks for.

    Raises:
        Fail: models are stale, or could not be generated; the environment's commands do not run.
    """
    mode = getattr(tox_env.options, KEY, None) or tox_env.conf[KEY]
    if mode not in MODES:
        known = ", ".join(MODES)
        raise Fail(f"{KEY} = {mode!r}: expected one of {known}")
    if mode == "off":
        return
    calls = _calls.setdefault(tox_env.core, _Calls())
    problem = calls.make(mode, Path(tox_env.core["tox_root"]))
    if problem is not None:
        raise Fail(problem)


@dataclass(slots=True)
class _Calls:
    """What the command answered in one run of tox, by mode: None, or what is wrong."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: dict[str, str | None] = field(default_factory=dict)

    def make(self, mode: str, root: Path) -> str | None:
        with self.lock:
            if mode not in self.answers:
                self.answers[mode] = _call(mode, root)
            return self.answers[mode]


_calls: WeakKeyDictionary[ConfigSet, _Calls] = WeakKeyDictionary()


def _call(mode: str, root: Path) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        command = [sys.executable, "-m", "amplify_modelgen", mode, "--root", str(root)]
        reports = ["--report", "terminal", "--report", f"json={path}"]
        done = subprocess.run(  # noqa: S603 (our own module, by tox's interpreter)
            [*command, *reports],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        for line in done.stdout.splitlines():
            _LOGGER.warning("%s", line)
        return None if done.returncode == 0 or _is_settled(path) else _problem(mode, done)


def _is_settled(path: Path) -> bool:
    # Exit code 1 after regenerating stops a commit; in tox the models are fresh now, and that is
    # what was asked for.
    try:
        report = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return {target["outcome"] for target in report["targets"]} <= _SETTLED


def _problem(mode: str, done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stdout.splitlines() if line.startswith("amplify-modelgen: ")]
    said = lines[0] if lines else f"amplify-modelgen {mode} ended with {done.returncode}"
    return said if done.returncode == 1 else f"{said} (exit code {done.returncode})"
