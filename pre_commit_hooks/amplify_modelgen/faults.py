"""Where a fault of a plugin, or of our own, was made: what --verbose shows."""

from __future__ import annotations

from .errors import ModelgenError, PluginError


def fault_behind(error: ModelgenError) -> str:
    """Return the traceback of what a plugin raised; empty where no plugin broke."""
    cause = error.__cause__ if isinstance(error, PluginError) else None
    return traceback_of(cause) if cause is not None else ""


def traceback_of(error: BaseException) -> str:
    """Return a traceback as Python prints it, without credentials."""
    import traceback

    from .redaction import redact

    return redact("".join(traceback.format_exception(error)))
