"""An emitter, a reporter and a validator, written as docs/plugins.md describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import (
    Artifact,
    ConfigError,
    Diagnostic,
    Emitter,
    Reporter,
    hookimpl,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from amplify_modelgen.plugin import Models, Report, Schema

_SEPARATORS = {"comma": ",", "semicolon": ";"}
_HEADERS = tuple(f"model{separator}field\n" for separator in _SEPARATORS.values())


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    separator = check_separator(options)
    assert models.datastore is not None
    rows = (
        f"{name}{separator}{field}\n"
        for name, model in models.datastore["models"].items()
        for field in model["fields"]
    )
    content = f"model{separator}field\n{''.join(rows)}"
    return [Artifact(path="fields.csv", content=content.encode())]


def check_separator(options: Mapping[str, object]) -> str:
    name = str(options.get("separator", "comma"))
    if name not in _SEPARATORS:
        raise ConfigError(f"separator = '{name}': expected comma or semicolon")
    return _SEPARATORS[name]


def recognizes(_path: str, content: bytes) -> bool:
    return content.decode(errors="replace").startswith(_HEADERS)


def report(result: Report, stream: TextIO) -> None:
    outcomes = result.outcomes
    stream.writelines(f"acme: {item.target.resource} {item.status}\n" for item in outcomes)


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    return [
        Emitter(
            name="acme-csv",
            help="fields as CSV",
            emit=emit,
            recognizes=recognizes,
            needs=frozenset({"datastore"}),
            options={"separator": "comma or semicolon"},
            check_options=check_separator,
        )
    ]


@hookimpl
def modelgen_reporters() -> list[Reporter]:
    return [Reporter(name="acme", help="a line for each target", report=report)]


@hookimpl
def modelgen_validate(schema: Schema) -> list[Diagnostic]:
    return [
        Diagnostic(
            severity="error" if "XXX" in line else "warning",
            message="this schema is not finished",
            path=file.path,
            line=number,
            column=1,
        )
        for file in schema.files
        for number, line in enumerate(file.text.splitlines(), start=1)
        if "TODO" in line or "XXX" in line
    ]
