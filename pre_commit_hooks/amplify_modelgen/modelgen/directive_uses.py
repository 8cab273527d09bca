"""What is wrong with how directives are used, whatever they do to the models."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from .known import BUILT_IN, DIRECTIVES, OLD_DIRECTIVES, SCALARS, UNLISTED_DIRECTIVES
from .problems import Finding
from .tree import Word
from .type_system import first_directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tree import Definition, Directive


MOST = 100
"""How many uses are told of: nobody reads more, and a hostile schema has a million."""


def unknown_directives(definitions: tuple[Definition, ...]) -> Iterator[Finding]:
    """Find uses of directives that neither Amplify, nor GraphQL, nor the schema defines.

    They are warnings: Amplify takes such directives, and they do nothing. Of very many only the
    first `MOST` are told.
    """
    defined = {one.name for one in definitions if one.kind == "directive"}
    known = defined | UNLISTED_DIRECTIVES | DIRECTIVES.keys()
    unknown = (each for each in _directives(definitions) if each.name not in known)
    for directive in islice(unknown, MOST):
        yield _unknown(directive, known)


def _directives(definitions: tuple[Definition, ...]) -> Iterator[Directive]:
    for definition in definitions:
        yield from definition.directives
        for field in definition.fields:
            yield from field.directives
            for argument in field.arguments:
                yield from argument.directives


def _unknown(directive: Directive, known: set[str]) -> Finding:
    name = directive.name
    if name in OLD_DIRECTIVES:
        message = f"@{name} is of transformer version 1 and does nothing here"
        hint = f"use {OLD_DIRECTIVES[name]}"
    else:
        from difflib import get_close_matches

        close = get_close_matches(name, known, n=1)
        message = f"nobody knows the directive @{name}"
        hint = f"did you mean @{close[0]}?" if close else "define it, or remove it"
    return Finding(at=directive.at, message=message, hint=hint, severity="warning")


def misused_directives(definitions: tuple[Definition, ...]) -> Iterator[Finding]:
    """Find uses of GraphQL's own directives with arguments of another type than their own.

    Amplify reads the first `@deprecated` of a place, and `@specifiedBy` of a scalar.
    """
    for definition in definitions:
        if definition.kind == "scalar" and definition.name not in BUILT_IN:
            yield from _misused(definition.directives, "specifiedBy", "url", needed=True)
        for field in definition.fields if definition.name not in SCALARS else ():
            for one in (field, *field.arguments):
                yield from _misused(one.directives, "deprecated", "reason", needed=False)


def _misused(
    directives: tuple[Directive, ...], name: str, argument: str, *, needed: bool
) -> Iterator[Finding]:
    directive = first_directive(directives, name) if directives else None
    if directive is None:
        return
    value = directive.arguments.get(argument)
    text = isinstance(value, str) and not isinstance(value, Word)
    if not text and (needed or value is not None):
        message = f"`{argument}` of @{name} is no text"
        hint = f'write @{name}({argument}: "...")'
        yield Finding(at=directive.at, message=message, hint=hint)
