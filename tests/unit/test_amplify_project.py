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

from amplify_modelgen import ConfigError, FeatureFlags, LookedAt, Settings, Source, Target
from amplify_modelgen.cli.main import main
from amplify_modelgen.targets.naming import all_targets
from amplify_modelgen.targets.schemas import read_schema
from amplify_modelgen_plugins import _amplify_files, _amplify_tree, amplify_project
from amplify_modelgen_plugins._amplify_flags import EXISTING_PROJECT
from amplify_modelgen_plugins._amplify_tree import has_resource_name
from amplify_modelgen_plugins.amplify_project import modelgen_targets

if TYPE_CHECKING:
    from collections.abc import Mapping

BLOG = Path(__file__).parents[2] / "examples" / "blog"
CONFIG = "amplify/.config/project-config.json"
LOCAL = "amplify/.config/local-env-info.json"
TEAM = "amplify/team-provider-info.json"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
JAVASCRIPT = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "src"}}}
DEV = {"awscloudformation": {"AmplifyAppId": "d2app", "Region": "us-east-1"}}
PROD = {"awscloudformation": {"AmplifyAppId": "d3app", "Region": "eu-west-1"}}
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


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(root), "-c", "core.excludesFile=", *words], check=True)


def find(root: Path, **given: Any) -> list[Target]:
    return targets_of(Settings(root=root, **given))


def targets_of(settings: Settings) -> list[Target]:
    return [each for each in modelgen_targets(settings) if isinstance(each, Target)]


def looked_at(root: Path) -> set[str]:
    [each] = [each for each in modelgen_targets(Settings(root=root)) if isinstance(each, LookedAt)]
    return set(each.paths)


def only(root: Path, **given: Any) -> Target:
    [target] = find(root, **given)
    return target


def origins(target: Target) -> dict[str, str]:
    return {each.key: each.origin for each in target.sources}


def test_ordinary_project(tmp_path: Path) -> None:
    project(tmp_path)
    target = only(tmp_path)
    assert (target.app_id, target.environment, target.resource) == ("d2app", "dev", "blog")
    assert (target.region, target.schema) == ("us-east-1", SCHEMA)
    assert target.key == "amplify/backend/api/blog"
    assert target.environments == ("dev",)
    [output] = target.outputs
    assert (output.emitter, output.path) == ("introspection", "src/models/model-introspection.json")


def test_every_value_has_its_origin(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/cli.json": {"features": {"codegen": {"emitAuthProvider": True}}}})
    assert origins(only(tmp_path)) == {
        "app-id": TEAM,
        "region": TEAM,
        "environment": TEAM,
        "environments": TEAM,
        "resource": "amplify/backend/api/blog/",
        "schema": "amplify/backend/api/blog/",
        "outputs": CONFIG,
        "flags.emit-auth-provider": "amplify/cli.json",
    }


def test_example(tmp_path: Path) -> None:
    root = tmp_path / "blog"
    shutil.copytree(BLOG, root)
    settings = Settings(root=root)
    [target] = all_targets(settings, targets_of(settings))
    assert target.name == "blog@dev"
    assert target.flags == FeatureFlags(
        generate_models_for_lazy_load_and_custom_selection_set=False
    )
    assert "type Post" in read_schema(root, target).text


def test_nothing_there(tmp_path: Path) -> None:
    assert find(tmp_path) == []


def test_folder_of_amplify_gen_2(tmp_path: Path) -> None:
    write(tmp_path, "amplify/data/resource.ts", "export const data = {};")
    assert find(tmp_path) == []


def test_project_within_a_folder_that_is_called_amplify(tmp_path: Path) -> None:
    project(tmp_path, home="amplify/")
    assert only(tmp_path).key == "amplify/amplify/backend/api/blog"


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


def test_graphql_api_whose_schema_is_gone_is_still_a_target(tmp_path: Path) -> None:
    backend = {"api": {"blog": {"service": "AppSync"}}}
    project(tmp_path, {"amplify/backend/backend-config.json": backend})
    (tmp_path / SCHEMA).unlink()
    with pytest.raises(ConfigError, match=f"the schema {SCHEMA} does not exist"):
        read_schema(tmp_path, only(tmp_path))


def test_schema_folder(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/backend/api/shop/schema/a.graphql": SDL})
    assert [target.schema for target in find(tmp_path)] == [
        SCHEMA,
        "amplify/backend/api/shop/schema",
    ]


def test_schema_file_goes_before_the_folder(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/backend/api/blog/schema/a.graphql": SDL})
    assert only(tmp_path).schema == SCHEMA


def test_two_apis_of_one_project_have_outputs_of_their_own(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/backend/api/shop/schema.graphql": SDL})
    settings = Settings(root=tmp_path)
    targets = all_targets(settings, targets_of(settings))
    assert [target.outputs[0].path for target in targets] == [
        "src/models/blog/model-introspection.json",
        "src/models/shop/model-introspection.json",
    ]


@pytest.mark.parametrize(
    ("config", "folder"),
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
def test_folder_of_each_front_end(tmp_path: Path, config: object, folder: str, home: str) -> None:
    project(tmp_path, {CONFIG: config}, home=home)
    assert only(tmp_path).outputs[0].path == f"{home}{folder}/model-introspection.json"


def test_source_folder_elsewhere_in_the_tree(tmp_path: Path) -> None:
    config = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "../web/src"}}}
    project(tmp_path, {CONFIG: config}, home="backend/")
    assert only(tmp_path).outputs[0].path == "web/src/models/model-introspection.json"


def test_source_folder_outside_the_root(tmp_path: Path) -> None:
    config = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "../../x"}}}
    project(tmp_path, {CONFIG: config})
    settings = Settings(root=tmp_path)
    with pytest.raises(ConfigError, match=f"^{CONFIG}: outputs: expected a path below the root"):
        all_targets(settings, targets_of(settings))


