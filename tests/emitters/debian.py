"""Unpack files of Debian packages into a cache directory, without installing anything.

The mirror, the proxy and the archive's keys are those that the machine's own apt uses; only the
release is ours. Needs apt and dpkg on a Debian machine; the first use needs the network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from emitters.npm import MissingPeerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RELEASE = "trixie"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "amplify-modelgen-tests"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_SECONDS = 600
# Nothing but this is read: the machine's hooks, such as those of Docker's images, are left out.
_CONFIGURATION = """
Dir::State "{directory}";
Dir::State::status "{directory}/status";
Dir::Cache "{directory}";
Dir::Etc::sourcelist "{directory}/sources.list";
Dir::Etc::main "-";
Dir::Etc::parts "-";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
Dir::Etc::trusted "-";
Dir::Etc::trustedparts "-";
APT::Sandbox::User "root";
Acquire::Languages "none";
"""


def unpack(name: str, architecture: str, packages: Mapping[str, Sequence[str]]) -> Path:
    """Return the directory `name` of the cache, with the members of the packages that match.

    `packages` maps the name of a package to patterns of paths, as `tar --wildcards` takes them.

    Raises MissingPeerError if apt or the network is missing.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    root = CACHE / name
    stamp = root / ".unpacked"
    with FileLock(CACHE / f"{name}.lock"):
        expected = repr((RELEASE, architecture, packages))
        if not stamp.exists() or stamp.read_text() != expected:
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            _fill(root, architecture, packages)
            stamp.write_text(expected)
    return root


def _fill(root: Path, architecture: str, packages: Mapping[str, Sequence[str]]) -> None:
    work = root / "apt"
    for directory in (work / "lists/partial", work / "archives/partial"):
        directory.mkdir(parents=True)
    (work / "status").touch()
    options = f"[arch={architecture} signed-by={_KEYRING}]"
    (work / "sources.list").write_text(f"deb {options} {_mirror()} {RELEASE} main\n")
    settings = _run(["apt-config", "dump", "Acquire"]) + _CONFIGURATION.format(directory=work)
    (work / "apt.conf").write_text(f'{settings}APT::Architecture "{architecture}";\n')
    apt = ["env", f"APT_CONFIG={work / 'apt.conf'}", "apt-get", "--quiet"]
    _run([*apt, "update"], work)
    _run([*apt, "download", *packages], work)
    for package, members in packages.items():
        (archive,) = work.glob(f"{package}_*.deb")
        _extract(archive, members, root)
    shutil.rmtree(work)


def _mirror() -> str:
    """Return where the machine's apt has Debian's packages from."""
    if not _KEYRING.exists():
        raise MissingPeerError(f"{_KEYRING} does not exist")
    index = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]
    sites = _run(index).split()
    for site in sites:
        if site.rstrip("/").endswith("/debian"):
            return site
    raise MissingPeerError(f"apt has no mirror of Debian, only {sorted(set(sites))}")


def _extract(archive: Path, members: Sequence[str], root: Path) -> None:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE) as deb:
        tar = ["tar", "--extract", "--directory", str(root), "--no-same-owner", "--wildcards"]
        subprocess.run([*tar, *members], stdin=deb.stdout, check=True, timeout=_SECONDS)


def _run(command: list[str], directory: Path | None = None) -> str:
    if shutil.which(command[0]) is None:
        raise MissingPeerError(f"{command[0]} is not on PATH")
    try:
        done = subprocess.run(
            command, check=False, cwd=directory, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise MissingPeerError(f"{command[-1]} did not finish in {_SECONDS} seconds") from error
    if done.returncode:
        raise MissingPeerError(f"{' '.join(command)} failed: {done.stderr.strip()[-300:]}")
    return done.stdout
