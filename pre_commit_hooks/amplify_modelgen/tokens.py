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
_TOKEN = re.compile(
    r"#[^\n\r]*"
    r'|"""[^"\\]*(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\]*)*"""'
    r'|"(?!"")[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"'
    r"|[A-Za-z0-9_.+-]+"
    r"|[^ \t\n\r,\ufeff]"
)
_OPEN_QUOTE = '"'


def significant_tokens(sdl: str) -> list[str]:
    """Return the tokens of a schema text without comments and descriptions.

    A string is a value after `:` or `=` and inside square brackets, a description elsewhere.
    Text that is no GraphQL gives tokens as well: it is for the parser to refuse it. What follows
    a quote that nothing closes is one token.
    """
    tokens: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(sdl):
        token = match.group()
        first = token[0]
        if token == _OPEN_QUOTE:
            return [*tokens, sdl[match.start() :]]
        if first == "#":
            continue
        if first == '"' and not depth and (not tokens or tokens[-1] not in ":="):
            continue
        depth += (first == "[") - (first == "]")
        tokens.append(token)
    return tokens


@lru_cache(maxsize=256)
def schema_digest(sdl: str) -> str:
    """Return the SHA-256 (hex) of a schema's significant tokens.

    Kept, because the stages of a run ask for the same schema's, each of what it has read.
    """
    return hashlib.sha256("\n".join(significant_tokens(sdl)).encode("utf-8", "replace")).hexdigest()


def file_digest(content: bytes) -> str:
    """Return the SHA-256 (hex) of a file, whichever line ends git gave it."""
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()
