from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen import ConfigError, FeatureFlags, Output, Settings, Source, Target
from amplify_modelgen.config.settings import Overrides, load_settings
from amplify_modelgen.errors import UsageError
from amplify_modelgen.targets.naming import all_targets, select

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

API = "amplify/backend/api"
OUTPUTS = '\noutputs = [{ emitter = "python", path = "models.py" }]'


def settings(root: Path, toml: str = "", **environ: str) -> Settings:
    (root / "amplify-modelgen.toml").write_text(toml, encoding="utf-8")
    return load_settings(Overrides(root=root), environ=environ)


def found(resource: str = "blog", home: str = "", **given: Any) -> Target:
    path = f"{home}{API}/{resource}"
    target = Target(
        app_id="d2app",
        environment="dev",
        resource=resource,
        key=path,
        region="us-east-1",
        schema=f"{path}/schema.graphql",
        outputs=(Output(emitter="introspection", path=f"{home}{resource}.json"),),
        environments=("dev", "prod"),
        sources=(
            Source(key="app-id", value="d2app", origin="amplify/team-provider-info.json"),
            Source(key="flags.emit-auth-provider", value="false", origin="amplify/cli.json"),
        ),
        inputs=("amplify/cli.json",),
    )
    return replace(target, **given)


def names(targets: Sequence[Target]) -> list[str]:
    return [target.name for target in targets]


def configured(root: Path, toml: str, *discovered: Target) -> Target:
    [target] = all_targets(settings(root, f"[[target]]\n{toml}"), discovered)
    return target


def test_none_at_all(tmp_path: Path) -> None:
    assert all_targets(settings(tmp_path), ()) == ()


def test_configured_come_first(tmp_path: Path) -> None:
    toml = f'[[target]]\nresource = "shop"{OUTPUTS}'
    assert names(all_targets(settings(tmp_path, toml), [found()])) == ["shop", "blog@dev"]


def test_name_without_environment(tmp_path: Path) -> None:
    [target] = all_targets(settings(tmp_path), [found(environment="")])
    assert target.name == "blog"


def test_discovered_target_of_which_little_is_known(tmp_path: Path) -> None:
    bare = found(app_id="", environment="", region=None, schema=None)
    assert names(all_targets(settings(tmp_path), [bare])) == ["blog"]


def test_names_get_the_app_where_they_collide(tmp_path: Path) -> None:
    targets = [found(), found(home="x/", app_id="d3app"), found("shop")]
    assert names(all_targets(settings(tmp_path), targets)) == [
        "d2app/blog@dev",
        "d3app/blog@dev",
        "shop@dev",
    ]


def test_names_get_the_folder_where_even_the_app_is_the_same(tmp_path: Path) -> None:
    targets = [found(home="a/"), found(home="b/")]
    assert names(all_targets(settings(tmp_path), targets)) == [
        f"a/{API}/blog@dev",
        f"b/{API}/blog@dev",
    ]


def test_key_of_a_discovered_target_stays(tmp_path: Path) -> None:
    [target] = all_targets(settings(tmp_path), [found()])
    assert target.key == f"{API}/blog"


def test_key_is_made_where_a_plugin_gives_none(tmp_path: Path) -> None:
    [target] = all_targets(settings(tmp_path), [found(key="")])
    assert target.key == "d2app/blog@dev"


def test_same_target_configured_twice(tmp_path: Path) -> None:
    toml = f'[[target]]\nresource = "blog"{OUTPUTS}\n' * 2
    with pytest.raises(ConfigError, match="two targets are called blog"):
        all_targets(settings(tmp_path, toml), ())


def test_two_environments_of_one_resource(tmp_path: Path) -> None:
    toml = "".join(
        f'[[target]]\nresource = "blog"\nenvironment = "{name}"\n'
        f'outputs = [{{ emitter = "python", path = "{name}.py" }}]\n'
        for name in ("dev", "prod")
    )
    targets = all_targets(settings(tmp_path, toml), [found()])
    assert names(targets) == ["blog@dev", "blog@prod"]
    assert [target.schema for target in targets] == [f"{API}/blog/schema.graphql"] * 2


