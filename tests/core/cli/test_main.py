from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen import __version__, plugin_manager
from amplify_modelgen.cli import command_line
from amplify_modelgen.cli import commands as subcommands
from amplify_modelgen.cli import main as cli
from amplify_modelgen.cli.command_line import BUILT_IN_COMMANDS, build_parser
from amplify_modelgen.errors import BackendError, ConfigError, Diagnostic, SchemaError
from amplify_modelgen.plugin import Command

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from pathlib import Path

    from amplify_modelgen.records import Schema, Target


BUG = """\
amplify-modelgen: internal error: ZeroDivisionError: by zero
  this is a bug in amplify-modelgen; please report it with the output of --verbose
"""


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Let the subcommand `plugins` return or raise a value."""

    def install(given: object) -> None:
        def run(*_: object) -> object:
            if isinstance(given, BaseException):
                raise given
            return given

        monkeypatch.setattr(subcommands, "plugins", run)

    return install


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> dict[str, Command]:
    """The subcommands of plugins; no plugin is loaded."""
    provided: dict[str, Command] = {}
    loaded = SimpleNamespace(commands=provided, targets=lambda *_: (), emitters={}, reporters={})
    monkeypatch.setattr(plugin_manager, "load_plugins", lambda: loaded)
    return provided


def command(name: str, run: Callable[..., Any], option: str = "--x") -> Command:
    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument(option)

    return Command(name=name, help="does it", add_arguments=add_arguments, run=run)


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_result_of_a_subcommand_is_the_exit_code(
    answer: Callable[[object], None], code: int
) -> None:
    answer(code)
    assert cli.main(["plugins"]) == code


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ConfigError("no such key", hint="remove it"), 2,
         "amplify-modelgen: no such key\n  remove it\n"),
        (BackendError("no\nanswer"), 3, "amplify-modelgen: no answer\n"),
        (
            SchemaError(
                (
                    Diagnostic(message="one", line=1, column=2, path="a.graphql", hint="fix it"),
                    Diagnostic(message="two", line=3, column=4),
                )
            ),
            1,
            "amplify-modelgen: a.graphql:1:2: one\n  fix it\namplify-modelgen: 3:4: two\n",
        ),
        (PermissionError(13, "denied", "a.json"), 3,
         "amplify-modelgen: a.json: denied\n  check the disk and the permissions\n"),
        (KeyboardInterrupt(), 130, ("amplify-modelgen: interrupted\n"
         "  no file is incomplete; run the command again to finish\n")),
        (
            ZeroDivisionError("by zero"),
            4,
            BUG,
        ),
    ],
)  # fmt: skip
def test_an_error_is_a_message_and_an_exit_code(
    answer: Callable[[object], None],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    message: str,
) -> None:
    answer(error)
    assert cli.main(["plugins"]) == code
    assert capsys.readouterr() == ("", message)


def test_verbose_shows_the_traceback_of_an_internal_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subcommands, "check", lambda *_: 1 // 0)
    assert cli.main(["check"]) == 4
    assert "Traceback" not in capsys.readouterr().err
    assert cli.main(["check", "--verbose"]) == 4
    assert "ZeroDivisionError" in capsys.readouterr().err.splitlines()[-3]


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(28, "no space left")])
def test_a_broken_stdout_is_left_to_the_entry_point(
    answer: Callable[[object], None], error: OSError
) -> None:
    answer(error)
    with pytest.raises(OSError) as caught:  # noqa: PT011 (it is the same object)
        cli.main(["plugins"])
    assert caught.value is error


def run(*argv: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "amplify_modelgen", *argv],
        check=False, text=True, stderr=subprocess.PIPE, **{"stdout": subprocess.PIPE} | options,
    )  # fmt: skip


def test_a_closed_pipe_is_not_an_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run("plugins", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full device")  # noqa: PTH110 (read at import)
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "argv",
    [
        *(["plugins"], ["targets"], ["check"], ["validate"], ["preview", "blog.graphql"]),
        *(["--help"], ["--version"], ["init", "--help"], ["rules"], ["rules", "relation-type"]),
        *(["config", "schema"], ["completion", "bash"], ["diff", "blog.graphql", "blog.graphql"]),
        *(
            ["generate"],
            ["init", "--yes"],
            ["check", "--report=json"],
            ["targets", "--format=json"],
        ),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("project")
def test_a_full_disk_is_an_error_with_a_message(argv: list[str], unbuffered: str) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 (a device)
        done = run(*argv, stdout=full, env={**os.environ, "PYTHONUNBUFFERED": unbuffered})
    assert (done.returncode, done.stderr) == (
        3,
        "amplify-modelgen: cannot write the output: no space left on device\n",
    )


def test_a_character_that_stdout_cannot_encode_is_escaped(project: Path) -> None:
    text = (project / "amplify-modelgen.toml").read_text().replace('"blog"', '"blög"')
    (project / "amplify-modelgen.toml").write_text(text, encoding="utf-8")
    done = run("targets", env={**os.environ, "PYTHONIOENCODING": "ascii:strict"})
    assert done.returncode == 0, done.stderr
    assert "bl\\xf6g@dev" in done.stdout


def test_a_replaced_stdout_is_not_reconfigured(
    answer: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(1)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert cli.main(["plugins"]) == 1


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_printed(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([option]) == 0
    assert capsys.readouterr().out == f"amplify-modelgen {__version__}\n"


@pytest.mark.parametrize("argv", [[], ["--nope"], ["check", "--forc"], ["plugins", "--format"]])
def test_an_invalid_command_line_is_a_usage_error(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(argv) == 2
    assert capsys.readouterr().err.startswith("usage: amplify-modelgen ")


COMMANDS = ", ".join(sorted([*(command.name for command in BUILT_IN_COMMANDS), "extra"]))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("generat", "did you mean 'generate'?"),
        ("ceck", "did you mean 'check'?"),
        ("extr", "did you mean 'extra'?"),
        ("zzz", f"known commands: {COMMANDS}"),
    ],
)
def test_an_unknown_command_is_an_error_with_a_suggestion(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str], name: str, hint: str
) -> None:
    commands["extra"] = command("extra", lambda *_: 0)
    assert cli.main([name, "--quiet"]) == 2
    assert capsys.readouterr().err == f"amplify-modelgen: unknown command {name!r}\n  {hint}\n"


@pytest.mark.parametrize("name", [*(built_in.name for built_in in BUILT_IN_COMMANDS), "extra"])
def test_every_subcommand_has_the_option_verbose(
    name: str, capsys: pytest.CaptureFixture[str], commands: dict[str, Command]
) -> None:
    commands["extra"] = command("extra", lambda *_: 0)
    assert cli.main([name, "--help"]) == 0
    assert "  --verbose " in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_a_command_of_a_plugin_may_define_verbose(commands: dict[str, Command]) -> None:
    commands["extra"] = command("extra", lambda typed, _: int(typed.verbose), "--verbose")
    assert cli.main(["extra", "--verbose", "7"]) == 7


@pytest.mark.parametrize("name", [built_in.name for built_in in BUILT_IN_COMMANDS])
def test_every_subcommand_has_help_and_a_function(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([name, "--help"]) == 0
    assert re.match(rf"usage: amplify-modelgen {name} ", capsys.readouterr().out)
    assert callable(getattr(subcommands, name))


def test_the_overview_lists_subcommands_and_exit_codes(
    capsys: pytest.CaptureFixture[str], commands: dict[str, Command]
) -> None:
    commands["extra"] = command("extra", lambda *_: 0)
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(
        f"    {name} " in shown
        for name in [*(built_in.name for built_in in BUILT_IN_COMMANDS), "extra"]
    )
    assert "130  interrupted" in shown


@pytest.mark.parametrize("argv", [["--help"], ["extra", "--help"]])
@pytest.mark.parametrize("about", ["100% done", "50%", "%s", "100% of %(prog)s", "%%"])
def test_the_help_line_of_a_command_is_printed_literally(
    argv: list[str], about: str, commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    commands["extra"] = replace(command("extra", lambda *_: 0), help=about)
    assert cli.main(argv) == 0
    assert about in [line.strip().removeprefix("extra").strip() for line in captured(capsys)]


@pytest.mark.parametrize("argv", [["--help"], ["extra", "--help"], ["extra"]])
def test_an_option_with_invalid_help_is_an_error_that_names_the_command(
    argv: list[str], commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument("--most", help="as many as 100% done")

    broken = command("extra", lambda *_: 0)
    commands["extra"] = replace(broken, add_arguments=add_arguments)
    assert cli.main(argv) == 3
    assert capsys.readouterr().err.startswith(
        "amplify-modelgen: the command 'extra' of a plugin failed: "
    )


def test_the_help_of_an_option_may_contain_its_default(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument("--most", default=7, help="as many as %(default)s, 100%% done")

    fine = command("extra", lambda *_: 0)
    commands["extra"] = replace(fine, add_arguments=add_arguments)
    assert cli.main(["extra", "--help"]) == 0
    assert any("as many as 7, 100% done" in line for line in captured(capsys))


def captured(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("project")
def test_a_command_of_a_plugin_gets_its_arguments_and_the_targets(
    commands: dict[str, Command],
) -> None:
    got: list[Any] = []

    def go(arguments: Any, found: list[tuple[Target, Schema]]) -> int:
        got.extend([arguments.x, [(each.name, schema.files[0].path) for each, schema in found]])
        return 7

    commands["extra"] = command("extra", go)
    assert cli.main(["extra", "--x", "1"]) == 7
    assert got == ["1", [("blog@dev", "blog.graphql")]]


def test_a_command_of_a_plugin_gets_the_settings(
    project: Path, commands: dict[str, Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[Any] = []

    def go(arguments: Any, _: object) -> int:
        got.append(arguments.settings)
        return 0

    commands["extra"] = command("extra", go)
    (project / "deeper").mkdir()
    monkeypatch.chdir(project / "deeper")
    assert cli.main(["extra"]) == 0
    assert [(each.root, each.backend) for each in got] == [(project.resolve(), "local")]


@pytest.mark.usefixtures("project")
def test_an_option_of_a_plugin_may_be_called_settings(commands: dict[str, Command]) -> None:
    commands["extra"] = command("extra", lambda typed, _: int(typed.settings), "--settings")
    assert cli.main(["extra", "--settings", "7"]) == 7


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", ["report", "target", "timeout", "config", "create"])
def test_an_option_of_a_plugin_may_have_the_name_of_one_of_ours(
    name: str, commands: dict[str, Command]
) -> None:
    commands["extra"] = command("extra", lambda typed, _: int(vars(typed)[name]), f"--{name}")
    assert cli.main(["extra", f"--{name}", "7"]) == 7


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyError("x"), 3, "amplify-modelgen: the command 'extra' failed: KeyError: 'x'\n"),
        (ConfigError("no"), 2, "amplify-modelgen: no\n"),
        (SystemExit(0), 3, "amplify-modelgen: the command 'extra' failed: SystemExit: 0\n"),
    ],
)
def test_a_command_of_a_plugin_that_fails_is_named(
    commands: dict[str, Command],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    message: str,
) -> None:
    def fail(*_: object) -> int:
        raise error

    commands["extra"] = command("extra", fail)
    assert cli.main(["extra"]) == code
    assert capsys.readouterr().err.startswith(message)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("answer", [None, "0"])
def test_a_command_of_a_plugin_that_returns_no_exit_code_is_named(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str], answer: object
) -> None:
    commands["extra"] = command("extra", lambda *_: answer)
    assert cli.main(["extra"]) == 3
    message = f"the command 'extra' returned {type(answer).__name__} instead of an exit code"
    assert message in capsys.readouterr().err


def test_a_command_of_a_plugin_cannot_redefine_a_built_in_one(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    commands["check"] = command("check", lambda *_: 0)
    assert cli.main(["--help"]) == 3
    shown = capsys.readouterr().err
    assert "the command 'check' of a plugin failed: ArgumentError: " in shown
    assert "conflicting subparser: check" in shown


def test_built_in_subcommands_are_parsed_without_plugins(
    commands: dict[str, Command], answer: Callable[[object], None]
) -> None:
    commands["check"] = command("check", lambda *_: 0)
    answer(0)
    assert cli.main(["plugins"]) == 0


def test_the_options_of_generate_are_parsed() -> None:
    argv = ["generate", "a", "b", "--target", "x", "--target", "y", "--timeout", "1.5", "--force"]
    arguments = build_parser(argv, {}).parse_args(argv)
    assert (arguments.files, arguments.target, arguments.timeout) == (["a", "b"], ["x", "y"], 1.5)
    assert arguments.force
    assert not any([arguments.push_schema, arguments.quiet, arguments.no_progress])
    assert (arguments.root, arguments.backend, arguments.environment) == (None, None, None)


@pytest.mark.parametrize("columns", ["60", "200", "0", "many", ""])
def test_help_has_the_width_that_argparse_chooses(
    columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    parser = build_parser(["generate"], {})
    ours = parser.format_help()
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    assert ours == parser.format_help()


def test_help_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((132, 40)))
    assert command_line._terminal_columns() == 132


def test_verbose_shows_the_traceback_of_a_plugin(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    commands["extra"] = command("extra", lambda *_: 1 // 0)
    assert cli.main(["extra", "--verbose", "--root", str(project)]) == 3
    assert "ZeroDivisionError" in capsys.readouterr().err.splitlines()[-3]


@pytest.mark.usefixtures("project")
def test_a_command_of_a_plugin_may_lose_its_reader(commands: dict[str, Command]) -> None:
    def fail(*_: object) -> int:
        raise BrokenPipeError

    commands["extra"] = command("extra", fail)
    with pytest.raises(BrokenPipeError):
        cli.main(["extra"])
