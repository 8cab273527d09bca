from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.lint import RULES, lint_schema
from amplify_modelgen.lint.rule_catalogue import FAMILIES, examples
from amplify_modelgen.modelgen import FeatureFlags

if TYPE_CHECKING:
    from amplify_modelgen.lint import Rule

# Some mistakes that the engine finds are always found by another rule first.
CASES = [pytest.param(rule, id=rule.id) for rule in RULES.values() if rule.wrong]
SHARED = [
    pytest.param(rule, id=rule.id)
    for rule in RULES.values()
    if rule.wrong and rule.versions == (1, 2)
]


def flags_of(rule: Rule) -> FeatureFlags:
    """Return the flags that the examples of a rule are for."""
    is_newer = 2 in rule.versions
    return FeatureFlags(
        transformer_version=max(rule.versions), use_experimental_pipelined_transformer=is_newer
    )


@pytest.mark.parametrize("rule", CASES)
def test_the_wrong_example_violates_this_rule_only(rule: Rule) -> None:
    found = lint_schema(rule.wrong, flags_of(rule), auth_providers=rule.providers)
    refused = {entry.rule for entry in found if entry.stage == "push"} | {
        entry.rule for entry in found if entry.rule == rule.id
    }
    assert refused == {rule.id}
    assert all(entry.hint for entry in found if entry.rule != "syntax")


@pytest.mark.parametrize("rule", CASES)
def test_the_right_example_violates_no_rule(rule: Rule) -> None:
    assert [
        entry
        for entry in lint_schema(rule.right, flags_of(rule), auth_providers=rule.providers)
        if entry.severity == "error"
    ] == []


@pytest.mark.parametrize("rule", CASES)
def test_texts_are_sentences(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)
    assert rule.summary.endswith(".")
    for entry in lint_schema(rule.wrong, flags_of(rule), auth_providers=rule.providers):
        assert not entry.message.endswith(".")


@pytest.mark.parametrize("rule", SHARED)
def test_the_wrong_example_of_a_shared_rule_is_wrong_in_version_1(rule: Rule) -> None:
    flags = FeatureFlags(transformer_version=1, use_experimental_pipelined_transformer=False)
    found = {entry.rule for entry in lint_schema(rule.wrong, flags, auth_providers=rule.providers)}
    assert found & {rule.id, "newer-directive"}


def test_examples_have_no_indented_or_empty_definitions() -> None:
    texts = [text for rule in RULES.values() for _, text in examples(rule)]
    lines = [line for text in texts for line in text.splitlines()]
    assert all(line == line.rstrip() and line for line in lines)
    assert not any(text.startswith(" ") for text in texts)


def test_rule_ids_are_unique() -> None:
    assert len(RULES) == sum(map(len, FAMILIES.values()))


def test_messages_name_what_collides() -> None:
    schema = """
        type Post @model { id: ID! }
        type post @model { id: ID! posts: [Post] @manyToMany(relationName: "A") }
    """
    messages = {entry.rule: entry.message for entry in lint_schema(schema)}
    assert messages["many-to-many-pair"] == "the relation A has the fields post.posts"
    assert messages["operation-collision"].startswith(
        "the model Post and the model post would have operations with the same name: getPost, "
    )
