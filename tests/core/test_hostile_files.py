"""Any content of a project or configuration file gives targets, or an error that names the file."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from amplify_modelgen import config
from amplify_modelgen.config import FLAG_KEYS, ConfigTable, OutputTable, TargetTable
from amplify_modelgen.errors import ConfigError
from amplify_modelgen.input_validation import RelativePath, validate_document
from amplify_modelgen.records import Settings, Target
from amplify_modelgen.storage.project_files import ProjectFiles
from amplify_modelgen.targets import resolve_targets
from amplify_modelgen.text import escape
from amplify_modelgen_plugins.amplify_cli import modelgen_targets

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = (
    ".config/project-config.json",
    ".config/local-env-info.json",
    "team-provider-info.json",
    "cli.json",
    "cli.dev.json",
    "backend/backend-config.json",
)
WORDS = (
    *("frontend", "javascript", "android", "ios", "config", "SourceDir", "ResDir", "envName"),
    *("dev", "awscloudformation", "AmplifyAppId", "Region", "features", "codegen", "api", "blog"),
    *("emitauthprovider", "graphqltransformer", "transformerversion", "service", "AppSync"),
)
TRICKS = ("..", "../..", "/", "a/../..", ".git", "\x1b[2J", "a\nb", "~", "C:", "\ud800")
HJSON = (
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\n",
        "'''",
        "'",
        '"',
        "//",
        "/*",
        "*/",
        "#",
        "a",
        "1",
        "1e999",
    ),
    *(
        "-",
        "NaN",
        "\\",
        "\\u",
        " ",
        "null",
        "true",
        "\ufeff",
        "9" * 5000,
        "Infinity",
        "\0",
        "e",
        ".",
    ),
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        (*WORDS, "..", "../..", "/", "a/../../..", ".git", "\x1b[2J", "a\nb", "~", "C:")
    ),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.just("javascript")
)


def nested(keys: st.SearchStrategy[str], leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=5)
        ),
        max_leaves=12,
    )


def discover(root: Path, file: str, content: object, *, as_json: bool = True) -> None:
    amplify = root / "amplify"
    (amplify / "backend" / "api" / "blog").mkdir(parents=True)
    (amplify / ".config").mkdir()
    (amplify / FILES[0]).write_text('{"frontend": "ios"}')
    (amplify / file).write_text(json.dumps(content) if as_json else str(content))
    (amplify / "backend" / "api" / "blog" / "schema.graphql").write_text("type A { a: Int }")
    settings = Settings(root=root)
    with ProjectFiles(root) as files:
        discovered = modelgen_targets(settings, files)
    for target in resolve_targets(settings, discovered):
        for text in (target.app_id, target.environment, target.name, *target.environments):
            assert escape(text) == text
        assert all(RelativePath(output.path) for output in target.outputs)


def message(call: Callable[[], object]) -> str | None:
    try:
        call()
    except ConfigError as error:
        return error.message
    return None


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=40, deadline=None)
@given(content=nested(st.one_of(st.sampled_from(WORDS), TEXTS), LEAVES))
@example(content={"dev": {"awscloudformation": {"AmplifyAppId": "x\u202e"}}})
@example(content={"frontend": "javascript", "javascript": {"config": {"SourceDir": "../.."}}})
def test_project_file(file: str, content: object) -> None:
    with TemporaryDirectory() as directory:
        error = message(lambda: discover(Path(directory), file, content))
    assert error is None or error.startswith(f"amplify/{file}:")


@pytest.mark.parametrize("file", ["cli.json", "team-provider-info.json"])
@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.sampled_from(HJSON), max_size=9))
@example(parts=["{a:", "'''"])
@example(parts=["/*"])
@example(parts=["{a: 1e999"])
@example(parts=["{a: ", "9" * 5000, "}"])
def test_text_of_a_project_file(file: str, parts: list[str]) -> None:
    with TemporaryDirectory() as directory:
        error = message(lambda: discover(Path(directory), file, "".join(parts), as_json=False))
    assert error is None or error.startswith(f"amplify/{file}")


# No deadline: generating these tables is slow on a busy machine.
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.dictionaries(
        st.sampled_from(TargetTable.__struct_encode_fields__),
        nested(
            st.sampled_from((*OutputTable.__struct_encode_fields__, *FLAG_KEYS.values(), "option")),
            LEAVES.filter(bool),
        ),
    )
)
def test_configured_target(values: dict[str, Any]) -> None:
    error = message(lambda: hash(configured_target(values)))
    assert error is None or error.startswith("x.toml: target[0].")


def configured_target(values: dict[str, Any]) -> Target:
    document = {"target": [values]}
    table = validate_document(document, ConfigTable, file="x.toml")
    return config._target(table.target[0], values, "", "x.toml", "target[0]")
