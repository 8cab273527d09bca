"""The lists that `targets` and `plugins` print, for people and for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from amplify_modelgen.diff import change_rows, render_changes, summarise
from amplify_modelgen.text import printable

from .console import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.diff.sides import Comparison
    from amplify_modelgen.plugins import PluginInfo
    from amplify_modelgen.records import Settings, Source, Target


def print_targets(settings: Settings, targets: Sequence[Target], *, as_json: bool) -> None:
    """Print what was found, and from which file, variable or flag each value came."""
    if as_json:
        document = {
            "version": 1,
            "root": str(settings.root),
            "settings": _sources(settings.sources),
            "targets": [_target(target) for target in targets],
        }
        say(json.dumps(document, indent=2, ensure_ascii=False))
        return
    say(f"root: {printable(str(settings.root))}")
    _print_sources(settings.sources)
    for target in targets:
        say(f"\n{printable(target.name)}")
        _print_sources(target.sources)


def _target(target: Target) -> dict[str, object]:
    return {
        "id": target.name,
        "app": target.app_id,
        "environment": target.environment,
        "resource": target.resource,
        "region": target.region,
        "schema": target.schema,
        "outputs": [
            {"emitter": output.emitter, "path": output.path, "options": dict(output.options)}
            for output in target.outputs
        ],
        "sources": _sources(target.sources),
    }


def _sources(sources: Iterable[Source]) -> list[dict[str, str]]:
    return [
        {"key": source.key, "value": source.value, "origin": source.origin} for source in sources
    ]


def _print_sources(sources: Sequence[Source]) -> None:
    rows = [(source.key, source.value, source.origin) for source in sources]
    _print_table([tuple(map(printable, row)) for row in rows])


def print_plugins(plugins: Sequence[PluginInfo], *, as_json: bool) -> None:
    """Print the installed plugins with their distributions and hooks."""
    if as_json:
        document = [
            {
                "name": plugin.name,
                "distribution": plugin.distribution,
                "version": plugin.version,
                "hooks": list(plugin.hooks),
            }
            for plugin in plugins
        ]
        say(json.dumps({"version": 1, "plugins": document}, indent=2))
        return
    rows = [
        (plugin.name, f"{plugin.distribution} {plugin.version}", ", ".join(plugin.hooks))
        for plugin in plugins
    ]
    _print_table([tuple(map(printable, row)) for row in rows], indent="")


def print_comparisons(comparisons: Sequence[Comparison], *, as_json: bool) -> None:
    """Print what changed in the models of each resource."""
    if as_json:
        resources = [
            {"resource": each.name, "changes": change_rows(each.changes)} for each in comparisons
        ]
        say(json.dumps({"version": 1, "resources": resources}, indent=2, ensure_ascii=False))
        return
    for each in comparisons:
        summary = summarise(each.changes)
        say(f"{printable(each.name)}: {summary}" if each.name else summary)
        for line in render_changes(each.changes):
            say(line)


def _print_table(rows: Sequence[tuple[str, ...]], indent: str = "  ") -> None:
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say(indent + "  ".join(cells).rstrip())
