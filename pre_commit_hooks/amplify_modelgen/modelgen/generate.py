"""The engine as a whole: schema text in, models or problems out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .assembly import assemble
from .check import check
from .directive_uses import misused_directives, unknown_directives
from .documents import Models
from .flags import FeatureFlags
from .introspection import introspection_document
from .merge import ROUNDS, joins, merge
from .parse import deepest_bracket, parse
from .problems import BOTH, Finding, RefusalError, locate, refuse
from .rules import check_transformer, rules_for
from .type_system import type_system
from .written import written_parts

if TYPE_CHECKING:
    from amplify_modelgen.errors import Problem

    from .assembly import Assembly
    from .problems import Document
    from .rules import Rules
    from .tree import Definition

_DEFAULTS = FeatureFlags()


# The DataStore schema is loaded where it is made: its version needs hashlib, 2 ms for a preview of
# the introspection schema that needs none.


def generate_models(sdl: str, flags: FeatureFlags = _DEFAULTS) -> Models:
    """Return both documents for a schema text.

    Raises `SchemaError`, with all problems, where Amplify would refuse one of the two.
    """
    from .datastore import datastore_document

    assemblies = _sound_assemblies(sdl, flags, *BOTH)
    one, other = assemblies["introspection"], assemblies["datastore"]
    parts = written_parts(one)
    return Models(
        introspection=introspection_document(one, parts),
        datastore=datastore_document(other, parts if other is one else written_parts(other)),
    )


def generate_introspection(sdl: str, flags: FeatureFlags = _DEFAULTS) -> dict[str, Any]:
    """Return the model introspection schema alone; `SchemaError` where Amplify refuses it.

    Some schemas have one although they have no DataStore schema: those with unions.
    """
    assembly = _sound_assemblies(sdl, flags, "introspection")["introspection"]
    return introspection_document(assembly, written_parts(assembly))


def generate_datastore(sdl: str, flags: FeatureFlags = _DEFAULTS) -> dict[str, Any]:
    """Return the DataStore schema alone; `SchemaError` where Amplify refuses it."""
    from .datastore import datastore_document

    assembly = _sound_assemblies(sdl, flags, "datastore")["datastore"]
    return datastore_document(assembly, written_parts(assembly))


def find_problems(sdl: str, flags: FeatureFlags = _DEFAULTS) -> tuple[Problem, ...]:
    """Return all errors and warnings about a schema text, sorted by position; raises nothing."""
    return locate(sdl, _analysis(sdl, flags, BOTH)[1])


def _sound_assemblies(
    sdl: str, flags: FeatureFlags, *documents: Document
) -> dict[Document, Assembly]:
    assemblies, findings = _analysis(sdl, flags, documents)
    refuse(sdl, findings)
    return assemblies


@lru_cache(maxsize=1)
def _analysis(
    sdl: str, flags: FeatureFlags, documents: tuple[Document, ...]
) -> tuple[dict[Document, Assembly], tuple[Finding, ...]]:
    """Return what each document is written from, and what is wrong with it.

    The last one is kept, because a run checks a schema before models are made of it. Nobody may
    change what is in it.
    """
    findings: list[Finding] = []
    assemblies: dict[Document, Assembly] = {}
    try:
        check_transformer(flags)
        definitions = parse(sdl)
        findings.extend(unknown_directives(definitions))
        findings.extend(misused_directives(definitions))
        assemblies = _checked(definitions, flags, documents, findings)
    except RefusalError as refusal:
        findings.append(refusal.finding)
    except RecursionError:
        message = "types, lists or values are nested too deeply"
        findings.append(Finding(at=deepest_bracket(sdl), message=message))
    return assemblies, tuple(findings)


def _checked(
    definitions: tuple[Definition, ...],
    flags: FeatureFlags,
    documents: tuple[Document, ...],
    findings: list[Finding],
) -> dict[Document, Assembly]:
    """Return an assembly for each document; they share one where nothing tells them apart."""
    rounds_matter = joins(definitions)
    shared: dict[tuple[Rules, int], Assembly] = {}
    assemblies: dict[Document, Assembly] = {}
    for document in documents:
        rules, rounds = rules_for(document, flags), ROUNDS[document] if rounds_matter else 1
        if (rules, rounds) not in shared:
            merged = merge(definitions, rounds, findings)
            shared[rules, rounds] = assemble(type_system(merged, findings), rules, findings)
        assemblies[document] = shared[rules, rounds]
        findings.extend(check(assemblies[document], document))
    return assemblies
