"""The command line: parse, call the core, return an exit code."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

from amplify_modelgen.errors import WHOSE_FAULT, ModelgenError, PluginError, SchemaError
from amplify_modelgen.faults import FAULTS, described, fault_behind, traceback_of

from .arguments import VERBS, build_parser
from .console import complain, note_lines
from .verbs import RUN

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from amplify_modelgen.hookspecs import Command

INTERRUPTED = 130
_BUG = 4


def main(words: Sequence[str]) -> int:
    """Run the command line; return its exit code.

    0 nothing to do, 1 files changed or something found, 2 usage or configuration, 3 the backend
    or a job failed, 4 a fault of this project, 130 interrupted.
    """
    try:
        return _told(_run(list(words)))
    except SchemaError as error:
        for problem in error.problems:
            complain(f"{problem.place}: {problem.message}", problem.hint)
        return error.exit_code
    except ModelgenError as error:
        if "--verbose" in words:
            note_lines(fault_behind(error))
        complain(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        complain("interrupted; nothing is half-written", None)
        return INTERRUPTED
    except OSError as error:
        return _refused(error)
    except Exception as error:  # noqa: BLE001 (a traceback is no message for a user)
        verbose = "--verbose" in words
        return INTERRUPTED if _was_interrupted(error) else _confess(error, verbose=verbose)


def _was_interrupted(error: BaseException | None) -> bool:
    # Python 3.11 wraps what is raised while a class is made, an interrupt as well.
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _refused(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has enough of it; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    where = f"{error.filename}: " if error.filename else ""
    complain(f"{where}{error.strerror or error}", "check the disk and the permissions")
    return ModelgenError.exit_code


def _told(code: int) -> int:
    # Now, so that whoever stopped reading makes no trouble when Python ends.
    sys.stdout.flush()
    return code


def _run(words: list[str]) -> int:
    if isinstance(sys.stdout, TextIOWrapper):
        # A stream that cannot show a character, as a pipe of Windows, gets it spelled out.
        sys.stdout.reconfigure(errors="backslashreplace")
    commands = _plugin_commands(words)
    arguments = build_parser(words, commands).parse_args(words)
    if arguments.verb in commands:
        return _run_command(commands[arguments.verb], arguments)
    return RUN[arguments.verb](arguments, words)


def _plugin_commands(words: Sequence[str]) -> Mapping[str, Command]:
    # Plugins are loaded for their verbs only where the core's own verbs do not answer.
    verbs = {verb.name for verb in VERBS}
    if any(word in verbs for word in words[:1]) or words[:1] == ["--version"]:
        return {}
    from amplify_modelgen.plugins import load_plugins

    commands = load_plugins().commands
    for name in sorted(verbs & commands.keys()):
        raise PluginError(
            f"a plugin brings the command {name!r}, which is one of our own",
            hint="remove the plugin; 'amplify-modelgen plugins' lists them",
        )
    return commands


def _run_command(command: Command, arguments: Namespace) -> int:
    from amplify_modelgen.config.settings import Overrides, load_settings
    from amplify_modelgen.plugins import load_plugins
    from amplify_modelgen.targets.naming import all_targets
    from amplify_modelgen.targets.schemas import read_schema

    settings = load_settings(Overrides(root=arguments.root))
    targets = all_targets(settings, load_plugins().targets(settings))
    found = [(target, read_schema(settings.root, target)) for target in targets if target.schema]
    # As an option of the plugin may be called so, it is not overwritten.
    vars(arguments).setdefault("settings", settings)
    try:
        code: object = command.run(arguments, found)
    except (ModelgenError, BrokenPipeError):
        raise
    except FAULTS as error:
        raise PluginError(f"the command {command.name!r} broke: {described(error)}") from error
    if not isinstance(code, int):
        raise PluginError(
            f"the command {command.name!r} returned {type(code).__name__} in place of an exit code",
            hint=WHOSE_FAULT,
        )
    return code


def _confess(error: Exception, *, verbose: bool) -> int:
    if verbose:
        note_lines(traceback_of(error))
    complain(
        f"internal error: {type(error).__name__}: {error}",
        "this is a fault of amplify-modelgen; please report it with the output of --verbose",
    )
    return _BUG
