"""Runs of the pipeline in a directory, with the built-in plugins and those of a test."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from amplify_modelgen.config import load_settings, open_project
from amplify_modelgen.pipeline.evaluate import GenerateOptions
from amplify_modelgen.pipeline.run import check, generate
from amplify_modelgen.plugin_manager import PluginManager, load_plugins
from amplify_modelgen.workspace import Workspace, load_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen.records import JobEvent, Report

CONFIGURATION = """\
backend = "local"
[[target]]
app-id = "d1"
environment = "dev"
resource = "blog"
schema = "blog.graphql"
outputs = [{ emitter = "introspection", path = "models/blog.json" }]
"""
SCHEMA = "type Post @model {\n  id: ID!\n  title: String\n}\n"


@contextmanager
def open_workspace(
    root: Path,
    plugins: PluginManager | None = None,
    names: tuple[str, ...] = (),
    *,
    create: bool = False,
    **overrides: Any,
) -> Iterator[tuple[Workspace, PluginManager]]:
    """Load the workspace of a project."""
    loaded = plugins or load_plugins()
    files, origin = open_project(None, root)
    with files:
        settings = load_settings(files, origin, overrides, os.environ)
        yield load_workspace(settings, files, loaded, names, cwd=root, create=create), loaded


def ignore_event(event: JobEvent) -> None:
    """Take a job event and do nothing."""


def run_generate(
    root: Path,
    plugins: PluginManager | None = None,
    names: tuple[str, ...] = (),
    backend: str | None = None,
    *,
    create: bool = False,
    **options: bool,
) -> Report:
    """Generate in the project at `root`."""
    opened = open_workspace(root, plugins, names, create=create, backend=backend)
    with opened as (workspace, loaded):
        return generate(workspace, loaded, GenerateOptions(**options), ignore_event)


def run_check(root: Path, plugins: PluginManager | None = None, **options: bool) -> Report:
    """Check the project at `root`."""
    with open_workspace(root, plugins) as (workspace, loaded):
        return check(workspace, loaded, GenerateOptions(**options))


def plugins_with(**modules: object) -> PluginManager:
    """Return the built-in plugins and those given."""
    from importlib import import_module

    from amplify_modelgen.plugin_manager import BUILT_IN

    built_in = {name: import_module(module) for name, module in BUILT_IN.items()}
    return PluginManager(built_in | modules, entry_points=False)


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return the modification time and the content of each file below `root`, without git's."""
    return {
        path.relative_to(root).as_posix(): (path.lstat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }
