"""The four JavaScript files of the peer, with the repairs of docs/emitters.md applied to them."""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplify_modelgen.modelgen import SCALARS, generate_models
from amplify_modelgen.plugin import ModelgenError, Models, SchemaError
from amplify_modelgen_plugins.emitters import javascript
from conformance.profiles import PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import FeatureFlags
    from conformance.peer import Peer, PlatformResult

RECORDED = Path(__file__).parents[1] / "plugins/emitters/amplify"
_MAX_LINES = 40
# Amplify writes files for them that do not load.
_REFUSED = re.compile(
    r"which is not a GraphQL name|has \w+ in models and in (?:nonModels|enums)"
    r"|cannot be exported from JavaScript|has a name that its module uses itself"
    r"|every object has a property of that name|has neither a primary key nor an 'id'"
)


def difference(schema: str, flags: FeatureFlags, peers: PlatformResult) -> str:
    """Return the files in which we differ from the repaired ones of the peer, else nothing.

    A schema that the engine refuses is compared elsewhere.
    """
    try:
        models = generate_models(schema, flags, ("datastore",))
    except SchemaError:
        return ""
    try:
        ours = {artifact.path: artifact.content for artifact in javascript.emit(models, {})}
    except ModelgenError as error:
        return "" if _REFUSED.search(str(error)) else f"{schema}\nrefused: {error}"
    if peers.files is None:
        return f"{schema}\nonly the peer refuses it: {peers.error}"
    expected = repaired(peers.files, models)
    actual = {path: without_comments(content.decode()) for path, content in ours.items()}
    if _is_contradictory(schema, flags, models):
        del expected["index.d.ts"], actual["index.d.ts"]
    if list(actual.items()) == list(expected.items()):
        return ""
    wrong = [path for path in expected if actual.get(path) != expected[path]]
    diffs = [line for path in wrong for line in _diff(path, expected[path], actual.get(path, ""))]
    return "\n".join(["", schema, repr(flags), *(diffs or [f"the order {list(actual)}"])])


def _is_contradictory(schema: str, flags: FeatureFlags, models: Models) -> bool:
    """Return whether the peer's types and its schema do not describe the same models.

    Under transformer version 2 only the schema respects `@key`. A join model can have the name of
    a scalar.
    """
    document: dict[str, Any] = models.datastore or {}
    has_identifiers = (
        flags.uses_transformer_2 and flags.respect_primary_key_attributes_on_connection_field
    )
    return (has_identifiers and "@key" in schema) or not SCALARS.isdisjoint(document["models"])


def _diff(path: str, expected: str, actual: str) -> list[str]:
    lines = unified_diff(
        expected.split("\n"), actual.split("\n"), f"{path}, peer", f"{path}, ours", lineterm=""
    )
    return list(lines)[:_MAX_LINES]


def without_comments(text: str) -> str:
    """Return a file without the lines that are only a comment, apart from directives."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if line[:2] != "//" or line.startswith("// @ts-"))


def repaired(files: dict[str, str], models: Models) -> dict[str, str]:
    """Return the files of the peer as they should be."""
    document: dict[str, Any] = models.datastore or {}
    index, types = files["index.js"], files["index.d.ts"]
    index = _renamed(r"^(const) ?(\w*) = {", index, document["enums"])
    types = _renamed(r"^(export enum) ?(\w*) {", types, document["enums"])
    types = re.sub(r"^export enum (\w+) {\n(.*?)\n}", _enum, types, flags=re.MULTILINE | re.DOTALL)
    types = re.sub(r"^type \w+ = {\n.*?^}", _once, types, flags=re.MULTILINE | re.DOTALL)
    return files | {"index.js": index, "index.d.ts": types}


def _renamed(pattern: str, text: str, names: Iterable[str]) -> str:
    """Replace the name in each match, which may be empty, by the next one."""
    remaining = iter(names)

    def rename(match: re.Match[str]) -> str:
        rest = "= {" if match[0].endswith("= {") else "{"
        return f"{match[1]} {next(remaining)} {rest}"

    return re.sub(pattern, rename, text, flags=re.MULTILINE)


def _enum(match: re.Match[str]) -> str:
    """Replace an enum with a member that an enum cannot have."""
    name, members = match.groups()
    lines = [re.fullmatch(r'  (\w*) = "(\w+)",?', line) for line in members.splitlines()]
    pairs = [line.groups() for line in lines if line]
    if all(key.isidentifier() for key, _ in pairs):
        return match[0]
    body = "\n".join(f'  readonly "{key}": "{value}";' for key, value in pairs)
    return (
        f"export declare const {name}: {{\n{body}\n}};\n\n"
        f"export declare type {name} = (typeof {name})[keyof typeof {name}];"
    )


def _once(match: re.Match[str]) -> str:
    """Keep the last of the properties of a join model that have one name."""
    lines: dict[str, str] = {}
    for number, line in enumerate(match[0].splitlines()):
        field = re.match(r"  readonly (\w+)\??:", line)
        lines[field[1] if field else f"line {number}"] = line
    return "\n".join(lines.values())


def record(peer: Peer) -> None:
    """Write the files of the peer for `schema.graphql` in `RECORDED`, under each profile."""
    schema = (RECORDED / "schema.graphql").read_text()
    for profile, flags in PROFILES.items():
        (result,) = peer.platform_files("javascript", [(schema, flags)])
        (RECORDED / profile).mkdir(exist_ok=True)
        for path, text in (result.files or {}).items():
            (RECORDED / profile / path).write_bytes(text.encode())


def recorded(profile: str) -> dict[str, str]:
    """Return the recorded files of a profile by name."""
    names = ("index.js", "index.d.ts", "schema.js", "schema.d.ts")
    return {name: (RECORDED / profile / name).read_bytes().decode() for name in names}
