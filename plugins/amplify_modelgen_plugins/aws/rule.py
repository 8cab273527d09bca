"""A rule: what one kind of failure means to people. The tables are in `refusals` and `faults`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen import BackendError

if TYPE_CHECKING:
    from amplify_modelgen import ConfigError


class Rule(Struct, frozen=True, kw_only=True):
    """What to say, and what to raise.

    `message` and `hint` are templates; `failures` fills in what is known. `reached` says that the
    service may have begun what it was asked for, although no answer came.
    """

    message: str
    hint: str
    raises: type[BackendError | ConfigError] = BackendError
    reached: bool = False


AGAIN = "run the same command again in a minute"
IDENTITY = "'aws sts get-caller-identity{profile}' shows whether they work"
ENDPOINT = (
    "look at AWS_ENDPOINT_URL_AMPLIFYBACKEND, AMPLIFY_BACKEND_ENDPOINT, AWS_ENDPOINT_URL "
    "and the region"
)
