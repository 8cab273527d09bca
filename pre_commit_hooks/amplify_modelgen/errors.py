"""The errors that a user may see. Each says what happened, to what, and what to type next."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class ModelgenError(Exception):
    """The root of every error that this project raises on purpose.

    `message` is one lower-case sentence without a full stop, `hint` what to do about it, and
    `exit_code` what the command line answers when the error ends the run.
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ModelgenError):
    """What was typed cannot be done: an unknown target, backend, emitter, option."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration or project file is wrong; the message names file, key and expectation."""


WHOSE_FAULT = "this is a fault of the plugin; 'amplify-modelgen plugins' says who made it"


class PluginError(ModelgenError):
    """A plugin raised, or returned what its hook does not allow; the message names the plugin.

    What it raised is the cause (`raise PluginError(...) from error`): --verbose shows that.
    """

    def __init__(
        self, message: str, *, hint: str = f"{WHOSE_FAULT}, and --verbose shows where it is"
    ) -> None:
        super().__init__(message, hint=hint)


class BackendError(ModelgenError):
    """The backend refused, failed, or answered what nobody can read."""


class TransientError(BackendError):
    """A failure that may pass: throttling, a gateway timeout, a broken connection.

    Raise it only where the same call may safely be sent again: the run will do so.
    """


class MissingError(BackendError):
    """The backend does not know what it was asked for: an app, an environment, models."""


class WriteError(ModelgenError):
    """A file could not be written; the files of its target are as they were."""


class Problem(Struct, frozen=True, kw_only=True):
    """One thing wrong with a schema text. `line` and `column` count from 1 in that text.

    The engine does not know of files; `path` is given where a text is known to be one's.
    """

    message: str
    line: int
    column: int
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"
    path: str | None = None

    @property
    def place(self) -> str:
        """Where it is: `path:line:column`, as editors and CI understand it."""
        where = f"{self.line}:{self.column}"
        return f"{self.path}:{where}" if self.path else where


class SchemaError(ModelgenError):
    """A schema that Amplify would refuse; `problems` is never empty, sorted by position."""

    exit_code = 1

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(f"{first.place}: {first.message}", hint=first.hint)
        self.problems = problems
