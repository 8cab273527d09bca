from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.config import load_settings
from amplify_modelgen.errors import ConfigError, UsageError
from amplify_modelgen.records import FeatureFlags, Output, Provenance, Settings, Target
from amplify_modelgen.storage.project_files import ProjectFiles
from amplify_modelgen.targets import resolve_targets, select_targets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

API = "amplify/backend/api"
OUTPUTS = '\noutputs = [{ emitter = "python", path = "models.py" }]'


def settings(root: Path, toml: str = "", **environ: str) -> Settings:
    (root / "amplify-modelgen.toml").write_text(toml, encoding="utf-8")
    with ProjectFiles(root) as files:
        return load_settings(files, "--root", {}, environ)


def found(resource: str = "blog", home: str = "", **given: Any) -> Target:
    path = f"{home}{API}/{resource}"
    target = Target(
        app_id="d2app",
        environment="dev",
        resource=resource,
        project=home.rstrip("/"),
        region="us-east-1",
        schema=f"{path}/schema.graphql",
        outputs=(Output(emitter="introspection", path=f"{home}{resource}.json"),),
        environments=("dev", "prod"),
        provenance=(
            Provenance(key="app-id", value="d2app", origin="amplify/team-provider-info.json"),
            Provenance(key="flags.emit-auth-provider", value="false", origin="amplify/cli.json"),
        ),
    )
    return replace(target, **given)


def names(targets: Sequence[Target]) -> list[str]:
    return [target.name for target in targets]


def configured(root: Path, toml: str, *discovered: Target) -> Target:
    [target] = resolve_targets(settings(root, f"[[target]]\n{toml}"), discovered)
    return target


def test_none_at_all(tmp_path: Path) -> None:
    assert resolve_targets(settings(tmp_path), ()) == ()


def test_configured_come_first(tmp_path: Path) -> None:
    toml = f'[[target]]\nresource = "shop"{OUTPUTS}'
    assert names(resolve_targets(settings(tmp_path, toml), [found()])) == ["shop", "blog@dev"]


def test_configured_target_that_replaces_none_needs_outputs(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="target shop has no outputs"):
        configured(tmp_path, 'resource = "shop"\napp-id = "d1"', found())


def test_name_without_environment(tmp_path: Path) -> None:
    [target] = resolve_targets(settings(tmp_path), [found(environment="")])
    assert target.name == "blog"


def test_discovered_target_of_which_little_is_known(tmp_path: Path) -> None:
    bare = found(app_id="", environment="", region=None, schema=None)
    assert names(resolve_targets(settings(tmp_path), [bare])) == ["blog"]


def test_names_get_the_app_if_they_collide(tmp_path: Path) -> None:
    targets = [found(), found(home="x/", app_id="d3app"), found("shop")]
    assert names(resolve_targets(settings(tmp_path), targets)) == [
        "d2app/blog@dev",
        "d3app/blog@dev",
        "shop@dev",
    ]


@pytest.mark.parametrize("app_id", ["d2app", ""])
def test_names_get_the_project_if_the_app_is_the_same_or_unknown(
    tmp_path: Path, app_id: str
) -> None:
    targets = [found(home=home, app_id=app_id) for home in ("a/", "b/c/", "")]
    assert names(resolve_targets(settings(tmp_path), targets)) == [
        "a/blog@dev",
        "b/c/blog@dev",
        "blog@dev",
    ]


def test_names_get_the_schema_if_the_project_is_the_same_or_unknown(tmp_path: Path) -> None:
    toml = "".join(
        f'[[target]]\nresource = "blog"\nschema = "{schema}"\n'
        f'outputs = [{{ emitter = "python", path = "{name}.py" }}]\n'
        for name, schema in {"a": "a/x.graphql", "b": "b/x.graphql", "c": "b/y.graphql"}.items()
    )
    assert names(resolve_targets(settings(tmp_path, toml), ())) == [
        "a/blog",
        "b/x.graphql/blog",
        "b/y.graphql/blog",
    ]


def test_targets_with_schemas_of_two_projects_that_have_an_api_of_that_name(
    tmp_path: Path,
) -> None:
    toml = "".join(
        f'[[target]]\nresource = "monitoring"\nschema = "{home}/{API}/monitoring/schema.graphql"\n'
        for home in ("a", "b")
    )
    discovered = [found("monitoring", home=f"{home}/", app_id="") for home in ("a", "b")]
    assert names(resolve_targets(settings(tmp_path, toml), discovered)) == [
        "a/monitoring@dev",
        "b/monitoring@dev",
    ]