def test_environment_that_is_checked_out(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"dev": DEV, "prod": PROD}, LOCAL: {"envName": "prod"}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("prod", "d3app", "eu-west-1")
    assert target.environments == ("dev", "prod")
    assert origins(target)["environment"] == LOCAL


def test_environment_of_the_run_wins(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"dev": DEV, "prod": PROD}, LOCAL: {"envName": "prod"}})
    source = Source(key="environment", value="dev", origin="--environment")
    target = only(tmp_path, environment="dev", sources=(source,))
    assert (target.environment, target.app_id) == ("dev", "d2app")
    assert origins(target)["environment"] == "--environment"


def test_environment_that_nobody_says(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"prod": PROD, "dev": DEV}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("", "", None)
    assert target.environments == ("dev", "prod")


def test_what_all_environments_share_is_known_all_the_same(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"dev": DEV, "stage": DEV}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("", "d2app", "us-east-1")


@pytest.mark.parametrize("team", [{}, {"dev": {}}, {"dev": {"awscloudformation": {}}}])
def test_app_that_nobody_says(tmp_path: Path, team: object) -> None:
    project(tmp_path, {TEAM: team, LOCAL: {"envName": "dev"}})
    target = only(tmp_path)
    assert (target.environment, target.app_id, target.region) == ("dev", "", None)


def test_without_a_file_flags_are_those_of_a_new_project(tmp_path: Path) -> None:
    project(tmp_path)
    assert only(tmp_path).flags == FeatureFlags()


def test_absent_flags_are_those_of_an_existing_project(tmp_path: Path) -> None:
    project(tmp_path, {"amplify/cli.json": {"features": {}}})
    assert only(tmp_path).flags == EXISTING_PROJECT


def test_flags_in_any_case(tmp_path: Path) -> None:
    features = {"graphQLTransformer": {"transformerVersion": 2, "improvePluralization": True}}
    project(tmp_path, {"amplify/cli.json": {"features": features}})
    flags = only(tmp_path).flags
    assert (flags.transformer_version, flags.improve_pluralization) == (2, True)
    assert not flags.emit_auth_provider


def test_flags_of_the_environment_have_the_last_word(tmp_path: Path) -> None:
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


