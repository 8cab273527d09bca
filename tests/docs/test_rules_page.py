"""docs/rules.md is what tools/rule_reference.py writes."""

from __future__ import annotations

import runpy

from support.pages import ROOT, read


def test_the_page_is_current() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "rule_reference.py"))
    assert tool["render"]() == read("rules.md"), "run tools/rule_reference.py"
