"""Say how the models of a stale target differ from those that its files were generated from."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from amplify_modelgen.digests import first_side, is_same_code
from amplify_modelgen.errors import ModelgenError, plugin_errors
from amplify_modelgen.records import Description
from amplify_modelgen.workspace import read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amplify_modelgen.modelgen.documents import DocumentKind
    from amplify_modelgen.plugin import Emitter
    from amplify_modelgen.records import FeatureFlags, FileChange, ModelChange, Models, Target
    from amplify_modelgen.workspace import Workspace

    from .emit import EmittedFile

_MAX_NAMES = 5
_SAME = "the same models: another version of the generator wrote the files, or they were edited"
_SAME_FIELDS = (
    "the same models and fields: another version of the generator wrote the files, they were "
    "edited, or auth rules, keys or enum values differ"
)


def compare_models_on_disk(  # noqa: PLR0913 (what the comparison depends on)
    workspace: Workspace,
    target: Target,
    emitted: Sequence[EmittedFile],
    changes: Sequence[FileChange],
    *,
    models: Models,
    emitters: Mapping[str, Emitter],
) -> tuple[tuple[ModelChange, ...], str]:
    """Return how the models changed since the files of a stale target were generated.

    The text says why the files differ; it is empty if they do not say enough. The former models are
    described by the files themselves; if they are those of the schema at HEAD, or do not say
    enough, that schema is compared. If all files are new, all models are.
    """
    if all(change.action == "created" for change in changes):
        return _generated_changes("", models), ""
    changed = {change.path for change in changes if change.action == "changed"}
    differing = [file for file in emitted if file.path in changed]
    if differing and _is_reformatted(workspace, differing):
        return (), "reformatted? exclude the files from the formatter"
    pairs = list(_descriptions(workspace, emitted, differing, emitters))
    compared = [_pair_changes(old, new, models.schema or "") for old, new in pairs]
    found = max((changes for changes in compared if changes), key=len, default=())
    is_same = bool(pairs) and all(changes == () for changes in compared)
    # Without a document, files say nothing of auth rules, keys and enum values.
    is_certain = is_same and all(old.document and new.document for old, new in pairs)
    if not is_certain:
        head = _schema_at_head(workspace, target)
        # The other differences of files of HEAD's schema are those of another generator version.
        if not found or all(_is_of_schema(old, head, models.flags) for old, _ in pairs):
            found = _generated_changes(head, models) or found
    if found:
        from amplify_modelgen.diff import summarize

        reason = f"stale against the schema ({summarize(found)})"
    elif is_same:
        reason = _SAME if is_certain else _SAME_FIELDS
    else:
        reason = f"stale against the schema ({_name_changes(pairs)})" if pairs else ""
    return found, reason


_Pair = tuple[Description, Description]
"""What the files of an output on disk say, and what the generated ones say."""


def _descriptions(
    workspace: Workspace,
    emitted: Sequence[EmittedFile],
    differing: Sequence[EmittedFile],
    emitters: Mapping[str, Emitter],
) -> Iterator[_Pair]:
    """Yield the descriptions of the outputs that have a differing file and say something."""
    for key in dict.fromkeys(map(_output_key, differing)):
        emitter = emitters[key[0]]
        if emitter.describe is None:
            continue
        new = {file.path: file.content for file in emitted if _output_key(file) == key}
        contents = ((path, workspace.files.read_bytes(path)) for path in new)
        old = {path: first_side(content) for path, content in contents if content is not None}
        with plugin_errors(f"the emitter {emitter.name!r}"):
            before, after = emitter.describe(old), emitter.describe(new)
        if before is not None and after is not None:
            yield before, after


def _output_key(file: EmittedFile) -> tuple[str, str]:
    return file.output.emitter, file.output.path


def _pair_changes(old: Description, new: Description, sdl: str) -> tuple[ModelChange, ...] | None:
    """Return the changes between two descriptions, None if they differ in an unknown way."""
    if old.document is None or new.document is None:
        return () if (old.version, old.models) == (new.version, new.models) else None
    try:
        changes = _compare(old.document, new.document)
        version = old.document.get("version")
        # Equal hashes: the schemas have the same fields and relations.
        if changes and isinstance(version, str) and version == new.document.get("version"):
            common = (_common_form(each, sdl) for each in (old.document, new.document))
            changes = _compare(*common)
    except ModelgenError:
        return None
    return changes


def _is_of_schema(files: Description, sdl: str | None, flags: FeatureFlags) -> bool:
    """Whether any version of the generator wrote the document of files from a schema."""
    if sdl is None or files.document is None:
        return False
    kind: DocumentKind = (
        "datastore" if isinstance(files.document.get("version"), str) else "introspection"
    )
    try:
        generated = Description(document={**_document(sdl, flags, kind)})
    except ModelgenError:
        return False
    return _pair_changes(files, generated, sdl) == ()


def _common_form(document: Mapping[str, Any], sdl: str) -> dict[str, Any]:
    """Return a DataStore schema as all versions of Amplify's generator write it.

    Until 2025 it wrote the names of enums in Pascal case, and before 2024 no auth rules for the
    models that it adds for many-to-many relations.
    """
    from amplify_modelgen.modelgen import pascal_case

    declared = set(re.findall(r"\btype\s+(\w+)", sdl))

    def common_field(field: dict[str, Any]) -> dict[str, Any]:
        kind = field.get("type")
        enum = kind.get("enum") if isinstance(kind, dict) else None
        return field | {"type": {"enum": pascal_case(enum)}} if isinstance(enum, str) else field

    def common_model(name: str, model: dict[str, Any]) -> dict[str, Any]:
        fields = _entries(model, "fields").items()
        attributes = [
            each
            for each in model.get("attributes") or ()
            if name in declared or not (isinstance(each, dict) and each.get("type") == "auth")
        ]
        common_fields = {field: common_field(value) for field, value in fields}
        return model | {"fields": common_fields, "attributes": attributes}

    enums = ((pascal_case(name), enum) for name, enum in _entries(document, "enums").items())
    models = _entries(document, "models").items()
    return {
        **document,
        "enums": {name: enum | {"name": name} for name, enum in enums},
        "models": {name: common_model(name, model) for name, model in models},
    }


def _entries(document: Mapping[str, Any], section: str) -> dict[str, dict[str, Any]]:
    """Return the objects in a section of a document that may be edited by hand."""
    value = document.get(section)
    entries = value.items() if isinstance(value, dict) else ()
    return {name: entry for name, entry in entries if isinstance(entry, dict)}


def _name_changes(pairs: Sequence[_Pair]) -> str:
    old = {name for pair in pairs for name in pair[0].models}
    new = {name for pair in pairs for name in pair[1].models}
    groups = (("added", sorted(new - old)), ("removed", sorted(old - new)))
    parts = [
        f"models {action}: {', '.join(names[:_MAX_NAMES])}" + ", ..." * (len(names) > _MAX_NAMES)
        for action, names in groups
        if names
    ]
    return "; ".join(parts) or "the same models, other fields or directives"


def _is_reformatted(workspace: Workspace, differing: Sequence[EmittedFile]) -> bool:
    contents = ((workspace.files.read_bytes(file.path) or b"", file) for file in differing)
    return all(is_same_code(file.path, old, file.content) for old, file in contents)


def _schema_at_head(workspace: Workspace, target: Target) -> str | None:
    """Return the text that the schema of a target has in the last commit, None if unknown."""
    from amplify_modelgen.diff.sources import RevisionFiles

    if target.schema is None:
        return None
    directory, name = posixpath.split(target.schema)
    try:
        files = RevisionFiles(workspace.settings.root, "HEAD", directory)
        files.preload(name)
        return read_schema(files, name).text
    except ModelgenError:
        return None


def _generated_changes(old: str | None, models: Models) -> tuple[ModelChange, ...]:
    """Return the changes from the models of a schema text (empty: none) to `models`."""
    is_unknown = models.introspection is None and models.schema is None
    if old is None or old == models.schema or is_unknown:
        return ()
    return schema_changes(old, models.schema, models.flags, models.introspection)


def schema_changes(
    old: str, new: str | None, flags: FeatureFlags, introspection: Mapping[str, Any] | None = None
) -> tuple[ModelChange, ...]:
    """Return the changes between the models of two schemas, empty if one has none.

    A schema without models of one kind may have those of the other. `introspection` is the
    document of the new schema, if it is known.
    """
    for kind in ("introspection", "datastore"):
        try:
            before = _document(old, flags, kind) if old else None
            known = introspection if kind == "introspection" else None
            return _compare(before, known or _document(new or "", flags, kind))
        except ModelgenError:
            continue
    return ()


def _document(sdl: str, flags: FeatureFlags, kind: DocumentKind) -> Mapping[str, Any]:
    from amplify_modelgen.modelgen import describe_models, generate_datastore

    return (describe_models if kind == "introspection" else generate_datastore)(sdl, flags)


def _compare(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> tuple[ModelChange, ...]:
    from amplify_modelgen.diff import compare_models, prune_unchanged

    if old is not None:
        old, new = prune_unchanged(old, new)
    return compare_models(old, new)