def test_environment_of_a_stranger_names_no_file(tmp_path: Path) -> None:
    project(tmp_path, {TEAM: {"x/../../../secret": DEV}, "amplify/cli.x/y": ""})
    write(tmp_path.parent, "secret.json", "{broken")
    target = only(tmp_path)
    assert target.environment == "x/../../../secret"
    assert not any("secret" in path for path in target.inputs)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (CONFIG, "{broken", "is not JSON: expecting property name"),
        (CONFIG, "", "is not JSON: expecting value"),
        (CONFIG, "[" * 100_000, "is not usable: it is nested too deeply"),
        (CONFIG, "[]", "expected an object, found a list"),
        (CONFIG, "null", "expected an object, found null"),
        (CONFIG, {}, "frontend: expected one of javascript, android, ios, flutter"),
        (CONFIG, {"frontend": "cobol"}, "frontend: expected one of javascript"),
        (CONFIG, {"frontend": 1}, "frontend: expected a string, found an integer"),
        (
            CONFIG,
            {"frontend": "javascript", "javascript": {"config": {"SourceDir": []}}},
            "javascript.config.SourceDir: expected a string, found a list",
        ),
        (LOCAL, {"envName": {}}, "envName: expected a string, found an object"),
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


def test_bom_and_windows_line_ends(tmp_path: Path) -> None:
    text = json.dumps(JAVASCRIPT, indent=2).replace("\n", "\r\n")
    project(tmp_path, {CONFIG: f"\ufeff{text}"})
    assert only(tmp_path).resource == "blog"


def test_utf8_names(tmp_path: Path) -> None:
    project(tmp_path, home="büro/日本/")
    assert only(tmp_path).key == "büro/日本/amplify/backend/api/blog"


def test_not_utf8(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / TEAM).write_bytes(b'{"b\xfc": {}}')
    with pytest.raises(ConfigError, match=f"{TEAM} is not UTF-8 text"):
        find(tmp_path)


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / LOCAL).mkdir()
    with pytest.raises(ConfigError, match=f"{LOCAL} is not a file"):
        find(tmp_path)


def test_file_that_links_to_itself(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / LOCAL).symlink_to("local-env-info.json")
    with pytest.raises(ConfigError, match=f"cannot read {LOCAL}: "):
        find(tmp_path)


def test_giant_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_amplify_files, "_MOST_BYTES", 10)
    project(tmp_path)
    with pytest.raises(ConfigError, match="is larger than 10 bytes"):
        find(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2J", "a\\b"])
@pytest.mark.parametrize("place", ["amplify/backend/api/{}/schema.graphql", "{}/" + SCHEMA])
def test_a_hostile_name_is_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, place: str
) -> None:
    schema = place.format(name)
    project(tmp_path)
    project(tmp_path, {schema: SDL}, home=schema.removesuffix(SCHEMA))
    write(tmp_path, schema, SDL)
    settings = Settings(root=tmp_path)
    targets = all_targets(settings, targets_of(settings))
    assert [target.schema for target in targets] == [SCHEMA]
    [said] = [record.getMessage() for record in caplog.records]
    assert said.isprintable()
    assert said.endswith(" is left out: its name has a control character or a backslash")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["::error::no", "##[group]x", "blog ", " blog", "\u3000blog"])
def test_an_api_whose_name_no_resource_can_have_is_left_out_and_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    project(tmp_path, {f"amplify/backend/api/{name}/schema.graphql": SDL})
    monkeypatch.chdir(tmp_path)
    assert main(["generate", "--backend", "local"]) == 1
    assert "amplify-modelgen: 1 target regenerated\n" in capsys.readouterr().out
    [said] = [record.getMessage() for record in caplog.records]
    assert said.startswith(f"amplify/backend/api/{name} is left out: its name has white space")


def test_an_api_with_a_longer_name_than_a_resource_can_have_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert has_resource_name(f"api/{'é' * 255}")
    assert not has_resource_name(f"api/{'é' * 256}")
    assert caplog.messages[0].endswith("is longer than 255 characters")


NOT_UTF8 = os.fsdecode(b"caf\xe9")
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")


@linux
@pytest.mark.parametrize(
    "schema", [f"{NOT_UTF8}/{SCHEMA}", f"amplify/backend/api/{NOT_UTF8}/schema.graphql"]
)
def test_a_name_that_is_not_utf8_is_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, schema: str
) -> None:
    project(tmp_path)
    project(tmp_path, {schema: SDL}, home=schema.removesuffix(SCHEMA))
    write(tmp_path, schema, SDL)
    settings = Settings(root=tmp_path)
    targets = all_targets(settings, targets_of(settings))
    assert [target.schema for target in targets] == [SCHEMA]
    [said] = [record.getMessage() for record in caplog.records]
    assert "caf\\udce9" in said
    assert said.endswith(" is left out: its name is not UTF-8")


