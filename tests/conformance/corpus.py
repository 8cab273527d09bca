"""The corpus: every directory below corpus/ that contains a schema.graphql is a case.

The directory also contains the documents of the peer (introspection.json, schema.json),
refused.txt if it refused one or both, and flags.json if the case needs other flags than the
defaults.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from amplify_modelgen.modelgen.documents import FeatureFlags
from conformance.peer import Result, Verdict

ROOT = Path(__file__).with_name("corpus")
_DOCUMENTS = {"introspection": "introspection.json", "datastore": "schema.json"}
_REFUSED = "refused.txt"
_MAX_ERROR_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A schema and its flags; `name` is its directory, relative to corpus/."""

    name: str
    directory: Path
    schema: str
    flags: FeatureFlags


def cases() -> list[Case]:
    """Return all cases, sorted by name."""
    return [_case(path.parent) for path in sorted(ROOT.rglob("schema.graphql"))]


def _case(directory: Path) -> Case:
    flags = directory / "flags.json"
    return Case(
        name=directory.relative_to(ROOT).as_posix(),
        directory=directory,
        schema=_read(directory / "schema.graphql"),
        flags=FeatureFlags(**json.loads(flags.read_text())) if flags.exists() else FeatureFlags(),
    )


def recorded(case: Case) -> Verdict:
    """Return the recorded verdict of the peer."""
    texts = recorded_files(case)
    errors = dict(line.split(": ", 1) for line in texts.get(_REFUSED, "").splitlines())
    results = {
        name: Result(text=texts.get(file), error=errors.get(name))
        for name, file in _DOCUMENTS.items()
    }
    return Verdict(**results)


def record(case: Case, verdict: Verdict) -> None:
    """Replace the recorded files by a new verdict."""
    for file in (_REFUSED, *_DOCUMENTS.values()):
        (case.directory / file).unlink(missing_ok=True)
    for file, text in verdict_files(verdict).items():
        (case.directory / file).write_bytes(text.encode())


def recorded_files(case: Case) -> dict[str, str]:
    """Return the exact text of each recorded file, by its name."""
    paths = [case.directory / file for file in (*_DOCUMENTS.values(), _REFUSED)]
    return {path.name: _read(path) for path in paths if path.exists()}


def verdict_files(verdict: Verdict) -> dict[str, str]:
    """Return the exact text of each file that a verdict is recorded in, by its name."""
    results: dict[str, Result] = {name: getattr(verdict, name) for name in _DOCUMENTS}
    errors = [
        f"{name}: {_one_line(result.error)}\n" for name, result in results.items() if result.error
    ]
    documents = {
        _DOCUMENTS[name]: result.text for name, result in results.items() if result.text is not None
    }
    return documents | {_REFUSED: "".join(errors)} if errors else documents


def _one_line(error: str) -> str:
    # Stack traces and excerpts of the parser would be noise in diffs.
    return " ".join(error.split())[:_MAX_ERROR_LENGTH]


def _read(path: Path) -> str:
    # Bytes, because text mode would translate the newlines that a case may be about.
    return path.read_bytes().decode()
