"""Records what the live peer gives for every case of the corpus: `python record.py [NAME...]`.

With names, only the cases whose folder contains one of them.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As pytest has it (pyproject.toml, `pythonpath`); a script only gets its own folder.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance import corpus
from conformance.peer import Judge


def main(names: list[str]) -> int:
    """Record the chosen cases, name those that changed; always 0."""
    chosen = [case for case in corpus.cases() if not names or any(n in case.name for n in names)]
    with Judge() as judge:
        judgements = judge.judge_all((case.schema, case.flags) for case in chosen)
    pairs = list(zip(chosen, judgements, strict=True))
    changed = [case.name for case, new in pairs if corpus.standing(case) != corpus.files(new)]
    for case, judgement in pairs:
        corpus.record(case, judgement)
    sys.stdout.writelines(f"changed {name}\n" for name in changed)
    sys.stdout.write(f"{len(chosen)} cases recorded, {len(changed)} changed\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
