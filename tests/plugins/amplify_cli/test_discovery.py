from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.records import FeatureFlags, Provenance, Settings, Target
from amplify_modelgen.storage import project_files
from amplify_modelgen.storage.project_files import ProjectFiles
from amplify_modelgen.targets import resolve_targets
from amplify_modelgen.workspace import read_schema
from amplify_modelgen_plugins import amplify_cli
from amplify_modelgen_plugins.amplify_cli import modelgen_targets, project_search
from amplify_modelgen_plugins.amplify_cli.front_ends import FRONT_ENDS
from amplify_modelgen_plugins.amplify_cli.project_settings import EXISTING_PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_mock import MockerFixture

BLOG = Path(__file__).parents[3] / "examples" / "blog"
CONFIG = "amplify/.config/project-config.json"
LOCAL = "amplify/.config/local-env-info.json"
TEAM = "amplify/team-provider-info.json"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
JAVASCRIPT = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "src"}}}
DEV = {"awscloudformation": {"AmplifyAppId": "d2app", "Region": "us-east-1"}}
PROD = {"awscloudformation": {"AmplifyAppId": "d3app", "Region": "eu-west-1"}}
BACKEND = "amplify/backend/backend-config.json"
TRANSFORM = "amplify/backend/api/blog/transform.conf.json"
SDL = "type Post @model { id: ID! }\n"


def write(root: Path, path: str, content: object) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_bytes(text.encode())


def project(root: Path, files: Mapping[str, object] | None = None, home: str = "") -> None:
    usual = {CONFIG: JAVASCRIPT, TEAM: {"dev": DEV}, SCHEMA: SDL}
    for path, content in {**usual, **(files or {})}.items():
        write(root, f"{home}{path}", content)


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), "-c", "core.excludesFile=", *arguments], check=True)


def find(root: Path, **given: Any) -> list[Target]:
    settings = Settings(root=root, **given)
    with ProjectFiles(root) as files:
        return modelgen_targets(settings, files)


def resolve(root: Path) -> tuple[Target, ...]:
    return resolve_targets(Settings(root=root), find(root))


def read_text(root: Path, schema: str | None) -> str:
    assert schema is not None
    with ProjectFiles(root) as files:
        return read_schema(files, schema).text


def inputs(root: Path) -> set[str]:
    """Return the paths that the discovery read, with a slash if they are directories."""
    with ProjectFiles(root) as files:
        modelgen_targets(Settings(root=root), files)
        lines = [line for line in files.fingerprints() if line[:7] not in ("opened ", "parent ")]
    names = {line: line.partition("//")[0].rpartition(" ")[2] for line in lines}
    return {f"{name}/" if "directory " in line else name for line, name in names.items()}


def only(root: Path, **given: Any) -> Target:
    [target] = find(root, **given)
    return target


def origins(target: Target) -> dict[str, str]:
    return {each.key: each.origin for each in target.provenance}


def test_ordinary_project(tmp_path: Path) -> None:
    project(tmp_path)
    target = only(tmp_path)
    assert (target.app_id, target.environment, target.resource) == ("d2app", "dev", "blog")
    assert (target.region, target.schema) == ("us-east-1", SCHEMA)
    assert (target.name, target.project) == ("", "")
    assert target.environments == ("dev",)
    assert target.outputs == ()
    assert [(output.emitter, output.path) for output in target.candidates] == [
        ("javascript", "src/models"),
        ("introspection", "src/models/model-introspection.json"),
        ("datastore", "src/models/schema.json"),
        ("python", "src/models/models.py"),
        ("mermaid", "src/models/models.md"),
    ]


