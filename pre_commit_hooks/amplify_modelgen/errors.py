"""Exceptions shown to users. Each has a message, a hint and an exit code."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator


# A plugin may put a document into the message of an exception.
_MAX_DESCRIPTION = 2_000
_MAX_TRACEBACK = 50_000


class ModelgenError(Exception):
    """Base class of all errors that this project raises on purpose.

    `message` is one lower-case sentence without a full stop, `hint` says how to fix it, and
    `exit_code` is the exit code of the command if the error ends the run.
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ModelgenError):
    """The command line is wrong: an unknown target, backend, emitter or option."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration or project file is wrong; the message names file, key and expectation."""


_PLUGIN_BUG = (
    "this is a bug in the plugin; 'amplify-modelgen plugins' shows who provides it, and --verbose "
    "the traceback"
)


class LeftOutError(ModelgenError):
    """A sparse checkout leaves out a file of the target, so it is skipped unless it was named."""

    exit_code = 2


class PluginError(ModelgenError):
    """A plugin raised an exception or returned an invalid value; the message names the plugin.

    The exception of the plugin is the cause (`raise PluginError(...) from error`).
    """

    def __init__(self, message: str, *, hint: str = _PLUGIN_BUG) -> None:
        super().__init__(message, hint=hint)


class BackendError(ModelgenError):
    """The backend rejected the call, failed, or returned an unreadable response."""


class TransientError(BackendError):
    """A failure that may pass: throttling, a gateway timeout, a broken connection.

    Raise it only if the call may safely be sent again: the run retries it.
    """


class NotFoundError(BackendError):
    """The backend has no such app, environment, resource, job or models."""


class WriteError(ModelgenError):
    """A file could not be written; it is unchanged."""


class Diagnostic(Struct, frozen=True, kw_only=True):
    """A problem in a schema. `line` and `column` count from 1.

    `path` is relative to the root, or empty while only the text is known. `rule` is the id of the
    rule that found it, or empty. `stage` says who refuses the schema: `push` is Amplify's
    transformer, `models` its model generator; `advice` is refused by neither.
    """

    message: str
    line: int
    column: int
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"
    path: str = ""
    rule: str = ""
    stage: Literal["push", "models", "advice"] = "advice"

    @property
    def location(self) -> str:
        """`path:line:column`, as editors and CI servers read it."""
        location = f"{self.line}:{self.column}"
        return f"{self.path}:{location}" if self.path else location


class SchemaError(ModelgenError):
    """A schema that gives no models; `diagnostics` is not empty, sorted by position."""

    exit_code = 1

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = diagnostics[0]
        super().__init__(f"{first.location}: {first.message}", hint=first.hint)
        self.diagnostics = diagnostics


@contextmanager
def plugin_errors(subject: str, passing: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Convert every exception that plugin code raises in the block into a `PluginError`.

    `subject` begins the message, such as `the emitter 'x'`. A `ModelgenError` is raised on
    purpose and passes, as an interrupt and `passing` do. `SystemExit`, `GeneratorExit` and the
    cancellation of asyncio are bugs here: a plugin must not end the run.
    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, (ModelgenError, KeyboardInterrupt, *passing)):
            raise
        raise PluginError(f"{subject} failed: {describe_exception(error)}") from error


def describe_exception(error: BaseException) -> str:
    """Return the type and the message of an exception on one line, redacted and not too long."""
    from .text import escape, redact

    try:
        text = str(error)
    except (Exception, GeneratorExit, SystemExit):  # noqa: BLE001 (the __str__ of a plugin)
        text = ""
    name = type(error).__name__
    return _shorten(escape(redact(f"{name}: {text}" if text else name)), _MAX_DESCRIPTION)


def format_traceback(error: BaseException) -> str:
    """Return the traceback of an exception as Python prints it, redacted."""
    import traceback

    from .text import redact

    return _shorten(redact("".join(traceback.format_exception(error))), _MAX_TRACEBACK)


def _shorten(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return f"{text[: length // 2]} ... {text[-length // 2 :]}"


def plugin_traceback(error: BaseException) -> str:
    """Return the traceback of the exception behind a `PluginError`; empty for any other error."""
    cause = error.__cause__ if isinstance(error, PluginError) else None
    return format_traceback(cause) if cause is not None else ""


def is_interrupt(error: BaseException | None) -> bool:
    """Return whether an exception is an interrupt, or one that Python or a library wrapped.

    Python 3.11 wraps exceptions raised while a class is created. A chain may lead back into itself.
    """
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return any(isinstance(item, KeyboardInterrupt) for item in chain)
