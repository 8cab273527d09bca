"""Record what the judge and our rules say to each case: `python record.py [FILE...]`.

Prints the cases in which both disagree, and the reason of the judge.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As pytest does (pyproject.toml, `pythonpath`); a script gets its own directory only.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from msgspec.structs import replace

from conformance.push import cases
from conformance.push.judge import Judge


def main(names: list[str]) -> int:
    """Rewrite the files of the corpus that have these names, or all; return 0."""
    for version in (1, 2):
        with Judge(version) as judge:
            for path in cases.files(version):
                if not names or path.name in names or path.stem in names:
                    _record(path, judge)
    return 0


def _record(path: Path, judge: Judge) -> None:
    recorded = []
    for case in cases.read(path):
        refusal = judge.refusal(case.schema, respect=case.respect)
        rules = cases.found_rules(case)
        recorded.append(replace(case, refused=refusal is not None, rules=rules))
        if (refusal is not None) != bool(rules):
            sys.stdout.write(f"{case.name}: {refusal or f'accepted, not {rules}'}\n{case.schema}\n")
    text = "".join(f"{case.header}\n{case.schema}\n" for case in recorded)
    path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{path.name}: {len(recorded)} cases\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
