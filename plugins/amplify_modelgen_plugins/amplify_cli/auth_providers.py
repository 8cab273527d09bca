"""Read which providers of authorization the GraphQL API of an Amplify project has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import ConfigError

from .json_files import read_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.plugin import ProjectFiles

_PROVIDERS = {
    "API_KEY": "apiKey",
    "AMAZON_COGNITO_USER_POOLS": "userPools",
    "AWS_IAM": "identityPool",
    "OPENID_CONNECT": "oidc",
    "AWS_LAMBDA": "function",
}
"""The providers of `@auth` by the authorization modes of AppSync."""

_BACKEND_CONFIG = "backend/backend-config.json"


def read_auth_providers(
    files: ProjectFiles, amplify: str, resource: str
) -> tuple[tuple[str, ...] | None, str]:
    """Return the providers of an API and the file that lists them; None if no file does.

    Current projects have `cli-inputs.json`, those of Amplify CLI before version 7 have only
    `backend-config.json`. A file that cannot be read, or that has an unknown
    mode, lists nothing: models do not depend on it.
    """
    inputs_file = f"{amplify}/backend/api/{resource}/cli-inputs.json"
    backend_file = f"{amplify}/{_BACKEND_CONFIG}"
    for path, modes in (
        (inputs_file, _modes_of_inputs(_read(files, inputs_file))),
        (backend_file, _modes_of_backend(_read(files, backend_file), resource)),
    ):
        found = [mode for mode in modes if isinstance(mode, str)]
        if found and _PROVIDERS.keys() >= set(found):
            return tuple(dict.fromkeys(_PROVIDERS[mode] for mode in found)), path
    return None, ""


def _read(files: ProjectFiles, path: str) -> object:
    try:
        return read_object(files, path)
    except ConfigError:
        return {}


def _modes_of_inputs(inputs: object) -> Iterator[object]:
    service = _get(inputs, "serviceConfiguration")
    additional = _get(service, "additionalAuthTypes")
    for entry in (_get(service, "defaultAuthType"), *_items(additional)):
        yield _get(entry, "mode")


def _modes_of_backend(config: object, resource: str) -> Iterator[object]:
    output = _get(_get(_get(config, "api"), resource), "output")
    auth = _get(output, "authConfig")
    additional = _get(auth, "additionalAuthenticationProviders")
    for entry in (_get(auth, "defaultAuthentication"), *_items(additional)):
        yield _get(entry, "authenticationType")
    if auth is None:
        yield _get(output, "securityType")


def _get(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
