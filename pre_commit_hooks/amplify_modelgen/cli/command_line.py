"""The parser of the command line: subcommands, their options and their help."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amplify_modelgen import __version__
from amplify_modelgen.errors import plugin_errors

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Mapping, Sequence

    from _typeshed import SupportsWrite

    from amplify_modelgen.plugin import Command

PROGRAM = "amplify-modelgen"
_DEFAULT_COLUMNS = 80
_DESCRIPTION = """\
Regenerate the models of AWS Amplify backends when their GraphQL schemas change.

In an Amplify project (Gen 1 / Studio) no configuration is needed:
  amplify-modelgen init                      set up the git hooks, and say what they maintain
  amplify-modelgen generate                  generate models from the schemas on disk
  amplify-modelgen check                     offline: are the models up to date?
  amplify-modelgen generate --backend aws    generate them with the AmplifyBackend API
  amplify-modelgen preview schema.graphql    print the models generated from a schema
  amplify-modelgen diff main: .              what the working tree changes in the models
"""

_EXIT_CODES = """\
exit codes:
  0    nothing to do
  1    files were changed, or drift or an invalid schema was found: review, stage, commit again
  2    the command line or the configuration is wrong
  3    the backend or a job failed, or a file could not be written
  4    internal error (a bug in amplify-modelgen)
  130  interrupted
