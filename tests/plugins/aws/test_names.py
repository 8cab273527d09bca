from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from amplify_modelgen.plugin import ConfigError, NotFoundError
from support.scripted_server import ScriptedServer, response

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Target
    from amplify_modelgen_plugins.aws.backend import AwsBackend


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/b", "/", "a\nb", "\ud800"])
@pytest.mark.parametrize("field", ["app_id", "environment", "resource"])
def test_a_name_that_is_a_path_is_not_sent(
    field: str, name: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    changes: dict[str, str] = {field: name}
    with pytest.raises(ConfigError) as caught:
        backend.start_job(replace(target, **changes))
    assert caught.value.hint
    assert field.replace("_", "-") in caught.value.message
    assert server.requests == []


@pytest.mark.parametrize("job_id", ["", "..", "a/b", "a b", "\ud800", "j" * 1_000_000])
def test_a_job_id_that_is_a_path_is_not_sent(
    job_id: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    with pytest.raises(NotFoundError, match="job id"):
        backend.get_job(target, job_id)
    assert server.requests == []


def test_the_environments_to_choose_from_are_named(backend: AwsBackend, target: Target) -> None:
    with pytest.raises(ConfigError) as caught:
        backend.start_job(replace(target, environment="", environments=("dev", "prod")))
    assert caught.value.hint
    assert "--environment NAME' (there is dev, prod)" in caught.value.hint


@pytest.mark.parametrize("name", ["Blög", "a b", "a+b", "a%2Fb", "a?b#c", "a;b"])
def test_other_unusual_names_are_sent_unchanged(
    name: str, backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [response({"status": "COMPLETED"})]
    assert backend.get_job(replace(target, environment=name), "j1").status == "COMPLETED"


def test_the_name_that_the_core_gave_is_used(backend: AwsBackend, target: Target) -> None:
    with pytest.raises(ConfigError, match=r"^shop/blog@dev has no app-id$"):
        backend.start_job(replace(target, name="shop/blog@dev", app_id=""))
