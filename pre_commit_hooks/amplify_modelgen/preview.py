"""Printing the models that schemas would give, offline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .console import say
from .emit import run_emitter
from .errors import SchemaError, UsageError
from .modelgen import generate_models, to_json
from .plugins import load_plugins
from .records import Artifact, Models, Output, Target
from .schemas import located, read_schema
from .transaction import write_all

if TYPE_CHECKING:
    from collections.abc import Sequence


def preview(schemas: Sequence[Path], form: str, output: Path | None) -> int:
    """Print (or write below the folder `output`) the models of schema files and folders.

    `form` is `introspection`, `datastore` or the name of any emitter. Several texts on stdout
    have a line `==> name <==` before each. Returns the exit code: 1 if a schema is refused.

    Raises:
        UsageError: an unknown form; ConfigError: a schema that cannot be read.
    """
    folders = _folders(schemas) if len(schemas) > 1 else [""]
    made = [
        Artifact(path=f"{folder}{artifact.path}", content=artifact.content)
        for folder, path in zip(folders, schemas, strict=True)
        for artifact in _emitted(_models(path), form)
    ]
    if output is not None:
        for change in write_all(output, made):
            say(f"{change.action} {output / change.path}")
        return 0
    for artifact in made:
        if len(made) > 1:
            say(f"==> {artifact.path} <==")
        say(artifact.content.decode("utf-8", "backslashreplace"))
    return 0


def _folders(schemas: Sequence[Path]) -> list[str]:
    folders = [f"{_name(path)}/" for path in schemas]
    for folder, path in zip(folders, schemas, strict=True):
        if folders.count(folder) > 1:
            raise UsageError(
                f"two schemas would be called {folder[:-1]}, and one of them is {path}",
                hint="preview them one after the other",
            )
    return folders


def _name(path: Path) -> str:
    # In an Amplify project every schema is called so, in the folder of its resource.
    real = Path(os.path.realpath(path))
    return real.parent.name if real.stem == "schema" else real.stem


def _models(path: Path) -> Models:
    where, here = Path(os.path.realpath(path)), Path(os.path.realpath("."))
    root = here if here in where.parents else where.parent
    relative = where.relative_to(root).as_posix()
    target = Target(app_id="", environment="", resource=where.name, schema=relative)
    schema = read_schema(root, target)
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
