from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen import plugins
from amplify_modelgen.cli import main as cli
from amplify_modelgen.errors import PluginError
from amplify_modelgen.faults import fault_behind, traceback_of
from amplify_modelgen.hookspecs import Emitter, Reporter, hookimpl
from amplify_modelgen_plugins import local
from core_values import ScriptedBackend

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amplify_modelgen.records import JobEvent

URL = "https://me:secret@example.com/"


def break_down(*_: object) -> Any:
    message = f"no answer of {URL}\x1b[2J"
    raise ZeroDivisionError(message)


def emitter(**functions: Any) -> dict[str, Emitter]:
    given = {"emit": lambda *_: [], **functions}
    return {"introspection": Emitter(name="introspection", help="", **given)}


REPORTER = Reporter(name="terminal", help="", report=break_down)


def break_down_on(event: JobEvent) -> None:
    break_down(event)


# Each replaces a part of the plugins, so that one stage of the run breaks.
STAGES: dict[str, tuple[list[str], str, object]] = {
    "emit": (["generate"], "emitters", emitter(emit=break_down)),
    "check an option": (["check"], "emitters", emitter(check=break_down)),
    "report": (["check"], "reporters", {"terminal": REPORTER}),
    "backend": (["generate"], "backend", lambda *_: ScriptedBackend(start=[broken()])),
}


# The same stages, where a plugin says that it is done.
EXITS: dict[str, tuple[list[str], str, object]] = {
    "emit": (["generate"], "emitters", emitter(emit=lambda *_: sys.exit())),
    "check an option": (["check"], "emitters", emitter(check=lambda _: sys.exit())),
    "report": (
        ["check"],
        "reporters",
        {"terminal": replace(REPORTER, report=lambda *_: sys.exit())},
    ),
    "backend": (["generate"], "backend", lambda *_: ScriptedBackend(start=[SystemExit(0)])),
}


def broken() -> Exception:
    try:
        break_down()
    except ZeroDivisionError as error:
        return error
    raise AssertionError


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A run that breaks at one stage."""
    words, name, broken = STAGES[request.param]
    monkeypatch.setattr(plugins.Plugins, name, broken)
    return words


@pytest.mark.usefixtures("project")
def test_verbose_shows_where_a_plugin_broke(
    stage: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*stage, "--verbose"]) == 3
    shown = capfd.readouterr().err
    assert "Traceback (most recent call last):" in shown
    assert ", in break_down" in shown
    assert "\x1b" not in shown


@pytest.mark.usefixtures("project")
def test_a_broken_plugin_is_one_message_that_names_verbose(
    stage: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(stage) == 3
    said = "".join(capfd.readouterr())
    assert "Traceback" not in said
    assert "and --verbose shows where it is" in said


@pytest.mark.parametrize("words", [[], ["--verbose"]])
@pytest.mark.usefixtures("project")
def test_no_message_of_a_plugin_has_credentials(
    stage: list[str], words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*stage, *words]) == 3
    said = "".join(capfd.readouterr())
    assert "ZeroDivisionError: no answer of https://example.com/" in said
    assert "secret" not in said


@pytest.mark.parametrize("name", EXITS)
def test_a_plugin_that_exits_has_broken(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words, part, broken = EXITS[name]
    monkeypatch.setattr(plugins.Plugins, part, broken)
    assert cli.main(words) == 3
    assert "broke: SystemExit" in "".join(capfd.readouterr())
    assert not (project / "amplify-modelgen.lock").exists()


@pytest.mark.usefixtures("project")
def test_an_interrupt_in_a_plugin_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(plugins.Plugins, "emitters", emitter(emit=interrupt))
    assert cli.main(["generate"]) == cli.INTERRUPTED


def exit_on(event: JobEvent) -> None:
    raise SystemExit(event.kind)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("listen", [break_down_on, exit_on])
@pytest.mark.parametrize("words", [["generate"], ["generate", "--verbose"]])
def test_a_listener_that_breaks_changes_nothing_but_is_named(
    words: list[str],
    listen: Callable[[JobEvent], None],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(local, "modelgen_job_event", hookimpl(listen), raising=False)
    assert cli.main(words) == 1
    said = capfd.readouterr().err
    assert said.count("plugin 'local' failed in modelgen_job_event, and was told no more") == 1
    assert ("Traceback" in said) is ("--verbose" in words)


def test_a_traceback_has_no_credentials() -> None:
    shown = traceback_of(broken())
    assert "ZeroDivisionError: no answer of https://example.com/" in shown
    assert "secret" not in shown


def test_a_fault_that_nobody_raised_has_no_traceback() -> None:
    assert fault_behind(PluginError("no list")) == ""
