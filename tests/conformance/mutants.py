"""Broken schemas: valid ones with parts removed, swapped, repeated or replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\w+|\s+|.', re.DOTALL)
_ODD = (
    *("\0", "\x07", "\x7f", "\ufeff", "\u2028", "\u00a0", "\u200b", "\u202e", "\ud83d", "😀", "é"),
    *(
        "İ",
        "ß",
        "\r",
        "\r\n",
        "\t",
        '"',
        '"""',
        "\\",
        "#",
        "$",
        "&",
        "|",
        "@",
        "!",
        "...",
        "\u0661",
    ),
    *("\\u{41}", "\\uD83D", "\\uZZZZ", "-", "1e", "0x1", "01", "null", "true", "on", "extend"),
    *(
        "__proto__",
        "constructor",
        "type",
        "@model",
        "schema",
        "implements",
        "=",
        "{",
        "}",
        "[",
        "]",
    ),
)
_DEPTHS = (50, 500, 5_000, 50_000)
_MEGABYTE = 1_000_000


def mutants(random: Random, schemas: Sequence[str], *, huge_share: float = 0.01) -> Iterator[str]:
    """Yield mutants of these schemas without end, the same ones for the same random state.

    About `huge_share` of them are huge, and slow to create and to parse.
    """
    while True:
        schema = random.choice(schemas)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            kind = _HUGE if random.random() < huge_share else _SMALL
            schema = random.choice(kind)(random, schema)
        if random.random() < 0.05:
            schema += random.choice(schemas)
        yield schema


def _truncate(random: Random, schema: str) -> str:
    return schema[: random.randrange(len(schema) + 1)]


def _drop_start(random: Random, schema: str) -> str:
    return schema[random.randrange(len(schema) + 1) :]


def _cut(random: Random, schema: str) -> str:
    start = random.randrange(len(schema) + 1)
    return schema[:start] + schema[start + random.randrange(1, 12) :]


def _insert(random: Random, schema: str) -> str:
    index = random.randrange(len(schema) + 1)
    return schema[:index] + random.choice(_ODD) + schema[index:]


def _replace_character(random: Random, schema: str) -> str:
    if not schema:
        return chr(random.randrange(0x3000))
    index = random.randrange(len(schema))
    return schema[:index] + chr(random.randrange(0x3000)) + schema[index + 1 :]


def _on_tokens(change: Callable[[Random, list[str]], None]) -> Callable[[Random, str], str]:
    def mutate(random: Random, schema: str) -> str:
        tokens = _TOKEN.findall(schema) or [""]
        change(random, tokens)
        return "".join(tokens)

    return mutate


def _swap(random: Random, tokens: list[str]) -> None:
    first, second = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[first], tokens[second] = tokens[second], tokens[first]


def _drop(random: Random, tokens: list[str]) -> None:
    del tokens[random.randrange(len(tokens))]


def _repeat(random: Random, tokens: list[str]) -> None:
    index = random.randrange(len(tokens))
    tokens.insert(random.randrange(len(tokens) + 1), f" {tokens[index]} ")


def _overwrite(random: Random, tokens: list[str]) -> None:
    tokens[random.randrange(len(tokens))] = random.choice(tokens)


def _replace_value(random: Random, schema: str) -> str:
    """Insert another kind of value before the value of an argument."""
    values = list(re.finditer(r":\s*", schema))
    if not values:
        return schema
    index = random.choice(values).end()
    odd = ("null ", "3 ", '"" ', "[] ", "{} ", "[[null]] ", "{a: {b: []}} ", "-1e999 ", "X ", "$v ")
    return schema[:index] + random.choice(odd) + schema[index:]


def _nest(random: Random, schema: str) -> str:
    depth = random.choice(_DEPTHS)
    deep = random.choice(
        (
            f"type A @model {{ x: {'[' * depth}Int{']' * depth} }}",
            f"type A @model @x(a: {'[' * depth}{']' * depth}) {{ x: Int }}",
            f"type A @model @x(a: {'{a: ' * depth}1{'}' * depth}) {{ x: Int }}",
            "{ a " * depth + "}" * depth,
            "[" * depth,
            "type A @model { x: " + "[" * depth,
            f"type A @model @auth(rules: {'[' * depth}{']' * depth}) {{ x: Int }}",
        )
    )
    return schema + deep


def _lengthen(random: Random, schema: str) -> str:
    long = random.choice(("x", "é", "\\u0041", "9", "0", "_", " ", "A b ", "😀")) * _MEGABYTE
    long = long[:_MEGABYTE]
    return schema + random.choice(
        (
            f'type L @model @x(a: "{long}") {{ x: Int }}',
            f'"""{long}""" type L @model {{ x: Int }}',
            f"# {long}",
            long,
            f"type L{long} @model {{ x: Int }}",
            f"type L @model @x(a: 1{long[:20_000]}) {{ x: Int }}",
            f"type L @model @x(a: 1.{'9' * 20_000}e{'9' * 500}) {{ x: Int }}",
        )
    )


def _multiply(random: Random, schema: str) -> str:
    return schema * random.choice((2, 3, 50))


def _widen(random: Random, schema: str) -> str:
    """Append hundreds of models, each related to the next one."""
    count = random.choice((100, 400))
    types = (
        f"type W{n} @model {{ m: [W{(n + 1) % count}] @hasMany b: W{n - 1} @belongsTo }}"
        for n in range(count)
    )
    return schema + "\n".join(types)


_SMALL = (
    *(
        _truncate,
        _drop_start,
        _cut,
        _insert,
        _insert,
        _replace_character,
        _replace_value,
        _replace_value,
    ),
    *map(_on_tokens, (_swap, _swap, _drop, _repeat, _overwrite, _overwrite)),
)
_HUGE = (_nest, _nest, _lengthen, _multiply, _widen)