def test_configured_target_learns_from_the_one_it_replaces(tmp_path: Path) -> None:
    target = configured(
        tmp_path,
        'resource = "blog"\nflags = { improve-pluralization = true }',
        found(flags=FeatureFlags(emit_auth_provider=False)),
    )
    assert (target.app_id, target.environment, target.region) == ("d2app", "dev", "us-east-1")
    assert target.schema == f"{API}/blog/schema.graphql"
    assert target.outputs == (Output(emitter="introspection", path="blog.json"),)
    assert target.flags == FeatureFlags(emit_auth_provider=False, improve_pluralization=True)
    assert target.inputs == ("amplify-modelgen.toml", "amplify/cli.json")
    assert ("app-id", "amplify/team-provider-info.json") in {
        (each.key, each.origin) for each in target.sources
    }


def test_what_is_configured_wins(tmp_path: Path) -> None:
    target = configured(
        tmp_path,
        'resource = "blog"\napp-id = "d2app"\nregion = "eu-west-1"' + OUTPUTS,
        found(),
    )
    assert target.region == "eu-west-1"
    assert target.outputs == (Output(emitter="python", path="models.py"),)
    assert [each.origin for each in target.sources if each.key == "app-id"] == [
        "amplify-modelgen.toml"
    ]


def test_another_environment_does_not_get_this_ones_app_and_region(tmp_path: Path) -> None:
    target = configured(tmp_path, 'resource = "blog"\nenvironment = "prod"', found())
    assert (target.app_id, target.region) == ("", None)
    assert "app-id" not in {each.key for each in target.sources}


def test_key_of_a_configured_target_has_nothing_of_this_machine(tmp_path: Path) -> None:
    target = configured(tmp_path, 'resource = "blog"', found())
    assert (target.key, target.name) == ("blog", "blog@dev")


def test_same_schema_is_enough_to_replace(tmp_path: Path) -> None:
    target = configured(
        tmp_path, f'resource = "other"\nschema = "{API}/blog/schema.graphql"', found()
    )
    assert (target.resource, target.app_id) == ("other", "d2app")


def test_same_app_environment_and_resource_replace_whatever_the_schema(tmp_path: Path) -> None:
    target = configured(
        tmp_path,
        'resource = "blog"\napp-id = "d2app"\nenvironment = "dev"\nschema = "my.graphql"',
        found(),
    )
    assert target.schema == "my.graphql"


def test_own_schema_and_no_app_replace_nothing(tmp_path: Path) -> None:
    toml = f'[[target]]\nresource = "blog"\nschema = "my.graphql"{OUTPUTS}'
    targets = all_targets(settings(tmp_path, toml), [found()])
    assert names(targets) == ["blog", "blog@dev"]


def test_several_that_may_be_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="target blog may be any of a/") as caught:
        configured(tmp_path, 'resource = "blog"', found(home="a/"), found(home="b/"))
    assert "schema" in (caught.value.hint or "")


def test_environment_of_the_run_fills_a_target_that_names_none(tmp_path: Path) -> None:
    environ = {"AMPLIFY_MODELGEN_ENVIRONMENT": "stage"}
    toml = f'[[target]]\nresource = "blog"{OUTPUTS}'
    [target] = all_targets(settings(tmp_path, toml, **environ), ())
    assert target.name == "blog@stage"
    assert target.sources[-1].origin == "AMPLIFY_MODELGEN_ENVIRONMENT"


def test_environment_of_a_target_stays(tmp_path: Path) -> None:
    environ = {"AMPLIFY_MODELGEN_ENVIRONMENT": "stage"}
    toml = f'[[target]]\nresource = "blog"\nenvironment = "dev"{OUTPUTS}'
    [target] = all_targets(settings(tmp_path, toml, **environ), ())
    assert target.environment == "dev"