def test_every_value_has_its_origin(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/cli.json": {"features": {"codegen": {"emitAuthProvider": True}}}})
    assert origins(only(tmp_path)) == {
        "app-id": TEAM,
        "region": TEAM,
        "environment": TEAM,
        "environments": TEAM,
        "resource": "amplify/backend/api/blog/",
        "schema": "amplify/backend/api/blog/",
        "front-end": CONFIG,
        "outputs": CONFIG,
        "flags.emit-auth-provider": "amplify/cli.json",
        "flags.transformer-version": "default",
        "flags.is-data-store-enabled": TRANSFORM,
    }


def test_example(tmp_path: Path) -> None:
    root = tmp_path / "blog"
    shutil.copytree(BLOG, root)
    [target] = resolve(root)
    assert target.name == "blog@dev"
    assert target.flags == FeatureFlags()
    assert "type Post" in read_text(root, target.schema)


def test_nothing_there(tmp_path: Path) -> None:
    assert find(tmp_path) == []


def test_amplify_gen_2(tmp_path: Path) -> None:
    write(tmp_path, "amplify/data/resource.ts", "export const data = {};")
    write(tmp_path, "amplify/backend.ts", "defineBackend({ data });")
    assert find(tmp_path) == []


def test_project_within_a_directory_called_amplify(tmp_path: Path) -> None:
    project(tmp_path, home="amplify/")
    assert only(tmp_path).project == "amplify"


def test_project_without_any_api(tmp_path: Path) -> None:
    write(tmp_path, CONFIG, "{broken")
    assert find(tmp_path) == []


def test_rest_api_is_left_out(tmp_path: Path) -> None:
    backend = {"api": {"rest": {"service": "API Gateway"}}}
    files: dict[str, object] = {
        "amplify/backend/api/rest/cli-inputs.json": {},
        "amplify/backend/api/APIGatewayAuthStack.json": {},
        "amplify/backend/backend-config.json": backend,
    }
    project(tmp_path, files)
    assert only(tmp_path).resource == "blog"


def test_graphql_api_without_its_schema_is_still_a_target(tmp_path: Path) -> None:
    backend = {"api": {"blog": {"service": "AppSync"}}}
    project(tmp_path, {"amplify/backend/backend-config.json": backend})
    (tmp_path / SCHEMA).unlink()
    with pytest.raises(ConfigError, match=f"no schema found at {SCHEMA}"):
        read_text(tmp_path, only(tmp_path).schema)


def test_schema_directory(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/backend/api/shop/schema/a.graphql": SDL})
    assert [target.schema for target in find(tmp_path)] == [
        SCHEMA,
        "amplify/backend/api/shop/schema",
    ]


def test_schema_file_takes_precedence_over_the_directory(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/backend/api/blog/schema/a.graphql": SDL})
    assert only(tmp_path).schema == SCHEMA


def test_two_apis_of_one_project_have_separate_outputs(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/backend/api/shop/schema.graphql": SDL})
    targets = resolve(tmp_path)
    assert [target.candidates[0].path for target in targets] == [
        "src/models/blog",
        "src/models/shop",
    ]


@pytest.mark.parametrize("name", ["blog", "shop"])
def test_the_models_are_those_of_the_api_that_the_backend_has(tmp_path: Path, name: str) -> None:
    backend = {"api": {name: {"service": "AppSync"}, "rest": {"service": "API Gateway"}}}
    files = {"amplify/backend/api/shop/schema.graphql": SDL, BACKEND: backend}
    project(tmp_path, files)
    targets = resolve(tmp_path)
    assert len(targets) == 2
    outputs = {each.resource: each.candidates[0].path for each in targets if each.candidates}
    assert outputs == {name: "src/models"}


@pytest.mark.parametrize("names", [(), ("blog", "shop")])
def test_models_that_belong_to_no_api_are_reported(
    tmp_path: Path, names: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    backend = {"api": {name: {"service": "AppSync"} for name in names}}
    project(tmp_path, {"amplify/backend/api/shop/schema.graphql": SDL, BACKEND: backend})
    find(tmp_path)
    assert not caplog.messages
    modules(tmp_path, "src/models")
    assert not any(target.candidates for target in find(tmp_path))
    [message] = caplog.messages
    assert "src/models is not maintained: of the APIs blog, shop, amplify/backend/back" in message
    modules(tmp_path, "src/models/shop")
    [shop] = [target for target in find(tmp_path) if target.candidates]
    assert shop.candidates[0].path == "src/models/shop"


def test_models_behind_a_link_are_left_to_their_targets(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/backend/api/shop/schema.graphql": SDL})
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "models").symlink_to("../elsewhere")
    targets = find(tmp_path)
    assert [each.candidates[0].path for each in targets] == ["src/models/blog", "src/models/shop"]
    assert not any(each.outputs for each in targets)


EMITTERS = ("java", "swift", "dart")
MODULES = ("index.js", "index.d.ts", "schema.js", "schema.d.ts")


def modules(root: Path, directory: str) -> None:
    for name in MODULES:
        write(root, f"{directory}/{name}", "")


def javascript_directories(root: Path) -> list[str]:
    candidates = only(root).candidates
    return [output.path for output in candidates if output.emitter == "javascript"]


def test_modules_in_other_directories_are_candidates(tmp_path: Path) -> None:
    project(tmp_path)
    for directory in ("src/models", "app/data", "lib", "node_modules/x", ".cache"):
        modules(tmp_path, directory)
    (tmp_path / "lib" / "index.d.ts").unlink()
    assert javascript_directories(tmp_path) == ["src/models", "app/data"]


@pytest.mark.parametrize(
    ("front_end", "name"),
    [
        ("android", "AmplifyModelProvider.java"),
        ("ios", "AmplifyModels.swift"),
        ("flutter", "ModelProvider.dart"),
    ],
)
def test_models_of_an_app_in_another_directory_are_candidates(
    tmp_path: Path, front_end: str, name: str
) -> None:
    project(tmp_path, {CONFIG: {"frontend": front_end}})
    usual = only(tmp_path).candidates[0].path
    for other in ("AmplifyModelProvider.java", "AmplifyModels.swift", "ModelProvider.dart"):
        write(tmp_path, f"{other}/{other}", "")
    candidates = [each for each in only(tmp_path).candidates if each.emitter in EMITTERS]
    assert [each.path for each in candidates] == [usual, name]


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_models_in_the_root_itself_are_not_candidates(tmp_path: Path, front_end: str) -> None:
    project(tmp_path, {CONFIG: {"frontend": front_end}})
    usual = only(tmp_path).candidates
    for place in FRONT_ENDS.values():
        for name in place.files:
            write(tmp_path, name, "")
    assert only(tmp_path).candidates == usual


def test_modules_that_git_ignores_or_that_belong_to_another_project_are_not_candidates(
    tmp_path: Path,
) -> None:
    project(tmp_path)
    project(tmp_path, home="apps/web/")
    for directory in ("generated/models", "apps/web/models"):
        modules(tmp_path, directory)
    write(tmp_path, ".gitignore", "/generated\n")
    git(tmp_path, "init", "--quiet")
    first, second = find(tmp_path)
    assert [output.path for output in first.candidates[:2]] == [
        "src/models",
        "src/models/model-introspection.json",
    ]
    assert [output.path for output in second.candidates[:2]] == [
        "apps/web/src/models",
        "apps/web/models",
    ]


@pytest.mark.parametrize(
    ("files", "front_end", "marker"),
    [
        (["package.json"], "javascript", "package.json"),
        (["pubspec.yaml", "package.json"], "flutter", "pubspec.yaml"),
        (["App.xcodeproj/project.pbxproj", "package.json"], "ios", "App.xcodeproj"),
        (["Podfile"], "ios", "Podfile"),
        (["build.gradle"], "android", "build.gradle"),
        (["build.gradle.kts"], "android", "build.gradle.kts"),
    ],
)
@pytest.mark.parametrize("home", ["", "apps/web/"])
def test_without_project_config_the_front_end_is_guessed(
    tmp_path: Path, files: list[str], front_end: str, marker: str, home: str
) -> None:
    write(tmp_path, f"{home}{SCHEMA}", SDL)
    for file in files:
        write(tmp_path, f"{home}{file}", "")
    target = only(tmp_path)
    values = {each.key: each.value for each in target.provenance}
    assert values["front-end"] == front_end
    assert origins(target)["front-end"] == f"{home}{marker} ({home}{CONFIG} is missing)"
    [first, *_] = (*target.outputs, *target.candidates)
    top = FRONT_ENDS[front_end].default.partition("/")[0]
    assert first.path.startswith(f"{home}{top}/")


def test_front_end_that_cannot_be_guessed(tmp_path: Path) -> None:
    write(tmp_path, "amplify/backend/api/blog/schema/a.graphql", SDL)
    target = only(tmp_path)
    assert (target.outputs, target.candidates) == ((), ())
    assert "front-end" not in origins(target)


def test_without_project_config_and_without_a_schema_there_is_no_project(tmp_path: Path) -> None:
    write(tmp_path, "amplify/.config/local-env-info.json", "{}")
    write(tmp_path, "amplify/backend/api/rest/cli-inputs.json", "{}")
    write(tmp_path, "amplify/backend/api/x.graphql", SDL)
    assert find(tmp_path) == []


@pytest.mark.parametrize(
    ("config", "directory"),
    [
        ({"frontend": "javascript"}, "src/models"),
        ({"frontend": "javascript", "javascript": None}, "src/models"),
        ({"frontend": "javascript", "javascript": {"config": {"SourceDir": "."}}}, "models"),
        ({"frontend": "javascript", "javascript": {"config": {"SourceDir": "/"}}}, "models"),
        (
            {"frontend": "javascript", "javascript": {"config": {"SourceDir": "app\\src"}}},
            "app/src/models",
        ),
        (
            {"frontend": "android"},
            "app/src/main/java/com/amplifyframework/datastore/generated/model",
        ),
        (
            {"frontend": "android", "android": {"config": {"ResDir": "x/src/main/res"}}},
            "x/src/main/java/com/amplifyframework/datastore/generated/model",
        ),
        ({"frontend": "ios"}, "amplify/generated/models"),
        ({"frontend": "flutter", "flutter": {"config": {"ResDir": "./lib/"}}}, "lib/models"),
    ],
)
@pytest.mark.parametrize("home", ["", "apps/web/"])
def test_directory_of_each_front_end(
    tmp_path: Path, config: object, directory: str, home: str
) -> None:
    project(tmp_path, {CONFIG: config}, home=home)
    target = only(tmp_path)
    paths = [output.path for output in (*target.outputs, *target.candidates)]
    assert f"{home}{directory}/model-introspection.json" in paths


def test_source_directory_elsewhere_in_the_tree(tmp_path: Path) -> None:
    config = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "../web/src"}}}
    project(tmp_path, {CONFIG: config}, home="backend/")
    assert only(tmp_path).candidates[0].path == "web/src/models"


def test_source_directory_outside_the_root(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "../../x"}}}
    project(tmp_path, {CONFIG: config})
    target = only(tmp_path)
    assert (target.outputs, target.candidates) == ((), ())
    assert origins(target)["front-end"] == CONFIG
    [message] = caplog.messages
    assert message.startswith(f"{CONFIG}: javascript.config.SourceDir leads out of the root, so ")


