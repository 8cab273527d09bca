"""Parse the command line, run the subcommand, and turn errors into messages and exit codes."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

from amplify_modelgen import __version__
from amplify_modelgen.errors import (
    ModelgenError,
    SchemaError,
    UsageError,
    describe_exception,
    format_traceback,
    is_interrupt,
    plugin_traceback,
)

from .command_line import BUILT_IN_COMMANDS, PROGRAM, build_parser
from .output import print_error, print_result, print_status_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.plugin_manager import PluginManager

INTERRUPTED = 130
INTERNAL_ERROR = 4


def main(argv: Sequence[str]) -> int:
    """Run the command line and return the exit code, which `amplify-modelgen --help` explains."""
    try:
        return _run(list(argv))
    except (Exception, KeyboardInterrupt) as error:
        is_of_stdout = isinstance(error, OSError) and error.filename is None
        if is_of_stdout and not is_interrupt(error):
            raise  # the entry point reports it
        return _report_error(error, is_verbose="--verbose" in argv)


def _run(argv: list[str]) -> int:
    if isinstance(sys.stdout, TextIOWrapper):
        # A character that the encoding of stdout lacks is escaped.
        sys.stdout.reconfigure(errors="backslashreplace")
    if argv[:1] in (["-V"], ["--version"]):
        print_result(f"{PROGRAM} {__version__}")
        return 0
    plugins = _plugins_for_commands(argv)
    commands = plugins.commands if plugins else {}
    parser = build_parser(argv, commands)
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as error:  # --help, --version, or a usage error that argparse has printed
        return int(error.code or 0)
    _apply_color(getattr(arguments, "color", None))
    from . import commands as subcommands

    if plugins and arguments.command in commands:
        return subcommands.run_plugin_command(commands[arguments.command], arguments, plugins)
    code: int = getattr(subcommands, arguments.command)(arguments, argv)
    return code


def _apply_color(when: str | None) -> None:
    """Set the variables that everything that prints in color honors."""
    if when in ("always", "never"):
        os.environ.pop("FORCE_COLOR" if when == "never" else "NO_COLOR", None)
        os.environ["NO_COLOR" if when == "never" else "FORCE_COLOR"] = "1"


def _plugins_for_commands(argv: Sequence[str]) -> PluginManager | None:
    """Load the plugins if the subcommand may be a plugin's, or if all are listed."""
    name = argv[0] if argv else ""
    built_in = {command.name for command in BUILT_IN_COMMANDS}
    if name in built_in:
        return None
    from amplify_modelgen.plugin_manager import load_plugins

    plugins = load_plugins()
    known = {*built_in, *plugins.commands}
    if name and not name.startswith("-") and name not in known:
        from amplify_modelgen.input_validation import suggest

        raise UsageError(f"unknown command {name!r}", hint=suggest(name, known, "commands"))
    return plugins


def _report_error(error: BaseException, *, is_verbose: bool) -> int:
    """Print an error and return the exit code."""
    if is_interrupt(error):
        print_error("interrupted", "no file is incomplete; run the command again to finish")
        return INTERRUPTED
    if isinstance(error, SchemaError):
        for diagnostic in error.diagnostics:
            print_error(f"{diagnostic.location}: {diagnostic.message}", diagnostic.hint)
        return error.exit_code
    if isinstance(error, ModelgenError):
        if is_verbose:
            print_status_lines(plugin_traceback(error))
        print_error(error.message, error.hint)
        return error.exit_code
    if isinstance(error, OSError):
        hint = "check the disk and the permissions"
        print_error(f"{error.filename}: {error.strerror or error}", hint)
        return ModelgenError.exit_code
    if is_verbose:
        print_status_lines(format_traceback(error))
    print_error(
        f"internal error: {describe_exception(error)}",
        "this is a bug in amplify-modelgen; please report it with the output of --verbose",
    )
    return INTERNAL_ERROR
