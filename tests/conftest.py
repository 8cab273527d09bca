"""Safe defaults: no test depends on the user who runs it, and none reaches the real AWS."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# By default an example fails if it takes more than 200 ms, as it may beside other programs.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# A shell that starts the tests with `&` has them ignore interrupts, and so do their processes.
signal.signal(signal.SIGINT, signal.default_int_handler)

FAKE_KEY = "AKIAFAKEFAKEFAKE1234"
FAKE_SECRET = "canary/secret/canary/secret/canary/secret"

_OURS = ("AWS_", "BOTO_", "AMPLIFY_", "GIT_", "GITHUB_", "PRE_COMMIT", "TOX_")
_IDENTITY = {
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.com",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.com",
}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Save what coverage measured: pytest-xdist kills a worker that takes long to exit."""
    coverage = sys.modules.get("coverage")
    running = coverage.Coverage.current() if coverage else None
    if running is not None:
        running.save()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Remove the variables that configure us and our hosts; other fixtures set their own."""
    for name in tuple(os.environ):
        if name.upper().startswith(_OURS):
            monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture(autouse=True)
def fake_aws(environment: pytest.MonkeyPatch) -> None:
    """Give the AWS libraries fake keys, no files, and no metadata service to wait for."""
    environment.setenv("AWS_ACCESS_KEY_ID", FAKE_KEY)
    environment.setenv("AWS_SECRET_ACCESS_KEY", FAKE_SECRET)
    environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
    environment.setenv("AWS_CONFIG_FILE", os.devnull)
    environment.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.fixture(autouse=True)
def foreign_git(
    environment: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Give git an identity, and no configuration of the user who runs the tests."""
    for name, value in _IDENTITY.items():
        environment.setenv(name, value)
    environment.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    environment.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    environment.setenv("GIT_CONFIG_NOSYSTEM", "1")
    environment.setenv("GIT_TERMINAL_PROMPT", "0")
    environment.setenv("GIT_TEMPLATE_DIR", str(_directory(tmp_path_factory, "git-template")))


@pytest.fixture(autouse=True)
def private_caches(
    environment: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Keep the caches of this tool and its hosts inside the temporary directory of the tests."""
    caches = str(_directory(tmp_path_factory, "caches"))
    _keep_downloads(environment)
    environment.setenv("XDG_CACHE_HOME", caches)
    environment.setenv("LOCALAPPDATA", caches)
    environment.setenv("PRE_COMMIT_HOME", str(_directory(tmp_path_factory, "pre-commit")))
    environment.setenv("PREK_HOME", str(_directory(tmp_path_factory, "prek")))
    environment.setenv("TOX_USER_CONFIG_FILE", os.devnull)


def _keep_downloads(environment: pytest.MonkeyPatch) -> None:
    """Let pip and uv find what they have downloaded before."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for name, directory in {"PIP_CACHE_DIR": "pip", "UV_CACHE_DIR": "uv"}.items():
        if name not in os.environ and os.name == "posix":
            environment.setenv(name, str(home / directory))


def _directory(factory: pytest.TempPathFactory, name: str) -> Path:
    """Return a directory for the whole session."""
    directory = factory.getbasetemp() / name
    directory.mkdir(exist_ok=True)
    return directory


@pytest.fixture(autouse=True)
def loopback_only(environment: pytest.MonkeyPatch) -> None:
    """Allow connections to this machine only, and resolve local names only."""
    for name in ("NO_PROXY", "no_proxy"):
        environment.setenv(name, "127.0.0.1,localhost,::1")
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise OSError(errno.ENETUNREACH, f"a test tried to reach {address[0]}")
        connect(self, address)

    def guarded_resolve(host: Any, *rest: Any, **more: Any) -> Any:
        if host is not None and not _is_here(_text(host)):
            raise socket.gaierror(socket.EAI_NONAME, f"a test tried to reach {_text(host)}")
        return resolve(host, *rest, **more)

    environment.setattr(socket.socket, "connect", guarded_connect)
    environment.setattr(socket, "getaddrinfo", guarded_resolve)


def _text(host: str | bytes) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else host


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost", socket.gethostname())
