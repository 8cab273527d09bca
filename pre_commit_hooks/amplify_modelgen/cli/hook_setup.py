"""Write the hooks into `.pre-commit-config.yaml`, which pre-commit and prek read."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

from amplify_modelgen import __version__
from amplify_modelgen.errors import UsageError
from amplify_modelgen.fast_path import find_repository
from amplify_modelgen.storage.atomic_write import replace_file
from amplify_modelgen.storage.project_files import ProjectFiles

from .output import print_result

HOOKS_FILE = ".pre-commit-config.yaml"
_REPOSITORY = "https://github.com/amplify-modelgen/amplify-modelgen"
_BRANCH = "main"
_BLOCK = """\
- repo: {repository}
  rev: {revision}
  hooks:
    - id: amplify-modelgen
    - id: amplify-modelgen-validate
"""
_BY_HAND = "add the block by hand"
_RELEASE = re.compile(r"\d+\.\d+\.\d+")
_HAS_HOOK = re.compile(r"""^[^#\n]*\bid: *["']?amplify-modelgen\b""", re.MULTILINE)
# `repos:` and a list with an item on each line, as pre-commit's own documentation writes it, up to
# its last line; comments and blank lines may precede the first item and follow the last.
_OTHER_LINES = r"(?: *(?:#.*)?\n)*"
_LIST = re.compile(
    rf"^repos: *(?:#.*)?\n{_OTHER_LINES}( *)- .*\n(?:{_OTHER_LINES}(?: +[^ #\n]|-(?!--)).*\n)*",
    re.MULTILINE,
)


def set_up_hooks(root: Path, *, assume_yes: bool) -> None:
    """Add the hooks to the configuration of the git repository that has `root`.

    A new file is written. An existing one is extended if the user agrees; the rest of it stays as
    it is, comments included.

    Raises:
        UsageError: there is no terminal to ask, or the file cannot be extended. The block was
            printed.
        ConfigError, WriteError: the file is a link, or cannot be read or written.
    """
    top = Path(find_repository(str(root.resolve())) or root)
    with ProjectFiles(top) as files:
        old = files.read_bytes(HOOKS_FILE)
        text = files.read_text(HOOKS_FILE) or ""
    if _HAS_HOOK.search(text):
        print_result(f"{HOOKS_FILE} has the hooks already")
        return
    new = _extended(text) if text.strip() else "repos:\n" + _block("  ")
    if text.strip() and not (new and assume_yes):
        _ask(new)
    if new is None:
        raise UsageError(
            f"{HOOKS_FILE} has no list 'repos:' that a block can be appended to", hint=_BY_HAND
        )
    is_windows = old is not None and b"\r\n" in old
    replace_file(top, HOOKS_FILE, (new.replace("\n", "\r\n") if is_windows else new).encode())
    print_result(f"{'created' if old is None else 'changed'} {HOOKS_FILE}")
    if _revision() == _BRANCH:
        # The other repositories of an existing file stay at their releases.
        print_result(f"next: pre-commit autoupdate --bleeding-edge --freeze --repo {_REPOSITORY}")
    print_result("next: pre-commit install")


def _revision() -> str:
    return f"v{__version__}" if _RELEASE.fullmatch(__version__) else _BRANCH


def _block(indent: str) -> str:
    return textwrap.indent(_BLOCK.format(repository=_REPOSITORY, revision=_revision()), indent)


def _extended(text: str) -> str | None:
    """Return the text with the block at the end of the list `repos`, None if there is no list."""
    text = text.removesuffix("\n") + "\n"
    lists = list(_LIST.finditer(text))
    if len(lists) != 1 or "\t" in text:
        return None
    [found] = lists
    return text[: found.end()] + _block(found[1]) + text[found.end() :]


def _ask(new: str | None) -> None:
    """Return if the user agrees to extend the file; `UsageError` otherwise."""
    print_result(f"\nthis block belongs at the end of 'repos:' in {HOOKS_FILE}:\n\n{_block('  ')}")
    if new is None:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            f"{HOOKS_FILE} exists, and there is no terminal to ask whether to extend it",
            hint=f"{_BY_HAND}, or pass --yes",
        )
    sys.stdout.write(f"append it to {HOOKS_FILE}? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError(f"{HOOKS_FILE} is unchanged", hint=_BY_HAND)
