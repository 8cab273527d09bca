from __future__ import annotations

import re
import signal
from contextlib import contextmanager
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen.flags import FeatureFlags
from amplify_modelgen.modelgen.known import RESERVED
from conformance import corpus
from conformance.budget import MUTANTS, SEED
from conformance.mutants import mutants
from conformance.verdict import difference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from conformance.peer import Judge

CHUNKS = 20
# Far above what any mutant needs, so that only an engine that hangs reaches it.
MOST_SECONDS = 60
SCHEMAS = [case.schema for case in corpus.cases()]
# The peer is asked about some of the mutants too: a tenth of them are still valid schemas.
JUDGED_SHARE = 10
_STRICTER = (
    " is both a",
    " of @hasOne is not a list of names",
    " connects two fields, but ",
)
_RESERVED_NAME = re.compile(
    rf"\b(?:type|enum|input|interface|union|scalar)\s+(?:__|(?:{'|'.join(RESERVED)})\b)"
)


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"no answer within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def shown(mutant: str) -> str:
    text = mutant if len(mutant) < 3_000 else f"{mutant[:1_500]} ... {mutant[-1_500:]}"
    return f"--- CONFORMANCE_SEED={SEED}, {len(mutant)} characters\n{text!r}"


def refusal(mutant: str) -> SchemaError | None:
    from amplify_modelgen.modelgen import generate_models

    try:
        generate_models(mutant)
    except SchemaError as error:
        return error
    return None


def check(mutant: str) -> None:
    from amplify_modelgen.modelgen import find_problems

    refused = refusal(mutant)
    problems = find_problems(mutant, FeatureFlags())
    errors = [one for one in problems if one.severity == "error"]
    assert bool(errors) == (refused is not None), (refused, problems)
    for one in (*problems, *(refused.problems if refused else ())):
        assert one.line >= 1
        assert one.column >= 1
        assert one.message


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs the alarm signal")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_mutants_give_models_or_a_position(chunk: int) -> None:
    count = -(-MUTANTS // CHUNKS)
    for mutant in islice(mutants(Random(f"{SEED}-{chunk}"), SCHEMAS), count):
        try:
            with bounded(MOST_SECONDS):
                check(mutant)
        except Exception as error:
            error.add_note(shown(mutant))
            raise


def judged(mutant: str) -> bool:
    # A file in UTF-8 has no lone surrogates, so no schema has; for the names see README.md.
    return "\ud83d" not in mutant and _RESERVED_NAME.search(mutant) is None


def is_stricter(mutant: str) -> bool:
    """Whether we refuse a mutant for something that the peer takes now and then: see README.md."""
    from amplify_modelgen.modelgen import find_problems

    messages = [problem.message for problem in find_problems(mutant, FeatureFlags())]
    return any(known in message for known in _STRICTER for message in messages)


def test_mutants_are_refused_where_the_peer_refuses_them(judge: Judge) -> None:
    some = mutants(Random(SEED), SCHEMAS, huge_share=0)
    chosen = list(islice(filter(judged, some), MUTANTS // JUDGED_SHARE))
    judgements = judge.judge_all((mutant, FeatureFlags()) for mutant in chosen)
    for mutant, judgement in zip(chosen, judgements, strict=True):
        found = difference(mutant, FeatureFlags(), judgement)
        assert not found or is_stricter(mutant), f"{found}\n{shown(mutant)}"
