"""An emitter, a reporter and a validator, written as docs/plugins.md teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact, ConfigError, Diagnostic, Emitter, Reporter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from amplify_modelgen import Models, RunReport, Schema

_SEPARATORS = {"comma": ",", "semicolon": ";"}


def emit(models: Models, options: Mapping[str, object]) -> list[Artifact]:
    word = str(options.get("separator", "comma"))
    if word not in _SEPARATORS:
        raise ConfigError(f"separator = '{word}': expected comma or semicolon")
    lines = (
        f"{name}{_SEPARATORS[word]}{field}\n"
        for name, model in models.datastore["models"].items()
        for field in model["fields"]
    )
    return [Artifact(path="fields.csv", content="".join(lines).encode())]


def report(run: RunReport, stream: TextIO) -> None:
    lines = (f"acme: {each.target.resource} {each.status}\n" for each in run.outcomes)
    stream.writelines(lines)


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    options = {"separator": "comma or semicolon"}
    return [Emitter(name="acme-csv", help="fields as CSV", emit=emit, options=options)]


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