@linux
def test_a_folder_without_a_project_may_have_any_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project(tmp_path)
    (tmp_path / NOT_UTF8).mkdir()
    assert only(tmp_path).resource == "blog"
    assert caplog.records == []


@linux
def test_a_name_that_the_locale_cannot_express_is_not_taken_for_deleted(tmp_path: Path) -> None:
    project(tmp_path, home="grün/")
    program = (
        "from pathlib import Path; from amplify_modelgen import Settings; "
        "from amplify_modelgen_plugins.amplify_project import modelgen_targets; "
        f"modelgen_targets(Settings(root=Path({str(tmp_path)!r})))"
    )
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False, text=True, capture_output=True, env={**os.environ, **ascii_only},
    )  # fmt: skip
    assert done.stderr.splitlines()[-1].endswith("amplify cannot be read in this locale")


def test_monorepo(tmp_path: Path) -> None:
    for home in ("", "apps/web/", "apps/deep/er/admin/"):
        project(tmp_path, home=home)
    assert [target.key for target in find(tmp_path)] == [
        "amplify/backend/api/blog",
        "apps/deep/er/admin/amplify/backend/api/blog",
        "apps/web/amplify/backend/api/blog",
    ]


@pytest.mark.parametrize("folder", ["node_modules", "web/vendor", ".cache", "ios/Pods", "dist"])
def test_vendored_and_hidden_folders_are_not_walked(tmp_path: Path, folder: str) -> None:
    project(tmp_path, home=f"{folder}/x/")
    assert find(tmp_path) == []


def test_git_ignored_folders_are_not_walked(tmp_path: Path) -> None:
    project(tmp_path)
    project(tmp_path, home="generated/x/")
    project(tmp_path, home="apps/scratch/")
    write(tmp_path, ".gitignore", "generated/\n")
    write(tmp_path, "apps/.gitignore", "/scratch\n")
    git(tmp_path, "init", "--quiet")
    target = only(tmp_path)
    assert target.key == "amplify/backend/api/blog"
    assert {".gitignore", "apps/.gitignore", "apps/"} <= set(target.inputs)
    assert "generated/" not in target.inputs


def test_git_ignored_folders_of_a_root_below_the_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet")
    root = tmp_path / "büro"
    project(root)
    project(root, home="generated/")
    write(tmp_path, ".gitignore", "/büro/generated/\n")
    monkeypatch.setenv("GIT_DIR", ".git")  # as git sets it for its hooks
    assert only(root).key == "amplify/backend/api/blog"