def test_a_target_with_a_schema_beside_two_projects_with_an_api_of_that_name(
    tmp_path: Path,
) -> None:
    toml = f'[[target]]\nresource = "monitoring"\nschema = "my/x.graphql"{OUTPUTS}'
    discovered = [found("monitoring", home=f"{h}/", environment="") for h in ("a", "b")]
    assert names(resolve_targets(settings(tmp_path, toml), discovered)) == [
        "monitoring",
        "a/monitoring",
        "b/monitoring",
    ]


def test_a_configured_target_gets_the_project_of_the_one_it_replaces(tmp_path: Path) -> None:
    assert configured(tmp_path, 'resource = "blog"', found(home="apps/web/")).project == "apps/web"


def test_same_target_configured_twice(tmp_path: Path) -> None:
    toml = f'[[target]]\nresource = "blog"{OUTPUTS}\n' * 2
    with pytest.raises(ConfigError, match="duplicate target blog"):
        resolve_targets(settings(tmp_path, toml), ())


@pytest.mark.parametrize("resource", ["blgo", "Blog", "blogs"])
def test_a_misspelled_resource_is_not_a_target(tmp_path: Path, resource: str) -> None:
    with pytest.raises(
        ConfigError, match=f"^amplify-modelgen.toml: resource: no API .* is called '{resource}'"
    ) as caught:
        configured(tmp_path, f'resource = "{resource}"{OUTPUTS}', found(), found("shop"))
    assert (caught.value.hint or "").startswith("did you mean 'blog' (amplify/")


@pytest.mark.parametrize(
    "toml",
    [
        'resource = "payments"',
        'resource = "blgo"\napp-id = "d9"',
        'resource = "blgo"\nschema = "s"',
    ],
)
def test_a_target_that_only_the_backend_knows(tmp_path: Path, toml: str) -> None:
    text = f"[[target]]\n{toml}{OUTPUTS}"
    assert len(resolve_targets(settings(tmp_path, text), [found()])) == 2


def test_two_environments_of_one_resource(tmp_path: Path) -> None:
    toml = "".join(
        f'[[target]]\nresource = "blog"\nenvironment = "{name}"\n'
        f'outputs = [{{ emitter = "python", path = "{name}.py" }}]\n'
        for name in ("dev", "prod")
    )
    targets = resolve_targets(settings(tmp_path, toml), [found()])
    assert names(targets) == ["blog@dev", "blog@prod"]
    assert [target.schema for target in targets] == [f"{API}/blog/schema.graphql"] * 2


def test_configured_target_inherits_from_the_one_it_replaces(tmp_path: Path) -> None:
    target = configured(
        tmp_path,
        'resource = "blog"\nflags = { improve-pluralization = true }',
        found(flags=FeatureFlags(emit_auth_provider=False)),
    )
    assert (target.app_id, target.environment, target.region) == ("d2app", "dev", "us-east-1")
    assert target.schema == f"{API}/blog/schema.graphql"
    assert target.outputs == (Output(emitter="introspection", path="blog.json"),)
    assert target.flags == FeatureFlags(emit_auth_provider=False, improve_pluralization=True)
    assert ("app-id", "amplify/team-provider-info.json") in {
        (each.key, each.origin) for each in target.provenance
    }


def test_what_is_configured_wins(tmp_path: Path) -> None:
    target = configured(
        tmp_path,
        'resource = "blog"\napp-id = "d2app"\nregion = "eu-west-1"' + OUTPUTS,
        found(),
    )
    assert target.region == "eu-west-1"
    assert target.outputs == (Output(emitter="python", path="models.py"),)
    assert [each.origin for each in target.provenance if each.key == "app-id"] == [
        "amplify-modelgen.toml"
    ]


def test_another_environment_does_not_get_this_ones_app_and_region(tmp_path: Path) -> None:
    target = configured(tmp_path, 'resource = "blog"\nenvironment = "prod"', found())
    assert (target.app_id, target.region) == ("", None)
    assert "app-id" not in {each.key for each in target.provenance}


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


def test_own_schema_without_an_app_replaces_nothing(tmp_path: Path) -> None:
    toml = f'[[target]]\nresource = "blog"\nschema = "my.graphql"{OUTPUTS}'
    targets = resolve_targets(settings(tmp_path, toml), [found()])
    assert names(targets) == ["blog", "blog@dev"]


def test_several_discovered_targets_match(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="target blog matches several discovered targets: a/"
    ) as caught:
        configured(tmp_path, 'resource = "blog"', found(home="a/"), found(home="b/"))
    assert "schema" in (caught.value.hint or "")


def test_environment_of_the_run_is_a_default(tmp_path: Path) -> None:
    environ = {"AMPLIFY_MODELGEN_ENVIRONMENT": "stage"}
    toml = f'[[target]]\nresource = "blog"{OUTPUTS}'
    [target] = resolve_targets(settings(tmp_path, toml, **environ), ())
    assert target.name == "blog@stage"
    assert target.provenance[-1].origin == "AMPLIFY_MODELGEN_ENVIRONMENT"