def test_environment_that_is_checked_out(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"dev": DEV, "prod": PROD}, LOCAL: {"envName": "prod"}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("prod", "d3app", "eu-west-1")
    assert target.environments == ("dev", "prod")
    assert origins(target)["environment"] == LOCAL


def test_environment_of_the_run_wins(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"dev": DEV, "prod": PROD}, LOCAL: {"envName": "prod"}})
    source = Provenance(key="environment", value="dev", origin="--environment")
    target = only(tmp_path, environment="dev", provenance=(source,))
    assert (target.environment, target.app_id) == ("dev", "d2app")
    assert origins(target)["environment"] == "--environment"


def test_ambiguous_environment(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"prod": PROD, "dev": DEV}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("", "", None)
    assert target.environments == ("dev", "prod")


def test_values_that_all_environments_share_are_known(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"dev": DEV, "stage": DEV}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("", "d2app", "us-east-1")


@pytest.mark.parametrize("team", [{}, {"dev": {}}, {"dev": {"awscloudformation": {}}}])
def test_unknown_app(tmp_path: Path, team: object) -> None:
    project(tmp_path, {TEAM: team, LOCAL: {"envName": "dev"}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("dev", "", None)


def test_absent_flags_are_those_of_an_existing_project(tmp_path: Path) -> None:
    project(tmp_path)
    assert only(tmp_path).flags == EXISTING_PROJECT
    project(tmp_path, {"amplify/cli.json": {"features": {}}})
    assert only(tmp_path).flags == EXISTING_PROJECT


@pytest.mark.parametrize(
    ("config", "is_enabled"),
    [
        ({"Version": 5}, False),
        ({"ResolverConfig": None}, False),
        ({"ResolverConfig": {}}, False),
        ({"ResolverConfig": {"project": {"ConflictHandler": "AUTOMERGE"}}}, True),
        ({"ResolverConfig": {"models": {"Post": {}}}}, True),
    ],
)
def test_data_store_is_enabled_by_a_conflict_resolution(
    tmp_path: Path, config: object, *, is_enabled: bool
) -> None:
    project(tmp_path, {TRANSFORM: config})
    target = only(tmp_path)
    assert target.flags.is_data_store_enabled is is_enabled
    assert origins(target)["flags.is-data-store-enabled"] == TRANSFORM


def test_each_api_has_its_data_store_setting(tmp_path: Path) -> None:
    files = {"amplify/backend/api/shop/schema.graphql": SDL}
    project(tmp_path, {**files, TRANSFORM: {"ResolverConfig": {"project": {}}}})
    assert [target.flags.is_data_store_enabled for target in find(tmp_path)] == [True, False]


VARIABLE = "AMPLIFYCLI_CODEGEN__EMITAUTHPROVIDER"


def test_variables_win_over_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    features = {"codegen": {"emitauthprovider": False}}
    project(tmp_path, {"amplify/cli.dev.json": {"features": features}})
    monkeypatch.setenv(VARIABLE, "true")
    monkeypatch.setenv("AMPLIFYCLI_graphQLTransformer__transformerVersion", "2")
    target = only(tmp_path)
    assert (target.flags.emit_auth_provider, target.flags.transformer_version) == (True, 2)
    assert origins(target)["flags.emit-auth-provider"] == VARIABLE


@pytest.mark.parametrize(("name", "expected"), [("dev", False), ("DEV", False), ("prod", True)])
def test_variables_of_an_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, expected: bool
) -> None:
    project(tmp_path)
    monkeypatch.setenv(VARIABLE, "true")
    monkeypatch.setenv(VARIABLE.replace("_", f"-{name}_", 1), "false")
    assert only(tmp_path).flags.emit_auth_provider is expected


@pytest.mark.parametrize("name", ["AMPLIFYCLI", "AMPLIFYCLI_X", "AMPLIFYCLI_CODEGEN__OTHER", ""])
def test_other_variables_and_empty_ones_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    project(tmp_path)
    monkeypatch.setenv(name or VARIABLE, "true" if name else "")
    assert only(tmp_path).flags == EXISTING_PROJECT


def test_invalid_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    monkeypatch.setenv(VARIABLE, "yes")
    with pytest.raises(ConfigError, match=f"^{VARIABLE}: features.*expected a boolean, found a st"):
        find(tmp_path)


def test_flags_in_any_case(tmp_path: Path) -> None:
    features = {"graphQLTransformer": {"transformerVersion": 2, "improvePluralization": True}}
    project(tmp_path, {"amplify/cli.json": {"features": features}})
    flags = only(tmp_path).flags
    assert (flags.transformer_version, flags.improve_pluralization) == (2, True)
    assert not flags.emit_auth_provider


def test_flags_of_the_environment_win(tmp_path: Path) -> None:
    project_wide = {"codegen": {"addtimestampfields": False, "emitauthprovider": True}}
    files = {
        "amplify/cli.json": {"features": project_wide},
        "amplify/cli.dev.json": {"features": {"codegen": {"addtimestampfields": True}}},
        "amplify/cli.prod.json": {"features": {"codegen": {"emitauthprovider": False}}},
    }
    project(tmp_path, files)
    target = only(tmp_path)
    assert target.flags.add_timestamp_fields
    assert target.flags.emit_auth_provider
    assert origins(target)["flags.add-timestamp-fields"] == "amplify/cli.dev.json"


def test_hostile_name_of_an_environment_is_not_a_file_name(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"x/../../../secret": DEV}, "amplify/cli.x/y": ""})
    write(tmp_path.parent, "secret.json", "{broken")
    target = only(tmp_path)
    assert target.environment == "x/../../../secret"
    assert not any("secret" in path for path in inputs(tmp_path))


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (CONFIG, "{broken", ".json:1:8: not JSON: bad key name (eof)"),
        (CONFIG, "", ": not JSON: it is empty"),
        (CONFIG, "{a: '''", ".json: not JSON: a comment or string does not end"),
        (CONFIG, "/*", ".json: not JSON: a comment or string does not end"),
        (CONFIG, '{"a": 1e999}', "or a number is too large"),
        (TEAM, r'{"a": "\ud800"}', ".json: not JSON: an escape sequence is half of a surrogate"),
        (CONFIG, "[" * 100_000, ": not JSON: it is nested too deeply"),
        (CONFIG, "// a comment\n" + "[" * 100_000, ": not JSON: it is nested too deeply"),
        (CONFIG, "[]", "expected an object, found a list"),
        (CONFIG, "null", "expected an object, found null"),
        (CONFIG, {}, "frontend: expected one of flutter, ios, android, javascript"),
        (CONFIG, {"frontend": "cobol"}, "frontend: expected one of flutter"),
        (CONFIG, {"frontend": 1}, "frontend: expected a string, found an integer"),
        (
            CONFIG,
            {"frontend": "javascript", "javascript": {"config": {"SourceDir": []}}},
            "javascript.config.SourceDir: expected a string, found a list",
        ),
        (CONFIG, "<<<<<<< HEAD\n{}", "project-config.json:2:1: not JSON: extra data"),
        (CONFIG, "frontend", "expected an object, found a string"),
        (LOCAL, {"envName": {}}, "envName: expected a string, found an object"),
        (
            "amplify/cli.json",
            {"features": {"codegen": []}},
            "features.codegen: expected an object, found a list",
        ),
        (TEAM, {"dev": 1.5}, "dev: expected an object, found a number"),
        (
            TEAM,
            {"dev": {"awscloudformation": {"AmplifyAppId": True}}},
            "dev.awscloudformation.AmplifyAppId: expected a string, found a boolean",
        ),
        ("amplify/cli.json", {"features": "x"}, "features: expected an object, found a string"),
        (
            "amplify/cli.json",
            {"features": {"codegen": {"emitauthprovider": "true"}}},
            "features.codegen.emitauthprovider: expected a boolean, found a string",
        ),
        (
            "amplify/cli.json",
            {"features": {"graphqltransformer": {"transformerversion": 3}}},
            "features.graphqltransformer.transformerversion: expected 1 or 2",
        ),
    ],
)
def test_file_of_the_wrong_shape(tmp_path: Path, file: str, content: object, message: str) -> None:
    project(tmp_path, {file: content})
    with pytest.raises(ConfigError) as caught:
        find(tmp_path)
    assert caught.value.message.startswith(file)
    assert message in caught.value.message


