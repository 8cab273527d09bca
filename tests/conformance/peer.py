"""Amplify's own generator: install it once, and send requests to one Node process.

Requires Node and npm, and network access for the first use.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import asdict

from emitters import npm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.modelgen.documents import FeatureFlags

PROJECT = Path(__file__).with_name("peer")
_REQUEST_TIMEOUT = 60


class PeerError(Exception):
    """The peer is not available, or its process died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A document of the peer or of our engine, or the error that it was refused with."""

    text: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Both results for a schema."""

    introspection: Result
    datastore: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformResult:
    """The files of a platform by path, or the error that the schema was refused with."""

    files: dict[str, str] | None = None
    error: str | None = None


def install() -> None:
    """Install the pinned generator, unless the same lock file is installed already.

    Raises PeerError if Node, npm or the network is missing.
    """
    try:
        npm.install(PROJECT, "--fetch-retries=1")
    except npm.MissingPeerError as error:
        raise PeerError(str(error)) from error


def options(flags: FeatureFlags) -> dict[str, bool | int]:
    """Return the options of the generator for our flags: the same names in camel case."""
    return {_camel(name): value for name, value in asdict(flags).items()}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


class Peer:
    """A Node process that handles many requests; a context manager."""

    def __init__(self) -> None:
        install()
        node = shutil.which("node") or "node"
        self._process = subprocess.Popen(
            [node, "peer.js"],
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
        """Kill the process."""
        self._process.kill()
        self._process.communicate()

    def generate(self, schema: str, flags: FeatureFlags) -> Verdict:
        """Return both documents of a schema."""
        return self.generate_all([(schema, flags)])[0]

    def generate_all(self, schemas: Iterable[tuple[str, FeatureFlags]]) -> list[Verdict]:
        """Return both documents of many schemas, in order, without waiting between them."""
        requests = [{"schema": schema, "options": options(flags)} for schema, flags in schemas]
        return [_verdict(response) for response in self._request(requests)]

    def platform_files(
        self, target: str, schemas: Iterable[tuple[str, FeatureFlags]]
    ) -> list[PlatformResult]:
        """Return the files for a platform (swift, java, dart) of many schemas, in order."""
        requests = [
            {"schema": schema, "options": options(flags), "target": target}
            for schema, flags in schemas
        ]
        return [PlatformResult(**response) for response in self._request(requests)]

    def plurals(self, words: Sequence[str]) -> list[str]:
        """Return the plural of each word by npm's pluralize."""
        plurals: list[str] = self._request([{"words": list(words)}])[0]["plurals"]
        return plurals

    def _request(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        # In a thread: both pipes have a limited size, and the peer responds while it reads.
        writer = threading.Thread(target=self._write, args=(requests,), daemon=True)
        writer.start()
        responses = [self._read() for _ in requests]
        writer.join()
        return responses

    def _write(self, requests: list[dict[str, Any]]) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        # A dead peer is reported by `_read`.
        with contextlib.suppress(OSError):
            for request in requests:
                pipe.write(json.dumps(request) + "\n")
            pipe.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        watchdog = threading.Timer(_REQUEST_TIMEOUT, self._process.kill)
        watchdog.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise PeerError("the peer's process ended without a response")
        response: dict[str, Any] = json.loads(line)
        return response


def _verdict(response: dict[str, Any]) -> Verdict:
    return Verdict(
        introspection=Result(**response["introspection"]), datastore=Result(**response["datastore"])
    )
