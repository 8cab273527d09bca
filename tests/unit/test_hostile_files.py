"""Whatever a project or configuration file holds: targets, or one error that names the file."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from amplify_modelgen import ConfigError, Settings, Target
from amplify_modelgen.config import checks
from amplify_modelgen.config.tables import Table
from amplify_modelgen.config.targets import FLAG_FIELDS, OUTPUT_KEYS, TARGET_KEYS, configured_target
from amplify_modelgen.targets.naming import all_targets
from amplify_modelgen.text import printable
from amplify_modelgen_plugins.amplify_project import modelgen_targets

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


def discover(root: Path, file: str, content: object) -> None:
    amplify = root / "amplify"
    (amplify / "backend" / "api" / "blog").mkdir(parents=True)
    (amplify / ".config").mkdir()
    (amplify / FILES[0]).write_text('{"frontend": "ios"}')
    (amplify / file).write_text(json.dumps(content))
    (amplify / "backend" / "api" / "blog" / "schema.graphql").write_text("type A { a: Int }")
    run = Settings(root=root)
    found = [each for each in modelgen_targets(run) if isinstance(each, Target)]
    for target in all_targets(run, found):
        for word in (target.app_id, target.environment, target.name, *target.environments):
            assert printable(word) == word
        assert all(checks.path_below(root, output.path) for output in target.outputs)


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
    with TemporaryDirectory() as folder:
        said = message(lambda: discover(Path(folder), file, content))
    assert said is None or said.startswith(f"amplify/{file}: ")


# No stop-watch: a machine that does other work besides makes these tables slowly.
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.dictionaries(
        st.sampled_from(TARGET_KEYS),
        nested(st.sampled_from((*OUTPUT_KEYS, *FLAG_FIELDS, "option")), LEAVES.filter(bool)),
    )
)
def test_configured_target(values: dict[str, object]) -> None:
    table = Table("x.toml", "target[0]", values)
    with TemporaryDirectory() as folder:
        said = message(lambda: hash(configured_target(table, Path(folder))))
    assert said is None or said.startswith("x.toml: target[0].")
