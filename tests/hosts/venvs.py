"""Virtual environments, made quickly, and pip in them."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hosts.running import run, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Venv:
    """A virtual environment, and the environment variables for what runs in it."""

    path: Path
    env: Mapping[str, str]

    @property
    def scripts(self) -> Path:
        """Where its console scripts are."""
        return self.path / ("Scripts" if os.name == "nt" else "bin")

    @property
    def site_packages(self) -> Path:
        """Where its distributions are."""
        base = {"base": str(self.path), "platbase": str(self.path)}
        scheme = sysconfig.get_preferred_scheme("prefix")
        venv = "venv" if "venv" in sysconfig.get_scheme_names() else scheme
        return type(self.path)(sysconfig.get_path("purelib", venv, vars=base))

    def run(
        self,
        script: str,
        *words: str | Path,
        cwd: Path | None = None,
        code: int = 0,
        more: Mapping[str, str] | None = None,
    ) -> str:
        """Run one of its console scripts; return what it says."""
        command = tool(script, self.scripts)
        return run(command, *words, cwd=cwd or self.path, code=code, env=self.env, more=more)

    def install(self, *words: str | Path) -> str:
        """Run its `pip install`."""
        return self.run("pip", "install", "--quiet", *words)


def venv_with_our_dependencies(path: Path, env: Mapping[str, str]) -> Venv:
    """Return an environment that sees what the tests' own has, and has setuptools itself.

    Installed with `--no-deps --no-build-isolation`, a distribution is there in a second.
    """
    maker = (sys.executable, "-m", "virtualenv", "--quiet", "--no-periodic-update")
    run(*maker, "--setuptools=bundle", path, cwd=path.parent, env=env)
    venv = Venv(path=path, env=env)
    # Directories that a .pth file names are searched last, and .pth files in them are not read, so
    # an editable installation beside the tests cannot be imported there.
    (venv.site_packages / "tests.pth").write_text(sysconfig.get_path("purelib"))
    return venv


QUICKLY = ("--no-deps", "--no-build-isolation", "--ignore-installed")