def test_bom_and_windows_line_endings(tmp_path: Path) -> None:
    text = json.dumps(JAVASCRIPT, indent=2).replace("\n", "\r\n")
    project(tmp_path, {CONFIG: f"\ufeff{text}"})
    assert only(tmp_path).resource == "blog"


def test_utf8_names(tmp_path: Path) -> None:
    project(tmp_path, home="büro/日本/")
    assert only(tmp_path).project == "büro/日本"


def test_not_utf8(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / TEAM).write_bytes(b'{"b\xfc": {}}')
    with pytest.raises(ConfigError, match=f"{TEAM} is not UTF-8 text"):
        find(tmp_path)


def test_directory_in_place_of_a_file(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / LOCAL).mkdir()
    with pytest.raises(ConfigError, match=f"{LOCAL} is not a regular file"):
        find(tmp_path)


@pytest.mark.parametrize("destination", ["local-env-info.json", "../../../elsewhere", "missing"])
@pytest.mark.parametrize(
    "file", [LOCAL, CONFIG, TEAM, "amplify/cli.json", "amplify/backend/backend-config.json"]
)
def test_linked_file_is_refused(tmp_path: Path, file: str, destination: str) -> None:
    write(tmp_path, "elsewhere", "{secret")
    root = tmp_path / "root"
    project(root, {"amplify/backend/api/rest/cli-inputs.json": {}})
    (root / file).unlink(missing_ok=True)
    (root / file).symlink_to(destination)
    with pytest.raises(ConfigError, match=f"^{file} is a symbolic link") as caught:
        find(root)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("place", ["amplify/.config", "amplify/backend/api", "amplify/backend"])