def test_folders_of_the_schema_are_inputs(tmp_path: Path) -> None:
    (tmp_path / API / "blog" / "schema" / "more").mkdir(parents=True)
    [target] = all_targets(settings(tmp_path), [found(schema=f"{API}/blog/schema")])
    assert set(target.inputs) == {
        "amplify/cli.json",
        f"{API}/blog/schema/",
        f"{API}/blog/schema/more/",
    }


def test_no_inputs_stay_none(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    [target] = all_targets(settings(tmp_path), [found(schema="schema", inputs=())])
    assert target.inputs == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"resource": "a\nb"}, r"resource: expected a name, not 'a\\nb'"),
        ({"resource": ".."}, r"resource: expected a name, not '\.\.'"),
        ({"environment": "a/b"}, "environment: expected a name without slashes"),
        ({"app_id": "x\x1b[2J"}, r"^amplify/team-provider-info\.json: app-id: expected a name"),
        ({"region": "a.b"}, "region: expected a region"),
        ({"schema": "../x.graphql"}, "schema: expected a path below the root"),
        ({"schema": "a/./x.graphql"}, "schema: expected the path in its shortest form"),
        ({"outputs": (Output(emitter="x", path="/x"),)}, "outputs: expected a path relative"),
        ({"outputs": ()}, "target blog@dev has no outputs"),
    ],
)
def test_discovered_target_that_is_not_usable(
    tmp_path: Path, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        all_targets(settings(tmp_path), [found(**given)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("models.py", "models.py"),
        ("models.py", "Models.PY"),
        ("modèle.py", "mode\u0300le.py"),
        ("models", "models"),
    ],
)
def test_two_outputs_in_one_place(tmp_path: Path, one: str, other: str) -> None:
    targets = [
        found("a", outputs=(Output(emitter="python", path=one),)),
        found("b", outputs=(Output(emitter="python", path=other),)),
    ]
    with pytest.raises(ConfigError, match="written by target b@dev, and it is an output of a@dev"):
        all_targets(settings(tmp_path), targets)


def test_two_emitters_of_one_file(tmp_path: Path) -> None:
    outputs = tuple(Output(emitter=name, path="models.json") for name in ("a", "b"))
    with pytest.raises(ConfigError, match=r"models\.json would be written"):
        all_targets(settings(tmp_path), [found(outputs=outputs)])


def test_two_emitters_may_share_a_folder(tmp_path: Path) -> None:
    outputs = tuple(Output(emitter=name, path="src/models") for name in ("a", "b"))
    [target] = all_targets(settings(tmp_path), [found(outputs=outputs)])
    assert target.outputs == outputs


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (f"{API}/blog/schema.graphql", "the schema of blog@dev"),
        (f"{API}/BLOG/schema.graphql", "the schema of blog@dev"),
        ("amplify-modelgen.lock", "the lock"),
        ("amplify-modelgen.toml", "the configuration"),
    ],
)
def test_output_that_would_overwrite_what_it_is_made_from(
    tmp_path: Path, path: str, what: str
) -> None:
    with pytest.raises(ConfigError, match=f"and it is {what}"):
        all_targets(settings(tmp_path), [found(outputs=(Output(emitter="x", path=path),))])


def test_select_all(tmp_path: Path) -> None:
    targets = (found("a", name="a"), found("b", name="b"))
    assert select(settings(tmp_path), targets, (), ()) == targets


def test_select_by_name(tmp_path: Path) -> None:
    targets = (found("a", name="a"), found("b", name="b"))
    assert names(select(settings(tmp_path), targets, ["b", "b"], ())) == ["b"]


def test_select_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no target 'blog'") as caught:
        select(settings(tmp_path), [found(name="blog@dev")], ["blog"], ())
    assert caught.value.hint == "did you mean 'blog@dev'?"


def test_select_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        select(settings(tmp_path), (), ["blog"], ())
    assert caught.value.hint == "there are none"


