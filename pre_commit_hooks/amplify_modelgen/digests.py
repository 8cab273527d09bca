"""Digests of schemas and generated files, and the canonical form in which files are compared."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Whitespace as in the GraphQL grammar: a no-break space is not, so it is a token.
# No group is possessive: Python before 3.11.5 matches those incorrectly, and digests must agree.
_STRING = (
    r'"""[^"\\]*(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\]*)*"""'
    r'|"(?!"")[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"'
)
# An unterminated string consumes the rest; otherwise matching would be quadratic.
_TOKEN = re.compile(rf'#[^\n\r]*|{_STRING}|"(?s:.*)|[A-Za-z0-9_.+-]+|[^ \t\n\r,\ufeff]')
_BEFORE_VALUES = ([":"], ["="])

_CODE_SUFFIXES = (".js", ".ts", ".dart", ".swift", ".java")
# A comment that a compiler reads is code.
_DIRECTIVE_COMMENTS = ("// @ts-",)
# An unterminated string ends with its line; otherwise matching would be quadratic.
_CODE_TOKEN = re.compile(
    r"""//[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|["'][^\n]*|\w+|[^\s\w;,()]"""
)
# Older versions of Amplify CLI write their own version into the DataStore schema, later ones 3.4.4.
# DataStore 3 does not read it; 4 and 5 accept 3.2 and later versions below 4. Formatters change the
# quotes. A pattern that begins with a word is found fast in a large file.
_ACCEPTED_VERSION = re.compile(
    r"""(codegenVersion"?: ["'])3\.(?:[2-9]|[1-9]\d+)\.\d+(["'],?)$""", re.MULTILINE
)
_LINE = re.compile(r"[^\n]+")
_CHUNK = 4096
_BLOCK_START, _BLOCK_END = "/*", "*/"


def significant_tokens(sdl: str) -> list[str]:
    """Return the tokens of a schema text without comments and descriptions.

    A string is a value after `:` or `=` and inside square brackets, a description elsewhere. Text
    that is not GraphQL gives tokens as well; the parser reports it. An unterminated string is one
    token with all that follows.
    """
    tokens: list[str] = _TOKEN.findall(sdl)
    last = tokens[-1] if tokens else ""
    if last[:1] == '"' and not re.fullmatch(_STRING, last):
        return [*_without_descriptions(tokens[:-1]), last]
    return _without_descriptions(tokens)


def _without_descriptions(tokens: list[str]) -> list[str]:
    # Jumps from one comment or string to the next: a step for each token takes as long as finding
    # the tokens.
    kept: list[str] = []
    depth = start = 0
    for index in [index for index, token in enumerate(tokens) if token[0] in '#"']:
        skipped, token = tokens[start:index], tokens[index]
        kept += skipped
        depth += skipped.count("[") - skipped.count("]")
        if token[0] == '"' and (depth or kept[-1:] in _BEFORE_VALUES):
            kept.append(token)
        start = index + 1
    return kept + tokens[start:]


@lru_cache(maxsize=256)
def schema_digest(sdl: str) -> str:
    """Return the SHA-256 (hex) of the significant tokens of a schema."""
    return text_digest(*significant_tokens(sdl))


def text_digest(*parts: str) -> str:
    """Return the SHA-256 (hex) of texts, one on each line."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def file_digest(path: str, content: bytes) -> str:
    """Return the SHA-256 (hex) of the canonical form of a generated file."""
    return hashlib.sha256(canonical_form(path, content)).hexdigest()


def is_same_file(path: str, old: bytes, new: bytes) -> bool:
    """Whether two versions of a generated file are equal in canonical form."""
    old, new = _from_first_difference(old, new)
    return old == new or canonical_form(path, old) == canonical_form(path, new)


def _from_first_difference(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Return two files without the first lines, as far as they are equal.

    Most files differ in few places, and comparing the lines of a large file takes long. A file
    with block comments is returned whole: one may begin in the first lines.
    """
    if any(_BLOCK_START.encode() in content for content in (old, new)):
        return old, new
    offsets = range(0, len(new), _CHUNK)
    parts = (at for at in offsets if old[at : at + _CHUNK] != new[at : at + _CHUNK])
    start = old.rfind(b"\n", 0, next(parts, len(new))) + 1
    return old[start:], new[start:]


