from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen import ConfigError
from amplify_modelgen.config.checks import MOST_BYTES
from amplify_modelgen.config.settings import Overrides, load_settings
from amplify_modelgen.errors import UsageError
from amplify_modelgen.records import FeatureFlags, Output

if TYPE_CHECKING:
    from amplify_modelgen.records import Settings

OWN = "amplify-modelgen.toml"
TARGET = '[[target]]\nresource = "blog"\n'


def load(root: Path, overrides: Overrides | None = None, **environ: str) -> Settings:
    return load_settings(overrides or Overrides(), environ=environ, cwd=root)


def own(root: Path, text: str) -> Settings:
    (root / OWN).write_text(text, encoding="utf-8")
    return load(root)


def origin(settings: Settings, key: str) -> str:
    return next(each.origin for each in settings.sources if each.key == key)


def test_defaults_where_nothing_is_configured(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.config_file is None
    assert (settings.backend, settings.environment, settings.timeout) == ("aws", None, 600.0)
    assert settings.protected_environments == ("main", "master", "prod", "production")
    assert settings.requests_per_second is None
    assert settings.targets == ()
    assert settings.inputs == ()
    assert origin(settings, "backend") == "default"


def test_own_file(tmp_path: Path) -> None:
    settings = own(tmp_path, 'backend = "local"\ntimeout = 60\nrequests-per-second = 2.5')
    assert (settings.config_file, settings.inputs) == (OWN, (OWN,))
    assert (settings.backend, settings.timeout) == ("local", 60.0)
    assert settings.requests_per_second == 2.5
    assert origin(settings, "timeout") == OWN


def test_table_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.amplify-modelgen]\nbackend = "local"')
    settings = load(tmp_path)
    assert (settings.backend, settings.config_file) == ("local", "pyproject.toml")


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
    settings = load(tmp_path)
    assert settings.config_file is None
    assert settings.inputs == ("pyproject.toml",)


def test_two_configurations(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.amplify-modelgen]\nbackend = "local"')
    with pytest.raises(ConfigError, match="both there"):
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
    assert target.key == "d2abcdefghij/blog@dev"
    assert target.inputs == (OWN,)


def test_outputs_of_a_target_have_a_source(tmp_path: Path) -> None:
    outputs = ", ".join(f'{{ emitter = "x", path = "{path}" }}' for path in ("a", "b"))
    [target] = own(tmp_path, f"{TARGET}outputs = [{outputs}]").targets
    assert [(each.key, each.value) for each in target.sources] == [
        ("resource", "blog"),
        ("outputs", "a, b"),
    ]


def test_numbers_are_shown_as_people_write_them(tmp_path: Path) -> None:
    shown = {each.key: each.value for each in own(tmp_path, "requests-per-second = 2.5").sources}
    assert (shown["timeout"], shown["requests-per-second"]) == ("600", "2.5")


def test_smallest_target(tmp_path: Path) -> None:
    [target] = own(tmp_path, TARGET).targets
    assert (target.app_id, target.environment, target.key) == ("", "", "blog")
    assert target.schema is None
    assert [(each.key, each.origin) for each in target.sources] == [("resource", OWN)]


def test_flags_of_a_target_have_sources(tmp_path: Path) -> None:
    [target] = own(tmp_path, TARGET + "flags = { improve-pluralization = true }").targets
    [source] = [each for each in target.sources if each.key != "resource"]
    assert (source.key, source.value) == ("flags.improve-pluralization", "true")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("backend = 5", "backend: expected a string, found an integer"),
        ('backend = ""', "backend: expected a name, not ''"),
        ('backend = "a/b"', "backend: expected a name without slashes, not 'a/b'"),
        ('environment = "a\\nb"', r"environment: expected a name, not 'a\nb'"),
        ('environment = " dev"', "environment: expected a name, not ' dev'"),
        ('timeout = "60"', "timeout: expected a number, found a string"),
        ("timeout = true", "timeout: expected a number, found a boolean"),
        ("timeout = 0", "timeout: expected a number above 0 and up to 86400, not 0"),
        (f"timeout = {'9' * 400}", "timeout: expected a number above 0 and up to 86400"),
        ("timeout = nan", "timeout: expected a number above 0 and up to 86400, not nan"),
        ("timeout = inf", "timeout: expected a number above 0 and up to 86400, not inf"),
        ("requests-per-second = -1", "expected a number above 0 and up to 1000, not -1"),
        ("protected-environments = 'prod'", "expected a list, found a string"),
        ("protected-environments = ['a', 1]", "protected-environments[1]: expected a string"),
        ("target = 1", "target: expected a list, found an integer"),
        ("target = [1]", "target[0]: expected a table, found an integer"),
        ("backend = 1979-05-27", "backend: expected a string, found a date or time"),
        ("[[target]]", "target[0].resource: expected a string, found nothing"),
        (TARGET + 'resourse = "x"', "target[0].resourse: nobody knows this key"),
        (TARGET + "push-schema = 1", "push-schema: expected a boolean, found an integer"),
        (TARGET + 'region = "evil.com/"', "region: expected a region such as 'us-east-1'"),
        (TARGET + "outputs = []", "target[0].outputs: expected at least one output"),
        (TARGET + 'outputs = [{ path = "x" }]', "outputs[0].emitter: expected a string"),
        (TARGET + 'outputs = [{ emitter = "x" }]', "outputs[0].path: expected a string"),
        (TARGET + "flags = 1", "target[0].flags: expected a table, found an integer"),
        (TARGET + "flags.x = true", "target[0].flags.x: nobody knows this key"),
        (TARGET + "flags.emit-auth-provider = 1", "expected a boolean, found an integer"),
        (TARGET + "flags.transformer-version = 3", "transformer-version: expected 1 or 2, not 3"),
        (TARGET * 2 + 'schema = "/x"', "target[1].schema: expected a path relative to the root"),
    ],
)
def test_wrong_value(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, text)
    assert caught.value.message.startswith(f"{OWN}: ")
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "expected a path, not ''"),
        ("../x", "expected a path below the root, and '../x' is outside it"),
        ("a/../../x", "expected a path below the root"),
        ("/etc/passwd", "expected a path relative to the root"),
        ("C:/x", "expected a path relative to the root"),
        ("~/x", "expected a path relative to the root"),
        ("a\\\\b", "expected a path with forward slashes"),
        ("a\\u0000b", "expected a path, not"),
        ("a\\u001b[2J", "expected a path, not"),
        (".git/hooks/pre-commit", "expected a path outside git's own folder"),
        ("sub/.GIT/config", "expected a path outside git's own folder"),
        ("link/x", "expected a path below the root, and 'link/x' is outside it"),
    ],
)
def test_path_outside(tmp_path: Path, path: str, message: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(ConfigError) as caught:
        own(root, TARGET + f'outputs = [{{ emitter = "x", path = "{path}" }}]')
    assert "target[0].outputs[0].path: " in caught.value.message
    assert message in caught.value.message


@pytest.mark.parametrize("value", ["{ a = 1 }", "[{ a = 1 }]", "1979-05-27"])
def test_option_of_no_use(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="a string, a number, a boolean or a list of these"):
        own(tmp_path, TARGET + f'outputs = [{{ emitter = "x", path = "y", style = {value} }}]')


def test_unknown_key_gets_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, 'bakend = "local"')
    assert caught.value.hint == "did you mean 'backend'?"