def test_linked_directory_of_a_project_is_refused(tmp_path: Path, place: str) -> None:
    root = tmp_path / "root"
    project(root)
    (root / place).rename(tmp_path / "elsewhere")
    (root / place).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match=f"^{place} is a symbolic link"):
        find(root)


def test_linked_schema_directory_is_refused_when_it_is_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    project(root)
    (root / SCHEMA).unlink()
    write(tmp_path, "elsewhere/a.graphql", SDL)
    (root / "amplify/backend/api/blog/schema").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="amplify/backend/api/blog/schema is a symbolic link"):
        read_text(root, only(root).schema)


COMMENTS = """
{
  // Amplify CLI reads this file as hjson.
  "features": {
    /* both kinds */
    "codegen": { "emitauthprovider": true, }, # and this one
    graphqltransformer: { transformerversion: 2 }
  }
}
"""


def test_json_with_comments(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/cli.json": COMMENTS})
    flags = only(tmp_path).flags
    assert (flags.emit_auth_provider, flags.transformer_version) == (True, 2)
    assert not flags.add_timestamp_fields


def test_giant_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_files, "MAX_BYTES", 10)
    project(tmp_path)
    with pytest.raises(ConfigError, match="is larger than 10 bytes"):
        find(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2J", "a\\b", "a##[group]x"])
@pytest.mark.parametrize("place", ["amplify/backend/api/{}/schema.graphql", "{}/" + SCHEMA])
def test_a_hostile_name_is_skipped_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, place: str
) -> None:
    schema = place.format(name)
    project(tmp_path)
    write(tmp_path, schema, SDL)
    targets = resolve(tmp_path)
    assert [target.schema for target in targets] == [SCHEMA]
    [message] = caplog.messages
    assert message.isprintable()
    assert message.startswith("skipping ")
    assert ": its name has a control character, a backslash, a command of a CI server" in message


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2J", "a##[x]y", "a\\b", "~", "C:x"])
def test_models_below_a_hostile_name_are_skipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    project(tmp_path)
    modules(tmp_path, f"{name}/models")
    (target,) = resolve(tmp_path)
    assert [each.path for each in target.candidates if each.emitter == "javascript"] == [
        "src/models"
    ]
    [message] = caplog.messages
    assert message.startswith("skipping ")


