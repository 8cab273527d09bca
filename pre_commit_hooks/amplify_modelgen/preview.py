"""Printing the models that schemas would give, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .console import say
from .emit import run_emitter
from .errors import SchemaError, UsageError
from .files import write_all
from .modelgen import generate_models, to_json
from .plugins import load_plugins
from .records import Artifact, Models, Output, Target
from .schemas import located, read_schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def preview(schemas: Sequence[Path], form: str, output: Path | None) -> int:
    """Print (or write below the folder `output`) the models of schema files and folders.

    `form` is `introspection`, `datastore` or the name of any emitter. Several texts on stdout
    have a line `==> name <==` before each. Returns the exit code: 1 if a schema is refused.

    Raises:
        UsageError: an unknown form; ConfigError: a schema that cannot be read.
    """
    made = [artifact for path in schemas for artifact in _artifacts(path, form, len(schemas) > 1)]
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for change in write_all(output, made):
            say(f"{change.action} {output / change.path}")
        return 0
    for artifact in made:
        if len(made) > 1:
            say(f"==> {artifact.path} <==")
        say(artifact.content.decode())
    return 0


def _artifacts(path: Path, form: str, several: bool) -> list[Artifact]:  # noqa: FBT001
    models = _models(path)
    folder = f"{path.stem if path.is_file() else path.resolve().name}/" if several else ""
    return [
        Artifact(path=f"{folder}{artifact.path}", content=artifact.content)
        for artifact in _emitted(models, form)
    ]


def _models(path: Path) -> Models:
    where = path.absolute()
    target = Target(app_id="", environment="", resource=path.name, schema=where.name)
    schema = read_schema(where.parent, target)
    try:
        return generate_models(schema.text)
    except SchemaError as error:
        raise located(error, schema) from error


def _emitted(models: Models, form: str) -> list[Artifact]:
    # The two documents need no emitter, so that printing them does not cost loading plugins.
    if form == "introspection" and models.introspection is not None:
        return [_document("model-introspection.json", to_json(models.introspection))]
    if form == "datastore":
        return [_document("schema.json", to_json(models.datastore))]
    emitters = load_plugins().emitters
    if form not in emitters:
        known = ", ".join(sorted({"introspection", "datastore", *emitters}))
        raise UsageError(f"there is no format {form!r}", hint=f"choose one of: {known}")
    return run_emitter(emitters[form], models, Output(emitter=form, path="."))


def _document(name: str, text: str) -> Artifact:
    return Artifact(path=name, content=text.encode())
