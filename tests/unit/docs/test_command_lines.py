"""Every command line in README.md and docs/ is one that the real parser takes."""

from __future__ import annotations

import re
import shlex
from functools import cache
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli.arguments import build_parser
from amplify_modelgen.plugins import load_plugins
from unit.docs.pages import DOCS, ROOT, blocks, coded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen.hookspecs import Command

PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
# What the shell, not we, would read.
_REST = re.compile(r"\s(?:&&|\|\||[|;>]).*")


def code(page: Path) -> Iterator[str]:
    """Return the lines of a page that show what to type, with YAML's folded lines joined."""
    text = page.read_text(encoding="utf-8")
    for block in blocks(page, "console"):
        yield from re.findall(r"^\$ (.*)$", block, re.MULTILINE)
    for language in ("sh", "yaml", "ini"):
        for block in blocks(page, language):
            yield from re.sub(r">-\n((?: {10}.*\n)+)", _joined, block).splitlines()
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"^ {4}(\S.*)$", prose, re.MULTILINE)
    yield from coded(prose)
    yield from re.findall(r"'(amplify-modelgen [^']*)'", prose)


def _joined(match: re.Match[str]) -> str:
    return " ".join(match[1].split()) + "\n"


def commands(page: Path) -> set[str]:
    """Return what stands after `amplify-modelgen` on every such line."""
    found = {m[1] for line in code(page) if (m := re.search(r"amplify-modelgen ([a-z-].*)", line))}
    return {_REST.sub("", words) for words in found}


CASES = [(page.name, words) for page in PAGES for words in sorted(commands(page))]


@cache
def plugin_commands() -> dict[str, Command]:
    return load_plugins().commands


@pytest.mark.parametrize(("page", "words"), CASES)
def test_the_parser_takes_it(page: str, words: str) -> None:
    del page
    given = shlex.split(words, comments=True)
    assert build_parser(given, plugin_commands()).parse_args(given).verb


def test_the_command_lines_were_found() -> None:
    verbs = {words.split()[0] for _, words in CASES}
    assert {"generate", "check", "diff", "targets", "plugins", "serve"} <= verbs
    assert ("ci.md", "diff --fail-on breaking origin/main: .") in CASES
    assert any("--report sarif=models.sarif" in words for _, words in CASES)
