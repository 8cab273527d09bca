# ruff: noqa: INP001, SLF001 (a script; argparse shows its actions in no other way)
"""Write docs/command-line.md from the parsers of the command line.

Run it as `python tools/command_line_reference.py` after a change of an option.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from amplify_modelgen.cli.command_line import BUILT_IN_COMMANDS, build_parser
from amplify_modelgen.plugin_manager import load_plugins

PAGE = Path(__file__).parents[1] / "docs" / "command-line.md"
_START = """\
# Command line

This page is generated from the parsers; `amplify-modelgen COMMAND --help` prints the same. Results
go to stdout, everything else to stderr.

| exit code | meaning |
|---|---|
| 0 | nothing to do |
| 1 | files were changed, or a target is stale, drifted or invalid: review, stage, commit again |
| 2 | the command line or the configuration is wrong |
| 3 | the backend or a job failed, or a file could not be written |
| 4 | internal error: a bug in amplify-modelgen |
| 130 | interrupted |

`source <(amplify-modelgen completion bash)` in `~/.bashrc` completes commands and options; for zsh,
write `amplify-modelgen completion zsh` to a file `_amplify-modelgen` in a directory of `fpath`, for
fish, `amplify-modelgen completion fish` to `~/.config/fish/completions/amplify-modelgen.fish`.
"""


def render() -> str:
    """Return the text of the page."""
    plugins = {name: each for name, each in load_plugins().commands.items() if name == "serve"}
    names = [*(command.name for command in BUILT_IN_COMMANDS), *plugins]
    parser = build_parser(names, plugins)
    [subparsers] = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    return "\n".join([_START, *(_section(name, subparsers.choices[name]) for name in names)])


def _section(name: str, parser: argparse.ArgumentParser) -> str:
    description = " ".join((parser.description or "").split())
    rows = [_row(action) for action in parser._actions if action.help != argparse.SUPPRESS]
    table = ["| argument | meaning |", "|---|---|", *rows]
    lines = [f"## {name}", *([description] if description else []), "\n".join(table)]
    return "\n\n".join(lines) + "\n"


def _row(action: argparse.Action) -> str:
    metavar = action.metavar or "\\|".join(map(str, action.choices or [])) or ""
    value = "" if action.nargs == 0 else str(metavar)
    names = ", ".join(action.option_strings) or str(metavar)
    shown = f"{names} {value}".strip() if action.option_strings else f"{names}{_count(action)}"
    text = " ".join((action.help or "").split()).replace("|", "\\|")
    return f"| `{shown}` | {text} |"


def _count(action: argparse.Action) -> str:
    return "..." if action.nargs in ("*", "+") else ""


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
