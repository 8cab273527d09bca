"""Convert the case of names, and form plurals.

Plurals follow the rules of the npm package pluralize 8.0.0, as Amplify's do. The irregular words,
the uncountable words and the endings are data of that package: copyright (c) 2013 Blake Embrey,
MIT licence. It permits use, copying and publication free of charge, provided that this notice
stays with the data; it comes without any warranty.
"""

from __future__ import annotations

import re
from functools import cache

_LOWER_UPPER = r"([a-z0-9])([A-Z])"
_UPPER_WORD = r"([A-Z])([A-Z][a-z])"
_SEPARATORS = r"[^A-Za-z0-9]+"


def lower_first(text: str) -> str:
    """Return `text` with its first letter in lower case and the others as they are."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return `text` with its first letter in upper case and the others as they are."""
    return text[:1].upper() + text[1:]


def with_article(noun: str) -> str:
    """Return a noun with its indefinite article: `an input`, `a union`."""
    return f"an {noun}" if noun[0] in "aeiou" and noun != "union" else f"a {noun}"


def constant_case(name: str) -> str:
    """Return a name in upper case with underscores: `fooBar` becomes `FOO_BAR`."""
    return "_".join(_words(name)).upper()


def pascal_case(name: str) -> str:
    """Return a name in Pascal case: `blog_post` becomes `BlogPost`."""
    return "".join(map(_capitalize, range(len(name)), _words(name)))


def camel_case(name: str) -> str:
    """Return a name in camel case: `APIKey` becomes `apiKey`."""
    first, *rest = _words(name) or [""]
    return first.lower() + "".join(_capitalize(i, word) for i, word in enumerate(rest, 1))


def _words(name: str) -> list[str]:
    spaced = re.sub(_UPPER_WORD, r"\1 \2", re.sub(_LOWER_UPPER, r"\1 \2", name))
    return re.sub(_SEPARATORS, " ", spaced).split()


def _capitalize(index: int, word: str) -> str:
    separator = "_" if index and word[0].isdigit() else ""
    return separator + word[0].upper() + word[1:].lower()


_PAIRS = """
i-we me-us he-they she-they them-them myself-ourselves yourself-yourselves
itself-themselves herself-themselves himself-themselves themself-themselves is-are
was-were has-have this-these that-those echo-echoes dingo-dingoes volcano-volcanoes
tornado-tornadoes torpedo-torpedoes genus-genera viscus-viscera stigma-stigmata
stoma-stomata dogma-dogmata lemma-lemmata schema-schemata anathema-anathemata ox-oxen
axe-axes die-dice yes-yeses foot-feet eave-eaves goose-geese tooth-teeth quiz-quizzes
human-humans proof-proofs carve-carves valve-valves looey-looies thief-thieves
groove-grooves pickaxe-pickaxes passerby-passersby
"""
_UNCOUNTABLE_WORDS = """
adulthood advice agenda aid aircraft alcohol ammo analytics anime athletics audio bison blood
bream buffalo butter carp cash chassis chess clothing cod commerce cooperation corps debris
diabetes digestion elk energy equipment excretion expertise firmware flounder fun gallows
garbage graffiti hardware headquarters health herpes highjinks homework housework information
jeans justice kudos labour literature machinery mackerel mail media mews moose music mud
manga news only personnel pike plankton pliers police pollution premises rain research rice
salmon scissors series sewage shambles shrimp software species staff swine tennis traffic
transportation trout tuna wealth welfare whiting wildebeest wildlife you
"""
_IRREGULAR = dict(pair.split("-") for pair in _PAIRS.split())
_IRREGULAR_PLURALS = frozenset(_IRREGULAR.values())
_UNCOUNTABLE = frozenset(_UNCOUNTABLE_WORDS.split())

# Each rule: the last letters of the words that it can match, the pattern of the ending, and its
# replacement ({0} is the first group). The letters avoid most pattern matches.
_RULES = r"""
pxshrne sheep|pox|o[iu]s|measles|fish|deer|pokemon|[^aeiou]ese {ending}
u       ^thou you
n       m[ae]n men
x       eaux {ending}
dn      child(?:ren)? children
ne      person|people people
e       ^(m|l|titm)(?:ouse|ice) {0}ice
x       (matr|cod|mur|sil|vert|ind|append)(?:ix|ex) {0}ices
xhsz    (x|ch|ss|sh|zz) {0}es
y       ([^ch][ieo][ln])ey {0}ies
y       ([^aeiouy]|qu)y {0}ies
e       (kni|wi|li)fe {0}ves
f       (ar|l|ea|eo|oa|hoo)f {0}ves
s       sis ses
an      (apheli|hyperbat|periheli|asyndet|noumen|phenomen)(?:a|on) {0}a
an      (criteri|organ|prolegomen|hedr|automat)(?:a|on) {0}a
am      (agend|addend|millenni|dat|extrem|bacteri|desiderat|strat|candelabr)(?:a|um) {0}a
am      (errat|ov|symposi|curricul|automat|quor)(?:a|um) {0}a
o       (her|at|gr)o {0}oes
hbm     (seraph|cherub)(?:im)? {0}im
ae      (alumn|alg|vertebr)(?:a|ae) {0}ae
si      (alumn|syllab|vir|radi|nucle|fung|cact|stimul|termin|bacill|foc|uter|loc|strat)(?:us|i) {0}i
sm      [^l]ias|[aeiou]las|[ejzr]as|[iu]am {ending}
us      (e[mn]u)s? {0}s
s       (alias|[^aou]us|t[lm]as|gas|ris) {0}es
s       (ax|test)is {0}es
s       s {ending}
"""
_ENDINGS = [rule.split() for rule in _RULES.strip().splitlines()]


def pluralize(word: str) -> str:
    """Return the plural of a name: `Category` becomes `Categories`, `API` becomes `APIS`."""
    token = word.lower()
    if not token:
        return word
    if token in _IRREGULAR_PLURALS:
        return _match_case(word, token)
    if token in _IRREGULAR:
        return _match_case(word, _IRREGULAR[token])
    if token in _UNCOUNTABLE:
        return word
    for letters, pattern, replacement in _ENDINGS:
        match = _compile(pattern).search(word) if token[-1] in letters else None
        if match:
            ending = replacement.format(*match.groups(), ending=match[0])
            return word[: match.start()] + _match_case(match[0], ending)
    return word + _match_case(word[-1], "s")


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern})$", re.IGNORECASE)


def _match_case(example: str, text: str) -> str:
    """Return `text` in the case of `example`: lower, upper or title case, else lower case."""
    if text == example:
        return text
    if example == example.lower():
        return text.lower()
    if example == example.upper():
        return text.upper()
    if example[0] == example[0].upper():
        return text[0].upper() + text[1:].lower()
    return text.lower()
