"""The tables of failures hold together: a typing error in them would show only on a bad day."""

from __future__ import annotations

import builtins
import socket
import ssl
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen_plugins.aws import faults, refusals

if TYPE_CHECKING:
    from amplify_modelgen_plugins.aws.rule import Rule

ALWAYS = {"call", "host", "region", "profile", "connect_timeout", "read_timeout"}
REFUSED = ALWAYS | {"code", "status", "told", "action"}
FAILED = ALWAYS | {"detail"}
OF_ANSWERS = [refusals.NOT_UNDERSTOOD, refusals.SAID_ERROR, refusals.NO_MODELS]
# boto3 has had these for a short time only.
NEWER = {"InvalidChecksumConfigError", "LoginError"}

ROWS = [
    *[(rule, REFUSED) for rule in (*refusals.BY_CODE.values(), *refusals.BY_STATUS.values())],
    *[(rule, FAILED) for rule in (*faults.BY_CAUSE.values(), *faults.BY_CLASS.values())],
    *[(rule, FAILED) for rule in OF_ANSWERS],
]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize(("rule", "known"), ROWS)
def test_a_rule_asks_for_known_facts_and_names_the_call(rule: Rule, known: set[str]) -> None:
    assert fields(rule.message) | fields(rule.hint) <= known
    assert "call" in fields(rule.message)


@pytest.mark.parametrize(("rule", "known"), ROWS)
def test_a_rule_is_no_sentence_with_a_full_stop(rule: Rule, known: set[str]) -> None:
    del known
    assert not rule.message.endswith(".")
    assert not rule.hint.endswith(".")


def test_every_class_of_the_tables_exists() -> None:
    import botocore.exceptions
    import botocore.parsers

    homes = (botocore.exceptions, botocore.parsers, builtins, socket, ssl)
    names = faults.BY_CLASS.keys() | faults.BY_CAUSE.keys()
    unknown = {name for name in names if not any(hasattr(home, name) for home in homes)}
    assert unknown <= NEWER


def test_the_last_resort_is_an_exception_of_any_kind() -> None:
    assert list(faults.BY_CLASS)[-1] == "Exception"
