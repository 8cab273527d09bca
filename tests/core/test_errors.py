from __future__ import annotations

import asyncio

import pytest

from amplify_modelgen.errors import (
    BackendError,
    ConfigError,
    Diagnostic,
    ModelgenError,
    PluginError,
    SchemaError,
    UsageError,
    describe_exception,
    plugin_errors,
    plugin_traceback,
)

URL = "https://me:secret@example.com/"
PROBLEM = Diagnostic(message="unknown type X", line=2, column=3, hint="define it")


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")


class ExitingError(BaseException):
    def __str__(self) -> str:
        raise GeneratorExit


def wrapped(error: BaseException) -> PluginError:
    with pytest.raises(PluginError) as caught, plugin_errors("the emitter 'x'"):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("no"), "the emitter 'x' failed: ValueError: no"),
        (StopIteration(), "the emitter 'x' failed: StopIteration"),
        (SystemExit(0), "the emitter 'x' failed: SystemExit: 0"),
        (GeneratorExit(), "the emitter 'x' failed: GeneratorExit"),
        (asyncio.CancelledError(), "the emitter 'x' failed: CancelledError"),
        (UnprintableError(), "the emitter 'x' failed: UnprintableError"),
        (ExitingError(), "the emitter 'x' failed: ExitingError"),
        (
            OSError(f"{URL}\x1b[2J\nb"),
            r"the emitter 'x' failed: OSError: https://example.com/\x1b[2J b",
        ),
    ],
)
def test_any_exception_of_a_plugin_is_a_plugin_error(error: BaseException, message: str) -> None:
    assert wrapped(error).message == message


@pytest.mark.parametrize("error", [BackendError("no credentials"), KeyboardInterrupt()])
def test_errors_raised_on_purpose_and_interrupts_pass(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, plugin_errors("the emitter 'x'"):
        raise error
    assert caught.value is error


def test_the_traceback_of_a_plugin_is_redacted() -> None:
    traceback = plugin_traceback(wrapped(OSError(URL)))
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert "OSError: https://example.com/" in traceback
    assert "secret" not in traceback


def test_a_message_of_megabytes_is_shortened() -> None:
    error = wrapped(ValueError("x" * 5_000_000))
    assert len(error.message) < 3_000
    assert len(plugin_traceback(error)) < 60_000


def test_other_errors_have_no_plugin_traceback() -> None:
    assert plugin_traceback(UsageError("x")) == ""
    assert plugin_traceback(PluginError("x")) == ""


def test_describe_exception_is_one_line() -> None:
    assert describe_exception(ValueError("a\nb")) == "ValueError: a b"


@pytest.mark.parametrize(
    ("kind", "code"),
    [(ModelgenError, 3), (UsageError, 2), (ConfigError, 2), (PluginError, 3), (BackendError, 3)],
)
def test_exit_codes(kind: type[ModelgenError], code: int) -> None:
    assert kind("x").exit_code == code


def test_a_schema_error_shows_its_first_diagnostic() -> None:
    error = SchemaError((PROBLEM,))
    assert (error.message, error.hint, error.exit_code) == ("2:3: unknown type X", "define it", 1)


def test_the_location_of_a_diagnostic() -> None:
    assert PROBLEM.location == "2:3"
    assert Diagnostic(message="x", line=1, column=2, path="a.graphql").location == "a.graphql:1:2"