def test_unknown_key_like_none_gets_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, "zzz = 1")
    assert (caught.value.hint or "").startswith("known are: backend, environment")


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


def test_table_of_ours_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\namplify-modelgen = 1")
    with pytest.raises(ConfigError, match=r"tool\.amplify-modelgen: expected a table"):
        load(tmp_path)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_bom_and_line_ends_and_utf8_names(tmp_path: Path, line_end: str) -> None:
    text = f"backend = 'büro'{line_end}timeout = 5{line_end}"
    (tmp_path / OWN).write_bytes(text.encode("utf-8-sig"))
    assert (load(tmp_path).backend, load(tmp_path).timeout) == ("büro", 5.0)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / OWN).write_bytes('backend = "büro"'.encode("latin-1"))
    with pytest.raises(ConfigError, match=f"{OWN} is not UTF-8 text: byte 13 is 0xfc"):
        load(tmp_path)


@pytest.mark.parametrize("name", [OWN, "pyproject.toml"])
def test_folder_of_that_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ConfigError, match=f"{name} is not a file"):
        load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / OWN)
    with pytest.raises(ConfigError, match="is not a file"):
        load(tmp_path)


def test_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / OWN).symlink_to(tmp_path / OWN)
    with pytest.raises(ConfigError, match=f"cannot read {OWN}: "):
        load(tmp_path)


def test_giant_file(tmp_path: Path) -> None:
    with (tmp_path / OWN).open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(ConfigError, match="is larger than 20,000,000 bytes"):
        load(tmp_path)


@pytest.mark.parametrize("mark", ["amplify-modelgen.toml", ".git"])
def test_root_is_the_nearest_marked_folder_above(tmp_path: Path, mark: str) -> None:
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


def test_root_is_the_working_directory_where_nothing_is_marked(tmp_path: Path) -> None:
    assert load(tmp_path).root == tmp_path
    assert origin(load(tmp_path), "root") == "working directory"


def test_given_root_wins_and_is_relative_to_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "web").mkdir()
    settings = load(tmp_path, Overrides(root=Path("web")))
    assert settings.root == tmp_path / "web"
    assert origin(settings, "root") == "--root"


def test_given_root_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--root: 'nowhere' is not a folder"):
        load(tmp_path, Overrides(root=Path("nowhere")))


def test_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="working directory does not exist"):
        load_settings(Overrides())
    monkeypatch.chdir(tmp_path)


def test_process_environment_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AMPLIFY_MODELGEN_BACKEND", "local")
    assert load_settings(Overrides()).backend == "local"


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
        Overrides(backend="local", environment="dev", timeout=3),
        AMPLIFY_MODELGEN_BACKEND="x",
        AMPLIFY_MODELGEN_ENVIRONMENT="x",
        AMPLIFY_MODELGEN_TIMEOUT="x",
    )
    assert (settings.backend, settings.environment, settings.timeout) == ("local", "dev", 3.0)
    assert origin(settings, "environment") == "--environment"


def test_empty_variable_is_none(tmp_path: Path) -> None:
    settings = load(tmp_path, AMPLIFY_MODELGEN_BACKEND="", AMPLIFY_MODELGEN_TIMEOUT="")
    assert (settings.backend, settings.timeout) == ("aws", 600.0)


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "1e9"])
def test_variable_that_is_no_timeout(tmp_path: Path, value: str) -> None:
    with pytest.raises(UsageError, match="AMPLIFY_MODELGEN_TIMEOUT: expected a number"):
        load(tmp_path, AMPLIFY_MODELGEN_TIMEOUT=value)


def test_flag_of_no_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--backend: expected a name, not ''"):
        load(tmp_path, Overrides(backend=""))
