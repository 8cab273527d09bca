# ruff: noqa: INP001 (a hook, not a package)
"""A hook of MkDocs: what differs between the pages on GitHub and the site."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^(`{3,})(\w+) (\S+)$", re.MULTILINE)
_HOME = "https://github.com/amplify-modelgen/amplify-modelgen/blob/main/"


def on_page_markdown(markdown: str, **_: object) -> str:
    """Give code with a file name a title, and link files outside of docs/ to the repository."""
    titled = _FENCE.sub(_open_fence, markdown)
    return re.sub(r"\]\(\.\./", f"]({_HOME}", titled)


def _open_fence(match: re.Match[str]) -> str:
    fence, language, name = match.groups()
    # A diagram is drawn, so that it has no title.
    return f"{fence}{language}" if language == "mermaid" else f'{fence}{language} title="{name}"'
