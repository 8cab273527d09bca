from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomli

from amplify_modelgen.config import load_settings, open_project, working_directory
from amplify_modelgen.errors import ConfigError, UsageError
from amplify_modelgen.records import FeatureFlags, Output
from amplify_modelgen.storage.project_files import MAX_BYTES

if TYPE_CHECKING:
    from pytest_mock import MockerFixture

    from amplify_modelgen.records import Settings

OWN = "amplify-modelgen.toml"
TARGET = '[[target]]\nresource = "blog"\n'


def load(
    cwd: Path, options: dict[str, Any] | None = None, root: Path | None = None, **environ: str
) -> Settings:
    files, origin = open_project(root, cwd)
    with files:
        return load_settings(files, origin, options or {}, environ)


def own(root: Path, text: str) -> Settings:
    (root / OWN).write_text(text, encoding="utf-8")
    return load(root)


def origin(settings: Settings, key: str) -> str:
    return next(each.origin for each in settings.provenance if each.key == key)


def test_defaults_without_configuration(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.config_file is None
    assert (settings.backend, settings.environment, settings.timeout) == ("local", None, 600.0)
    assert settings.protected_environments == ("main", "master", "prod", "production")
    assert settings.targets == ()
    assert origin(settings, "backend") == "default"


def test_own_file(tmp_path: Path) -> None:
    settings = own(tmp_path, 'backend = "aws"\ntimeout = 60\nprotected-environments = ["live"]')
    assert settings.config_file == OWN
    assert (settings.backend, settings.timeout) == ("aws", 60.0)
    assert settings.protected_environments == ("live",)
    assert origin(settings, "timeout") == OWN


def test_values_are_plain_types(tmp_path: Path) -> None:
    text = f'backend = "aws"\ntimeout = 60\n{TARGET}region = "eu-west-1"\nschema = "a.graphql"\n'
    settings = own(tmp_path, text + 'outputs = [{ emitter = "x", path = "y" }]')
    [target] = settings.targets
    [output] = target.outputs
    values = (settings.backend, target.resource, target.region, target.schema, output.path)
    assert {*map(type, values), type(output.emitter)} == {str}
    assert type(settings.timeout) is float


def test_table_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.amplify-modelgen]\nbackend = "aws"')
    settings = load(tmp_path)
    assert (settings.backend, settings.config_file) == ("aws", "pyproject.toml")


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "x"',
        '[project]\nname = "x"\ndependencies = ["amplify-modelgen"]',
        'tool = "amplify-modelgen"',
        "this is not TOML",
    ],
)
def test_pyproject_of_others(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert load(tmp_path).config_file is None


def test_two_configurations(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.amplify-modelgen]\nbackend = "aws"')
    with pytest.raises(ConfigError, match=r"both .* exist"):
        own(tmp_path, 'backend = "aws"')


def test_whole_target(tmp_path: Path) -> None:
    settings = own(
        tmp_path,
        """
        [[target]]
        app-id = "d2abcdefghij"
        environment = "dev"
        resource = "blog"
        region = "us-east-1"
        profile = "team"
        schema = "./api/../api/schema.graphql"
        push-schema = true
        flags = { add-timestamp-fields = false, transformer-version = 1 }
        outputs = [
            { emitter = "python", path = "models.py", style = "plain", names = ["a", "b"] },
        ]
        """,
    )
    [target] = settings.targets
    assert (target.app_id, target.environment, target.resource) == ("d2abcdefghij", "dev", "blog")
    assert (target.region, target.profile) == ("us-east-1", "team")
    assert target.schema == "api/schema.graphql"
    assert target.push_schema
    assert target.flags == FeatureFlags(add_timestamp_fields=False, transformer_version=1)
    assert target.outputs == (
        Output(
            emitter="python",
            path="models.py",
            options=(("names", ("a", "b")), ("style", "plain")),
        ),
    )
    assert target.name == ""


def test_outputs_of_a_target_have_a_provenance(tmp_path: Path) -> None:
    outputs = ", ".join(f'{{ emitter = "x", path = "{path}" }}' for path in ("a", "b"))
    [target] = own(tmp_path, f"{TARGET}outputs = [{outputs}]").targets
    assert [(each.key, each.value) for each in target.provenance] == [
        ("resource", "blog"),
        ("outputs", "a, b"),
    ]


def test_values_in_provenance_are_written_as_in_the_file(tmp_path: Path) -> None:
    settings = own(tmp_path, f"timeout = 2.5\n{TARGET}push-schema = true")
    values = {each.key: each.value for each in settings.provenance}
    assert (values["timeout"], values["environment"]) == ("2.5", "")
    assert values["protected-environments"] == "main, master, prod, production"
    assert ("push-schema", "true") in {
        (each.key, each.value) for each in settings.targets[0].provenance
    }


def test_smallest_target(tmp_path: Path) -> None:
    [target] = own(tmp_path, TARGET).targets
    assert (target.app_id, target.environment, target.name) == ("", "", "")
    assert target.schema is None
    assert [(each.key, each.origin) for each in target.provenance] == [("resource", OWN)]


def test_flags_of_a_target_have_a_provenance(tmp_path: Path) -> None:
    [target] = own(tmp_path, TARGET + "flags = { improve-pluralization = true }").targets
    [source] = [each for each in target.provenance if each.key != "resource"]
    assert (source.key, source.value) == ("flags.improve-pluralization", "true")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("backend = 5", "backend: expected a string, found an integer"),
        ('backend = ""', "backend: expected a name (no slash), found ''"),
        ('backend = "a/b"', "backend: expected a name (no slash), found 'a/b'"),
        ('environment = "a\\nb"', r"environment: expected a name (no slash), found 'a\nb'"),
        ('environment = " dev"', "environment: expected a name (no slash), found ' dev'"),
        ('timeout = "60"', "timeout: expected a number, found a string"),
        ("timeout = true", "timeout: expected a number, found a boolean"),
        ("timeout = 0", "timeout: expected a number above 0 and up to 86400, found 0"),
        (f"timeout = {'9' * 400}", "timeout: expected a number above 0 and up to 86400"),
        ("timeout = nan", "timeout: expected a number above 0 and up to 86400, found nan"),
        ("timeout = inf", "timeout: expected a number above 0 and up to 86400, found inf"),
        ("timeout = -1", "timeout: expected a number above 0 and up to 86400, found -1"),
        ("requests-per-second = 1", "requests-per-second: unknown key"),
        ("protected-environments = 'prod'", "expected a list, found a string"),
        ("protected-environments = ['a', 1]", "protected-environments[1]: expected a string"),
        ("target = 1", "target: expected a list, found an integer"),
        ("target = [1]", "target[0]: expected a table, found an integer"),
        ("backend = 1979-05-27", "backend: expected a string, found a date"),
        ("[[target]]", "target[0].resource: missing key"),
        (TARGET + 'resourse = "x"', "target[0].resourse: unknown key"),
        (TARGET + "push-schema = 1", "push-schema: expected a boolean, found an integer"),
        (TARGET + 'region = "evil.com/"', "region: expected a region such as 'us-east-1'"),
        (TARGET + "outputs = []", "target[0].outputs: expected a list of length >= 1"),
        (TARGET + 'outputs = [{ path = "x" }]', "outputs[0].emitter: missing key"),
        (TARGET + 'outputs = [{ emitter = "x" }]', "outputs[0].path: missing key"),
        (TARGET + "flags = 1", "target[0].flags: expected a table, found an integer"),
        (TARGET + "flags.x = true", "target[0].flags.x: unknown key"),
        (TARGET + "flags.emit-auth-provider = 1", "expected a boolean, found an integer"),
        (TARGET + "flags.transformer-version = 3", "transformer-version: expected 1 or 2, found 3"),
        (TARGET * 2 + 'schema = "/x"', "target[1].schema: expected a path below the root"),
    ],
)
def test_wrong_value(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, text)
    assert caught.value.message.startswith(f"{OWN}: ")
    assert message in caught.value.message


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../x",
        "a/../../x",
        "/etc/passwd",
        "C:/x",
        "~/x",
        "a\\\\b",
        "a\\u0000b",
        "a\\u001b[2J",
        ".git/hooks/pre-commit",
        "sub/.GIT/config",
    ],
)
def test_path_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, TARGET + f'outputs = [{{ emitter = "x", path = "{path}" }}]')
    expected = "target[0].outputs[0].path: expected a path below the root, with forward slashes"
    assert expected in caught.value.message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{ a = 1 }", "style: expected a boolean, a number, a string or a list, found a table"),
        ("[{ a = 1 }]", "style[0]: expected a boolean, a number or a string, found a table"),
        ("1979-05-27", "style: expected a boolean, a number, a string or a list, found a date"),
    ],
)
def test_option_of_no_use(tmp_path: Path, value: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, TARGET + f'outputs = [{{ emitter = "x", path = "y", style = {value} }}]')
    assert caught.value.message == f"amplify-modelgen.toml: target[0].outputs[0].{message}"


