# ruff: noqa: INP001 (a script)
"""Draw docs/terminal.svg: what `examples/demo.py` prints in a terminal.

Run it as `python tools/terminal_picture.py` after a change of what it prints.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "terminal.svg"
COLUMNS = 112


def session() -> str:
    """Return what the demonstration prints, with the codes of colors."""
    environ = {**os.environ, "FORCE_COLOR": "1"}
    environ.pop("NO_COLOR", None)
    done = subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, str(ROOT / "examples" / "demo.py")],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def draw(text: str) -> str:
    """Return the picture, which refers to no other file."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="standard")
    console.print(Text.from_ansi(text))
    svg = console.export_svg(title="amplify-modelgen", unique_id="terminal")
    # The fonts of rich are on another host.
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(draw(session()), encoding="utf-8")
