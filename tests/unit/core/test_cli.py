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

from amplify_modelgen import plugins
from amplify_modelgen.cli import arguments as grammar
from amplify_modelgen.cli import main as cli
from amplify_modelgen.cli import verbs
from amplify_modelgen.cli.arguments import VERBS, build_parser
from amplify_modelgen.errors import BackendError, ConfigError, Problem, SchemaError
from amplify_modelgen.hookspecs import Command
from amplify_modelgen.version import __version__

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from pathlib import Path

    from amplify_modelgen.records import Schema, Target


BUG = """\
amplify-modelgen: internal error: ZeroDivisionError: by zero
  this is a fault of amplify-modelgen; please report it with the output of --verbose
"""


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Let the verb `plugins` answer, or raise, what is given."""

    def install(given: object) -> None:
        def run(*_: object) -> object:
            if isinstance(given, BaseException):
                raise given
            return given

        monkeypatch.setitem(verbs.RUN, "plugins", run)

    return install


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> dict[str, Command]:
    """The commands that plugins bring; none is loaded."""
    brought: dict[str, Command] = {}
    loaded = SimpleNamespace(commands=brought, targets=lambda _: ())
    monkeypatch.setattr(plugins, "load_plugins", lambda: loaded)
    return brought


def command(name: str, run: Callable[..., Any], option: str = "--x") -> Command:
    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument(option)

    return Command(name=name, help="does it", add_arguments=add_arguments, run=run)


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_verbs_answer_is_the_exit_code(answer: Callable[[object], None], code: int) -> None:
    answer(code)
    assert cli.main(["plugins"]) == code


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigError("no such key", hint="remove it"), 2,
         "amplify-modelgen: no such key\n  remove it\n"),
        (BackendError("no\nanswer"), 3, "amplify-modelgen: no answer\n"),
        (
            SchemaError(
                (
                    Problem(message="one", line=1, column=2, path="a.graphql", hint="mend it"),
                    Problem(message="two", line=3, column=4),
                )
            ),
            1,
            "amplify-modelgen: a.graphql:1:2: one\n  mend it\namplify-modelgen: 3:4: two\n",
        ),
        (PermissionError(13, "denied", "a.json"), 3,
         "amplify-modelgen: a.json: denied\n  check the disk and the permissions\n"),
        (KeyboardInterrupt(), 130, "amplify-modelgen: interrupted; nothing is half-written\n"),
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
    said: str,
) -> None:
    answer(error)
    assert cli.main(["plugins"]) == code
    assert capsys.readouterr() == ("", said)


def test_verbose_shows_where_an_internal_error_was_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(verbs.RUN, "check", lambda *_: 1 // 0)
    assert cli.main(["check"]) == 4
    assert "Traceback" not in capsys.readouterr().err
    assert cli.main(["check", "--verbose"]) == 4
    assert "ZeroDivisionError" in capsys.readouterr().err.splitlines()[-3]


def test_a_reader_who_has_gone_is_no_error(answer: Callable[[object], None]) -> None:
    answer(BrokenPipeError())
    saved = os.dup(1)
    try:
        assert cli.main(["plugins"]) == 0
    except io.UnsupportedOperation:
        pytest.fail("stdout must be a file here")
    finally:
        os.dup2(saved, 1)
        os.close(saved)


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "amplify_modelgen", *words],
        check=False, text=True, stderr=subprocess.PIPE, **{"stdout": subprocess.PIPE} | options,
    )  # fmt: skip


def test_a_pipe_that_nobody_reads_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run("plugins", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full device")  # noqa: PTH110 (read at import)
def test_a_full_disk_is_an_error_with_a_message() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 (a device)
        done = run("plugins", stdout=full)
    assert done.returncode == 3
    assert done.stderr.startswith("amplify-modelgen: No space left on device\n  check the disk")


def test_a_stream_that_cannot_show_a_character_gets_it_spelled_out(project: Path) -> None:
    text = (project / "amplify-modelgen.toml").read_text().replace('"blog"', '"blög"')
    (project / "amplify-modelgen.toml").write_text(text, encoding="utf-8")
    done = run("targets", env={**os.environ, "PYTHONIOENCODING": "ascii:strict"})
    assert done.returncode == 0, done.stderr
    assert "bl\\xf6g@dev" in done.stdout


def test_a_stream_of_a_program_that_calls_us_is_left_as_it_is(
    answer: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(1)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert cli.main(["plugins"]) == 1


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"amplify-modelgen {__version__}\n"


@pytest.mark.parametrize("words", [[], ["generat"], ["check", "--forc"], ["plugins", "--format"]])
def test_what_cannot_be_understood_is_a_usage_error(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(words)
    assert caught.value.code == 2


@pytest.mark.parametrize("verb", [*(verb.name for verb in VERBS), "extra"])
def test_verbose_is_an_option_of_every_verb(
    verb: str, capsys: pytest.CaptureFixture[str], commands: dict[str, Command]
) -> None:
    commands["extra"] = command("extra", lambda *_: 0)
    with pytest.raises(SystemExit):
        cli.main([verb, "--help"])
    assert "  --verbose " in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_a_command_of_a_plugin_may_have_a_verbose_of_its_own(commands: dict[str, Command]) -> None:
    commands["extra"] = command("extra", lambda typed, _: int(typed.verbose), "--verbose")
    assert cli.main(["extra", "--verbose", "7"]) == 7


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_every_verb_has_help_and_does_something(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main([verb, "--help"])
    assert re.match(rf"usage: amplify-modelgen {verb} ", capsys.readouterr().out)
    assert verb in verbs.RUN


def test_the_overview_names_the_verbs_and_exit_codes(
    capsys: pytest.CaptureFixture[str], commands: dict[str, Command]
) -> None:
    commands["extra"] = command("extra", lambda *_: 0)
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"    {name} " in shown for name in [*verbs.RUN, "extra"])
    assert "130  interrupted" in shown


@pytest.mark.parametrize("words", [["--help"], ["extra", "--help"]])
@pytest.mark.parametrize("about", ["100% done", "50%", "%s", "100% of %(prog)s", "%%"])
def test_the_line_of_a_verb_is_shown_as_it_is(
    words: list[str], about: str, commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    commands["extra"] = replace(command("extra", lambda *_: 0), help=about)
    with pytest.raises(SystemExit) as caught:
        cli.main(words)
    assert caught.value.code == 0
    assert about in [line.strip().removeprefix("extra").strip() for line in captured(capsys)]


@pytest.mark.parametrize("words", [["--help"], ["extra", "--help"], ["extra"]])
def test_help_of_an_option_that_cannot_be_formatted_names_the_verb(
    words: list[str], commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument("--most", help="as many as 100% done")

    broken = command("extra", lambda *_: 0)
    commands["extra"] = replace(broken, add_arguments=add_arguments)
    assert cli.main(words) == 3
    assert capsys.readouterr().err.startswith(
        "amplify-modelgen: the verb 'extra' of a plugin broke: "
    )


def test_help_of_an_option_may_tell_its_default(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument("--most", default=7, help="as many as %(default)s, 100%% done")

    fine = command("extra", lambda *_: 0)
    commands["extra"] = replace(fine, add_arguments=add_arguments)
    with pytest.raises(SystemExit):
        cli.main(["extra", "--help"])
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
@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyError("x"), 3, "amplify-modelgen: the command 'extra' broke: KeyError: 'x'\n"),
        (ConfigError("no"), 2, "amplify-modelgen: no\n"),
        (SystemExit(0), 3, "amplify-modelgen: the command 'extra' broke: SystemExit: 0\n"),
    ],
)
def test_a_command_of_a_plugin_that_fails_is_named(
    commands: dict[str, Command],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(*_: object) -> int:
        raise error

    commands["extra"] = command("extra", fail)
    assert cli.main(["extra"]) == code
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("answer", [None, "0"])
def test_a_command_of_a_plugin_that_returns_no_exit_code_is_named(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str], answer: object
) -> None:
    commands["extra"] = command("extra", lambda *_: answer)
    assert cli.main(["extra"]) == 3
    said = f"the command 'extra' returned {type(answer).__name__} in place of an exit code"
    assert said in capsys.readouterr().err


def test_a_command_of_a_plugin_cannot_be_called_as_one_of_ours(
    commands: dict[str, Command], capsys: pytest.CaptureFixture[str]
) -> None:
    commands["check"] = command("check", lambda *_: 0)
    assert cli.main(["--help"]) == 3
    assert "a plugin brings the command 'check'" in capsys.readouterr().err


def test_plugins_are_not_loaded_to_understand_our_own_verbs(
    commands: dict[str, Command], answer: Callable[[object], None]
) -> None:
    commands["check"] = command("check", lambda *_: 0)
    answer(0)
    assert cli.main(["plugins"]) == 0


def test_the_parser_reads_what_generate_takes() -> None:
    words = ["generate", "a", "b", "--target", "x", "--target", "y", "--timeout", "1.5", "--force"]
    arguments = build_parser(words, {}).parse_args(words)
    assert (arguments.files, arguments.target, arguments.timeout) == (["a", "b"], ["x", "y"], 1.5)
    assert arguments.force
    assert not any([arguments.push_schema, arguments.quiet, arguments.no_progress])
    assert (arguments.root, arguments.backend, arguments.environment) == (None, None, None)


@pytest.mark.parametrize("columns", ["60", "200", "0", "many", ""])
def test_help_is_as_wide_as_argparse_has_it(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    grammar._columns.cache_clear()
    parser = build_parser(["generate"], {})
    ours = parser.format_help()
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    assert ours == parser.format_help()
    grammar._columns.cache_clear()


def test_help_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((132, 40)))
    grammar._columns.cache_clear()
    assert grammar._columns() == 132
    grammar._columns.cache_clear()
