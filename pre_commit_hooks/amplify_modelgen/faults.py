"""Where a fault of a plugin, or of our own, was made: what --verbose shows."""

from __future__ import annotations

from .errors import ModelgenError, PluginError

FAULTS = (Exception, SystemExit)
"""What is a fault where a plugin raises it: `exit()` must not end a run silently, or as good.

An interrupt is none: it is the user's.
"""


def described(error: BaseException) -> str:
    """Return in one line what a plugin raised, without credentials."""
    from .redaction import redact

    text = str(error)
    return redact(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def fault_behind(error: ModelgenError) -> str:
    """Return the traceback of what a plugin raised; empty where no plugin broke."""
    cause = error.__cause__ if isinstance(error, PluginError) else None
    return traceback_of(cause) if cause is not None else ""


def traceback_of(error: BaseException) -> str:
    """Return a traceback as Python prints it, without credentials."""
    import traceback

    from .redaction import redact

    return redact("".join(traceback.format_exception(error)))
