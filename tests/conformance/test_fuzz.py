from __future__ import annotations

import re
import signal
from contextlib import contextmanager
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen.documents import FeatureFlags
from amplify_modelgen.modelgen.schema import BUILT_INS_1
from conformance import corpus
from conformance.budget import MUTANTS, SEED
from conformance.comparison import difference
from conformance.mutants import mutants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from conformance.peer import Peer

CHUNKS = 20
# Far more than any mutant needs: only an engine that hangs reaches it.
MAX_SECONDS = 60
CASES = corpus.cases()
# The corpus and the flags for each version of the transformer.
SCHEMAS = {
    version: [case.schema for case in CASES if case.flags.uses_transformer_2 is (version == 2)]
    for version in (1, 2)
}
FLAGS = {
    1: FeatureFlags(transformer_version=1, use_experimental_pipelined_transformer=False),
    2: FeatureFlags(),
}
# Divisor of the mutants that are compared with the peer; a tenth of them are valid schemas.
COMPARED_SHARE = 10
_STRICTER = (
    " is both a",
    " of @hasOne is not a list of names",
    " must connect two fields, but ",
    ": `fields` is not a list of names",
)
_RESERVED_NAME = re.compile(
    rf"\b(?:type|enum|input|interface|union|scalar)\s+(?:__|(?:{'|'.join(BUILT_INS_1.types)})\b)"
)


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    def raise_timeout(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"no result within {seconds} seconds")

    previous = signal.signal(signal.SIGALRM, raise_timeout)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def describe(mutant: str) -> str:
    text = mutant if len(mutant) < 3_000 else f"{mutant[:1_500]} ... {mutant[-1_500:]}"
    return f"--- CONFORMANCE_SEED={SEED}, {len(mutant)} characters\n{text!r}"


def refusal(mutant: str, flags: FeatureFlags) -> SchemaError | None:
    from amplify_modelgen.modelgen import generate_models

    try:
        generate_models(mutant, flags)
    except SchemaError as error:
        return error
    return None


def check(mutant: str, flags: FeatureFlags) -> None:
    from amplify_modelgen.modelgen import find_problems

    refused = refusal(mutant, flags)
    problems = find_problems(mutant, flags)
    errors = [problem for problem in problems if problem.severity == "error"]
    assert bool(errors) == (refused is not None), (refused, problems)
    for problem in (*problems, *(refused.diagnostics if refused else ())):
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs the alarm signal")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_mutants_give_models_or_errors_with_a_position(chunk: int) -> None:
    count = -(-MUTANTS // CHUNKS)
    version = 1 if chunk % 4 == 0 else 2
    for mutant in islice(mutants(Random(f"{SEED}-{chunk}"), SCHEMAS[version]), count):
        try:
            with bounded(MAX_SECONDS):
                check(mutant, FLAGS[version])
        except Exception as error:
            error.add_note(describe(mutant))
            raise


def is_comparable(mutant: str) -> bool:
    # A file in UTF-8 cannot contain lone surrogates; for the names see README.md.
    return "\ud83d" not in mutant and _RESERVED_NAME.search(mutant) is None


def is_stricter(mutant: str, flags: FeatureFlags) -> bool:
    """Whether we refuse a mutant for something that the peer sometimes accepts: see README.md."""
    from amplify_modelgen.modelgen import find_problems

    messages = [problem.message for problem in find_problems(mutant, flags)]
    return any(part in message for part in _STRICTER for message in messages)


@pytest.mark.parametrize("version", [1, 2])
def test_mutants_are_refused_if_the_peer_refuses_them(peer: Peer, version: int) -> None:
    flags = FLAGS[version]
    candidates = mutants(Random(SEED), SCHEMAS[version], huge_share=0)
    selected = list(islice(filter(is_comparable, candidates), MUTANTS // COMPARED_SHARE))
    verdicts = peer.generate_all((mutant, flags) for mutant in selected)
    for mutant, verdict in zip(selected, verdicts, strict=True):
        report = difference(mutant, flags, verdict)
        assert not report or is_stricter(mutant, flags), f"{report}\n{describe(mutant)}"
