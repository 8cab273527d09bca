"""Local emulator of the AmplifyBackend API, with fault injection.

`amplify-modelgen serve` runs it. In tests, `running_server` serves on a free port:

    from amplify_modelgen_plugins.serve import running_server

    with running_server(job_time=2.0, faults=["throttle=3"]) as server:
        client = boto3.client("amplifybackend", endpoint_url=server.url)

`pytest_plugin` has it as fixtures, which pytest loads by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .server import RunningServer, running_server

__all__ = ["RunningServer", "running_server"]


def __getattr__(name: str) -> object:
    """Import the helpers on first use: pytest imports this package at every start."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import server

    return getattr(server, name)
