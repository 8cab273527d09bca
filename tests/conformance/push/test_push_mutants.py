"""Mutants of accepted schemas: the judge and our rules must refuse the same ones.

PUSH_MUTANTS and PUSH_SEED override the number and the seed. `KNOWN` lists the mutants of the
recorded seed on which the two disagree, and why.
"""

from __future__ import annotations

import os
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest
from graphql import GraphQLError, parse

from conformance import corpus
from conformance.budget import IS_CI
from conformance.push import cases
from conformance.push.schema_mutants import schema_mutants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.push.judge import Judge

COUNT = int(os.environ.get("PUSH_MUTANTS") or (3_000 if IS_CI else 60))
# Version 1 is faster.
COUNT_1 = int(os.environ.get("PUSH_MUTANTS") or (1_000 if IS_CI else 100))
SEED = int(os.environ.get("PUSH_SEED") or 1)
# In parts, so that workers share them.
PARTS = 10
KNOWN = {
    "type A @model {\n  id: ID!\n  bs: [B] @hasMany\n}\n\n"
    "type B @model {\n  id: ID!\n  aBsId: Int @index\n}": (
        "the field has the name of the relation's implicit key, and another type than that"
    ),
    'type A @model @versioned(versionField: "") {\n  id: A!\n}': (
        "the only field of the model cannot be set when an object is created"
    ),
}
# A change of these files changes the mutants of every seed: add cases to other files.
BASES = ["examples", "keys", "many-to-many", "names", "operations", "relations", "rules", "types"]
BASES_1 = ["auth", "connections", "keys", "resolvers", "searchable-versioned", "types"]


def is_parsable(schema: str) -> bool:
    try:
        parse(schema)
    except GraphQLError:
        return False
    return True


def bases() -> list[str]:
    """Return accepted schemas; whole applications more often than single cases."""
    applications = [case.schema for case in corpus.cases() if case.name.startswith("applications/")]
    sound = [schema for schema in applications if not cases.push_rules(schema, respect=True)]
    recorded = [case for path in cases.files(2) if path.stem in BASES for case in cases.read(path)]
    accepted = [case.schema for case in recorded if not case.refused]
    return [schema for schema in (*sound * 6, *accepted) if is_parsable(schema)]


def bases_1() -> list[str]:
    """Return accepted schemas of transformer version 1; a whole application more often."""
    generated = [case.schema for case in corpus.cases() if case.name.startswith("version-1/")]
    sound = [schema for schema in generated if not push_rules_1(schema)]
    recorded = [
        case for path in cases.files(1) if path.stem in BASES_1 for case in cases.read(path)
    ]
    accepted = [case.schema for case in recorded if not case.refused]
    application = (cases.DIRECTORIES[1] / "applications.txt").read_text(encoding="utf-8")
    bases = [schema for schema in (*sound * 2, *accepted) if is_parsable(schema)]
    return [*bases, *[application] * (len(bases) // 2)]


def push_rules_1(schema: str) -> tuple[str, ...]:
    return cases.push_rules(schema, respect=True, version=1)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_judge_refuses_the_same_mutants(judge: Judge, part: int) -> None:
    mutants = islice(schema_mutants(Random(f"{SEED}-{part}"), bases()), COUNT // PARTS)
    wrong = [*_differences(judge, mutants, 2)]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_judge_of_version_1_refuses_the_same_mutants(judge_1: Judge, part: int) -> None:
    mutants = schema_mutants(Random(f"{SEED}-{part}"), bases_1(), 1)
    wrong = [*_differences(judge_1, islice(mutants, COUNT_1 // PARTS), 1)]
    assert not wrong, "\n\n".join(wrong)


def _differences(judge: Judge, mutants: Iterable[str], version: int) -> Iterator[str]:
    for schema in filter(str.strip, mutants):
        refusal = judge.refusal(schema)
        rules = cases.push_rules(schema, respect=True, version=version)
        if bool(refusal) != bool(rules) and schema not in KNOWN:
            yield f"{schema}\njudge: {refusal or 'accepted'}\nwe: {rules or 'accepted'}"