"""


def _argument(
    name: str, metavar: str | None, about: str | None = None, **more: object
) -> Callable[[ArgumentParser], Any]:
    """Return a function that adds an argument to a parser."""
    return methodcaller("add_argument", name, metavar=metavar, help=about, **more)


def _repeatable(name: str, metavar: str, about: str) -> Callable[[ArgumentParser], Any]:
    return _argument(name, metavar, f"{about}; repeatable", action="append", default=[])


def _flag(name: str, about: str) -> Callable[[ArgumentParser], Any]:
    return methodcaller("add_argument", name, action="store_true", help=about)


_ROOT = _argument(
    "--root",
    "DIR",
    "the project's directory (default: the nearest parent with a configuration or .git)",
    type=Path,
)
_CONFIG = _argument(
    "--config", "FILE", "use this configuration, which is below the root, and no other", type=Path
)
_COLOR = _argument(
    "--color",
    None,
    "color the output (default: auto, on a terminal; NO_COLOR and FORCE_COLOR count)",
    choices=("auto", "always", "never"),
)
_FORMAT = _argument("--format", None, choices=("text", "json"), default="text")
_REPORT = _repeatable(
    "--report",
    "FORMAT[=PATH]",
    "terminal (default), json, html, junit, github, sarif, markdown, or a plugin's",
)
_VERBOSE = _flag("--verbose", "show tracebacks")
_SELECTION = (
    _ROOT,
    _CONFIG,
    _argument("--environment", "NAME", "the backend environment"),
    _repeatable("--target", "NAME", "only this target (see 'amplify-modelgen targets')"),
)
_RUN = (
    *_SELECTION,
    _argument("--backend", "NAME", "local (default), aws, or a plugin's"),
    _REPORT,
    _COLOR,
    _flag("--quiet", "print nothing unless there is a problem"),
)
_TARGET_FILES = _argument(
    "files", "FILE", "only targets whose schema is one of these files", nargs="*"
)

CHANGES_OF_A_RUN = (
    *("force", "regenerate", "overwrite", "create", "remote"),
    *("push_schema", "allow_drift", "dry_run", "diff"),
)
"""The flags with which a run does something else than to update stale models."""

DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("config", "environment", "backend", "timeout")),
    **dict.fromkeys(("files", "target", "report"), ()),
    **dict.fromkeys(CHANGES_OF_A_RUN, False),
}
"""The values of the options that a command lacks: commands of a run share functions."""


class BuiltInCommand(Struct, frozen=True):
    """A built-in subcommand: its line in the overview, what its help adds, and its arguments."""

    name: str
    help: str
    more: str
    arguments: tuple[Callable[[ArgumentParser], Any], ...]


BUILT_IN_COMMANDS = (
    BuiltInCommand(
        "generate",
        "regenerate the models that are not up to date",
        "Exits with 1 if files were written: review and stage them.",
        (
            _TARGET_FILES,
            *_RUN,
            _flag("--force", "also regenerate up-to-date targets"),
            _flag("--overwrite", "replace files that no generator wrote"),
            _flag("--create", "write the first models of projects without any"),
            _flag("--push-schema", "first deploy the working tree's schema to the backend"),
            _flag(
                "--allow-drift",
                "accept the backend's models even if its schema differs from the working tree",
            ),
            _flag("--dry-run", "write nothing; show what would be written as diffs"),
            _argument("--timeout", "SECONDS", "how long to wait for a job (600)", type=float),
            _flag("--no-progress", "show no progress"),
        ),
    ),
    BuiltInCommand(
        "check",
        "check that the models are what the schemas give now",
        "Offline and read-only, for CI.",
        (
            _TARGET_FILES,
            *_RUN,
            _flag("--remote", "also compare with the backend (read-only)"),
            _flag(
                "--regenerate",
                "do not trust the lock: compare with the schema on disk also what a backend "
                "generated",
            ),
            _flag("--diff", "show the changes as unified diffs"),
        ),
    ),
    BuiltInCommand(
        "init",
        "set up the git hooks, and say what they will maintain",
        "The hooks are written into .pre-commit-config.yaml. Models are not touched.",
        (_ROOT, _flag("--yes", "extend an existing file without asking")),
    ),
    BuiltInCommand(
        "validate",
        "lint schemas, offline",
        "What 'amplify push' or the model generator would refuse is an error, other advice a "
        "warning.",
        (
            _argument(
                "files",
                "FILE",
                "only these schema files, whether or not a target has them; - is stdin",
                nargs="*",
            ),
            *_RUN,
            _argument(
                "--stdin-filename",
                "PATH",
                "the file that the schema on stdin belongs to, for its target, flags and messages",
            ),
        ),
    ),
    BuiltInCommand(
        "rules",
        "list the rules of the linter, or explain one with its examples",
        "",
        (_argument("rule", "RULE", "explain this rule", nargs="?"),),
    ),
    BuiltInCommand(
        "preview",
        "print the models generated from a schema",
        "Offline, with the feature flags of the project that it belongs to. SCHEMA is a file, a "
        "directory of *.graphql, or - for stdin.",
        (
            _argument("schemas", "SCHEMA", nargs="+", type=Path),
            _argument(
                "--format",
                "NAME",
                "introspection (default), datastore, or any emitter",
                default="introspection",
            ),
            _repeatable("--option", "NAME=VALUE", "an option of the emitter"),
            _argument("--output", "DIR", "write files to DIR instead of stdout", type=Path),
        ),
    ),
    BuiltInCommand(
        "diff",
        "compare the models of two schemas",
        "Rates each change for clients that already hold data. OLD and NEW are schema files or "
        "directories, introspection files, or REV: for the same at a git revision, as in "
        "'diff main: .'",
        (
            _argument("old", "OLD"),
            _argument("new", "NEW"),
            _ROOT,
            _CONFIG,
            _FORMAT,
            _REPORT,
            _COLOR,
            _argument(
                "--fail-on",
                None,
                "exit 1 on changes of this level or worse (default: never)",
                choices=("breaking", "dangerous", "any", "never"),
                default="never",
            ),
        ),
    ),
    BuiltInCommand(
        "targets",
        "list targets and where each value came from",
        "",
        (*_SELECTION, _argument("--backend", "NAME", argparse.SUPPRESS), _FORMAT),
    ),
    BuiltInCommand("plugins", "list the installed plugins and their hooks", "", (_FORMAT,)),
    BuiltInCommand(
        "config",
        "print the JSON schema of the configuration, for editors",
        "",
        (_argument("what", "schema", "what to print", choices=("schema",)),),
    ),
    BuiltInCommand(
        "completion",
        "print a script that completes commands and options in a shell",
        "For bash: 'source <(amplify-modelgen completion bash)'.",
        (_argument("shell", None, "the shell", choices=("bash", "zsh", "fish")),),
    ),
)


class _Parser(argparse.ArgumentParser):
    """A parser whose help fails if it cannot be printed, which argparse ignores."""

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        (file or sys.stdout).write(self.format_help())


def _terminal_columns() -> int:
    # argparse would ask `shutil`, which imports archive libraries.
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size().columns or _DEFAULT_COLUMNS
    except OSError:
        return _DEFAULT_COLUMNS


def build_parser(argv: Sequence[str], commands: Mapping[str, Command]) -> ArgumentParser:
    """Return the parser for the built-in subcommands and those of plugins.

    Only subcommands in `argv` get their arguments: adding all takes milliseconds.
    """
    width = _terminal_columns() - 2
    parser = _Parser(
        prog=PROGRAM,
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=width),
        allow_abbrev=False,
    )
    parser.set_defaults(**DEFAULTS)
    version = f"%(prog)s {__version__}"
    parser.add_argument("-V", "--version", action="version", version=version)
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, prog=PROGRAM
    )
    formatter = partial(argparse.HelpFormatter, width=width)
    add_parser = partial(subparsers.add_parser, formatter_class=formatter, allow_abbrev=False)
    for built_in in BUILT_IN_COMMANDS:
        description = f"{built_in.help[0].upper()}{built_in.help[1:]}. {built_in.more}"
        subparser = add_parser(built_in.name, help=built_in.help, description=description)
        if built_in.name in argv:
            for add_argument in (*built_in.arguments, _VERBOSE):
                add_argument(subparser)
    for command in commands.values():
        # argparse formats a description only if it contains this, but always formats help lines.
        about = command.help.replace("%", "%%")
        description = about if "%(prog)" in about else command.help
        with plugin_errors(f"the command {command.name!r} of a plugin"):
            subparser = add_parser(command.name, help=about, description=description)
            _ROOT(subparser)
            command.add_arguments(subparser)
            # Python 3.14 rejects help that it cannot format here, older ones only for --help.
            subparser.format_help()
        with suppress(argparse.ArgumentError):  # the plugin may define its own --verbose
            _VERBOSE(subparser)
    return parser