def test_environment_of_a_target_stays(tmp_path: Path) -> None:
    environ = {"AMPLIFY_MODELGEN_ENVIRONMENT": "stage"}
    toml = f'[[target]]\nresource = "blog"\nenvironment = "dev"{OUTPUTS}'
    [target] = resolve_targets(settings(tmp_path, toml, **environ), ())
    assert target.environment == "dev"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"resource": "a\nb"}, r"resource: expected a name \(no slash\), found 'a\\nb'"),
        ({"resource": ".."}, r"resource: expected a name \(no slash\), found '\.\.'"),
        ({"environment": "a/b"}, r"environment: expected a name \(no slash\)"),
        ({"app_id": "x\x1b[2J"}, r"^amplify/team-provider-info\.json: app-id: expected a name"),
        ({"region": "a.b"}, "region: expected a region"),
        ({"schema": "../x.graphql"}, "schema: expected a path below the root"),
        ({"schema": "a/./x.graphql"}, r"schema: expected 'a/x\.graphql', found 'a/\./x\.graphql'"),
        ({"outputs": (Output(emitter="x", path="/x"),)}, "outputs: expected a path below"),
        (
            {"candidates": (Output(emitter="x", path="/x"),)},
            "outputs: expected a path below the root",
        ),
        ({"profile": "a\nb"}, "^target 'blog@dev': profile: expected a name"),
        ({"project": "../x"}, "project: expected a path below the root"),
        ({"environments": ("a/b",)}, "environments: expected a name"),
        ({"outputs": (Output(emitter="a/b", path="x"),)}, "outputs: expected a name"),
    ],
)
def test_invalid_discovered_target(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        resolve_targets(settings(tmp_path), [found(**given)])


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
    with pytest.raises(ConfigError, match="target b@dev would overwrite an output of a@dev"):
        resolve_targets(settings(tmp_path), targets)


def test_two_emitters_of_one_file(tmp_path: Path) -> None:
    outputs = tuple(Output(emitter=name, path="models.json") for name in ("a", "b"))
    with pytest.raises(
        ConfigError, match=r"would overwrite an output of blog@dev \(models\.json\)"
    ):
        resolve_targets(settings(tmp_path), [found(outputs=outputs)])


def test_two_emitters_may_share_a_directory(tmp_path: Path) -> None:
    outputs = tuple(Output(emitter=name, path="src/models") for name in ("a", "b"))
    [target] = resolve_targets(settings(tmp_path), [found(outputs=outputs)])
    assert target.outputs == outputs


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (f"{API}/blog/schema.graphql", "the schema of blog@dev"),
        (f"{API}/BLOG/schema.graphql", "the schema of blog@dev"),
        ("amplify-modelgen.lock", "the lock file"),
        ("amplify-modelgen.toml", "the configuration"),
        ("PyProject.toml", "the configuration"),
    ],
)
def test_output_that_would_overwrite_an_input(tmp_path: Path, path: str, what: str) -> None:
    with pytest.raises(ConfigError, match=f"would overwrite {what}"):
        resolve_targets(settings(tmp_path), [found(outputs=(Output(emitter="x", path=path),))])


def test_select_all(tmp_path: Path) -> None:
    targets = (found("a", name="a"), found("b", name="b"))
    assert select_targets(settings(tmp_path), targets, (), (), tmp_path) == targets


def test_select_by_name(tmp_path: Path) -> None:
    targets = (found("a", name="a"), found("b", name="b"))
    assert names(select_targets(settings(tmp_path), targets, ["b", "b"], (), tmp_path)) == ["b"]


def test_select_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown target 'blog'") as caught:
        select_targets(settings(tmp_path), [found(name="blog@dev")], ["blog"], (), tmp_path)
    assert caught.value.hint == "did you mean 'blog@dev'?"