def selected(root: Path, files: Sequence[str], cwd: Path | None = None) -> list[str]:
    targets = (
        found("file", name="file", schema="api/file/schema.graphql"),
        found("folder", name="folder", schema="api/folder/schema"),
        found("remote", name="remote", schema=None),
    )
    return names(select(settings(root), targets, (), files, cwd=cwd or root))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("api/file/schema.graphql", ["file"]),
        ("api/folder/../file/./schema.graphql", ["file"]),
        ("api/folder/schema/deleted.graphql", ["folder"]),
        ("api/folder/schema/deep/down.graphql", ["folder"]),
        ("api/folder/schema.graphql", []),
        ("api/folder/schemas/x.graphql", []),
        ("api/file/schema.graphql.orig", []),
        ("README.md", []),
        ("api", ["file", "folder"]),
        (".", ["file", "folder"]),
    ],
)
def test_select_by_file(tmp_path: Path, file: str, expected: list[str]) -> None:
    (tmp_path / "api" / "folder" / "schemas").mkdir(parents=True)
    (tmp_path / "api" / "file").mkdir()
    for unrelated in (
        "README.md",
        "api/file/schema.graphql.orig",
        "api/folder/schema.graphql",
        "api/folder/schemas/x.graphql",
    ):
        (tmp_path / unrelated).touch()
    assert selected(tmp_path, [file]) == expected


@pytest.mark.parametrize("file", ["api/file/schma.graphql", "READEM.md", "api/fil"])
def test_a_file_that_is_not_there_and_of_no_schema_is_refused(tmp_path: Path, file: str) -> None:
    (tmp_path / "api").mkdir()
    with pytest.raises(UsageError, match=re.escape(f"there is no file {file!r}")):
        selected(tmp_path, ["api", file])


def test_a_misspelt_file_is_told_from_the_schemas(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        selected(tmp_path, ["api/file/schma.graphql"])
    assert caught.value.hint == "did you mean 'api/file/schema.graphql'?"


def test_a_hint_names_the_schema_as_it_is_typed_here(tmp_path: Path) -> None:
    targets = (found("a", name="a", schema="api/a/schema.graphql"),)
    for here, expected in (("api", "a/schema.graphql"), ("other", "../api/a/schema.graphql")):
        with pytest.raises(UsageError) as caught:
            select(settings(tmp_path), targets, [], ["schema.graphqls"], cwd=tmp_path / here)
        assert caught.value.hint == f"did you mean '{expected}'?"


def test_an_empty_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a FILE is empty"):
        selected(tmp_path, ["", "."])


def test_a_deleted_schema_of_a_target_that_is_not_named_is_no_misspelling(tmp_path: Path) -> None:
    targets = (found("a", name="a", schema="a.graphql"), found("b", name="b"))
    assert select(settings(tmp_path), targets, ["b"], ["a.graphql"], cwd=tmp_path) == ()


def test_select_by_absolute_file(tmp_path: Path) -> None:
    assert selected(tmp_path, [str(tmp_path / "api/file/schema.graphql")]) == ["file"]


def test_files_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    inner = tmp_path / "api" / "file"
    inner.mkdir(parents=True)
    assert selected(tmp_path, ["schema.graphql"], cwd=inner) == ["file"]
    assert selected(tmp_path, ["../folder/schema/a.graphql"], cwd=inner) == ["folder"]


def test_file_by_way_of_a_linked_folder(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "api")
    assert selected(tmp_path, ["link/file/schema.graphql"]) == ["file"]


def test_process_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = found(name="blog", schema="a.graphql")
    assert select(settings(tmp_path), [target], (), ["a.graphql"]) == (target,)


def test_names_and_files_both_have_to_fit(tmp_path: Path) -> None:
    targets = (
        found("a", name="a", schema="a.graphql"),
        found("b", name="b", schema="b.graphql"),
    )
    chosen = select(settings(tmp_path), targets, ["b"], ["a.graphql"], cwd=tmp_path)
    assert chosen == ()
