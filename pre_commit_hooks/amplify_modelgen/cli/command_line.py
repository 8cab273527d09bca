"""The parser of the command line: subcommands, their options and their help."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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


class BuiltInCommand(Struct, frozen=True, kw_only=True):
    """A built-in subcommand: its line in the overview, its description, and its arguments."""

    name: str
    help: str
    description: str
    add_arguments: Callable[[ArgumentParser], None]


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, without `shutil`, which imports archive libraries.

    argparse creates a formatter for each argument that is added, so every run would import them.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_terminal_columns() - 2)


class _Parser(argparse.ArgumentParser):
    """A parser whose help fails if it cannot be printed, which argparse ignores."""

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        (file or sys.stdout).write(self.format_help())


@cache
def _terminal_columns() -> int:
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
    parser = _Parser(
        prog=PROGRAM,
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
    )
    version = f"%(prog)s {__version__}"
    parser.add_argument("-V", "--version", action="version", version=version)
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, prog=PROGRAM
    )
    for built_in in BUILT_IN_COMMANDS:
        subparser = subparsers.add_parser(
            built_in.name,
            help=built_in.help,
            description=built_in.description,
            formatter_class=_HelpFormatter,
            allow_abbrev=False,
        )
        if built_in.name in argv:
            built_in.add_arguments(subparser)
            _add_verbose(subparser)
    for command in commands.values():
        subparser = subparsers.add_parser(
            command.name,
            help=command.help.replace("%", "%%"),
            description=_plugin_description(command.help),
            allow_abbrev=False,
        )
        _add_root(subparser)
        with plugin_errors(f"the command {command.name!r} of a plugin"):
            command.add_arguments(subparser)
            # Python 3.14 rejects help that it cannot format here, older ones only for --help.
            subparser.format_help()
        with suppress(argparse.ArgumentError):  # the plugin may define its own --verbose
            _add_verbose(subparser)
    return parser


def _plugin_description(text: str) -> str:
    # argparse formats a description only if it contains this, but always formats help lines.
    return text.replace("%", "%%") if "%(prog)" in text else text


def _add_root(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="the project's directory (default: the nearest parent with a configuration or .git)",
    )


def _add_config(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="use this configuration, which is below the root, and no other",
    )


def _add_color(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        help="color the output (default: auto, on a terminal; NO_COLOR and FORCE_COLOR count)",
    )


def _add_verbose(parser: ArgumentParser) -> None:
    parser.add_argument("--verbose", action="store_true", help="show tracebacks")


def _add_selection(parser: ArgumentParser) -> None:
    _add_root(parser)
    _add_config(parser)
    parser.add_argument("--environment", metavar="NAME", help="the backend environment")
    parser.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="only this target (see 'amplify-modelgen targets'); repeatable",
    )


def _add_report(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT[=PATH]",
        help="terminal (default), json, html, junit, github, sarif, markdown, or a plugin's; "
        "repeatable",
    )


def _add_run_options(parser: ArgumentParser, files_help: str) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help=files_help)
    _add_selection(parser)
    parser.add_argument("--backend", metavar="NAME", help="local (default), aws, or a plugin's")
    _add_report(parser)
    _add_color(parser)
    parser.add_argument(
        "--quiet", action="store_true", help="print nothing unless there is a problem"
    )


_TARGET_FILES = "only targets whose schema is one of these files"


def _add_generate(parser: ArgumentParser) -> None:
    _add_run_options(parser, _TARGET_FILES)
    parser.add_argument("--force", action="store_true", help="also regenerate up-to-date targets")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files that no generator wrote"
    )
    parser.add_argument(
        "--create", action="store_true", help="write the first models of projects without any"
    )
    parser.add_argument(
        "--push-schema",
        action="store_true",
        help="first deploy the working tree's schema to the backend",
    )
    parser.add_argument(
        "--allow-drift",
        action="store_true",
        help="accept the backend's models even if its schema differs from the working tree",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing; show what would be written as diffs"
    )
    parser.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="how long to wait for a job (600)"
    )
    parser.add_argument("--no-progress", action="store_true", help="show no progress")


def _add_check(parser: ArgumentParser) -> None:
    _add_run_options(parser, _TARGET_FILES)
    parser.add_argument(
        "--remote", action="store_true", help="also compare with the backend (read-only)"
    )
    parser.add_argument(
        "--regenerate",
        action="store_true",
        help="do not trust the lock: compare with the schema on disk also what a backend generated",
    )
    parser.add_argument("--diff", action="store_true", help="show the changes as unified diffs")


def _add_validate(parser: ArgumentParser) -> None:
    files_help = "only these schema files, whether or not a target has them; - is stdin"
    _add_run_options(parser, files_help)
    parser.add_argument(
        "--stdin-filename",
        metavar="PATH",
        help="the file that the schema on stdin belongs to, for its target, flags and messages",
    )


def _add_rules(parser: ArgumentParser) -> None:
    parser.add_argument("rule", nargs="?", metavar="RULE", help="explain this rule")


def _add_preview(parser: ArgumentParser) -> None:
    parser.add_argument("schemas", nargs="+", metavar="SCHEMA", type=Path)
    parser.add_argument(
        "--format",
        default="introspection",
        metavar="NAME",
        help="introspection (default), datastore, or any emitter",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the emitter; repeatable",
    )
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="write files to DIR instead of stdout"
    )


def _add_diff(parser: ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    _add_root(parser)
    _add_config(parser)
    _add_format(parser)
    _add_report(parser)
    _add_color(parser)
    parser.add_argument(
        "--fail-on",
        choices=("breaking", "dangerous", "any", "never"),
        default="never",
        help="exit 1 on changes of this level or worse (default: never)",
    )


def _add_targets(parser: ArgumentParser) -> None:
    _add_selection(parser)
    parser.add_argument("--backend", metavar="NAME", help=argparse.SUPPRESS)
    _add_format(parser)


def _add_init(parser: ArgumentParser) -> None:
    _add_root(parser)
    parser.add_argument("--yes", action="store_true", help="extend an existing file without asking")
    parser.set_defaults(target=[])


def _add_config_command(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("schema",), metavar="schema", help="what to print")


def _add_completion(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")


def _add_format(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


BUILT_IN_COMMANDS = (
    BuiltInCommand(
        name="generate",
        help="regenerate the models that are not up to date",
        description="Regenerate the models of every target that is not up to date. Exits with 1 "
        "if files\nwere written: review and stage them.\n",
        add_arguments=_add_generate,
    ),
    BuiltInCommand(
        name="check",
        help="offline: are the models up to date?",
        description="Check that the models are what the schemas give now. Offline and read-only, "
        "for CI.\n",
        add_arguments=_add_check,
    ),
    BuiltInCommand(
        name="init",
        help="set up the git hooks, and say what they will maintain",
        description="Write the hooks into .pre-commit-config.yaml, and say what was found, what "
        "will be\nmaintained and what is stale. Models are not touched.\n",
        add_arguments=_add_init,
    ),
    BuiltInCommand(
        name="validate",
        help="lint schemas, offline",
        description="Lint schemas, offline: what 'amplify push' or the model generator would "
        "refuse is an\nerror, other advice a warning.\n",
        add_arguments=_add_validate,
    ),
    BuiltInCommand(
        name="rules",
        help="list and explain the rules of the linter",
        description="List the rules of the linter, or explain one with its examples.\n",
        add_arguments=_add_rules,
    ),
    BuiltInCommand(
        name="preview",
        help="print the models generated from a schema",
        description="Print the models generated from schemas (files, directories of *.graphql, or "
        "-\nfor stdin), offline, with the feature flags of the project that each belongs to.\n",
        add_arguments=_add_preview,
    ),
    BuiltInCommand(
        name="diff",
        help="compare the models of two schemas",
        description="Compare the models of two schemas and rate each change for clients that "
        "already hold\ndata. OLD and NEW are schema files or directories, introspection files, or "
        "REV: for the\nsame at a git revision, as in 'diff main: .'\n",
        add_arguments=_add_diff,
    ),
    BuiltInCommand(
        name="targets",
        help="list targets and where each value came from",
        description="List targets and where each value came from.\n",
        add_arguments=_add_targets,
    ),
    BuiltInCommand(
        name="plugins",
        help="list the installed plugins and their hooks",
        description="List the installed plugins and their hooks.\n",
        add_arguments=_add_format,
    ),
    BuiltInCommand(
        name="config",
        help="print the JSON schema of the configuration",
        description="Print the JSON schema of the configuration, for editors.\n",
        add_arguments=_add_config_command,
    ),
    BuiltInCommand(
        name="completion",
        help="print a script that completes commands and options in a shell",
        description="Print a script that completes commands and options in a shell, as in\n"
        "'source <(amplify-modelgen completion bash)'.\n",
        add_arguments=_add_completion,
    ),
)


def completion_script(shell: str, commands: Mapping[str, Command]) -> str:
    """Return the script with which `shell` completes all subcommands and their options."""
    import shtab

    names = [*(command.name for command in BUILT_IN_COMMANDS), *commands]
    script: str = shtab.complete(build_parser(names, commands), shell=shell)
    return script
