"""The rules for how fields are linked to other models, and for what else fields are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Rule, unknown_part

if TYPE_CHECKING:
    from .parts import Value


def _links_differently(old: Value, new: Value) -> bool:
    return old.link != new.link and old.type == new.type


def _moves_keys(old: Value, new: Value) -> bool:
    before, after = old.relation, new.relation
    if before is None or after is None or before.kind != after.kind:
        return False
    return (before.keys, before.targets) != (after.keys, after.targets)


def _renames_keys(old: Value, new: Value) -> bool:
    before, after = old.relation, new.relation
    if before is None or after is None or _moves_keys(old, new):
        return False
    return before.kind == after.kind and before.fields != after.fields


RELATION_RULES: tuple[Rule[Value], ...] = (
    Rule(
        id="relation-kind-changed",
        level="breaking",
        action="changed",
        when=_links_differently,
        says="relation changed from {old.link} to {new.link}",
        reason="stored records hold their links elsewhere, and old clients look for them there",
    ),
    Rule(
        id="relation-keys-changed",
        level="breaking",
        action="changed",
        when=_moves_keys,
        says="relation is stored in {new.relation.stored} instead of {old.relation.stored}",
        reason="stored records and old clients have their links in the old fields, now unread",
    ),
    Rule(
        id="relation-renamed",
        level="safe",
        action="changed",
        when=_renames_keys,
        says="relation names another field that is stored in the same {new.relation.stored}",
        reason="the links are stored where they were",
    ),
    Rule(
        id="became-read-only",
        level="breaking",
        action="changed",
        when=lambda old, new: new.read_only and not old.read_only,
        says="became read-only",
        reason="old clients still send it, and the API refuses it in what they write",
    ),
    Rule(
        id="became-writable",
        level="safe",
        action="changed",
        when=lambda old, new: old.read_only and not new.read_only,
        says="became writable",
        reason="old clients only read it",
    ),
    unknown_part("field-detail-changed"),
)
