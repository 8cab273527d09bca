"""The command line's grammar: verbs, options, and help that teaches."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.errors import PluginError
from amplify_modelgen.faults import FAULTS, described
from amplify_modelgen.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amplify_modelgen.hookspecs import Command

_NAME = "amplify-modelgen"
_USUAL_COLUMNS = 80
_ABOUT = """\
Regenerate AWS Amplify backend API models when their GraphQL schemas change.

In an Amplify project (Gen 1 / Studio) no configuration is needed:
  amplify-modelgen generate                   ask the AmplifyBackend API for new models
  amplify-modelgen generate --backend local   make the same models here, without AWS
  amplify-modelgen check                      offline: do lock, schemas and models agree?
  amplify-modelgen preview schema.graphql     print the models that a schema would give
  amplify-modelgen diff main: .               what the working tree changes in the models
"""

_EXITS = """\
exit codes:
  0    nothing to do
  1    files were changed, or drift or an invalid schema was found: look, stage, commit again
  2    the command line or the configuration is wrong
  3    the backend or a job failed, or a file could not be written
  4    a fault of amplify-modelgen itself
  130  interrupted
"""

GENERATE = """\
Regenerate the models of every target whose schema, settings or outputs changed. With FILEs, of
the targets whose schema is among them. Exits 1 when files were written: stage them.
"""
CHECK = """\
Say whether lock, schemas and models agree. Offline, and writes nothing: made for CI.
"""
VALIDATE = """\
Lint schemas, offline: what Amplify would refuse is an error, what it would ignore a warning.
"""
PREVIEW = """\
Print the models that schemas (files, or folders of *.graphql) would give, offline.
"""
DIFF = """\
Compare the models of two schemas, and judge each change for clients that already hold data.
OLD and NEW are schema files or folders, introspection files, or REV: for the same at a git
revision, as in 'diff main: .'
"""


class Verb(Struct, frozen=True, kw_only=True):
    """A verb of the core: its line in the overview and the text of its own help."""

    name: str
    help: str
    about: str


VERBS = (
    Verb(name="generate", help="regenerate stale targets", about=GENERATE),
    Verb(name="check", help="offline: do lock, schemas and models agree?", about=CHECK),
    Verb(name="validate", help="lint schemas, offline", about=VALIDATE),
    Verb(name="preview", help="print the models that a schema would give", about=PREVIEW),
    Verb(name="diff", help="compare the models of two schemas", about=DIFF),
    Verb(name="targets", help="list targets and where each value came from", about=""),
    Verb(name="plugins", help="list the installed plugins and their hooks", about=""),
)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, which argparse learns from `shutil` and its archive libraries.

    It makes one for each argument that is added, so that every run would load them.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


@cache
def _columns() -> int:
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size().columns or _USUAL_COLUMNS
    except OSError:
        return _USUAL_COLUMNS


def build_parser(words: Sequence[str], commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Return the parser for the core's verbs and those that plugins add.

    Only verbs that are among the words have their arguments: all of them cost milliseconds.
    """
    parser = argparse.ArgumentParser(
        prog=_NAME,
        description=_ABOUT,
        epilog=_EXITS,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True, prog=_NAME)
    for verb in VERBS:
        sub = verbs.add_parser(
            verb.name,
            help=verb.help,
            description=verb.about or f"{verb.help[0].upper()}{verb.help[1:]}.",
            formatter_class=_Help,
            allow_abbrev=False,
        )
        if verb.name in words:
            _ADDERS[verb.name](sub)
            _add_verbose(sub)
    for command in commands.values():
        sub = verbs.add_parser(
            command.name,
            help=_escaped(command.help),
            description=_description(command.help),
            allow_abbrev=False,
        )
        _add_root(sub)
        _add_arguments(command, sub)
        with suppress(argparse.ArgumentError):  # it may have a --verbose of its own
            _add_verbose(sub)
    return parser


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _description(text: str) -> str:
    # argparse formats a description only where it sees this, a verb's line always.
    return _escaped(text) if "%(prog)" in text else text


def _add_arguments(command: Command, parser: argparse.ArgumentParser) -> None:
    try:
        command.add_arguments(parser)
        # From Python 3.14 on argparse refuses help that it cannot format at once, before that it
        # broke when somebody asked for help.
        parser.format_help()
    except FAULTS as error:
        raise PluginError(
            f"the verb {command.name!r} of a plugin broke: {described(error)}"
        ) from error


def _add_root(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="the project's folder (default: the nearest one above with a configuration or .git)",
    )


def _add_verbose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="show where in a plugin, or in amplify-modelgen itself, a fault was made",
    )


def _add_common(parser: argparse.ArgumentParser) -> None:
    _add_root(parser)
    parser.add_argument("--environment", metavar="NAME", help="the backend environment")
    parser.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="only this target, as 'amplify-modelgen targets' names it; repeatable",
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="only targets whose schema is among these"
    )
    _add_common(parser)
    parser.add_argument("--backend", metavar="NAME", help="aws (default), local, or a plugin's")
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT[=PATH]",
        help="terminal (default), json, junit, github, sarif, or a plugin's; repeatable",
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing where nothing is wrong")


def _add_generate(parser: argparse.ArgumentParser) -> None:
    _add_run(parser)
    parser.add_argument("--force", action="store_true", help="regenerate what is fresh as well")
    parser.add_argument(
        "--push-schema",
        action="store_true",
        help="send the working tree's schema to the backend first",
    )
    parser.add_argument(
        "--allow-drift",
        action="store_true",
        help="write the models of the backend's schema where it is not the working tree's",
    )
    parser.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="how long to wait for a job (600)"
    )
    parser.add_argument("--no-progress", action="store_true", help="show no progress")


def _add_check(parser: argparse.ArgumentParser) -> None:
    _add_run(parser)
    parser.add_argument(
        "--remote",
        action="store_true",
        help="ask the backend as well: its schema, its models (starts and writes nothing)",
    )


def _add_preview(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("schemas", nargs="+", metavar="SCHEMA", type=Path)
    parser.add_argument(
        "--format",
        default="introspection",
        metavar="NAME",
        help="introspection (default), datastore, or any emitter",
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="write into DIR, print nothing")


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    _add_root(parser)
    _add_format(parser)
    parser.add_argument(
        "--fail-on",
        choices=("breaking", "dangerous", "any", "never"),
        default="never",
        help="exit 1 if there is a change of this level or a graver one (default: never)",
    )


def _add_targets(parser: argparse.ArgumentParser) -> None:
    _add_common(parser)
    parser.add_argument("--backend", metavar="NAME", help=argparse.SUPPRESS)
    _add_format(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


_ADDERS = {
    "generate": _add_generate,
    "check": _add_check,
    "validate": _add_run,
    "preview": _add_preview,
    "diff": _add_diff,
    "targets": _add_targets,
    "plugins": _add_format,
}
