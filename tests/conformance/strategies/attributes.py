"""Directives of types: auth with its rules, model with its arguments, and others."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.strategies.names import pick, rarely
from conformance.strategies.values import arguments, values

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

_ALLOWS = ("owner", "groups", "public", "private", "custom", '"owner"', "null")
_OPERATIONS = ("[read]", "[create, update]", "[]", "null", '["delete"]', "read")
_RULE_KEYS: dict[str, tuple[str, ...]] = {
    "provider": ("iam", "oidc", "userPools", "apiKey", "function", "null", '""'),
    "ownerField": ('"author"', '""', "null"),
    "identityClaim": ('"sub"', '"username"', '"sub::username"', '""', "null"),
    "identityField": ('"old"', '"username"', '""'),
    "groups": ('["Admin"]', "[]", '["a", "b"]', '""', "null"),
    "groupsField": ('"editors"', '""'),
    "groupField": ('"legacy"', '""', "null"),
    "groupClaim": ('"my:claim"', "null"),
    "operations": _OPERATIONS,
    "mutations": _OPERATIONS,
    "queries": ("[get, list]", "null"),
    "odd": ("1e3", "{a: [null]}"),
}
_OTHERS = (
    *("@searchable", '@mapsTo(name: "Old")', "@aws_iam", "@aws_api_key", "@versioned"),
    *('@aws_auth(cognito_groups: ["a", "b"])', '@aws_auth(cognito_groups: ["b", "c"])'),
    *('@key(fields: ["id"])', '@key(name: "byX", fields: ["x", "y"], queryField: "q")'),
    *('@index(name: "onType", sortKeyFields: ["x"])', "@primaryKey", "@hasMany(limit: 2.0)"),
    *('@searchable(queries: {search: "s"})', '@key(name: "gsi-A.x", fields: ["x"])'),
)
_TIMESTAMPS = (
    *("null", "{}", '{createdAt: "x"}', '{updatedAt: "u", createdAt: "c"}', "{createdAt: null}"),
    *('{updatedAt: ""}', '{createdAt: "t", updatedAt: "t"}', '{createdAt: "id"}', '"soon"', "[]"),
)


@cache
@st.composite
def auth_rules(draw: DrawFn) -> str:
    """Return a rule of an auth directive, its keys in any order."""
    keys = draw(st.lists(st.sampled_from(list(_RULE_KEYS)), max_size=4, unique=True))
    pairs = [f"{key}: {pick(draw, _RULE_KEYS[key])}" for key in keys]
    if not rarely(draw, 12):
        allow = f"allow: {pick(draw, _ALLOWS)}"
        pairs.insert(draw(st.integers(0, len(pairs))), allow)
    return "{" + ", ".join(pairs) + "}"


@cache
@st.composite
def auth(draw: DrawFn) -> str:
    """Return an auth directive; sometimes an invalid one."""
    if rarely(draw, 25):
        return pick(draw, _ODD_AUTH)
    rules = draw(st.lists(auth_rules(), max_size=3))
    extra = "note: 1, " if rarely(draw, 15) else ""
    return f"@auth({extra}rules: [{', '.join(rules)}])"


_ODD_AUTH = (
    *("@auth", "@auth(rules: null)", "@auth(rules: 3)", "@auth(rules: [null])", "@auth(other: 1)"),
    *("@auth(rules: {allow: owner})", "@auth(rules: [owner, 3])", '@auth(rules: "")'),
)


@cache
@st.composite
def model(draw: DrawFn) -> str:
    """Return the model directive with any of its arguments."""
    parts = []
    if rarely(draw, 4):
        parts.append(f"timestamps: {pick(draw, _TIMESTAMPS)}")
    if rarely(draw, 6):
        parts.append(pick(draw, ("queries: null", 'queries: {get: null, list: "l"}')))
    if rarely(draw, 6):
        parts.append("subscriptions: {level: off}")
    return f"@model({', '.join(parts)})" if parts else "@model"


@cache
def others() -> SearchStrategy[str]:
    """Return a known or unknown directive that is only copied."""
    unknown = st.tuples(st.sampled_from(("@shiny", "@_odd1")), arguments(values())).map("".join)
    return st.one_of(st.sampled_from(_OTHERS), unknown)


@cache
@st.composite
def model_directives(draw: DrawFn) -> list[str]:
    """Return all directives of a model, in any order."""
    extra = draw(st.lists(st.one_of(auth(), auth(), others()), max_size=3))
    index = draw(st.integers(0, len(extra)))
    return [*extra[:index], draw(model()), *extra[index:]]
