"""The backend `aws`: the AmplifyBackend API of AWS, through boto3.

Environment variables: boto3's own, and Amplify CLI's AMPLIFY_BACKEND_REGION and
AMPLIFY_BACKEND_ENDPOINT (`client` has the precedence). IAM actions: docs/iam.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import hookimpl

if TYPE_CHECKING:
    from amplify_modelgen.plugin import JobBackend, Settings


@hookimpl
def modelgen_backend(name: str, settings: Settings) -> JobBackend | None:
    """Return the backend if it is called `aws`. boto3 is imported by its first call."""
    if name != "aws":
        return None
    from .backend import AwsBackend

    return AwsBackend(timeout=settings.timeout)
