"""docs/troubleshooting.md explains every message about AWS and files, and no other."""

from __future__ import annotations

import pytest

from support.messages import source_messages, template_messages
from support.pages import coded, read, tables

ROWS = [row for table in tables(read("troubleshooting.md")) for row in table]
MESSAGES = [row[0].strip("`") for row in ROWS]


@pytest.mark.parametrize("message", sorted(template_messages() | source_messages()))
def test_every_message_is_explained(message: str) -> None:
    assert message in MESSAGES


def test_every_explained_message_is_printed() -> None:
    assert set(MESSAGES) <= template_messages() | source_messages()


def test_no_message_is_explained_twice() -> None:
    assert len(set(MESSAGES)) == len(MESSAGES)


@pytest.mark.parametrize("row", ROWS, ids=MESSAGES)
def test_a_message_has_a_cause_and_a_remedy(row: list[str]) -> None:
    message, cause, remedy = row
    assert coded(message) == [message.strip("`")]
    assert cause
    assert remedy


def test_messages_are_found_in_templates_and_in_source() -> None:
    assert len(template_messages()) > 35
    assert len(source_messages()) > 25
