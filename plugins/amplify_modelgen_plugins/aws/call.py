"""What is being asked of the API, and for whom: the subject of every message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen import ConfigError

if TYPE_CHECKING:
    from amplify_modelgen import Target

# A second one would start a second job, so botocore must not repeat them by itself.
SENT_ONCE = frozenset({"GenerateBackendAPIModels", "UpdateBackendAPI"})

_UNSENDABLE = frozenset({"", ".", ".."})


class Call(Struct, frozen=True, kw_only=True):
    """One operation of the API for a target, and the job that it asks after, if any."""

    operation: str
    target: Target
    job_id: str | None = None

    @property
    def once(self) -> bool:
        """Whether the call must not be repeated while nobody knows what became of it."""
        return self.operation in SENT_ONCE

    @property
    def parameters(self) -> dict[str, object]:
        """The members that name the environment: every operation needs them."""
        return {"AppId": self.target.app_id, "BackendEnvironmentName": self.target.environment}

    def __str__(self) -> str:
        """Return the operation, with the job where there is one."""
        return f"{self.operation} for job {self.job_id}" if self.job_id else self.operation


def check_names(call: Call) -> None:
    """Refuse names that botocore would send as a path to another resource.

    It sends "." and ".." as they are and "" as nothing. A slash is sent
    encoded, which proxies like to decode.

    Raises:
        ConfigError: a name that cannot be sent.
    """
    target = call.target
    names = [
        ("app-id", target.app_id, "set app-id in the configuration, or run 'amplify pull' here"),
        ("environment", target.environment, _environments(target)),
        ("resource", target.resource, "set resource in the configuration"),
    ]
    if call.job_id is not None:
        names.append(("job id", call.job_id, "run the same command again"))
    for what, name, hint in names:
        _check_name(subject(target), what, name, hint)


def subject(target: Target) -> str:
    """Return the target's name for messages."""
    return target.name or f"{target.resource}@{target.environment}"


def _check_name(who: str, what: str, name: str, hint: str) -> None:
    if name.strip() in _UNSENDABLE or "/" in name:
        fault = f"the {what} {name!r} of {who} is none that AWS can have"
        raise ConfigError(fault if name.strip() else f"{who} has no {what}", hint=hint)


def _environments(target: Target) -> str:
    known = f" (there is {', '.join(target.environments)})" if target.environments else ""
    return f"name one with '--environment NAME'{known}, or set it in the configuration"
