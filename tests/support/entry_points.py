"""Make a module importable as an installed plugin, without pip."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def add_plugin(directory: Path, name: str, source: str, *, module: str = "") -> None:
    """Write a module and the metadata of its distribution into a directory of `sys.path`."""
    module = module or f"{name}_plugin"
    metadata = directory / f"{module}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (directory / f"{module}.py").write_text(source, encoding="utf-8")
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(
        f"[amplify_modelgen]\n{name} = {module}\n", encoding="utf-8"
    )
