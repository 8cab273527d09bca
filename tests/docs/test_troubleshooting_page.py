"""docs/troubleshooting.md explains every message about AWS and files, and no other."""

from __future__ import annotations

import pytest

from amplify_modelgen_plugins.aws.service_errors import BY_CLASS, ErrorKind
from support.messages import botocore_messages, codes, source_messages
from support.pages import coded, read, tables

ROWS = [row for table in tables(read("troubleshooting.md")) for row in table]
MESSAGES = [row[0].strip("`") for row in ROWS]


@pytest.mark.parametrize("message", sorted(codes() | source_messages()))
def test_every_message_is_explained(message: str) -> None:
    assert message in MESSAGES


@pytest.mark.parametrize("kind", {kind.hint: kind for kind in BY_CLASS.values()}.values())
def test_a_text_for_every_hint_about_boto3_is_explained(kind: ErrorKind) -> None:
    texts = botocore_messages()
    names = [name for name, each in BY_CLASS.items() if each == kind and name in texts]
    assert not names or set().union(*map(texts.__getitem__, names)) & set(MESSAGES)


def test_every_explained_message_is_printed() -> None:
    printed = source_messages() | codes() | set().union(*botocore_messages().values())
    assert set(MESSAGES) <= printed | {"HTTP …"}


def test_no_message_is_explained_twice() -> None:
    assert len(set(MESSAGES)) == len(MESSAGES)


@pytest.mark.parametrize("row", ROWS, ids=MESSAGES)
def test_a_message_has_a_cause_and_a_remedy(row: list[str]) -> None:
    message, cause, remedy = row
    assert coded(message) == [message.strip("`")]
    assert cause
    assert remedy


def test_messages_are_found_in_tables_and_in_source() -> None:
    assert len(botocore_messages()) > 15
    assert len(source_messages()) > 25
