"""docs/troubleshooting.md has every message about AWS, and none that nobody prints."""

from __future__ import annotations

import pytest

from unit.docs.messages import of_rules, of_source
from unit.docs.pages import coded, read, tables

ROWS = [row for table in tables(read("troubleshooting.md")) for row in table]
MESSAGES = [row[0].strip("`") for row in ROWS]


@pytest.mark.parametrize("message", sorted(of_rules() | of_source()))
def test_every_message_is_explained(message: str) -> None:
    assert message in MESSAGES


def test_no_message_is_explained_that_nobody_prints() -> None:
    assert set(MESSAGES) <= of_rules() | of_source()


def test_no_message_is_explained_twice() -> None:
    assert len(set(MESSAGES)) == len(MESSAGES)


@pytest.mark.parametrize("row", ROWS, ids=MESSAGES)
def test_a_message_has_a_cause_and_a_cure(row: list[str]) -> None:
    message, cause, cure = row
    assert coded(message) == [message.strip("`")]
    assert cause
    assert cure


def test_messages_are_found_in_tables_and_in_source() -> None:
    assert len(of_rules()) > 35
    assert len(of_source()) > 25
