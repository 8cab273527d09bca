"""Amplify projects as Amplify CLI leaves them: what is maintained, and what is not."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from amplify_modelgen.cli import main as cli

EXAMPLE = Path(__file__).parents[3] / "examples" / "blog"
AMPLIFY = Path(__file__).parents[2] / "plugins" / "emitters" / "amplify"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
SDL = "type Post @model {\n  id: ID!\n  title: String\n}\n"
CONFIG = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "src"}}}
TRANSFORMER = {"transformerversion": 2, "useexperimentalpipelinedtransformer": True}
MODULES = ["index.d.ts", "index.js", "schema.d.ts", "schema.js"]
START = "'amplify-modelgen generate --create' or 'amplify codegen models' adds the first models"


def write(path: str, content: object) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(content if isinstance(content, str) else json.dumps(content))


def project(home: str = "", *, data_store: bool = False, sdl: str = SDL) -> None:
    write(f"{home}amplify/.config/project-config.json", CONFIG)
    write(f"{home}amplify/cli.json", {"features": {"graphqltransformer": TRANSFORMER}})
    write(f"{home}{SCHEMA}", sdl)
    if data_store:
        resolvers = {"ResolverConfig": {"project": {"ConflictHandler": "AUTOMERGE"}}}
        write(f"{home}amplify/backend/api/blog/transform.conf.json", resolvers)


def names(directory: str) -> list[str]:
    return sorted(path.name for path in Path(directory).iterdir())


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, the working directory."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("command", ["check", "generate"])
def test_a_project_without_models_is_validated(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    project()
    assert cli.main([command]) == 0
    assert capsys.readouterr().out == f"amplify-modelgen: 1 target valid; {START}\n"
    assert not Path("src").exists()
    write(SCHEMA, "type Post @model { id: Nothing }")
    assert cli.main([command]) == 1
    assert START not in capsys.readouterr().out


def test_first_models_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    project()
    assert cli.main(["generate", "--create"]) == 1
    assert names("src/models") == MODULES
    assert cli.main(["generate"]) == 0
    assert last_line(capsys) == "amplify-modelgen: 1 target up to date"
    write(SCHEMA, SDL.replace("title", "headline"))
    assert cli.main(["check"]) == 1
    assert cli.main(["generate"]) == 1
    assert "headline" in Path("src/models/schema.js").read_text()


def test_first_models_with_data_store() -> None:
    project(data_store=True)
    assert cli.main(["generate"]) == 1
    assert names("src/models") == MODULES


def test_models_elsewhere_are_maintained_there(capsys: pytest.CaptureFixture[str]) -> None:
    project(data_store=True)
    assert cli.main(["generate"]) == 1
    Path("app").mkdir()
    Path("src/models").rename("app/data")
    write(SCHEMA, SDL.replace("title", "headline"))
    assert cli.main(["generate"]) == 1
    assert "headline" in Path("app/data/schema.js").read_text()
    assert not Path("src/models").exists()
    capsys.readouterr()
    assert cli.main(["targets"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["outputs", "app/data", "found", "there"] in rows


def test_a_further_document_is_maintained_beside_the_models() -> None:
    project()
    document = "src/models/model-introspection.json"
    assert cli.main(["generate", "--create"]) == 1
    write(document, '{"version": 1, "models": {}, "enums": {}, "nonModels": {}}')
    assert cli.main(["generate"]) == 1
    assert "Post" in Path(document).read_text()
    assert names("src/models") == sorted([*MODULES, "model-introspection.json"])


def test_a_damaged_document_is_not_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    project()
    write("src/models/model-introspection.json", '{"version": 1, "mod')
    assert cli.main(["check"]) == 3
    assert "no generator wrote it" in capsys.readouterr().out
    assert cli.main(["generate", "--overwrite"]) == 1
    assert names("src/models") == ["model-introspection.json"]


def test_default_outputs_are_relative_to_each_project() -> None:
    output = '{ emitter = "introspection", path = "models.json" }'
    write("amplify-modelgen.toml", f"[defaults]\noutputs = [{output}]\n")
    project()
    project("apps/web/")
    assert cli.main(["generate"]) == 1
    assert Path("models.json").exists()
    assert Path("apps/web/models.json").exists()
    assert not Path("src").exists()


def test_a_configured_target_without_outputs_has_the_default_ones() -> None:
    output = '{ emitter = "datastore", path = "schema.json" }'
    target = '[[target]]\nresource = "blog"\napp-id = "d1"\n'
    write("amplify-modelgen.toml", f"{target}\n[defaults]\noutputs = [{output}]\n")
    project()
    assert cli.main(["generate"]) == 1
    assert Path("schema.json").exists()


class TestNestedConfigurations:
    def test_each_project_has_its_own(self) -> None:
        for app in ("web", "admin"):
            project(f"apps/{app}/")
            output = f'{{ emitter = "introspection", path = "{app}.json" }}'
            write(
                f"apps/{app}/amplify-modelgen.toml",
                f'[[target]]\nresource = "blog"\noutputs = [{output}]\n',
            )
        assert cli.main(["generate"]) == 1
        assert Path("apps/web/web.json").exists()
        assert Path("apps/admin/admin.json").exists()

    def test_defaults_of_the_nearest_directory(self) -> None:
        for directory, name in (("", "root"), ("apps/", "apps"), ("apps/web/", "web")):
            output = f'{{ emitter = "introspection", path = "{name}.json" }}'
            write(f"{directory}amplify-modelgen.toml", f"[defaults]\noutputs = [{output}]\n")
        for home in ("other/", "apps/web/", "apps/admin/"):
            project(home)
        assert cli.main(["generate"]) == 1
        written = {str(path) for path in Path().glob("*/**/*.json") if "amplify/" not in str(path)}
        assert written == {"other/root.json", "apps/web/web.json", "apps/admin/apps.json"}

    def test_in_pyproject(self) -> None:
        project("apps/web/")
        output = '{ emitter = "introspection", path = "models.json" }'
        table = f"[tool.amplify-modelgen.defaults]\noutputs = [{output}]\n"
        write("apps/web/pyproject.toml", table)
        assert cli.main(["generate"]) == 1
        assert Path("apps/web/models.json").exists()

    def test_of_another_tool_is_not_read(self) -> None:
        project("apps/web/")
        write("apps/web/pyproject.toml", "[broken")
        assert cli.main(["check"]) == 0

    def test_of_another_repository_is_not_read(self) -> None:
        project("apps/web/")
        subprocess.run(["git", "init", "--quiet", "libs/mobile"], check=True)
        write("libs/mobile/amplify-modelgen.toml", "[broken")
        assert cli.main(["check"]) == 0

    def test_that_is_a_link_is_not_read(self) -> None:
        project("apps/web/")
        write("elsewhere.toml", "[broken amplify-modelgen")
        Path("apps/web/pyproject.toml").symlink_to("../../elsewhere.toml")
        assert cli.main(["check"]) == 0

    def test_environment_decides_on_flags(self, capsys: pytest.CaptureFixture[str]) -> None:
        for home in ("a/", "b/"):
            project(home)
            features = {"codegen": {"addtimestampfields": True}}
            write(f"{home}amplify/cli.dev.json", {"features": features})
            write(f"{home}amplify/team-provider-info.json", {"dev": {}, "prod": {}})
        write("a/amplify-modelgen.toml", 'environment = "dev"\n')
        assert cli.main(["targets"]) == 0
        out = capsys.readouterr().out
        assert "blog@dev" in out
        assert re.search("environment +dev +a/amplify-modelgen.toml\n", out)
        assert "a/amplify/cli.dev.json" in out
        assert "b/amplify/cli.dev.json" not in out
        assert cli.main(["targets", "--environment", "prod"]) == 0
        assert "a/amplify/cli.dev.json" not in capsys.readouterr().out

    def test_settings_of_the_run_are_ignored_with_a_warning(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        project("apps/web/")
        write("apps/web/amplify-modelgen.toml", 'backend = "aws"\ntimeout = 1\n')
        assert cli.main(["check"]) == 0
        file = "apps/web/amplify-modelgen.toml"
        assert caplog.messages == [
            f"{file}: {key} is ignored: it is a setting of the whole run"
            for key in ("backend", "timeout")
        ]

    def test_protected_environments_are_added(self, capsys: pytest.CaptureFixture[str]) -> None:
        project("web/", data_store=True)
        write("web/amplify/team-provider-info.json", {"live": {}})
        write("web/amplify-modelgen.toml", 'protected-environments = ["live"]\n')
        assert cli.main(["generate", "--backend", "aws", "--push-schema"]) == 2
        assert "environment 'live' is protected" in capsys.readouterr().err

    def test_its_errors_name_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        project("apps/web/")
        write("apps/web/amplify-modelgen.toml", "targets = []\n")
        assert cli.main(["check"]) == 2
        assert "apps/web/amplify-modelgen.toml: targets: unknown key" in capsys.readouterr().err

    def test_an_output_cannot_be_a_configuration(self, capsys: pytest.CaptureFixture[str]) -> None:
        project("web/")
        output = '{ emitter = "introspection", path = "web/amplify-modelgen.toml" }'
        write("amplify-modelgen.toml", f"[defaults]\noutputs = [{output}]\n")
        write("web/amplify-modelgen.toml", "")
        project("web/web/")
        write("web/web/amplify-modelgen.toml", "")
        write("web/amplify-modelgen.toml", f"[defaults]\noutputs = [{output}]\n")
        assert cli.main(["check"]) == 2
        assert "would overwrite the configuration" in capsys.readouterr().err


def test_the_example_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    # After a change in an emitter: amplify-modelgen generate --root examples/blog
    shutil.copytree(EXAMPLE, "blog")
    assert cli.main(["check", "--root", "blog"]) == 0
    assert last_line(capsys) == "amplify-modelgen: 1 target up to date"
    assert names("blog/src/models") == sorted([*MODULES, "model-introspection.json"])


def test_a_misspelled_resource(capsys: pytest.CaptureFixture[str]) -> None:
    project()
    output = '{ emitter = "introspection", path = "models.json" }'
    write("amplify-modelgen.toml", f'[[target]]\nresource = "blgo"\noutputs = [{output}]\n')
    assert cli.main(["check"]) == 2
    error = capsys.readouterr().err
    assert "amplify-modelgen.toml: resource: no API that this configuration applies to is" in error
    assert "did you mean 'blog' (amplify/backend/api/blog/schema.graphql)?" in error


@pytest.mark.parametrize("name", ["blog", "blgo"])
def test_a_resource_of_a_project_with_its_own_configuration(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    project("apps/web/")
    write("apps/web/amplify-modelgen.toml", "")
    output = '{ emitter = "introspection", path = "models.json" }'
    write("amplify-modelgen.toml", f'[[target]]\nresource = "{name}"\noutputs = [{output}]\n')
    assert cli.main(["check"]) == 2
    error = capsys.readouterr().err
    assert f"resource: no API that this configuration applies to is called '{name}'" in error
    assert "did you mean 'blog' (apps/web/amplify/backend/api/blog/schema.graphql)?" in error


def test_a_misspelled_environment(capsys: pytest.CaptureFixture[str]) -> None:
    project()
    write("amplify/team-provider-info.json", {"prod": {}, "dev": {}})
    output = '{ emitter = "introspection", path = "models.json" }'
    target = f'[[target]]\nresource = "blog"\nenvironment = "prdo"\noutputs = [{output}]\n'
    write("amplify-modelgen.toml", target)
    assert cli.main(["check"]) == 2
    error = capsys.readouterr().err
    assert "environment: no environment is called 'prdo'" in error
    assert "did you mean 'prod'?" in error


TEAM = "amplify/team-provider-info.json"
LOCAL = "amplify/.config/local-env-info.json"


def test_an_environment_that_the_project_does_not_have(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project()
    write(TEAM, {"prod": {}, "dev": {}})
    assert cli.main(["check", "--environment", "prod"]) == 0
    assert cli.main(["check", "--environment", "prodd"]) == 2
    error = capsys.readouterr().err
    assert "--environment: no environment is called 'prodd'\n  did you mean 'prod'?\n" in error
    monkeypatch.setenv("AMPLIFY_MODELGEN_ENVIRONMENT", "x")
    assert cli.main(["check"]) == 2
    error = capsys.readouterr().err
    assert "AMPLIFY_MODELGEN_ENVIRONMENT: no environment" in error
    assert "known environments: dev, prod" in error
    monkeypatch.delenv("AMPLIFY_MODELGEN_ENVIRONMENT")
    write("amplify-modelgen.toml", 'environment = "x"\n')
    assert cli.main(["check"]) == 2
    assert "amplify-modelgen.toml: no environment" in capsys.readouterr().err


def test_an_environment_that_is_checked_out_but_not_yet_shared() -> None:
    project()
    write(TEAM, {"prod": {}})
    write(LOCAL, {"envName": "new"})
    assert cli.main(["check"]) == 0
    assert cli.main(["check", "--environment", "new"]) == 0
    assert cli.main(["check", "--environment", "prod"]) == 0
    assert cli.main(["check", "--environment", "old"]) == 2


def test_an_environment_of_another_project_or_without_a_list() -> None:
    project()
    assert cli.main(["check", "--environment", "any"]) == 0
    write(TEAM, {"prod": {}})
    project("apps/web/")
    write(f"apps/web/{TEAM}", {"dev": {}})
    write("apps/web/amplify-modelgen.toml", "")
    for name, code in (("prod", 0), ("dev", 0), ("any", 2)):
        assert cli.main(["check", "--environment", name]) == code


def test_targets_names_the_project_of_a_submodule() -> None:
    project()
    project("libs/mobile/")
    subprocess.run(["git", "init", "--quiet", "libs/mobile"], check=True)
    skipped = "skipping libs/mobile/amplify: it belongs to another git repository\n"
    for command, errors in (("targets", skipped), ("check", "")):
        done = subprocess.run(
            [sys.executable, "-m", "amplify_modelgen", command],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "libs/mobile" not in done.stdout
        assert done.stderr == errors


def test_the_last_api_can_be_deleted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(data_store=True)
    assert cli.main(["generate"]) == 1
    for file in Path("amplify/backend/api/blog").iterdir():
        file.unlink()
    capsys.readouterr()
    for command in ("generate", "check", "validate"):
        assert cli.main([command]) == 0
        message = f"amplify-modelgen: no Amplify project with a GraphQL API below {root}\n"
        assert capsys.readouterr().out == message


@pytest.mark.parametrize(
    ("directory", "flags"),
    [
        ("new-project", {}),
        ("respect-false", {"respectprimarykeyattributesonconnectionfield": False}),
    ],
)
def test_models_of_amplify_cli_are_up_to_date(
    capsys: pytest.CaptureFixture[str], directory: str, flags: dict[str, bool]
) -> None:
    shutil.copytree(EXAMPLE, "blog")
    shutil.rmtree("blog/src/models")
    shutil.copytree(AMPLIFY / directory, "blog/src/models")
    shutil.copy(AMPLIFY / "schema.graphql", f"blog/{SCHEMA}")
    features = json.loads(Path("blog/amplify/cli.json").read_text())["features"]
    features["graphqltransformer"] |= flags
    write("blog/amplify/cli.json", {"features": features})
    before = {path: path.read_bytes() for path in Path("blog").rglob("*") if path.is_file()}
    for command in ("check", "generate"):
        assert cli.main([command, "--root", "blog"]) == 0
        assert last_line(capsys) == "amplify-modelgen: 1 target up to date"
    after = {path: path.read_bytes() for path in Path("blog").rglob("*") if path.is_file()}
    assert after == before


def test_the_command_that_fixes_it_has_the_same_root_and_environment(
    capsys: pytest.CaptureFixture[str], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project("my blog/")
    flags = {"graphqltransformer": TRANSFORMER, "codegen": {"addtimestampfields": True}}
    write("my blog/amplify/cli.dev.json", {"features": flags})
    options = ["--root", "my blog", "--environment", "dev"]
    assert cli.main(["generate", "--create", "--root", "my blog"]) == 1
    capsys.readouterr()
    assert cli.main(["check", *options]) == 1
    (hint,) = re.findall(r"run '(amplify-modelgen .*)' and commit", capsys.readouterr().out)
    assert hint == "amplify-modelgen generate --root 'my blog' --environment dev"
    assert cli.main(shlex.split(hint)[1:]) == 1
    assert cli.main(["check", *options]) == 0
    (root / "elsewhere").mkdir()
    monkeypatch.chdir(root / "elsewhere")
    assert cli.main(["check", "--root", "../my blog"]) == 1
    assert f"generate --root '{root}/my blog'' and commit" in capsys.readouterr().out
