"""The rules for queries, mutations and subscriptions, their arguments, and inputs' fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .field_rules import changes_list, changes_type, swaps_texts, tightens, tightens_items
from .rules import Rule, unknown_part

if TYPE_CHECKING:
    from .parts import Operation, Value


def _swaps_unseen(old: Value, new: Value) -> bool:
    return swaps_texts(old, new) and not old.spelt_out


def _swaps_seen(old: Value, new: Value) -> bool:
    return swaps_texts(old, new) and old.spelt_out


OPERATION_RULES: tuple[Rule[Operation], ...] = (
    Rule(
        id="operation-added",
        level="safe",
        action="added",
        says="added, answers {new.answer.sdl}",
        reason="old clients do not use it",
    ),
    Rule(
        id="operation-removed",
        level="breaking",
        action="removed",
        says="removed",
        reason="old clients use it",
    ),
    Rule(
        id="operation-kind-changed",
        level="dangerous",
        action="changed",
        when=lambda old, new: old.section != new.section,
        says="moved from {old.section} to {new.section}",
        reason="old clients still reach it, but something else answers",
    ),
    unknown_part("operation-detail-changed"),
)

ANSWER_RULES: tuple[Rule[Value], ...] = (
    Rule(
        id="answer-type-changed",
        level="breaking",
        action="changed",
        when=changes_type,
        says="answers {new.type} instead of {old.type}",
        reason="old clients read the old type",
    ),
    Rule(
        id="answer-id-and-string-swapped",
        level="dangerous",
        action="changed",
        when=swaps_texts,
        says="answers {new.type} instead of {old.type}",
        reason="both are sent as text, but clients with types of their own tell them apart",
    ),
    Rule(
        id="answer-list-changed",
        level="breaking",
        action="changed",
        when=changes_list,
        says="answers {new.sdl} instead of {old.sdl}",
        reason="old clients read a list where one value is now, or the reverse",
    ),
    Rule(
        id="answer-became-optional",
        level="dangerous",
        action="changed",
        when=lambda old, new: tightens(new, old),
        says="answers {new.sdl} instead of {old.sdl}",
        reason="old clients read it as never null",
    ),
    Rule(
        id="answer-became-required",
        level="safe",
        action="changed",
        when=tightens,
        says="answers {new.sdl} instead of {old.sdl}",
        reason="old clients expect null as well; see to it that the resolver never gives it",
    ),
    Rule(
        id="answer-items-became-optional",
        level="dangerous",
        action="changed",
        when=lambda old, new: tightens_items(new, old),
        says="answers {new.sdl} instead of {old.sdl}",
        reason="old clients read items as never null",
    ),
    Rule(
        id="answer-items-became-required",
        level="safe",
        action="changed",
        when=tightens_items,
        says="answers {new.sdl} instead of {old.sdl}",
        reason="old clients expect null as well; see to it that the resolver never gives it",
    ),
    unknown_part("answer-detail-changed"),
)

# arguments of operations and fields of inputs: what clients send
SENT_RULES: tuple[Rule[Value], ...] = (
    Rule(
        id="optional-argument-added",
        level="safe",
        action="added",
        when=lambda _, new: not new.required,
        says="optional argument of type {new.sdl} added",
        reason="old clients do not send it",
    ),
    Rule(
        id="required-argument-added",
        level="breaking",
        action="added",
        when=lambda _, new: new.required,
        says="required argument of type {new.sdl} added",
        reason="old clients do not send it and are refused",
    ),
    Rule(
        id="argument-removed",
        level="breaking",
        action="removed",
        says="argument of type {old.sdl} removed",
        reason="old clients send it, and the API refuses a name that it does not know",
    ),
    Rule(
        id="argument-type-changed",
        level="breaking",
        action="changed",
        when=lambda old, new: changes_type(old, new) or _swaps_seen(old, new),
        says="type changed from {old.type} to {new.type}",
        reason="old clients send, and declare in their queries, the old type",
    ),
    Rule(
        id="input-id-and-string-swapped",
        level="dangerous",
        action="changed",
        when=_swaps_unseen,
        says="type changed from {old.type} to {new.type}",
        reason="old clients send text, which is still accepted, but clients with types of their"
        " own tell them apart",
    ),
    Rule(
        id="argument-list-changed",
        level="breaking",
        action="changed",
        when=changes_list,
        says="{old.sdl} became {new.sdl}",
        reason="old clients send a list where one value is expected, or the reverse",
    ),
    Rule(
        id="argument-became-required",
        level="breaking",
        action="changed",
        when=tightens,
        says="became required: {old.sdl} is now {new.sdl}",
        reason="old clients may leave it out and are refused",
    ),
    Rule(
        id="argument-became-optional",
        level="safe",
        action="changed",
        when=lambda old, new: tightens(new, old),
        says="became optional: {old.sdl} is now {new.sdl}",
        reason="old clients go on sending it",
    ),
    Rule(
        id="argument-items-became-required",
        level="breaking",
        action="changed",
        when=tightens_items,
        says="items became required: {old.sdl} is now {new.sdl}",
        reason="old clients may send null in the list, or declare that they may, and are refused",
    ),
    Rule(
        id="argument-items-became-optional",
        level="safe",
        action="changed",
        when=lambda old, new: tightens_items(new, old),
        says="items became optional: {old.sdl} is now {new.sdl}",
        reason="old clients never send null in it",
    ),
    unknown_part("argument-detail-changed"),
)
