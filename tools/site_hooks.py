# ruff: noqa: INP001 (a hook, not a package)
"""A hook of MkDocs: what differs between the pages on GitHub and the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_RULES = Path(__file__).parents[1] / "docs" / "rules.md"
_FENCE = re.compile(r"^(`{3,})(\w+) (\S+)$", re.MULTILINE)
_HOME = "https://github.com/amplify-modelgen/amplify-modelgen/blob/main/"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each rule of the linter: its section of docs/rules.md."""
    for section in re.split(r"^(?=###? )", _RULES.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if section.startswith("### "):
            rule = section.split()[1]
            text = f"{section[2:]}\n[All rules](../rules.md)\n"
            files.append(File.generated(config, f"rules/{rule}.md", content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Give code with a file name a title, and link files outside of docs/ to the repository."""
    titled = _FENCE.sub(_open_fence, markdown)
    return re.sub(r"\]\(\.\./", f"]({_HOME}", titled)


def _open_fence(match: re.Match[str]) -> str:
    fence, language, name = match.groups()
    # A diagram is drawn, so that it has no title.
    return f"{fence}{language}" if language == "mermaid" else f'{fence}{language} title="{name}"'