def test_select_from_no_targets(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        select_targets(settings(tmp_path), (), ["blog"], (), tmp_path)
    assert caught.value.hint == "no targets are defined"


def selected(root: Path, files: Sequence[str], cwd: Path | None = None) -> list[str]:
    targets = (
        found("file", name="file", schema="api/file/schema.graphql"),
        found("directory", name="directory", schema="api/directory/schema"),
        found("remote", name="remote", schema=None),
    )
    return names(select_targets(settings(root), targets, (), files, cwd or root))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("api/file/schema.graphql", ["file"]),
        ("api/directory/../file/./schema.graphql", ["file"]),
        ("api/directory/schema/deleted.graphql", ["directory"]),
        ("api/directory/schema/deep/down.graphql", ["directory"]),
        ("api/directory/schema.graphql", []),
        ("api/directory/schemas/x.graphql", []),
        ("api/file/schema.graphql.orig", []),
        ("README.md", []),
        ("api", ["file", "directory"]),
        (".", ["file", "directory"]),
    ],
)
def test_select_by_file(tmp_path: Path, file: str, expected: list[str]) -> None:
    (tmp_path / "api" / "directory" / "schemas").mkdir(parents=True)
    (tmp_path / "api" / "file").mkdir()
    for unrelated in (
        "README.md",
        "api/file/schema.graphql.orig",
        "api/directory/schema.graphql",
        "api/directory/schemas/x.graphql",
    ):
        (tmp_path / unrelated).touch()
    assert selected(tmp_path, [file]) == expected


@pytest.mark.parametrize("file", ["api/file/schma.graphql", "READEM.md", "api/fil"])
def test_a_missing_file_of_no_schema_is_refused(tmp_path: Path, file: str) -> None:
    (tmp_path / "api").mkdir()
    with pytest.raises(UsageError, match=re.escape(f"file {file!r} does not exist")):
        selected(tmp_path, ["api", file])


def test_a_misspelled_file_has_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        selected(tmp_path, ["api/file/schma.graphql"])
    assert caught.value.hint == "did you mean 'api/file/schema.graphql'?"


def test_a_hint_names_the_schema_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = (found("a", name="a", schema="api/a/schema.graphql"),)
    for here, expected in (("api", "a/schema.graphql"), ("other", "../api/a/schema.graphql")):
        (tmp_path / here).mkdir()
        monkeypatch.chdir(tmp_path / here)
        with pytest.raises(UsageError) as caught:
            select_targets(settings(tmp_path), targets, [], ["schema.graphqls"], tmp_path / here)
        assert caught.value.hint == f"did you mean '{expected}'?"


def test_an_empty_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="empty FILE argument"):
        selected(tmp_path, ["", "."])


def test_a_deleted_schema_of_a_target_that_is_not_selected_is_not_misspelled(
    tmp_path: Path,
) -> None:
    targets = (found("a", name="a", schema="a.graphql"), found("b", name="b"))
    assert select_targets(settings(tmp_path), targets, ["b"], ["a.graphql"], tmp_path) == ()


def test_select_by_absolute_file(tmp_path: Path) -> None:
    assert selected(tmp_path, [str(tmp_path / "api/file/schema.graphql")]) == ["file"]


def test_files_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    inner = tmp_path / "api" / "file"
    inner.mkdir(parents=True)
    assert selected(tmp_path, ["schema.graphql"], cwd=inner) == ["file"]
    assert selected(tmp_path, ["../directory/schema/a.graphql"], cwd=inner) == ["directory"]


def test_file_in_a_linked_directory(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "api")
    assert selected(tmp_path, ["link/file/schema.graphql"]) == ["file"]


def test_names_and_files_both_have_to_fit(tmp_path: Path) -> None:
    targets = (
        found("a", name="a", schema="a.graphql"),
        found("b", name="b", schema="b.graphql"),
    )
    chosen = select_targets(settings(tmp_path), targets, ["b"], ["a.graphql"], tmp_path)
    assert chosen == ()


STAGE = 'resource = "blog"\nenvironment = "stage"'


@pytest.mark.parametrize(
    "toml",
    [
        STAGE,
        STAGE + OUTPUTS,
        f'{STAGE}\napp-id = "d2app"{OUTPUTS}',
        f'{STAGE}\nschema = "{API}/blog/schema.graphql"',
    ],
)
def test_unlisted_environment_of_a_configured_target_is_rejected(tmp_path: Path, toml: str) -> None:
    with pytest.raises(
        ConfigError, match="environment: no environment is called 'stage'"
    ) as raised:
        configured(tmp_path, toml, found())
    assert raised.value.hint == "known environments: dev, prod"


@pytest.mark.parametrize(
    "toml",
    [
        f'{STAGE}\napp-id = "d2other"{OUTPUTS}',
        f'{STAGE}\nschema = "other.graphql"{OUTPUTS}',
        STAGE.replace("blog", "shop") + OUTPUTS,
    ],
)
def test_target_of_another_project_accepts_any_environment(tmp_path: Path, toml: str) -> None:
    targets = resolve_targets(settings(tmp_path, f"[[target]]\n{toml}"), [found()])
    assert targets[0].environment == "stage"


def test_project_without_known_environments_accepts_any(tmp_path: Path) -> None:
    [target] = resolve_targets(
        settings(tmp_path, f"[[target]]\n{STAGE}"), [found(environment="", environments=())]
    )
    assert target.environment == "stage"
