"""Amplify's own generator as a judge: installs it once, keeps one Node process, asks it.

Needs Node and npm; the first use needs the network. `unavailable()` says what is missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import asdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.modelgen.flags import FeatureFlags

PROJECT = Path(__file__).with_name("peer")
_STAMP = PROJECT / "node_modules" / ".installed"
_INSTALL_SECONDS = 300
_SECONDS_PER_QUESTION = 60


class PeerError(Exception):
    """The peer is not there, or died: nothing that it answered can be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one target gave: the document's text, or the error that it was refused with."""

    text: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Both results for one schema; `refused` if either target refused it."""

    introspection: Result
    datastore: Result

    @property
    def refused(self) -> bool:
        """Whether no pair of documents exists for this schema."""
        return self.introspection.text is None or self.datastore.text is None


def install() -> None:
    """Install the pinned generator beside its lock file, unless that very lock is installed.

    Raises PeerError, which says whether Node, npm or the network is missing.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise PeerError(f"{program} is not on PATH")
    digest = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    if not _STAMP.exists() or _STAMP.read_text() != digest:
        _npm_ci()
        _STAMP.write_text(digest)


def _npm_ci() -> None:
    # Resolved through PATH because npm is a script with an extension on Windows.
    npm = shutil.which("npm") or "npm"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    command += ["--loglevel=error", "--fetch-retries=1"]
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"npm ci did not end within {_INSTALL_SECONDS} seconds") from error
    if done.returncode:
        raise PeerError(f"npm ci failed: {done.stderr.strip()[-300:]}")


def options(flags: FeatureFlags) -> dict[str, bool | int]:
    """The generator's options for our flags: the same names in camel case."""
    return {_camel(name): value for name, value in asdict(flags).items()}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


class Judge:
    """One Node process that answers many questions; a context manager."""

    def __init__(self) -> None:
        install()
        node = shutil.which("node") or "node"
        self._process = subprocess.Popen(
            [node, "judge.js"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.communicate()

    def judge(self, schema: str, flags: FeatureFlags) -> Judgement:
        """Both documents of one schema."""
        return self.judge_all([(schema, flags)])[0]

    def judge_all(self, questions: Iterable[tuple[str, FeatureFlags]]) -> list[Judgement]:
        """Both documents of many schemas, in order, without waiting between them."""
        requests = [{"schema": schema, "options": options(flags)} for schema, flags in questions]
        return [_judgement(reply) for reply in self._ask(requests)]

    def plurals(self, words: Sequence[str]) -> list[str]:
        """The plural of each word by npm's pluralize."""
        plurals: list[str] = self._ask([{"words": list(words)}])[0]["plurals"]
        return plurals

    def _ask(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        # Written by a thread: both pipes are finite, and the peer answers while it is asked.
        writer = threading.Thread(target=self._write, args=(requests,), daemon=True)
        writer.start()
        replies = [self._read() for _ in requests]
        writer.join()
        return replies

    def _write(self, requests: list[dict[str, Any]]) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        # A dead peer is reported by the reader, who sees the end of its answers.
        with contextlib.suppress(OSError):
            for request in requests:
                pipe.write(json.dumps(request) + "\n")
            pipe.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        watchdog = threading.Timer(_SECONDS_PER_QUESTION, self._process.kill)
        watchdog.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise PeerError("the peer's process ended without an answer")
        reply: dict[str, Any] = json.loads(line)
        return reply


def _judgement(reply: dict[str, Any]) -> Judgement:
    return Judgement(
        introspection=Result(**reply["introspection"]), datastore=Result(**reply["datastore"])
    )