def test_models_of_another_front_end_may_have_any_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project(tmp_path)
    write(tmp_path, "~old/ModelProvider.dart", "")
    find(tmp_path)
    assert not caplog.messages


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["~", "~user", "c:", "C:x"])
def test_a_project_that_looks_absolute_is_skipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    project(tmp_path)
    project(tmp_path, home=f"{name}/")
    assert [target.schema for target in resolve(tmp_path)] == [SCHEMA]
    [message] = caplog.messages
    assert message.startswith(f"skipping {name}/amplify: its name has ")
    assert message.endswith(", or begins like a home directory or a drive")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["::error::no", "blog ", " blog", "\u3000blog"])
def test_an_api_with_a_name_that_no_resource_can_have_is_skipped(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    project(tmp_path, {f"amplify/backend/api/{name}/schema.graphql": SDL})
    assert [target.name for target in resolve(tmp_path)] == ["blog@dev"]
    [message] = caplog.messages
    assert message.startswith(f"skipping amplify/backend/api/{name}: its name has ")
    assert "a command of a CI server or whitespace around it" in message


NOT_UTF8 = os.fsdecode(b"caf\xe9")
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")


@linux
@pytest.mark.parametrize(
    "schema", [f"{NOT_UTF8}/{SCHEMA}", f"amplify/backend/api/{NOT_UTF8}/schema.graphql"]
)
def test_a_name_that_is_not_utf8_is_skipped_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, schema: str
) -> None:
    project(tmp_path)
    project(tmp_path, {schema: SDL}, home=schema.removesuffix(SCHEMA))
    write(tmp_path, schema, SDL)
    targets = resolve(tmp_path)
    assert [target.schema for target in targets] == [SCHEMA]
    [message] = caplog.messages
    assert message.startswith("skipping ")
    assert "caf\\udce9" in message
    assert message.endswith(": its name is not UTF-8")


@linux
def test_a_directory_without_a_project_may_have_any_name(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / NOT_UTF8).mkdir()
    assert only(tmp_path).resource == "blog"


@linux
def test_a_name_that_the_locale_cannot_express_is_skipped_with_a_warning(tmp_path: Path) -> None:
    project(tmp_path, home="grün/")
    program = (
        "from pathlib import Path\n"
        "from amplify_modelgen.plugin import ProjectFiles, Settings\n"
        "from amplify_modelgen_plugins.amplify_cli import modelgen_targets\n"
        f"root = Path({str(tmp_path)!r})\n"
        "assert modelgen_targets(Settings(root=root), ProjectFiles(root)) == []\n"
    )
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True, text=True, capture_output=True, env={**os.environ, **ascii_only},
    )  # fmt: skip
    assert done.stderr.splitlines()[-1].endswith(": its name is not UTF-8")


