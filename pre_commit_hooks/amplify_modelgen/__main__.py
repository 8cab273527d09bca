"""Entry point of the command `amplify-modelgen` and of `python -m amplify_modelgen`."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from typing import TextIO

_INTERRUPTED = 130
_OUTPUT_FAILED = 3


def main() -> int:
    """Run the command line of `sys.argv` and return its exit code.

    The cached result is used if nothing has changed since; otherwise the command runs.
    """
    _replace_closed_streams()
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        from .errors import is_interrupt

        if is_interrupt(error):
            return _INTERRUPTED
        raise


def _run(argv: list[str]) -> int:
    from .fast_path import load_cached_message

    message = load_cached_message(argv)
    if message is None:
        _prepare_interrupts()
        _tune_gc()
        from .cli.main import main as run_command
    code, failure = 0, ""
    try:
        if message is None:
            code = run_command(argv)
        elif message:
            sys.stdout.write(f"{message}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)  # the reader has what it wanted, as in `... | head`
    except OSError as error:
        _discard(sys.stdout)
        if code < _OUTPUT_FAILED:  # otherwise the command has reported its own failure
            code, reason = _OUTPUT_FAILED, (error.strerror or str(error)).lower()
            failure = f"amplify-modelgen: cannot write the output: {reason}\n"
    try:
        sys.stderr.write(failure)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)
    return code


def _discard(stream: TextIO) -> None:
    """Send what a broken stream still holds to nowhere, or Python fails to flush it at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, stream.fileno())
    except (OSError, ValueError):
        return  # a stream without a descriptor, as in a test
    finally:
        os.close(null)


def _replace_closed_streams() -> None:
    """Open `os.devnull` for closed standard streams (some daemons close them).

    Otherwise the next file that is opened would take the place of the stream.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123


def _tune_gc() -> None:
    """Run the garbage collector rarely: a short run keeps almost all of its objects.

    It took a sixth of the time of generating 1,000 models, and a fifth of any run that loads
    botocore, at exit (docs/performance.md).
    """
    import atexit
    import gc

    gc.set_threshold(200_000, 20, 100)
    atexit.register(gc.freeze)


def _prepare_interrupts() -> None:
    """Let the first Ctrl-C raise `KeyboardInterrupt`, and the second one exit at once.

    Otherwise a second one during the cleanup, or one in a callback that cannot raise exceptions,
    would print a traceback. Once Python exits, they are ignored.
    """
    import atexit
    from signal import SIG_IGN, SIGINT, default_int_handler, getsignal, signal

    if getsignal(SIGINT) is not default_int_handler:
        return

    def interrupt(*_: object) -> None:
        signal(SIGINT, _exit_interrupted)
        raise KeyboardInterrupt

    signal(SIGINT, interrupt)
    sys.unraisablehook = _report_unraisable
    atexit.register(signal, SIGINT, SIG_IGN)


def _exit_interrupted(*_: object) -> None:
    os._exit(_INTERRUPTED)


def _report_unraisable(unraisable: UnraisableHookArgs) -> None:
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        _exit_interrupted()
    sys.__unraisablehook__(unraisable)


if __name__ == "__main__":
    raise SystemExit(main())
