"""The corpus: schemas with the verdict of Amplify's transformer, in files with many cases each.

A case is a line `### VERDICT: RULES`, and the schema below it. VERDICT is `accepted` or `refused`,
followed by `by id` if the project relates models by their ids only, that is, if the flag
`respectPrimaryKeyAttributesOnConnectionField` is off. RULES are the ids of the rules that find the
mistakes. To add a case, write `###` (or `### by id`) and the schema, and run `record.py`. The cases
in `corpus-1` are for transformer version 1.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from amplify_modelgen.lint import lint_schema
from amplify_modelgen.modelgen import FeatureFlags

DIRECTORIES = {1: Path(__file__).with_name("corpus-1"), 2: Path(__file__).with_name("corpus")}

_HEADER = re.compile(r"^###(?: (accepted|refused))?( by id)?(?:: (.*))?$", re.MULTILINE)


class Case(Struct, frozen=True, kw_only=True):
    """A schema, what the transformer says to it, and the rules that refuse it."""

    name: str
    schema: str
    respect: bool
    version: int
    refused: bool | None
    rules: tuple[str, ...]

    @property
    def header(self) -> str:
        """The line above the schema."""
        verdict = "refused" if self.refused else "accepted"
        flag = "" if self.respect else " by id"
        rules = f": {', '.join(self.rules)}" if self.rules else ""
        return f"### {verdict}{flag}{rules}"


def files(version: int) -> list[Path]:
    """Return the files of the corpus of a transformer version."""
    return sorted(DIRECTORIES[version].glob("*.txt"))


def read(path: Path) -> list[Case]:
    """Return the cases of a file, named by file and line."""
    text = path.read_text(encoding="utf-8")
    headers = list(_HEADER.finditer(text))
    ends = [*(header.start() for header in headers[1:]), len(text)]
    return [
        Case(
            name=f"{path.stem}:{text.count(chr(10), 0, header.start()) + 1}",
            schema=text[header.end() : end].strip("\n"),
            respect=not header[2],
            version=1 if path.parent == DIRECTORIES[1] else 2,
            refused=header[1] == "refused" if header[1] else None,
            rules=tuple(filter(None, (header[3] or "").split(", "))),
        )
        for header, end in zip(headers, ends, strict=True)
    ]


def all_cases(version: int) -> list[Case]:
    """Return the whole corpus of a transformer version."""
    return [case for path in files(version) for case in read(path)]


def found_rules(case: Case) -> tuple[str, ...]:
    """Return the rules by which we refuse to push a case."""
    return push_rules(case.schema, respect=case.respect, version=case.version)


def push_rules(schema: str, *, respect: bool, version: int = 2) -> tuple[str, ...]:
    """Return the rules by which we refuse to push a schema, in alphabetical order."""
    flags = FeatureFlags(
        transformer_version=version,
        use_experimental_pipelined_transformer=version != 1,
        respect_primary_key_attributes_on_connection_field=respect,
    )
    return tuple(
        sorted(
            {
                entry.rule
                for entry in lint_schema(schema, flags, ALL_PROVIDERS)
                if entry.severity == "error" and entry.stage == "push"
            }
        )
    )


ALL_PROVIDERS = ("apiKey", "userPools", "identityPool", "oidc", "function")
"""The judge has each provider of authorization configured."""