def test_unknown_key_gets_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, 'bakend = "local"')
    assert caught.value.hint == "did you mean 'backend'?"


def test_unknown_key_like_none_gets_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, "zzz = 1")
    assert (caught.value.hint or "").startswith("known keys: backend, defaults")


def test_value_of_an_unknown_key_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, 'aws-secret-access-key = "canary"')
    assert "canary" not in f"{caught.value.message}{caught.value.hint}"


def test_long_value_is_cut(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, f'backend = "{"x" * 300}"')
    assert len(caught.value.message) < 150


@pytest.mark.parametrize("text", ["backend =", "a = 1\na = 2", "a = " + "[" * 5000, "\0"])
def test_not_toml(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=f"{OWN} is not TOML: "):
        own(tmp_path, text)


def test_number_without_end(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not TOML"):
        own(tmp_path, f"timeout = {'9' * 5000}")


def test_shared_key_that_is_not_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\namplify-modelgen = 1")
    with pytest.raises(ConfigError, match=r"tool\.amplify-modelgen: expected a table"):
        load(tmp_path)


@pytest.mark.parametrize("line_ending", ["\n", "\r\n", "\r"])
def test_bom_and_line_endings_and_utf8_names(tmp_path: Path, line_ending: str) -> None:
    text = f"backend = 'büro'{line_ending}timeout = 5{line_ending}"
    (tmp_path / OWN).write_bytes(text.encode("utf-8-sig"))
    assert (load(tmp_path).backend, load(tmp_path).timeout) == ("büro", 5.0)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / OWN).write_bytes('backend = "büro"'.encode("latin-1"))
    with pytest.raises(ConfigError, match=f"{OWN} is not UTF-8 text: invalid byte at position 13"):
        load(tmp_path)


