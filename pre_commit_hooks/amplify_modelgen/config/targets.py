"""The `[[target]]` tables of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.records import FeatureFlags, Output, Source, Target

from . import checks

if TYPE_CHECKING:
    from pathlib import Path

    from .tables import Table

TARGET_KEYS = (
    "app-id",
    "environment",
    "resource",
    "region",
    "profile",
    "schema",
    "outputs",
    "push-schema",
    "flags",
)
OUTPUT_KEYS = ("emitter", "path")

FLAG_FIELDS = {name.replace("_", "-"): name for name in FeatureFlags.__struct_fields__}
"""The fields of `FeatureFlags` by the names that the configuration has for them."""


def configured_target(table: Table, root: Path) -> Target:
    """Return the target that a `[[target]]` table describes, without a name.

    What the table does not say is empty here; a discovered target may know it. The key is made
    of what the table says and of nothing else, so that it is the same on every machine.

    Raises:
        ConfigError: with file, key and what was expected.
    """
    table.allow(TARGET_KEYS)
    app_id, environment = table.text("app-id") or "", table.text("environment") or ""
    resource = table.required("resource")
    outputs = _outputs(table, root)
    return Target(
        app_id=app_id,
        environment=environment,
        resource=resource,
        key=checks.label(app_id, resource, environment),
        region=table.text("region", checks.region),
        profile=table.text("profile"),
        schema=table.text("schema", lambda text: checks.path_below(root, text)),
        outputs=outputs,
        push_schema=table.switch("push-schema") or False,
        flags=_flags(table.table("flags")),
        sources=_sources(table, outputs),
        inputs=(table.file,),
    )


def _sources(table: Table, outputs: tuple[Output, ...]) -> tuple[Source, ...]:
    paths = ", ".join(output.path for output in outputs)
    return (
        *table.sources([key for key in TARGET_KEYS if key not in ("outputs", "flags")]),
        *((Source(key="outputs", value=paths, origin=table.file),) if outputs else ()),
        *table.table("flags").sources(tuple(FLAG_FIELDS), "flags."),
    )


def _flags(table: Table) -> FeatureFlags:
    table.allow(FLAG_FIELDS)
    switches = {
        name: table.switch(key)
        for key, name in FLAG_FIELDS.items()
        if name != "transformer_version"
    }
    given = {name: value for name, value in switches.items() if value is not None}
    version = table.integer("transformer-version")
    if version not in (None, 1, 2):
        raise table.error("transformer-version", f"expected 1 or 2, not {checks.shown(version)}")
    return FeatureFlags(transformer_version=version or 2, **given)


def _outputs(table: Table, root: Path) -> tuple[Output, ...]:
    outputs = tuple(_output(each, root) for each in table.tables("outputs"))
    if table.has("outputs") and not outputs:
        raise table.error("outputs", "expected at least one output")
    return outputs


def _output(table: Table, root: Path) -> Output:
    others = table.others(OUTPUT_KEYS)
    return Output(
        emitter=table.required("emitter"),
        path=table.required("path", lambda text: checks.path_below(root, text)),
        options=tuple((key, _option(table, key, others[key])) for key in sorted(others)),
    )


def _option(table: Table, key: str, value: object) -> object:
    if isinstance(value, list):
        return tuple(_option(table, f"{key}[{i}]", each) for i, each in enumerate(value))
    if isinstance(value, str | bool | int | float):
        return value
    raise table.error(key, "expected a string, a number, a boolean or a list of these")