def test_monorepo(tmp_path: Path) -> None:
    for home in ("", "apps/web/", "apps/deep/er/admin/"):
        project(tmp_path, home=home)
    assert [target.project for target in find(tmp_path)] == [
        "",
        "apps/deep/er/admin",
        "apps/web",
    ]


@pytest.mark.parametrize("directory", ["node_modules", "web/vendor", ".cache", "ios/Pods", "dist"])
def test_dependencies_and_hidden_directories_are_skipped(tmp_path: Path, directory: str) -> None:
    project(tmp_path, home=f"{directory}/x/")
    assert find(tmp_path) == []


def test_git_ignored_directories_are_skipped(tmp_path: Path) -> None:
    project(tmp_path)
    project(tmp_path, home="generated/x/")
    project(tmp_path, home="apps/scratch/")
    write(tmp_path, ".gitignore", "generated/\n")
    write(tmp_path, "apps/.gitignore", "/scratch\n")
    git(tmp_path, "init", "--quiet")
    assert only(tmp_path).project == ""
    found = inputs(tmp_path)
    assert {".gitignore", "apps/.gitignore", "apps/"} <= found
    assert not any(path.startswith("generated/") for path in found)


def test_git_ignored_projects_that_are_found_first_are_left_out(tmp_path: Path) -> None:
    for home in ("a/", "b/c/d/", "z/"):
        project(tmp_path, home=home)
    write(tmp_path, ".gitignore", "/a\n/b\n")
    git(tmp_path, "init", "--quiet")
    assert only(tmp_path).project == "z"


def test_git_is_called_only_for_a_project(tmp_path: Path, mocker: MockerFixture) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "src").mkdir()
    ignored = mocker.spy(project_search, "ignored_directories")
    assert find(tmp_path) == []
    assert ignored.call_count == 0
    for home in ("", "web/"):
        project(tmp_path, home=home)
    assert len(find(tmp_path)) == 2
    assert ignored.call_count == 1


@pytest.mark.parametrize("is_worktree", [False, True])
def test_a_project_of_another_git_repository_belongs_to_that(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, is_worktree: bool
) -> None:
    for home in ("", "libs/mobile/", "libs/mobile/deep/"):
        project(tmp_path, home=home)
    if is_worktree:
        write(tmp_path, "libs/mobile/.git", "gitdir: ../../.git/modules/mobile\n")
    else:
        git(tmp_path / "libs" / "mobile", "init", "--quiet")
    with caplog.at_level(logging.INFO):
        assert only(tmp_path).project == ""
    assert caplog.messages == ["skipping libs/mobile/amplify: it belongs to another git repository"]


def test_a_link_in_another_git_repository_is_not_followed(tmp_path: Path) -> None:
    project(tmp_path)
    git(tmp_path, "init", "--quiet", "libs/mobile")
    (tmp_path / "libs" / "mobile" / "amplify").symlink_to(tmp_path / "amplify")
    assert only(tmp_path).project == ""


