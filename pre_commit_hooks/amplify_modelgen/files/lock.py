"""The lock file: what was generated from what. Committed, and equal on every machine.

It is line-based and sorted, with a header and an empty line for each target, so that git merges
the work of two branches on two targets without help.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from amplify_modelgen.errors import ConfigError

from .paths import read_if_there

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "amplify-modelgen.lock"
_VERSION = 1
_MOST_DIGITS = 9
_TITLE = "# amplify-modelgen lock, version "
_NOTE = "# Written by 'amplify-modelgen generate'. Commit it, do not edit it."
_PERMIT = "check the permissions of the file and its folder"
_AGAIN = f"delete {NAME} and run 'amplify-modelgen generate'"


class Locked(Struct, frozen=True, kw_only=True):
    """What the lock says of one target. Digests are SHA-256 in hex; `outputs` by path.

    `schema` is empty for a target whose schema only the backend knows.
    """

    schema: str
    settings: str
    outputs: Mapping[str, str] = field(default_factory=dict)


def output_digests(lock: Mapping[str, Locked]) -> dict[str, str]:
    """Return the digests of the outputs of all targets, by path."""
    return {path: digest for each in lock.values() for path, digest in each.outputs.items()}


def read_lock(root: Path) -> dict[str, Locked]:
    """Return the locked targets by key; a missing lock file has none.

    Raises:
        ConfigError: it cannot be read, holds a merge conflict, or a newer version wrote it.
    """
    try:
        content = read_if_there(root / NAME)
        text = content.decode("utf-8") if content is not None else None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        hint = _PERMIT if isinstance(error, PermissionError) else _AGAIN
        raise ConfigError(f"{NAME} cannot be read: {reason}", hint=hint) from error
    return parse_lock(text) if text is not None else {}


def parse_lock(text: str) -> dict[str, Locked]:
    """Return the locked targets of a lock file's text, by key."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    _check_merged(lines)
    _check_title(lines[0])
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] | None = None
    for number, line in enumerate(lines[1:], start=2):
        if not line or line.startswith("# "):
            continue
        if line.startswith("[") and line.endswith("]"):
            section = _new_section(sections, line[1:-1], number)
        else:
            _add_line(section, line, number)
    return {key: _locked(key, lines) for key, lines in sections.items()}


def _check_merged(lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
            raise ConfigError(
                f"{NAME}:{number}: an unresolved merge conflict",
                hint=f"keep either side, 'git checkout --ours {NAME}', "
                "then run 'amplify-modelgen generate'",
            )


def _check_title(title: str) -> None:
    version = title.removeprefix(_TITLE)[:_MOST_DIGITS]
    if title.startswith(_TITLE) and version.isdecimal() and int(version) > _VERSION:
        raise ConfigError(
            f"{NAME}:1: version {version} was written by a newer amplify-modelgen",
            hint="update amplify-modelgen here as well: pip install --upgrade amplify-modelgen",
        )
    if title != f"{_TITLE}{_VERSION}":
        raise ConfigError(
            f"{NAME}:1: expected the line {f'{_TITLE}{_VERSION}'!r}, found {title[:60]!r}",
            hint=_AGAIN,
        )


def _new_section(sections: dict[str, dict[str, str]], key: str, number: int) -> dict[str, str]:
    if key in sections:
        raise ConfigError(f"{NAME}:{number}: target {key!r} is there twice", hint=_AGAIN)
    return sections.setdefault(key, {})


def _add_line(section: dict[str, str] | None, line: str, number: int) -> None:
    digest, separator, name = line.partition("  ")
    readable = separator and _is_digest(digest) and "\0" not in name
    if section is None or not readable or name in section:
        raise ConfigError(f"{NAME}:{number}: unreadable line {line[:60]!r}", hint=_AGAIN)
    section[name] = digest


def _is_digest(text: str) -> bool:
    return text == "-" or (len(text) == 64 and not text.strip("0123456789abcdef"))  # noqa: PLR2004 (SHA-256 in hex)


def _locked(key: str, lines: dict[str, str]) -> Locked:
    try:
        schema, settings = lines.pop("(schema)"), lines.pop("(settings)")
    except KeyError as error:
        raise ConfigError(f"{NAME}: target {key!r} has no {error} line", hint=_AGAIN) from error
    return Locked(schema=schema.strip("-"), settings=settings, outputs=lines)


def lock_text(targets: Mapping[str, Locked]) -> str:
    """Return the lock file's text for the locked targets."""
    lines = [f"{_TITLE}{_VERSION}", _NOTE]
    for key in sorted(targets):
        lines += _section(key, targets[key])
    return "\n".join(lines) + "\n"


def _section(key: str, locked: Locked) -> list[str]:
    outputs = [f"{locked.outputs[path]}  {path}" for path in sorted(locked.outputs)]
    return [
        "",
        f"[{key}]",
        f"{locked.schema or '-'}  (schema)",
        f"{locked.settings}  (settings)",
        *outputs,
    ]
