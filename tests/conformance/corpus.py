"""The corpus: every folder under corpus/ with a schema.graphql is a case, found by listing.

Beside the schema stand what the peer gave (introspection.json, schema.json), refused.txt where it
refused one or both, and flags.json where the case needs other flags than the defaults.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from amplify_modelgen.modelgen.flags import FeatureFlags
from conformance.peer import Judgement, Result

ROOT = Path(__file__).with_name("corpus")
_DOCUMENTS = {"introspection": "introspection.json", "datastore": "schema.json"}
_REFUSED = "refused.txt"
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One schema with its flags; `name` is its folder, relative to corpus/."""

    name: str
    folder: Path
    schema: str
    flags: FeatureFlags


def cases() -> list[Case]:
    """All cases, sorted by name."""
    return [_case(path.parent) for path in sorted(ROOT.rglob("schema.graphql"))]


def _case(folder: Path) -> Case:
    flags = folder / "flags.json"
    return Case(
        name=folder.relative_to(ROOT).as_posix(),
        folder=folder,
        schema=_read(folder / "schema.graphql"),
        flags=FeatureFlags(**json.loads(flags.read_text())) if flags.exists() else FeatureFlags(),
    )


def recorded(case: Case) -> Judgement:
    """What the peer said when the case was recorded."""
    texts = standing(case)
    errors = dict(line.split(": ", 1) for line in texts.get(_REFUSED, "").splitlines())
    results = {
        name: Result(text=texts.get(file), error=errors.get(name))
        for name, file in _DOCUMENTS.items()
    }
    return Judgement(**results)


def record(case: Case, judgement: Judgement) -> None:
    """Write what the peer says now beside the schema, in place of what stood there."""
    for file in (_REFUSED, *_DOCUMENTS.values()):
        (case.folder / file).unlink(missing_ok=True)
    for file, text in files(judgement).items():
        (case.folder / file).write_bytes(text.encode())


def standing(case: Case) -> dict[str, str]:
    """The recorded files as they stand: name -> exact text."""
    paths = [case.folder / file for file in (*_DOCUMENTS.values(), _REFUSED)]
    return {path.name: _read(path) for path in paths if path.exists()}


def files(judgement: Judgement) -> dict[str, str]:
    """The files that a judgement is recorded in: name -> exact text."""
    results: dict[str, Result] = {name: getattr(judgement, name) for name in _DOCUMENTS}
    errors = [f"{name}: {_line(one.error)}\n" for name, one in results.items() if one.error]
    found = {_DOCUMENTS[name]: one.text for name, one in results.items() if one.text is not None}
    return found | {_REFUSED: "".join(errors)} if errors else found


def _line(error: str) -> str:
    # One line and not too long: whole stacks and parser excerpts would only make noise in diffs.
    return " ".join(error.split())[:_LONGEST_ERROR]


def _read(path: Path) -> str:
    # Bytes, because text mode would translate line ends that a case may be about.
    return path.read_bytes().decode()
