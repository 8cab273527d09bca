"""The AmplifyBackend API of AWS, through boto3.

Environment variables: boto3's own, and Amplify CLI's AMPLIFY_BACKEND_REGION and
AMPLIFY_BACKEND_ENDPOINT (`clients` says which one wins). IAM actions: docs/iam.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import hookimpl

if TYPE_CHECKING:
    from amplify_modelgen import Backend, Settings

    from .backend import AwsBackend

__all__ = ["AwsBackend", "modelgen_backend"]


@hookimpl
def modelgen_backend(name: str, settings: Settings) -> Backend | None:
    """Return the AmplifyBackend API for the name `aws`. No client is made yet."""
    if name != "aws":
        return None
    from .backend import AwsBackend

    return AwsBackend(timeout=settings.timeout, per_second=settings.requests_per_second)


def __getattr__(name: str) -> object:
    """Load the backend when it is first asked for: registering the plugin must cost nothing."""
    if name != "AwsBackend":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from .backend import AwsBackend

    return AwsBackend