def first_side(content: bytes) -> bytes:
    """Return what a file with conflict markers of git was on the first side of the merge.

    Generated files with conflicts are compared by it, so that regenerating resolves the conflicts.
    """
    if b"<<<<<<< " not in content:
        return content
    lines: list[bytes] = []
    is_kept = True
    for line in content.splitlines(keepends=True):
        if line.startswith((b"|||||||", b"=======")):
            is_kept = False
        elif line.startswith((b"<<<<<<<", b">>>>>>>")):
            is_kept = True
        elif is_kept:
            lines.append(line)
    return b"".join(lines)


def with_leading_comments(path: str, old: bytes, new: bytes) -> bytes:
    """Return `new` with the comment lines that `old` begins with, instead of its own.

    So a licence stays, and a file that Amplify CLI wrote gets no header: only the lines change
    that its generator would change. Content that is not code in UTF-8 is returned unchanged.
    """
    if not path.endswith(_CODE_SUFFIXES):
        return new
    try:
        text = old.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        content = new.decode()
    except UnicodeDecodeError:
        return new
    kept, replaced = text[: _code_start(text)], content[: _code_start(content)]
    return new if kept == replaced else (kept + content[len(replaced) :]).encode()


def _code_start(content: str) -> int:
    """Return the offset of the first line of code, or 0."""
    block: int | None = None
    for match in _LINE.finditer(content):
        index, text = match.start(), match[0].strip()
        end = text.find(_BLOCK_END, 0 if block is not None else len(_BLOCK_START))
        if block is None and text.startswith(_BLOCK_START):
            block = index
        if block is not None:
            if end >= 0 and not text.endswith(_BLOCK_END):
                return block  # Code follows the comment on its last line.
            block = block if end < 0 else None
        elif text and (not text.startswith("//") or text.startswith(_DIRECTIVE_COMMENTS)):
            return index
    return 0


def is_same_code(path: str, old: bytes, new: bytes) -> bool:
    """Whether two versions of a file have the same tokens, as after a formatter.

    Quotes, separators and parentheses are left out: formatters change these as well.
    """
    contents = _from_first_difference(old, new)
    pairs = zip_longest(*(_code_tokens(path, content) for content in contents))
    return all(before == after for before, after in pairs)


def _code_tokens(path: str, content: bytes) -> Iterator[str]:
    text = canonical_form(path, content).decode("utf-8", "replace")
    return (match[0].strip("\"'") for match in _CODE_TOKEN.finditer(text))


def canonical_form(path: str, content: bytes) -> bytes:
    r"""Return what counts in a generated file.

    The byte order mark, the kind of line endings, trailing whitespace and blank lines do not
    count; in code (.js .ts .dart .swift .java) neither do lines that are only a comment. So the
    hooks that fix whitespace, `core.autocrlf` and the licence comments of Amplify CLI make no
    difference. All values of `codegenVersion` that DataStore accepts are one. Content that is not
    UTF-8 is returned unchanged.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [line for line in map(str.rstrip, lines) if line]
    if path.endswith(_CODE_SUFFIXES) and ("//" in text or _BLOCK_START in text):
        kept = _without_comment_lines(kept)
    return _ACCEPTED_VERSION.sub(r"\g<1>3.4.4\2", "\n".join(kept)).encode()


def _without_comment_lines(lines: list[str]) -> list[str]:
    kept: list[str] = []
    is_in_block = False
    for line in lines:
        text = line.lstrip()
        if is_in_block:
            is_in_block = _BLOCK_END not in text
            if not is_in_block and not text.endswith(_BLOCK_END):
                kept.append(line)  # Code follows the comment on its last line.
        elif text.startswith(_BLOCK_START):
            end = text.find(_BLOCK_END, len(_BLOCK_START))
            is_in_block = end < 0
            if end >= 0 and end + len(_BLOCK_END) < len(text):
                kept.append(line)
        elif not text.startswith("//") or text.startswith(_DIRECTIVE_COMMENTS):
            kept.append(line)
    return kept
