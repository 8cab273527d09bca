"""Broken schemas: pieces of good ones cut, swapped, multiplied and spiked with oddities."""

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
    """Endlessly many mutants of these schemas, the same ones for the same random state.

    About `huge_share` of them are huge: slow to make and to read, so they should be few.
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


def _behead(random: Random, schema: str) -> str:
    return schema[random.randrange(len(schema) + 1) :]


def _cut(random: Random, schema: str) -> str:
    start = random.randrange(len(schema) + 1)
    return schema[:start] + schema[start + random.randrange(1, 12) :]


def _spike(random: Random, schema: str) -> str:
    place = random.randrange(len(schema) + 1)
    return schema[:place] + random.choice(_ODD) + schema[place:]


def _flip(random: Random, schema: str) -> str:
    if not schema:
        return chr(random.randrange(0x3000))
    place = random.randrange(len(schema))
    return schema[:place] + chr(random.randrange(0x3000)) + schema[place + 1 :]


def _on_tokens(change: Callable[[Random, list[str]], None]) -> Callable[[Random, str], str]:
    def mutate(random: Random, schema: str) -> str:
        tokens = _TOKEN.findall(schema) or [""]
        change(random, tokens)
        return "".join(tokens)

    return mutate


def _swap(random: Random, tokens: list[str]) -> None:
    one, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]


def _drop(random: Random, tokens: list[str]) -> None:
    del tokens[random.randrange(len(tokens))]


def _double(random: Random, tokens: list[str]) -> None:
    place = random.randrange(len(tokens))
    tokens.insert(random.randrange(len(tokens) + 1), f" {tokens[place]} ")


def _overwrite(random: Random, tokens: list[str]) -> None:
    tokens[random.randrange(len(tokens))] = random.choice(tokens)


def _replace_value(random: Random, schema: str) -> str:
    """Another kind of value where an argument's value begins."""
    found = list(re.finditer(r":\s*", schema))
    if not found:
        return schema
    place = random.choice(found).end()
    odd = ("null ", "3 ", '"" ', "[] ", "{} ", "[[null]] ", "{a: {b: []}} ", "-1e999 ", "X ", "$v ")
    return schema[:place] + random.choice(odd) + schema[place:]


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
    """Hundreds of models, each related to the next one."""
    count = random.choice((100, 400))
    types = (
        f"type W{n} @model {{ m: [W{(n + 1) % count}] @hasMany b: W{n - 1} @belongsTo }}"
        for n in range(count)
    )
    return schema + "\n".join(types)


_SMALL = (
    *(_truncate, _behead, _cut, _spike, _spike, _flip, _replace_value, _replace_value),
    *map(_on_tokens, (_swap, _swap, _drop, _double, _overwrite, _overwrite)),
)
_HUGE = (_nest, _nest, _lengthen, _multiply, _widen)