@pytest.mark.parametrize("name", [OWN, "pyproject.toml"])
def test_directory_of_that_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ConfigError, match=f"{name} is not a regular file"):
        load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / OWN)
    with pytest.raises(ConfigError, match=f"{OWN} is not a regular file"):
        load(tmp_path)


@pytest.mark.parametrize("name", [OWN, "pyproject.toml"])
@pytest.mark.parametrize("destination", ["elsewhere", "missing", OWN])
def test_link_is_refused(tmp_path: Path, name: str, destination: str) -> None:
    (tmp_path / "elsewhere").write_text('backend = "secret"')
    root = tmp_path / "root"
    root.mkdir()
    (root / name).symlink_to(tmp_path / destination)
    with pytest.raises(ConfigError, match=f"{name} is a symbolic link") as caught:
        load(root)
    assert "secret" not in caught.value.message


def test_giant_file(tmp_path: Path) -> None:
    with (tmp_path / OWN).open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ConfigError, match="is larger than 20,000,000 bytes"):
        load(tmp_path)


@pytest.mark.parametrize("mark", ["amplify-modelgen.toml", ".git"])
def test_root_is_the_nearest_marked_directory_above(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).write_text("")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[project]")
    settings = load(inner)
    assert settings.root == tmp_path
    assert origin(settings, "root") == mark


