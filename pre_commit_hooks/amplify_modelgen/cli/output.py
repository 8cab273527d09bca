"""Print results to stdout and everything else to stderr, as text and as JSON."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from amplify_modelgen.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amplify_modelgen.diff.sources import Comparison
    from amplify_modelgen.plugin_manager import PluginInfo
    from amplify_modelgen.records import Provenance, Settings, Target


def print_result(text: str) -> None:
    """Print a result, unescaped."""
    print(text)  # noqa: T201 (the only place that prints results)


def print_status(text: str) -> None:
    """Print a line to stderr, escaped. A stderr that cannot be written to is ignored."""
    with suppress(OSError):
        print(escape(text), file=sys.stderr, flush=True)  # noqa: T201 (the only one for stderr)


def print_status_lines(text: str) -> None:
    """Print lines to stderr, each escaped."""
    for line in text.splitlines():
        print_status(line)


def print_error(message: str, hint: str | None = None) -> None:
    """Print an error and its hint."""
    print_status(f"amplify-modelgen: {message}")
    if hint:
        print_status(f"  {hint}")


def discard_stdout() -> None:
    """Drop what is buffered for stdout and all that follows.

    Python would fail again at exit if the reader has gone or the disk is full.
    """
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_targets(settings: Settings, targets: Sequence[Target], *, as_json: bool) -> None:
    """Print the settings and the targets, and where each value came from."""
    if as_json:
        document = {
            "version": 1,
            "root": str(settings.root),
            "settings": _provenance_rows(settings.provenance),
            "targets": [_target_row(target) for target in targets],
        }
        _print_json(document)
        return
    print_result(f"root: {escape(str(settings.root))}")
    _print_provenance(settings.provenance)
    for target in targets:
        print_result(f"\n{escape(target.name)}")
        _print_provenance(target.provenance)


def print_found(targets: Iterable[Target]) -> None:
    """Print the schema and the outputs of each target."""
    for target in targets:
        print_result(escape(f"found {target.name}: {target.schema or 'a schema in the backend'}"))
        rows = [(output.emitter, output.path) for output in target.outputs]
        _print_table(rows or [("no files yet",)], indent="  maintains ")


def _target_row(target: Target) -> dict[str, object]:
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
        "sources": _provenance_rows(target.provenance),
    }


def _provenance_rows(provenance: Iterable[Provenance]) -> list[dict[str, str]]:
    return [asdict(item) for item in provenance]


def _print_provenance(provenance: Sequence[Provenance]) -> None:
    _print_table([(item.key, item.value, item.origin) for item in provenance], indent="  ")


def print_plugins(plugins: Sequence[PluginInfo], *, as_json: bool) -> None:
    """Print the installed plugins with their distributions and hooks."""
    if as_json:
        _print_json({"version": 1, "plugins": [asdict(plugin) for plugin in plugins]})
        return
    _print_table(
        [
            (plugin.name, f"{plugin.distribution} {plugin.version}", ", ".join(plugin.hooks))
            for plugin in plugins
        ]
    )


def print_comparisons(
    comparisons: Sequence[Comparison], notes: Sequence[str], *, as_json: bool
) -> None:
    """Print what changed in the models of each resource."""
    from amplify_modelgen.diff import change_rows, render_changes, summarize

    if as_json:
        resources = [
            {"resource": comparison.name, "changes": change_rows(comparison.changes)}
            for comparison in comparisons
        ]
        _print_json({"version": 1, "resources": resources})
        return
    for comparison in comparisons:
        summary = summarize(comparison.changes)
        print_result(f"{escape(comparison.name)}: {summary}" if comparison.name else summary)
        for line in render_changes(comparison.changes):
            print_result(line)
    for note in notes:
        print_result(note)


def _print_json(document: object) -> None:
    import json

    # `##` may begin a command of a CI server; the text is the same JSON.
    print_result(json.dumps(document, indent=2).replace("##", r"#\u0023"))


def _print_table(rows: Sequence[tuple[str, ...]], indent: str = "") -> None:
    escaped = [tuple(map(escape, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*escaped, strict=True)]
    for row in escaped:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print_result(indent + "  ".join(cells).rstrip())


@contextmanager
def logged_plugins() -> Iterator[None]:
    """Print what the built-in plugins log as information; no library's log is enabled."""
    import logging

    from amplify_modelgen.plugin_manager import BUILT_IN

    handler = logging.StreamHandler()
    loggers = [logging.getLogger(module) for module in BUILT_IN.values()]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)
