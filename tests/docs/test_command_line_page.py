"""docs/command-line.md is what tools/command_line_reference.py writes."""

from __future__ import annotations

import runpy

from support.pages import ROOT, read


def test_the_page_is_current() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "command_line_reference.py"))
    assert tool["render"]() == read("command-line.md"), "run tools/command_line_reference.py"
