"""A load test; AMPLIFY_MODELGEN_REQUESTS is the number of requests (default: 6,000)."""

from __future__ import annotations

import http.client
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from amplify_modelgen_plugins.serve import running_server
from support.serve_clients import SDL

REQUESTS = int(os.environ.get("AMPLIFY_MODELGEN_REQUESTS", "6000"))
CLIENTS = 16
PATHS = (
    "/backend/d1/api/dev/details",
    "/backend/d1/api/dev/generateModels",
    "/backend/d1/api/dev/getModels",
    "/nowhere",
)
BODY = b'{"resourceName": "blog"}'

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")


def memory_in_use() -> int:
    """Return the resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def client(host: str, requests: int) -> int:
    """Send requests, ten in a connection; return how many were answered."""
    answered = 0
    connection = http.client.HTTPConnection(host, timeout=10)
    for number in range(requests):
        if number % 10 == 9:
            connection.close()
        try:
            connection.request("POST", PATHS[number % len(PATHS)], BODY)
            connection.getresponse().read()
            answered += 1
        except (OSError, http.client.HTTPException):
            connection.close()
    connection.close()
    return answered


def load(host: str, requests: int) -> int:
    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(client, [host] * CLIENTS, [requests // CLIENTS] * CLIENTS))


def test_load_leaves_no_threads_memory_or_descriptors(capsys: pytest.CaptureFixture[str]) -> None:
    threads, files = threading.active_count(), descriptors()
    with running_server(faults=["cut,every=50", "throttle,every=20", "half,every=30"]) as server:
        server.deploy(SDL, app_id="d1", environment="dev", resource="blog")
        host = urlsplit(server.url).netloc
        load(host, REQUESTS // 3)
        before, began = memory_in_use(), time.monotonic()
        answered = load(host, REQUESTS)
        took = time.monotonic() - began
        assert answered > REQUESTS * 0.9
        deadline = time.monotonic() + 10
        while server.connections and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not server.connections
        grown = memory_in_use() - before
        with capsys.disabled():
            sys.stdout.write(
                f"\n{REQUESTS:,} requests over {CLIENTS} connections in {took:.0f} s: "
                f"{answered:,} complete responses, {grown / 1e6:+.1f} MB of memory\n"
            )
        assert grown < 20_000_000
    assert threading.active_count() == threads
    assert descriptors() <= files
