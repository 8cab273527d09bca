"""Regenerates AWS Amplify's backend API models when their GraphQL schemas change.

Plugin authors need this module alone: `hookimpl` and the values that travel between the stages.
Every name is loaded when it is first asked for, because a git hook that finds nothing to do and
a tox run that never reaches us must not pay for it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .cli.console import note, say
    from .errors import (
        BackendError,
        ConfigError,
        MissingError,
        ModelgenError,
        SchemaError,
        TransientError,
        UsageError,
    )
    from .hookspecs import Backend, Command, Emitter, Reporter, hookimpl
    from .records import (
        Artifact,
        Diagnostic,
        FeatureFlags,
        FileChange,
        Job,
        JobEvent,
        LookedAt,
        ModelChange,
        Models,
        Outcome,
        Output,
        RunReport,
        Schema,
        SchemaFile,
        Settings,
        Source,
        Target,
    )
    from .redaction import hide_secret, redact
    from .text import printable
    from .version import __version__

_HOMES = {
    "cli.console": ("note", "say"),
    "errors": (
        "BackendError",
        "ConfigError",
        "MissingError",
        "ModelgenError",
        "SchemaError",
        "TransientError",
        "UsageError",
    ),
    "hookspecs": ("Backend", "Command", "Emitter", "Reporter", "hookimpl"),
    "redaction": ("hide_secret", "redact"),
    "text": ("printable",),
    "version": ("__version__",),
    "records": (
        "Artifact",
        "Diagnostic",
        "FeatureFlags",
        "FileChange",
        "Job",
        "JobEvent",
        "LookedAt",
        "ModelChange",
        "Models",
        "Outcome",
        "Output",
        "RunReport",
        "Schema",
        "SchemaFile",
        "Settings",
        "Source",
        "Target",
    ),
}

__all__ = [
    "Artifact",
    "Backend",
    "BackendError",
    "Command",
    "ConfigError",
    "Diagnostic",
    "Emitter",
    "FeatureFlags",
    "FileChange",
    "Job",
    "JobEvent",
    "LookedAt",
    "MissingError",
    "ModelChange",
    "ModelgenError",
    "Models",
    "Outcome",
    "Output",
    "Reporter",
    "RunReport",
    "Schema",
    "SchemaError",
    "SchemaFile",
    "Settings",
    "Source",
    "Target",
    "TransientError",
    "UsageError",
    "__version__",
    "hide_secret",
    "hookimpl",
    "note",
    "printable",
    "redact",
    "say",
]


def main() -> int:
    """Run the command line; return its exit code. The console script.

    It is here, so that an interrupt is an exit code, and no traceback, from the first module on.
    """
    try:
        from .unchanged import main as command

        return command()
    except KeyboardInterrupt:
        return 130


def __getattr__(name: str) -> object:
    """Load the public name `name` from the module that defines it."""
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