def test_root_by_table_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "web"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.amplify-modelgen]")
    assert load(inner).root == inner


def test_root_is_the_working_directory_if_nothing_is_marked(tmp_path: Path) -> None:
    assert load(tmp_path).root == tmp_path
    assert origin(load(tmp_path), "root") == "working directory"


def test_given_root_wins_and_is_relative_to_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "web").mkdir()
    settings = load(tmp_path, root=Path("web"))
    assert settings.root == tmp_path / "web"
    assert origin(settings, "root") == "--root"


def test_given_root_that_is_not_a_directory(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--root: 'nowhere' is not a directory"):
        load(tmp_path, root=Path("nowhere"))


def test_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="working directory does not exist"):
        working_directory()
    monkeypatch.chdir(tmp_path)


def test_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert working_directory() == tmp_path


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    own(tmp_path, 'backend = "a"\nenvironment = "b"\ntimeout = 1')
    settings = load(
        tmp_path,
        AMPLIFY_MODELGEN_BACKEND="local",
        AMPLIFY_MODELGEN_ENVIRONMENT="dev",
        AMPLIFY_MODELGEN_TIMEOUT="2.5",
    )
    assert (settings.backend, settings.environment, settings.timeout) == ("local", "dev", 2.5)
    assert origin(settings, "timeout") == "AMPLIFY_MODELGEN_TIMEOUT"


def test_flags_win_over_variables(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        {"backend": "local", "environment": "dev", "timeout": 3},
        AMPLIFY_MODELGEN_BACKEND="x",
        AMPLIFY_MODELGEN_ENVIRONMENT="x",
        AMPLIFY_MODELGEN_TIMEOUT="x",
    )
    assert (settings.backend, settings.environment, settings.timeout) == ("local", "dev", 3.0)
    assert origin(settings, "environment") == "--environment"


def test_empty_variable_counts_as_absent(tmp_path: Path) -> None:
    settings = load(tmp_path, AMPLIFY_MODELGEN_BACKEND="", AMPLIFY_MODELGEN_TIMEOUT="")
    assert (settings.backend, settings.timeout) == ("local", 600.0)


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "1e9"])
def test_variable_with_an_invalid_timeout(tmp_path: Path, value: str) -> None:
    with pytest.raises(UsageError, match="AMPLIFY_MODELGEN_TIMEOUT: expected a number"):
        load(tmp_path, AMPLIFY_MODELGEN_TIMEOUT=value)


def test_invalid_flag(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--backend: expected a name \(no slash\), found ''"):
        load(tmp_path, {"backend": ""})


def test_files_are_closed_if_the_shared_file_is_invalid(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.amplify-modelgen")
    with pytest.raises(ConfigError, match=r"pyproject\.toml is not TOML"):
        open_project(None, tmp_path)


def test_a_document_is_parsed_once(tmp_path: Path, mocker: MockerFixture) -> None:
    text = f'# {tmp_path}\n[tool.amplify-modelgen]\nbackend = "aws"'
    (tmp_path / "pyproject.toml").write_text(text)
    parse = mocker.spy(tomli, "loads")
    assert load(tmp_path).backend == "aws"
    assert parse.call_count == 1


def test_an_unknown_key_in_a_nested_table_has_a_hint(tmp_path: Path) -> None:
    for text, hint in {
        'resourse = "x"': "did you mean 'resource'?",
        "flags.emit-auth-providr = true": "did you mean 'emit-auth-provider'?",
    }.items():
        with pytest.raises(ConfigError) as caught:
            own(tmp_path, TARGET + text)
        assert caught.value.hint == hint


def test_an_unknown_key_cannot_forge_a_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, '"a\\n::error::b` - at `$.c" = 1')
    assert caught.value.message.isprintable()