def test_an_amplify_directory_that_is_a_git_repository(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project(tmp_path, home="web/")
    git(tmp_path / "web" / "amplify", "init", "--quiet")
    with caplog.at_level(logging.INFO):
        assert find(tmp_path) == []
    assert caplog.messages == ["skipping web/amplify: it belongs to another git repository"]


def test_another_git_repository_without_a_project_needs_no_message(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project(tmp_path)
    (tmp_path / "libs" / "gen2" / "amplify").mkdir(parents=True)
    for path in ("libs", "libs/gen2"):
        git(tmp_path / path, "init", "--quiet")
    with caplog.at_level(logging.INFO):
        assert only(tmp_path).project == ""
    assert caplog.messages == []


def test_git_ignored_directories_of_a_root_below_the_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet")
    root = tmp_path / "büro"
    project(root)
    project(root, home="generated/")
    write(tmp_path, ".gitignore", "/büro/generated/\n")
    monkeypatch.setenv("GIT_DIR", ".git")  # as git sets it for its hooks
    assert only(root).project == ""


@pytest.mark.parametrize("path", ["", "/nonexistent"])
def test_without_git_only_the_names_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    write(tmp_path, ".gitignore", "generated/\n")
    project(tmp_path, home="generated/")
    project(tmp_path, home="node_modules/x/")
    monkeypatch.setenv("PATH", path)
    assert only(tmp_path).project == "generated"


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project beside more directories than are searched without a marked root."""
    project(tmp_path, home="a/")
    (tmp_path / "b" / "c").mkdir(parents=True)
    monkeypatch.setattr(amplify_cli, "MAX_DIRECTORIES", 3)
    return tmp_path


def rooted(root: Path, origin: str) -> tuple[Provenance, ...]:
    return (Provenance(key="root", value=str(root), origin=origin),)


def test_an_unmarked_working_directory_is_searched_to_a_limit(deep: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"more than 3 directories below .*, which is neith"
    ) as caught:
        find(deep, provenance=rooted(deep, "working directory"))
    assert "--root DIR" in (caught.value.hint or "")


def test_a_small_working_directory_is_searched(deep: Path) -> None:
    (deep / "b" / "c").rmdir()
    assert only(deep, provenance=rooted(deep, "working directory")).resource == "blog"


@pytest.mark.parametrize("origin", ["--root", ".git", "amplify-modelgen.toml", "pyproject.toml"])
def test_a_marked_root_may_have_any_size(deep: Path, origin: str) -> None:
    assert only(deep, provenance=rooted(deep, origin)).resource == "blog"


def test_git_that_distrusts_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, home="web/")
    git(tmp_path, "init", "--quiet")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(ConfigError, match="git failed to list ignored files") as caught:
        find(tmp_path / "web")
    assert "fatal: detected dubious ownership" in caught.value.message
    hint = f"git config --global --add safe.directory {tmp_path.resolve()}"
    assert (caught.value.hint or "").endswith(hint)


def test_git_that_fails_outside_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    write(tmp_path, "broken", "[")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "broken"))
    assert only(tmp_path).resource == "blog"


def test_worktree_without_its_git_directory(tmp_path: Path) -> None:
    project(tmp_path)
    write(tmp_path, ".git", "gitdir: /nonexistent\n")
    assert only(tmp_path).resource == "blog"


def test_linked_directories_are_not_followed(tmp_path: Path) -> None:
    project(tmp_path, home="web/")
    (tmp_path / "web" / "again").symlink_to("..")
    (tmp_path / "admin").mkdir()
    (tmp_path / "admin" / "amplify").symlink_to("../web/amplify")
    assert only(tmp_path).project == "web"


def test_amplify_directory_that_links_out_of_the_root_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project(tmp_path, home="elsewhere/")
    root = tmp_path / "root"
    (root / "web").mkdir(parents=True)
    (root / "web" / "amplify").symlink_to(tmp_path / "elsewhere" / "amplify")
    with caplog.at_level(logging.WARNING):
        assert find(root) == []
    assert "skipping web/amplify: it is a symbolic link to a directory outside" in caplog.text


def test_directory_that_cannot_be_read_is_skipped(
    unprivileged_directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project(unprivileged_directory)
    (unprivileged_directory / "secret").mkdir(mode=0)
    assert only(unprivileged_directory).resource == "blog"
    assert caplog.messages == ["skipping secret: cannot read secret: permission denied"]


@pytest.mark.parametrize(
    "place", ["amplify", "amplify/.config", "amplify/backend/api", "amplify/backend/api/blog"]
)
def test_directory_of_a_project_that_cannot_be_read(
    unprivileged_directory: Path, place: str
) -> None:
    project(unprivileged_directory)
    (unprivileged_directory / place).chmod(0)
    try:
        with pytest.raises(ConfigError, match=f"cannot read {place}: permission denied"):
            find(unprivileged_directory)
    finally:
        (unprivileged_directory / place).chmod(0o700)


def test_files_that_decide_whether_git_ignores_a_project_are_inputs(tmp_path: Path) -> None:
    project(tmp_path, home="apps/web/")
    git(tmp_path, "init", "--quiet")
    expected = {".gitignore", "apps/.gitignore", "apps/web/.gitignore"}
    assert {path for path in inputs(tmp_path) if ".git" in path} == expected


def test_inputs_are_all_that_the_target_was_read_from(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "src").mkdir()
    assert inputs(tmp_path) == {
        "/",
        ".gitignore",
        "amplify/backend/api/blog/cli-inputs.json",
        "amplify/backend/backend-config.json",
        "amplify/",
        "amplify/.config/",
        LOCAL,
        CONFIG,
        "amplify/backend/api/",
        "amplify/backend/api/blog/",
        TRANSFORM,
        "amplify/cli.dev.json",
        "amplify/cli.json",
        TEAM,
        "src/",
        "src/models",
    }


def test_directories_that_a_project_may_be_added_to_are_inputs(tmp_path: Path) -> None:
    (tmp_path / "apps" / "web").mkdir(parents=True)
    assert inputs(tmp_path) == {"/", "apps/", "apps/web/"}


def test_directories_that_an_api_may_be_added_to_are_inputs(tmp_path: Path) -> None:
    write(tmp_path, CONFIG, JAVASCRIPT)
    write(tmp_path, "amplify/backend/api/rest/cli-inputs.json", "{}")
    assert {
        "amplify/backend/backend-config.json",
        "amplify/backend/api/",
        "amplify/backend/api/rest/",
    } <= inputs(tmp_path)


def test_many_projects_take_linear_time(tmp_path: Path, mocker: MockerFixture) -> None:
    for number in range(30):
        project(tmp_path, home=f"apps/a{number}/")
    calls = mocker.spy(ProjectFiles, "list_directory")
    assert len(find(tmp_path)) == 30
    assert calls.call_count <= 6 * 30 + 2


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, amplify_modelgen_plugins.amplify_cli, amplify_modelgen.targets\n"
        "heavy = {'boto3', 'botocore', 'graphql', 'rich', 'tomli', 'subprocess', 'hjson'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