@pytest.mark.parametrize("path", ["", "/nonexistent"])
def test_without_git_only_the_vendored_names_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    write(tmp_path, ".gitignore", "generated/\n")
    project(tmp_path, home="generated/")
    project(tmp_path, home="node_modules/x/")
    monkeypatch.setenv("PATH", path)
    assert only(tmp_path).key == "generated/amplify/backend/api/blog"


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a folder with more folders than are looked into unasked."""
    project(tmp_path, home="a/")
    (tmp_path / "b" / "c").mkdir(parents=True)
    monkeypatch.setattr(amplify_project, "MOST_FOLDERS", 3)
    return tmp_path


def rooted(root: Path, origin: str) -> tuple[Source, ...]:
    return (Source(key="root", value=str(root), origin=origin),)


def test_a_working_directory_that_nothing_marks_is_not_walked_for_ever(deep: Path) -> None:
    with pytest.raises(ConfigError, match=r"more than 3 folders below .*, which is neith") as told:
        find(deep, sources=rooted(deep, "working directory"))
    assert "--root DIR" in (told.value.hint or "")


def test_a_small_working_directory_is(deep: Path) -> None:
    (deep / "b" / "c").rmdir()
    assert only(deep, sources=rooted(deep, "working directory")).resource == "blog"


@pytest.mark.parametrize("origin", ["--root", ".git", "amplify-modelgen.toml", "pyproject.toml"])
def test_what_is_marked_as_a_root_may_be_of_any_size(deep: Path, origin: str) -> None:
    assert only(deep, sources=rooted(deep, origin)).resource == "blog"


def test_git_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    git(tmp_path, "init", "--quiet")
    monkeypatch.setattr(_amplify_tree, "_GIT_SECONDS", 0.0)
    assert only(tmp_path).resource == "blog"


def test_git_that_distrusts_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, home="web/")
    git(tmp_path, "init", "--quiet")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(ConfigError, match="could not say which files are ignored") as caught:
        find(tmp_path / "web")
    assert "fatal: detected dubious ownership" in caught.value.message
    hint = f"git config --global --add safe.directory {tmp_path.resolve()}"
    assert (caught.value.hint or "").endswith(hint)


def test_git_that_fails_outside_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    write(tmp_path, "broken", "[")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "broken"))
    assert only(tmp_path).resource == "blog"


def test_worktree_whose_git_folder_is_out_of_reach(tmp_path: Path) -> None:
    project(tmp_path)
    write(tmp_path, ".git", "gitdir: /nonexistent\n")
    assert only(tmp_path).resource == "blog"


def test_linked_folders_are_not_followed(tmp_path: Path) -> None:
    project(tmp_path, home="web/")
    (tmp_path / "web" / "again").symlink_to("..")
    (tmp_path / "admin").mkdir()
    (tmp_path / "admin" / "amplify").symlink_to("../web/amplify")
    assert only(tmp_path).key == "web/amplify/backend/api/blog"


def test_amplify_folder_that_links_out_of_the_root_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project(tmp_path, home="elsewhere/")
    root = tmp_path / "root"
    (root / "web").mkdir(parents=True)
    (root / "web" / "amplify").symlink_to(tmp_path / "elsewhere" / "amplify")
    with caplog.at_level(logging.WARNING):
        assert find(root) == []
    assert "web/amplify is left out: it is a symbolic link to a folder outside" in caplog.text


def test_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    (tmp_path / "secret").mkdir()
    scandir = os.scandir

    def refuse(path: Path) -> Any:
        if path.name == "secret":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert only(tmp_path).resource == "blog"


def test_amplify_folder_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path)
    look = Path.stat

    def refuse(path: Path, **given: Any) -> os.stat_result:
        if path == tmp_path / CONFIG:
            raise PermissionError(13, "Permission denied", path)
        return look(path, **given)

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(ConfigError, match=f"cannot read {CONFIG}: permission denied"):
        find(tmp_path)


def test_files_that_may_come_to_ignore_a_project_are_inputs(tmp_path: Path) -> None:
    project(tmp_path, home="apps/web/")
    git(tmp_path, "init", "--quiet")
    expected = {".git/info/exclude", ".gitignore", "apps/.gitignore", "apps/web/.gitignore"}
    inputs = only(tmp_path).inputs
    assert {path for path in inputs if ".git" in path} == expected


def test_inputs_are_all_that_the_target_was_read_from(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "src").mkdir()
    assert only(tmp_path).inputs == (
        "./",
        ".gitignore",
        LOCAL,
        CONFIG,
        "amplify/backend/api/",
        "amplify/backend/api/blog/",
        "amplify/backend/backend-config.json",
        "amplify/cli.dev.json",
        "amplify/cli.json",
        TEAM,
        "src/",
    )


def test_where_a_project_may_come_is_told(tmp_path: Path) -> None:
    (tmp_path / "apps" / "web").mkdir(parents=True)
    assert looked_at(tmp_path) == {"./", "apps/", "apps/web/"}


def test_where_an_api_may_come_is_told(tmp_path: Path) -> None:
    write(tmp_path, CONFIG, JAVASCRIPT)
    write(tmp_path, "amplify/backend/api/rest/cli-inputs.json", "{}")
    assert {
        "amplify/backend/backend-config.json",
        "amplify/backend/api/",
        "amplify/backend/api/rest/",
    } <= looked_at(tmp_path)


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, amplify_modelgen_plugins.amplify_project as plugin, amplify_modelgen.targets\n"
        "heavy = {'boto3', 'botocore', 'graphql', 'rich', 'tomli', 'subprocess'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
