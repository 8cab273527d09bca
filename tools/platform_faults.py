# ruff: noqa: INP001 (a script)
"""Write the table of refusals in docs/emitters.md from `FAULTS`.

python tools/platform_faults.py
"""

from __future__ import annotations

from pathlib import Path

from amplify_modelgen_plugins.emitters.platform_faults import FAULTS

PAGE = Path(__file__).parents[1] / "docs" / "emitters.md"
_BEGIN, _END = "<!-- faults -->\n", "<!-- end of faults -->\n"


def table() -> str:
    """Return the table in Markdown: a row for each kind of fault."""
    lines = ["| rule | in the schema | refused by | fix |", "|---|---|---|---|"]
    for rule, fault in FAULTS.items():
        lines.append(f"| `{rule}` | {fault.cause} | {fault.languages} | {fault.fix} |")
    return "\n".join(lines) + "\n"


def current(page: str) -> str:
    """Return the page with the current table."""
    before, _, rest = page.partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}{table()}{_END}{after}"


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
