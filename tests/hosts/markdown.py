"""The blocks of Markdown pages, which tests do as their readers would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def blocks(page: Path, language: str) -> list[str]:
    """Return the text of every fenced block of a language, in order."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
