"""The plugins that are installed: the entry points of our group, as their distributions list them.

Read here, and not by `importlib.metadata`, which loads all that reads e-mail and zip files: a tenth
of a run over ten models. Source: the specifications of packaging.python.org, "Entry points" and
"Recording installed projects".
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUP = "[amplify_modelgen]"
_INFOS = (".dist-info", ".egg-info")


class Distribution(Struct, frozen=True):
    """What was installed together; both are empty where it does not say."""

    name: str = ""
    version: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    """A plugin by its name: `value` is `module` or `module:object`."""

    name: str
    value: str
    distribution: Distribution = Distribution()

    def load(self) -> object:
        """Import the plugin; raises whatever that raises."""
        module, _, attributes = self.value.partition(":")
        plugin: object = import_module(module.strip())
        for attribute in filter(None, attributes.strip().split(".")):
            plugin = getattr(plugin, attribute)
        return plugin


def installed_plugins() -> list[Entry]:
    """Return the entries of all distributions on `sys.path`, in its order.

    Of two distributions with one name the first counts, as it does for imports.
    """
    seen: set[str] = set()
    entries: list[Entry] = []
    for folder in sys.path:
        for info in _infos(Path(folder)):
            name = _normal_name(info)
            if name not in seen:
                seen.add(name)
                entries.extend(_entries(info))
    return entries


def _infos(folder: Path) -> list[Path]:
    try:
        # A path for each name, of which most are the standard library's, takes 1 ms.
        names = os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
    return sorted(folder / name for name in names if name.endswith(_INFOS))


def _normal_name(info: Path) -> str:
    return info.stem.partition("-")[0].lower().replace(".", "_")


def _entries(info: Path) -> Iterator[Entry]:
    text = _text(info / "entry_points.txt")
    if _GROUP not in text:
        return
    distribution = _distribution(info)
    within = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            within = line == _GROUP
        elif within and line and line[0] not in "#;":
            name, _, value = line.partition("=")
            # Extras are of the past, and say nothing about what to import.
            value = value.partition("[")[0].strip()
            yield Entry(name=name.strip(), value=value, distribution=distribution)


def _distribution(info: Path) -> Distribution:
    said = {"Name": "", "Version": ""}
    text = _text(info / "METADATA") or _text(info / "PKG-INFO")
    headers, _, _ = text.partition("\n\n")
    for line in headers.splitlines():
        key, _, value = line.partition(":")
        if key in said:
            said[key] = value.strip()
    return Distribution(said["Name"], said["Version"])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
