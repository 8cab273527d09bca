"""The rules for models themselves, their primary keys, `@model`'s arguments and auth rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Rule, unknown_part

if TYPE_CHECKING:
    from .parts import Access, Model, Option, PrimaryKey

MODEL_RULES: tuple[Rule[Model], ...] = (
    Rule(
        id="model-added",
        level="safe",
        action="added",
        says="model added",
        reason="old clients do not know it and never ask for it",
    ),
    Rule(
        id="model-removed",
        level="breaking",
        action="removed",
        says="model removed",
        reason="its queries, mutations and subscriptions are gone for old clients, and Amplify"
        " deletes its table with all records",
    ),
    Rule(
        id="plural-changed",
        level="breaking",
        action="changed",
        when=lambda old, new: None not in (old.plural, new.plural) and old.plural != new.plural,
        says="plural changed from {old.plural} to {new.plural}",
        reason="the names of the list and sync queries are made of it, and old clients use the"
        " old ones",
    ),
    unknown_part("model-detail-changed"),
)

RENAME_RULES: tuple[Rule[str], ...] = (
    Rule(
        id="model-renamed",
        level="breaking",
        action="changed",
        says="model {old} is now called {new}",
        reason="@mapsTo keeps the table and its records, but the operations that old clients use"
        " are gone with the old name",
    ),
)

KEY_RULES: tuple[Rule[PrimaryKey], ...] = (
    Rule(
        id="primary-key-changed",
        level="breaking",
        action="changed",
        when=lambda old, new: old.field != new.field,
        says="primary key changed from {old.listed} to {new.listed}",
        reason="Amplify replaces the table, all its records are lost, and old clients ask by the"
        " old key",
    ),
    Rule(
        id="sort-keys-changed",
        level="breaking",
        action="changed",
        when=lambda old, new: old.field == new.field and old.sort != new.sort,
        says="primary key changed from {old.listed} to {new.listed}",
        reason="sort keys are part of the primary key: Amplify replaces the table and all its"
        " records are lost",
    ),
    Rule(
        id="primary-key-spelling-changed",
        level="safe",
        action="changed",
        when=lambda old, new: (
            (old.field, old.sort) == (new.field, new.sort) and old.declared != new.declared
        ),
        says="primary key {new.listed} is written in one schema and implied in the other",
        reason="the key is the same",
    ),
    unknown_part("primary-key-detail-changed"),
)

OPTION_RULES: tuple[Rule[Option], ...] = (
    Rule(
        id="operations-switched-off",
        level="breaking",
        action="changed",
        when=lambda old, new: new.off and not old.off,
        says="@model({new.name}) is switched off",
        reason="old clients use what it makes",
    ),
    Rule(
        id="operations-switched-on",
        level="safe",
        action="changed",
        when=lambda old, new: old.off and new.value is None,
        says="@model({new.name}) is switched on again",
        reason="old clients do without",
    ),
    Rule(
        id="model-argument-changed",
        level="breaking",
        action="changed",
        when=lambda old, new: not new.off and not (old.off and new.value is None),
        says="@model({new.name}) changed",
        reason="operations, subscriptions or timestamps change their names or their reach, and"
        " old clients use them as they were",
    ),
)

ACCESS_RULES: tuple[Rule[Access], ...] = (
    Rule(
        id="access-granted",
        level="dangerous",
        action="added",
        says="{new.who} may now {new.operations}",
        reason="records stored before become visible, or open to change, to somebody new",
    ),
    Rule(
        id="access-widened",
        level="dangerous",
        action="changed",
        when=lambda _, new: bool(new.alone),
        says="{new.who} may now also {new.alone}",
        reason="records stored before become visible, or open to change, to more clients",
    ),
    Rule(
        id="access-withdrawn",
        level="breaking",
        action="removed",
        says="{old.who} may no longer {old.operations}",
        reason="old clients that rely on the rule are refused",
    ),
    Rule(
        id="access-narrowed",
        level="breaking",
        action="changed",
        when=lambda old, _: bool(old.alone),
        says="{old.who} may no longer {old.alone}",
        reason="old clients that rely on it are refused",
    ),
)

AUTH_RULES: tuple[Rule[Access], ...] = (
    Rule(
        id="auth-introduced",
        level="breaking",
        action="added",
        says="auth rules introduced: {new.who}",
        reason="until now the API's own default decided; clients that it let in and that no rule"
        " names are refused",
    ),
    Rule(
        id="auth-dropped",
        level="breaking",
        action="removed",
        says="no auth rule is left of: {old.who}",
        reason="now the API's own default decides: it refuses everyone, or lets everyone in where"
        " a global rule says so",
    ),
)
