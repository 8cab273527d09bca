"""The early exit: the way into the command, which ends at once where nothing has changed.

A git hook runs on every commit, and almost no commit touches a schema. The last good run left a
list of all that it depended on (`remember`); while every digest on that list holds, its answer
holds too. Any doubt falls through to the whole command. This module imports as little as it
can, os.path and open included: reading TOML, or one dataclass, costs more than all of it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TITLE = "amplify-modelgen unchanged 1"
_NAME = "unchanged"
_JOURNAL = "journal"
_END = "end"
# Whoever opens a pipe waits for its other end otherwise. Windows has none among its files.
AT_ONCE = getattr(os, "O_NONBLOCK", 0)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code (0 to 3, or 130)."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_streams()
    try:
        answer = recall(words)
        if answer is not None:
            return _say(answer)
        _collect_rarely()
        from .cli.main import main as whole_command
    except KeyboardInterrupt:
        return 130
    return whole_command(words)


def _open_streams() -> None:
    """Write to nowhere where whoever started us closed a stream, as some daemons do."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (as long as the process)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (the same)


def _collect_rarely() -> None:
    """Keep the garbage collector from what a short run has not dropped.

    It took a sixth of the time of generating 1,000 models, which are 150,000 objects; 2 ms before
    the command was loaded; and, when Python ends, a fifth of the time of any run that loads
    botocore (docs/performance.md).
    """
    import atexit
    import gc

    gc.set_threshold(200_000, 20, 100)
    atexit.register(gc.freeze)


def _say(answer: str) -> int:
    try:
        if answer:
            print(answer, flush=True)
    except OSError:
        # Nobody reads it; Python must not try, and complain, once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def recall(words: Sequence[str]) -> str | None:
    """Return what the last good run said, if the same call would say it again, else None."""
    try:
        folder = _state_folder()
        lines = _lines(folder)
        if os.path.exists(os.path.join(folder, _JOURNAL)):
            # A run died while it wrote: the whole command puts that in order.
            return None
        head = _head()
        whole = lines[: len(head)] == head and lines[-1] == _END
        return _answer(lines[len(head) : -1], words) if whole else None
    except (OSError, ValueError):
        return None


def regular(path: str, flags: int) -> int:
    """Open a file that ends, as the `opener` of `open`. Here, as one more module costs time.

    Raises:
        OSError: as `os.open`, and for a pipe, a socket or a device: it may keep a run for ever.
    """
    number = os.open(path, flags | AT_ONCE, 0o666)
    if os.fstat(number).st_mode & 0o170000 in (0o100000, 0o040000):  # S_IFMT: S_IFREG, S_IFDIR
        return number
    os.close(number)
    raise OSError(22, "it is a pipe or a device, and no file", path)


def take_evidence(
    files: Iterable[str], schemas: Iterable[str] = (), known: Mapping[str, str] | None = None
) -> list[str]:
    """Return a line for each path that a run depends on, relative to the working directory.

    `files` are files and, ending in a slash, folders; of `schemas` only the tokens count; `known`
    are files that are not read, as their digests are known. Take it before the files are read for
    the run: what changes in between is then seen next time.

    Raises:
        OSError, ValueError: a file cannot be read, a schema is not UTF-8, or a name would be more
            than a line of the list.
    """
    digested = [_file_evidence(digest, path) for path, digest in (known or {}).items()]
    evidence = [*map(_evidence, files), *map(_schema_evidence, schemas), *digested]
    if any("\n" in line for line in evidence):
        raise ValueError("a name is more than a line")
    return evidence


def remember(words: Sequence[str], answer: str, evidence: Iterable[str]) -> None:
    """Keep that a good run answered the call `words` (without its FILEs) with the line `answer`.

    The working directory is the root then. A checkout that cannot keep it loses only time.
    """
    try:
        folder = _state_folder()
        if not os.path.isdir(os.path.dirname(folder)):
            return
        # Installing or updating a plugin, or this project itself, changes what a run would do.
        lines = sorted({*evidence, _evidence(_installed())}, key=_likelihood)
        calls = {f"call {_call(words)}\t{answer}", *_calls_on_same(folder, lines)}
        text = "\n".join([*_head(), *sorted(calls), *lines, _END])
        content = text.encode("utf-8", "surrogateescape")
        os.makedirs(folder, exist_ok=True)
        _replace(os.path.join(folder, _NAME), content)
    except (OSError, ValueError):
        return


def _likelihood(line: str) -> tuple[bool, str]:
    # What a team changes comes first: then nothing else is read before the whole command is.
    return not line.startswith("schema "), line


