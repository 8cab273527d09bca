"""What counts in a schema: its tokens, and the digest of them.

Comments, commas, white space and descriptions do not change a model, so they do not count. This
module loads nothing but `hashlib` and what `re` does, because the early exit of a git hook uses it.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

# White space is GraphQL's: a no-break space is none, and a schema with one is another schema.
# No group is possessive: until 3.11.5 Python matches those wrongly, and digests must be equal.
_STRING = (
    r'"""[^"\\]*(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\]*)*"""'
    r'|"(?!"")[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"'
)
# A quote that nothing closes takes the rest with it: each quote in there would else be tried.
_TOKEN = re.compile(rf'#[^\n\r]*|{_STRING}|"(?s:.*)|[A-Za-z0-9_.+-]+|[^ \t\n\r,\ufeff]')
_BEFORE_VALUES = ([":"], ["="])


def significant_tokens(sdl: str) -> list[str]:
    """Return the tokens of a schema text without comments and descriptions.

    A string is a value after `:` or `=` and inside square brackets, a description elsewhere.
    Text that is no GraphQL gives tokens as well: it is for the parser to refuse it. What follows
    a quote that nothing closes is one token.
    """
    tokens: list[str] = _TOKEN.findall(sdl)
    last = tokens[-1] if tokens else ""
    if last[:1] == '"' and not re.fullmatch(_STRING, last):
        return [*_significant(tokens[:-1]), last]
    return _significant(tokens)


def _significant(tokens: list[str]) -> list[str]:
    # From one comment or string to the next: a look at each token takes as long as finding them.
    found: list[str] = []
    depth = begin = 0
    for place in [place for place, token in enumerate(tokens) if token[0] in '#"']:
        passed, token = tokens[begin:place], tokens[place]
        found += passed
        depth += passed.count("[") - passed.count("]")
        if token[0] == '"' and (depth or found[-1:] in _BEFORE_VALUES):
            found.append(token)
        begin = place + 1
    return found + tokens[begin:]


@lru_cache(maxsize=256)
def schema_digest(sdl: str) -> str:
    """Return the SHA-256 (hex) of a schema's significant tokens.

    Kept, because the stages of a run ask for the same schema's, each of what it has read.
    """
    return hashlib.sha256("\n".join(significant_tokens(sdl)).encode("utf-8", "replace")).hexdigest()


def file_digest(content: bytes) -> str:
    """Return the SHA-256 (hex) of a file, whichever line ends git gave it."""
    return hashlib.sha256(_with_line_feeds(content)).hexdigest()


def same_file(one: bytes, other: bytes) -> bool:
    """Whether two files have one digest, for which none has to be made."""
    return _with_line_feeds(one) == _with_line_feeds(other)


def _with_line_feeds(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n") if b"\r" in content else content
