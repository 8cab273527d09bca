"""Every command line in README.md and docs/ is valid."""

from __future__ import annotations

import re
import shlex
from functools import cache
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli.command_line import build_parser
from amplify_modelgen.plugin_manager import load_plugins
from support.pages import DOCS, ROOT, blocks, coded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen.plugin import Command

PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
# What the shell reads.
_REST = re.compile(r"(?:\s(?:&&|\|\||[|;>])|\)).*")


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
    """Return the arguments of `amplify-modelgen` on every such line."""
    found = {
        m[1]
        for line in code(page)
        if (m := re.search(r"amplify-modelgen (?!https:)([a-z-].*)", line))
    }
    return {_REST.sub("", line) for line in found}


CASES = [(page.name, line) for page in PAGES for line in sorted(commands(page))]


@cache
def plugin_commands() -> dict[str, Command]:
    return load_plugins().commands


@pytest.mark.parametrize(("page", "line"), CASES)
def test_the_parser_accepts_the_command_line(page: str, line: str) -> None:
    del page
    given = shlex.split(line, comments=True)
    assert build_parser(given, plugin_commands()).parse_args(given).command


def test_the_command_lines_were_found() -> None:
    names = {line.split()[0] for _, line in CASES}
    assert {"generate", "check", "diff", "targets", "plugins", "serve"} <= names
    assert ("ci.md", "diff --fail-on breaking origin/main: .") in CASES
    assert any("--report sarif=models.sarif" in line for _, line in CASES)