def _head() -> list[str]:
    # Another installation, such as the one in a hook's own environment, may have other plugins.
    return [_TITLE, os.getcwd(), _installed()]


def _installed() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/"


def _replace(path: str, content: bytes) -> None:
    _sweep(path)
    beside = f"{path}.{os.getpid()}"
    try:
        with open(beside, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except OSError:
        os.unlink(beside)
        raise


def _sweep(path: str) -> None:
    """Remove what runs that died left beside the memory; one that lives just does not remember."""
    folder, name = os.path.split(path)
    for each in os.listdir(folder):
        if each.startswith(f"{name}."):
            os.unlink(os.path.join(folder, each))


def _lines(folder: str) -> list[str]:
    # A folder on the list may have a name that is not UTF-8.
    path = os.path.join(folder, _NAME)
    with open(path, encoding="utf-8", errors="surrogateescape", opener=regular) as file:
        return file.read().split("\n")


def _calls_on_same(folder: str, evidence: list[str]) -> list[str]:
    try:
        lines = _lines(folder)
    except (OSError, ValueError):
        return []
    calls = [line for line in lines if line.startswith("call ")]
    return calls if lines == [*_head(), *calls, *evidence, _END] else []


def _answer(lines: list[str], words: Sequence[str]) -> str | None:
    answer = None
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind == "call":
            call, _, said = rest.partition("\t")
            if answer is None and _is_call(call, words):
                answer = said
        elif answer is None or not _holds(kind, rest):
            return None
    return answer


def _is_call(call: str, words: Sequence[str]) -> bool:
    flags = call.count("\x1f")
    return call == _call(words[:flags]) and all(map(_is_file, words[flags:]))


def _is_file(word: str) -> bool:
    # One that is not there may be misspelt, which the whole command refuses.
    return not word.startswith("-") and os.path.lexists(word)


def _call(words: Sequence[str]) -> str:
    ours = sorted(name for name in os.environ if name.startswith("AMPLIFY_MODELGEN_"))
    variables = "".join(f"{name}={os.environ[name]!r}\x1e" for name in ours)
    return variables + "".join(f"{word!r}\x1f" for word in words)


def _holds(kind: str, rest: str) -> bool:
    if kind == "schema":
        raw, tokens, path = rest.split(" ", 2)
        return _evidence(path) == _file_evidence(raw, path) or _tokens_of(path) == tokens
    if kind == "folder":
        modified, listed, path = rest.split(" ", 2)
        return modified == _modified(path) or listed == _listed(path)
    digest, _, path = rest.partition(" ")
    return _evidence(path) == f"{kind} {digest} {path}"


def _evidence(path: str) -> str:
    if path.endswith("/"):
        return f"folder {_modified(path)} {_listed(path)} {path}"
    try:
        with open(path, "rb", opener=regular) as file:
            content = file.read()
    except FileNotFoundError:
        return f"absent - {path}"
    from hashlib import sha256

    return _file_evidence(sha256(content).hexdigest(), path)


def _file_evidence(digest: str, path: str) -> str:
    return f"file {digest} {path}"


def _schema_evidence(path: str) -> str:
    return f"schema {_evidence(path).split(' ')[1]} {_tokens_of(path)} {path}"


def _modified(folder: str) -> str:
    try:
        return str(os.stat(folder).st_mtime_ns)
    except FileNotFoundError:
        return "-"


def _listed(folder: str) -> str:
    """Return a digest of the names in a folder that can make or change a target.

    Those are folders, and the files that projects, settings and schemas are made of: a new
    source file beside them changes nothing.
    """
    from hashlib import sha256

    try:
        with os.scandir(folder) as entries:
            names = [f"{each.name}/" for each in entries if each.is_dir() or _tells(each.name)]
    except FileNotFoundError:
        return "-"
    return sha256("\0".join(sorted(names)).encode("utf-8", "surrogateescape")).hexdigest()


def _tells(name: str) -> bool:
    return name.endswith((".graphql", ".json", ".toml"))


def _tokens_of(path: str) -> str:
    from .tokens import schema_digest

    with open(path, encoding="utf-8-sig", opener=regular) as file:
        return schema_digest(file.read())


def _state_folder() -> str:
    git = ".git"
    if os.path.isfile(git):
        with open(git, encoding="utf-8") as file:
            # Any other text leads nowhere: there is no folder below a file.
            git = file.read().partition("gitdir:")[2].strip() or git
    return os.path.join(git, "amplify-modelgen")
