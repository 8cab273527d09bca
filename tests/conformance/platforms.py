"""Compare the files of the emitters for platforms with those of Amplify's own generator.

They must be equal except for lines that are only a comment. Comments that a compiler or an editor
reads are compared. If the peer refuses a schema, so must we; what we refuse because the peer's
files do not compile has a rule of `platform_faults`.
"""

from __future__ import annotations

import importlib
import json
import re
from difflib import unified_diff
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import FeatureFlags, Models, pascal_case
from amplify_modelgen.plugin_manager import BUILT_IN
from amplify_modelgen_plugins.emitters.platform_faults import FAULTS
from amplify_modelgen_plugins.emitters.swift.swift_fields import RESERVED
from conformance import profiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.peer import PlatformResult

LANGUAGES = sorted({"swift", "java", "dart"} & BUILT_IN.keys())

PROFILES = {
    "new project": profiles.PROFILES["new-project"],
    "by id": profiles.PROFILES["respect-false"],
    "no flags": profiles.PROFILES["all-absent"],
    "lazy": FeatureFlags(
        generate_models_for_lazy_load_and_custom_selection_set=True, is_data_store_enabled=False
    ),
}
"""The flags of most projects, all with transformer version 2."""

_FUNCTIONAL_COMMENTS = ("// ignore_for_file:", "// swiftlint:disable", "// MARK: -")
_TEMPORAL = "import com.amplifyframework.core.model.temporal.Temporal;"
_IDENTIFIER = "import com.amplifyframework.core.model.ModelIdentifier;"
_MAX_LINES = 60


def emit(language: str, schema: str, flags: FeatureFlags) -> dict[str, str]:
    """Return our files by name."""
    module = importlib.import_module(BUILT_IN[language])
    artifacts = module.emit(Models(schema=schema, flags=flags), {})
    return {artifact.path: artifact.content.decode() for artifact in artifacts}


def difference(language: str, schema: str, flags: FeatureFlags, expected: PlatformResult) -> str:
    """Return a report (schema, flags, diff) if our files differ from the peer's, else nothing."""
    try:
        ours = emit(language, schema, flags)
    except SchemaError as error:
        rules = {entry.rule for entry in error.diagnostics}
        if expected.files is None or rules <= {*FAULTS, "generator-field-type"}:
            return ""
        # The peer turns numbers among the names of a relation into names.
        if "is not a list of names" in str(error):
            return ""
        # Of the generators, only Java's does not look up references. The documents need them.
        if language == "java" and re.search(r": reference \w+ is not a field of ", str(error)):
            return ""
        lines = [f"--- we refuse: {error}"]
    else:
        lines = [f"--- the peer refuses: {expected.error}"]
        if expected.files is not None:
            lines = list(_file_differences(expected.files, ours))
    changed = {
        name: value
        for name, value in asdict(flags).items()
        if value != getattr(FeatureFlags(), name)
    }
    heading = [f"--- {language}", schema.rstrip("\n"), f"--- flags {json.dumps(changed)}"]
    return "\n".join([*heading, *lines[:_MAX_LINES]]) if lines else ""


def _file_differences(peers: dict[str, str], ours: dict[str, str]) -> Iterator[str]:
    # Only Amplify's Java generator writes into directories; the output of a target has these.
    peers = {path.rpartition("/")[2]: text for path, text in peers.items()}
    for name in sorted(peers.keys() ^ ours.keys()):
        yield f"--- only {'the peer writes' if name in peers else 'we write'} {name}"
    for name in sorted(peers.keys() & ours.keys()):
        expected, actual = _code(peers[name]), _code(_uncorrected(ours[name]))
        # An unused enum in Swift keeps Amplify's name.
        if expected != actual:
            expected = _corrected(expected, name)
        yield from unified_diff(expected, actual, f"{name}, peer", f"{name}, ours", lineterm="")


def _corrected(lines: list[str], name: str) -> list[str]:
    """Return the lines of the peer's file with our corrections, which docs/emitters.md lists."""
    stem, _, suffix = name.partition(".")
    text = "\n".join(lines)
    if pascal_case(stem) != stem:
        text = re.sub(rf"\benum {pascal_case(stem)}(?!\w)", f"enum {stem}", text)
    if suffix == "java":
        if "Temporal." in text and _TEMPORAL not in text:
            package, _, rest = text.partition("\n\n")
            own, _, rest = f"\n{rest}".partition("\n\n")
            imports = [line for line in own.split("\n") if line]
            position = len(imports) - (_IDENTIFIER in imports)
            imports.insert(position, _TEMPORAL)
            text = "\n".join([package, "", *imports, "", rest])
        if "QueryField UUID =" in text:
            text = text.replace(" UUID.randomUUID", " java.util.UUID.randomUUID")
    return text.split("\n")


def _uncorrected(text: str) -> str:
    """Return our Swift file without the corrections that the peer's text does not show."""
    text = text.replace(".model(type: ", ".model(")
    text = re.sub(r"try values\.decode\(\[(\S+)\?\]\.self", r"try? values.decode([\1].self", text)
    text = re.sub(r"(?<=\w\.)`(?=(?:self|init)`, is:)(\w+)`", r"\1", text)
    text = re.sub(r"value: `(\w+)`\)", r"value: \1)", text)
    return re.sub(rf"`({'|'.join(RESERVED)})`", r"\1", text)


def _code(text: str) -> list[str]:
    """Return the lines of a file without comments, and without blank lines at its start."""
    lines: list[str] = []
    in_block = False
    for line in text.split("\n"):
        stripped = line.strip()
        is_comment = in_block or stripped.startswith(("//", "/*"))
        if stripped.startswith("/*") or in_block:
            in_block = "*/" not in stripped
        if stripped.startswith(_FUNCTIONAL_COMMENTS) or not is_comment:
            lines.append(line)
    while lines and not lines[0].strip():
        del lines[0]
    return lines
