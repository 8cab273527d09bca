"""Read the JSON files of Amplify CLI, which may have comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from amplify_modelgen.plugin import ConfigError, escape, validate_document

if TYPE_CHECKING:
    from amplify_modelgen.plugin import ProjectFiles

_T = TypeVar("_T")


def read_json(files: ProjectFiles, path: str, shape: type[_T]) -> _T:
    """Return the object in a file as a struct, an empty one if the file does not exist.

    Raises:
        ConfigError: the file cannot be read, is not JSON, or has a value of the wrong type.
    """
    return validate_document(read_object(files, path), shape, file=path)


def read_object(files: ProjectFiles, path: str) -> dict[str, Any]:
    """Return the object in a file, an empty one if the file does not exist. Raises as above."""
    text = files.read_text(path)
    if text is None:
        return {}
    return validate_document(_decode(text, path), dict[str, Any], file=path)


def _decode(text: str, path: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return _decode_hjson(text, path)
    except RecursionError as error:
        raise _nesting_error(path) from error


def _decode_hjson(text: str, path: str) -> object:
    # Amplify CLI reads its files as hjson, a superset of JSON with comments. Imported lazily:
    # almost every file is plain JSON.
    import hjson  # type: ignore[import-untyped]

    if not text.strip():
        raise ConfigError(f"{path} is not JSON: the file is empty", hint=_RESTORE)
    try:
        return hjson.loads(text, object_pairs_hook=dict)
    except hjson.HjsonDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        reason = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise ConfigError(f"{place}: not JSON: {escape(reason)}", hint=_RESTORE) from None
    except (IndexError, OverflowError, ValueError) as error:
        # Raised by hjson for an unfinished comment or string at the end, and for a huge number.
        reason = "a comment or string does not end, or a number is too large"
        raise ConfigError(f"{path}: not JSON: {reason}", hint=_RESTORE) from error
    except RecursionError as error:
        raise _nesting_error(path) from error


def _nesting_error(path: str) -> ConfigError:
    return ConfigError(f"{path} is not usable: nested too deeply", hint=_RESTORE)


_RESTORE = "fix it, or restore it with 'git checkout' or 'amplify pull'"
