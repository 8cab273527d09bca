from __future__ import annotations

from pathlib import Path

import pytest

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.pipeline.report import suppress
from amplify_modelgen.records import Diagnostic, Schema, SchemaFile, Settings


def run(text: str, *rules: str, ignore: tuple[str, ...] = ()) -> list[str]:
    """Return the rules that are left of those that are found on the last line of `text`."""
    line = text.count("\n") + 1
    found = [Diagnostic(message="", line=line, column=1, path="a", rule=rule) for rule in rules]
    other = SchemaFile(path="b", text="# amplify-modelgen: ignore syntax\n" * 9)
    schema = Schema(files=(other, SchemaFile(path="a", text=text)))
    settings = Settings(root=Path(), config_file="c.toml", ignored_rules=ignore)
    return [entry.rule for entry in suppress(found, schema, settings)]


def test_nothing_is_ignored_without_being_named() -> None:
    assert run("type A", "syntax", "unknown-type", "x/y") == ["syntax", "unknown-type", "x/y"]


def test_the_configuration_turns_rules_off() -> None:
    found = run("type A", "syntax", "unknown-type", "x/y", ignore=("unknown-type", "x/y"))
    assert found == ["syntax"]


@pytest.mark.parametrize(
    "comment",
    [
        "# amplify-modelgen: ignore unknown-type, x/y",
        "  #amplify-modelgen: ignore  unknown-type ,x/y  ",
    ],
)
def test_a_comment_turns_rules_off_for_the_next_line(comment: str) -> None:
    assert run(f"{comment}\ntype A", "syntax", "unknown-type", "x/y") == ["syntax"]
    assert run(f"{comment}\n\ntype A", "unknown-type") == ["unknown-type"]
    assert run(f'"{comment}"\ntype A', "unknown-type") == ["unknown-type"]


@pytest.mark.parametrize(
    ("text", "ignore", "message"),
    [
        ("type A", ("unknown-tpye",), "c.toml: lint.ignore: unknown rule 'unknown-tpye'"),
        ("# amplify-modelgen: ignore unknown-tpye\n", (), "a:1: unknown rule 'unknown-tpye'"),
    ],
)
def test_an_unknown_rule(text: str, ignore: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        run(text, "syntax", ignore=ignore)
    assert caught.value.message == message
    assert caught.value.hint == "did you mean unknown-type?"


def test_a_rule_that_is_like_no_other() -> None:
    with pytest.raises(ConfigError) as caught:
        run("type A", ignore=("zzz",))
    assert caught.value.hint == "'amplify-modelgen rules' lists the rules"
