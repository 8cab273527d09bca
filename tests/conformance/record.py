"""Record the verdict of the peer for every case of the corpus: `python record.py [NAME...]`.

With names, only the cases whose directory contains one of them. Also records the JavaScript files
that the tests of the emitter compare with.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As pytest does (pyproject.toml, `pythonpath`); a script gets its own directory only.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance import corpus, javascript_files
from conformance.peer import Peer


def main(names: list[str]) -> int:
    """Record the selected cases and print those that changed; return 0."""
    selected = [
        case for case in corpus.cases() if not names or any(name in case.name for name in names)
    ]
    with Peer() as peer:
        verdicts = peer.generate_all((case.schema, case.flags) for case in selected)
        javascript_files.record(peer)
    pairs = list(zip(selected, verdicts, strict=True))
    changed = [
        case.name for case, new in pairs if corpus.recorded_files(case) != corpus.verdict_files(new)
    ]
    for case, verdict in pairs:
        corpus.record(case, verdict)
    sys.stdout.writelines(f"changed {name}\n" for name in changed)
    sys.stdout.write(f"{len(selected)} cases recorded, {len(changed)} changed\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
