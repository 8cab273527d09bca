from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.plugin import ProjectFiles
from amplify_modelgen_plugins.amplify_cli.project_settings import read_auth_providers

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = "amplify/backend/api/blog/cli-inputs.json"
BACKEND = "amplify/backend/backend-config.json"


def inputs(*modes: object) -> dict[str, Any]:
    default, *others = ({"mode": mode} for mode in modes)
    return {"serviceConfiguration": {"defaultAuthType": default, "additionalAuthTypes": others}}


def backend(output: object) -> dict[str, Any]:
    return {"api": {"blog": {"service": "AppSync", "output": output}}}


def read(root: Path, documents: dict[str, object]) -> tuple[tuple[str, ...] | None, str]:
    for path, document in documents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        text = document if isinstance(document, str) else json.dumps(document)
        (root / path).write_text(text)
    with ProjectFiles(root) as files:
        return read_auth_providers(files, "amplify", "blog")


def test_current_projects_list_their_modes(tmp_path: Path) -> None:
    modes = ["API_KEY", "AWS_IAM", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT", "AWS_LAMBDA"]
    providers = ("apiKey", "identityPool", "userPools", "oidc", "function")
    found = read(tmp_path, {INPUTS: inputs(*modes), BACKEND: backend({"securityType": "API_KEY"})})
    assert found == (providers, INPUTS)


def test_older_projects_list_them_in_the_configuration_of_the_backend(tmp_path: Path) -> None:
    auth = {
        "defaultAuthentication": {"authenticationType": "AWS_IAM"},
        "additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}],
    }
    output = {"authConfig": auth, "securityType": "AWS_LAMBDA"}
    assert read(tmp_path, {BACKEND: backend(output)}) == (("identityPool", "apiKey"), BACKEND)


def test_the_oldest_projects_have_one_mode(tmp_path: Path) -> None:
    output = {"securityType": "AMAZON_COGNITO_USER_POOLS"}
    assert read(tmp_path, {BACKEND: backend(output)}) == (("userPools",), BACKEND)


@pytest.mark.parametrize(
    "documents",
    [
        {},
        {INPUTS: "not JSON"},
        {INPUTS: "[]"},
        {INPUTS: {"serviceConfiguration": []}},
        {INPUTS: {"serviceConfiguration": {"additionalAuthTypes": {"mode": "API_KEY"}}}},
        {INPUTS: inputs("API_KEY", "AWS_TELEPATHY")},
        {INPUTS: inputs(5)},
        {BACKEND: {"api": {"other": {"output": {"securityType": "API_KEY"}}}}},
    ],
)
def test_otherwise_they_are_unknown(tmp_path: Path, documents: dict[str, object]) -> None:
    assert read(tmp_path, documents) == (None, "")
