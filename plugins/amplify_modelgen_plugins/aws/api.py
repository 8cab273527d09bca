"""Sending calls to the AmplifyBackend API: the only module that speaks to boto3's clients."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .answers import Answer
from .call import check_names
from .clients import Clients, host_of, region_of
from .failures import Route, explained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call
    from .clients import Client


class Api:
    """The API with the credentials, regions and endpoints of a run. Safe to share by threads."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def send(self, call: Call, parameters: Mapping[str, object]) -> Answer:
        """Send a call with these members beside the names that `call.parameters` gives.

        Raises:
            ConfigError: a name or an AWS setting is wrong; nothing was sent.
            TransientError: the call failed and may be sent again.
            LostAnswerError: it must not be sent again, but may have done its work.
            BackendError: it failed otherwise.
        """
        check_names(call)
        route = self._route(call)
        try:
            client = self._clients.get(call.target, once=call.once)
            route = _seen(route, client)
            members = _invoke(client, call, parameters)
        except Exception as error:
            raise explained(error, call, route) from error
        return Answer(call, route, members)

    def _route(self, call: Call) -> Route:
        return Route(
            region=region_of(call.target),
            profile=call.target.profile or os.environ.get("AWS_PROFILE"),
            timeouts=self._clients.timeouts,
        )


def _seen(route: Route, client: Client) -> Route:
    return replace(route, host=host_of(client.meta.endpoint_url), region=client.meta.region_name)


def _invoke(client: Client, call: Call, parameters: Mapping[str, object]) -> Mapping[str, object]:
    from botocore import xform_name

    method = getattr(client, xform_name(call.operation))
    members: Mapping[str, object] = method(**call.parameters, **parameters)
    return members
