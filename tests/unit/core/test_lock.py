from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.files.lock import NAME, Locked, lock_text, parse_lock, read_lock

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "# amplify-modelgen lock, version 1\n"
A, B, C = "a" * 64, "b" * 64, "0123456789abcdef" * 4
BLOG = {"blog@dev": Locked(schema=A, settings=B, outputs={"z.json": C, "src/a b.json": A})}
BLOG_TEXT = f"""\
# amplify-modelgen lock, version 1
# Written by 'amplify-modelgen generate'. Commit it, do not edit it.

[blog@dev]
{A}  (schema)
{B}  (settings)
{A}  src/a b.json
{C}  z.json
"""
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda name: name not in ("(schema)", "(settings)")
)


def locked(schema: str, settings: str, outputs: dict[str, str]) -> Locked:
    # Hypothesis would resolve the annotations of the class, whose names are for checkers alone.
    return Locked(schema=schema, settings=settings, outputs=outputs)


LOCKS = st.dictionaries(
    NAMES,
    st.builds(
        locked,
        schema=DIGESTS | st.just(""),
        settings=DIGESTS,
        outputs=st.dictionaries(NAMES, DIGESTS, max_size=3),
    ),
    max_size=3,
)


def refusal(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_lock(text)
    return caught.value


def test_the_text_is_sorted_and_has_a_part_for_each_target() -> None:
    assert lock_text(BLOG) == BLOG_TEXT


def test_targets_are_sorted_by_key() -> None:
    text = lock_text({key: Locked(schema=A, settings=B) for key in ("b", "c", "a")})
    assert [line for line in text.splitlines() if line.startswith("[")] == ["[a]", "[b]", "[c]"]


@given(LOCKS)
def test_what_was_written_is_read_again(lock: dict[str, Locked]) -> None:
    assert parse_lock(lock_text(lock)) == lock


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + BLOG_TEXT, id="byte-order mark"),
        pytest.param(BLOG_TEXT.replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(BLOG_TEXT.rstrip("\n"), id="no line end at the end"),
        pytest.param(BLOG_TEXT + "\n# a comment\n\n", id="comments and empty lines"),
    ],
)
def test_what_editors_and_git_do_to_a_text_file_is_no_harm(text: str) -> None:
    assert parse_lock(text) == BLOG


@given(st.text() | st.text(st.sampled_from("[]-# \n\r<=>|ab0(schema)(settings)")))
def test_garbage_raises_a_configuration_error_or_nothing(text: str) -> None:
    for garbage in (text, TITLE + text, BLOG_TEXT + text, TITLE.strip() + text):
        with suppress(ConfigError):
            parse_lock(garbage)


@pytest.mark.parametrize("version", ["2", "10", "9" * 5000])
def test_a_newer_version_asks_for_an_update(version: str) -> None:
    error = refusal(f"# amplify-modelgen lock, version {version}\nsomething new")
    assert "newer amplify-modelgen" in error.message
    assert "pip install --upgrade" in (error.hint or "")


@pytest.mark.parametrize(
    "title", ["", "# amplify-modelgen lock, version 0", "[blog]", "2", "# version 2"]
)
def test_another_first_line_is_refused(title: str) -> None:
    error = refusal(f"{title}\n")
    assert error.message.startswith(f"{NAME}:1: expected the line ")
    assert repr(title) in error.message
    assert error.hint == f"delete {NAME} and run 'amplify-modelgen generate'"


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "=======", ">>>>>>> feature", "||||||| base"])
@pytest.mark.parametrize(("before", "line"), [("", 1), (TITLE, 2), (BLOG_TEXT, 9)])
def test_a_merge_conflict_is_named_where_it_begins(marker: str, before: str, line: int) -> None:
    error = refusal(f"{before}{marker}\n")
    assert error.message == f"{NAME}:{line}: an unresolved merge conflict"
    assert f"git checkout --ours {NAME}" in (error.hint or "")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        pytest.param(2, f"{A}  a.json", id="before any target"),
        pytest.param(3, "[a]\nhello", id="no digest"),
        pytest.param(3, f"[a]\n{A} one-space", id="one space"),
        pytest.param(3, f"[a]\n{A[1:]}  a.json", id="a short digest"),
        pytest.param(3, f"[a]\n{'g' * 64}  a.json", id="a digest that is not hexadecimal"),
        pytest.param(4, f"[a]\n{A}  a.json\n{B}  a.json", id="a path twice"),
        pytest.param(3, f"[a]\n{A}  a\0b", id="a path that no system takes"),
        pytest.param(2, "[a", id="a header without an end"),
        pytest.param(2, "a]", id="a header without a beginning"),
    ],
)
def test_an_unreadable_line_is_named(line: int, text: str) -> None:
    assert refusal(TITLE + text).message.startswith(f"{NAME}:{line}: unreadable line ")


def test_a_target_may_be_there_only_once() -> None:
    error = refusal(f"{BLOG_TEXT}\n[blog@dev]\n")
    assert error.message == f"{NAME}:10: target 'blog@dev' is there twice"


@pytest.mark.parametrize("missing", ["(schema)", "(settings)"])
def test_a_target_needs_its_two_digests(missing: str) -> None:
    lines = [line for line in BLOG_TEXT.splitlines() if not line.endswith(missing)]
    assert refusal("\n".join(lines)).message == f"{NAME}: target 'blog@dev' has no '{missing}' line"


def test_a_missing_file_locks_nothing(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == {}


def test_the_file_is_read_from_the_root(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(BLOG_TEXT, encoding="utf-8")
    assert read_lock(tmp_path) == BLOG


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(TITLE.encode() + b"\xff")
    with pytest.raises(ConfigError, match="cannot be read: it is not UTF-8"):
        read_lock(tmp_path)


def test_a_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(ConfigError, match=r"amplify-modelgen\.lock cannot be read: "):
        read_lock(tmp_path)


def test_a_lock_that_may_not_be_read_is_not_to_be_deleted(plain_folder: Path) -> None:
    (plain_folder / NAME).touch(mode=0)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied") as caught:
        read_lock(plain_folder)
    assert caught.value.hint == "check the permissions of the file and its folder"
