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
    _calls[core_conf] = _Calls()
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
    problem = _calls[tox_env.core].make(mode, Path(tox_env.core["tox_root"]))
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
        # -P: a project may have modules that are called like ours, or like Python's own.
        command = [sys.executable, "-P", "-X", "utf8", "-m", "amplify_modelgen", mode]
        options = ["--root", str(root), "--report", "terminal", "--report", f"json={path}"]
        done = subprocess.run(  # noqa: S603 (our own module, by tox's interpreter)
            [*command, *options],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        well = done.returncode == 0 or (mode == "generate" and _is_regenerated(done, path))
    said, conclusion = _split(done.stdout.splitlines())
    for line in [*said, *conclusion] if well else said:
        _LOGGER.warning("%s", line)
    failure = "\n".join(conclusion) or f"amplify-modelgen {mode}: exit code {done.returncode}"
    return None if well else failure


def _is_regenerated(done: subprocess.CompletedProcess[str], path: Path) -> bool:
    # Exit code 1 after regenerating stops a commit; in tox the models are fresh now, and that is
    # what was asked for.
    if done.returncode != 1 or not path.exists():
        return False
    report = json.loads(path.read_bytes())
    return {target["outcome"] for target in report["targets"]} <= _SETTLED


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return what was said of targets, and the conclusion, which tox shows as the failure."""
    starts = [at for at, line in enumerate(lines) if line.startswith("amplify-modelgen: ")]
    end = starts[0] if starts else len(lines)
    return lines[:end], lines[end:]
