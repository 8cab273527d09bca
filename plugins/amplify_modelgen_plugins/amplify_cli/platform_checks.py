"""Check that the application of a project can compile its models: Flutter, iOS and Android."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Diagnostic, SchemaError, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amplify_modelgen.plugin import Output, ProjectFiles, Schema, Target

MIN_AMPLIFY_FLUTTER = (0, 6, 0)
"""Amplify CLI generates no models for an older version."""

# CHANGELOG.md of aws-amplify/amplify-android: custom primary keys (#1650), and with them the class
# com.amplifyframework.core.model.ModelIdentifier, came with 1.37.0.
MIN_AMPLIFY_ANDROID = (1, 37, 0)
"""Earlier versions have no `ModelIdentifier`, which models with the flag extend."""

_PACKAGE = re.compile(
    r'^  amplify_flutter:\n(?: {4}.*\n)*? {4}version: "?(\d{1,9})\.(\d{1,9})\.(\d{1,9})',
    re.MULTILINE,
)
_AWS_API = re.compile(r"com\.amplifyframework:aws-api:(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
# In `libs.versions.toml` the version is a separate entry.
_CATALOGUED = re.compile(
    r'com\.amplifyframework:aws-api"\s*,\s*version(?:\.ref)?\s*=\s*"([\w.-]+)"'
    r'|name\s*=\s*"aws-api"\s*,\s*version(?:\.ref)?\s*=\s*"([\w.-]+)"'
)
_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_MAX_NAMES = 5
# Xcode 16 adds the files of such a group without naming them.
_SYNCHRONIZED_GROUP = "PBXFileSystemSynchronizedRootGroup"


@hookimpl
def modelgen_validate(target: Target, schema: Schema, files: ProjectFiles) -> list[Diagnostic]:
    """Return what stands in the way of the models of a target.

    Raises:
        ConfigError: a file of the project cannot be read.
    """
    return [
        diagnostic
        for output in target.outputs
        if output.emitter in _CHECKS
        for diagnostic in _CHECKS[output.emitter](target, output, schema, files)
    ]


def _check_flutter(
    target: Target, output: Output, _schema: Schema, files: ProjectFiles
) -> Iterator[Diagnostic]:
    path = _nearest_lock(target.project, output.path, files)
    text = files.read_text(path)
    found = _PACKAGE.search(text or "")
    if found is None:
        missing = "does not name amplify_flutter" if text is not None else "is missing"
        yield Diagnostic(
            path=path,
            line=1,
            column=1,
            severity="warning",
            message=f"{path} {missing}, so the version of amplify_flutter is unknown",
            hint="run 'flutter pub get', and commit pubspec.lock",
        )
    elif tuple(map(int, found.groups())) < MIN_AMPLIFY_FLUTTER:
        yield Diagnostic(
            path=path,
            line=(text or "").count("\n", 0, found.end()) + 1,
            column=5,
            message=f"amplify_flutter {'.'.join(found.groups())} cannot use the models",
            hint="update it to 0.6.0 or later in pubspec.yaml, as Amplify CLI requires",
            stage="models",
        )


def _nearest_lock(project: str, directory: str, files: ProjectFiles) -> str:
    """Return the path of the `pubspec.lock` nearest to the models, else of the project's."""
    name = "pubspec.lock"
    while directory not in (project, ""):
        directory = posixpath.dirname(directory)
        path = posixpath.join(directory, name)
        if any(entry.name == name for entry in files.list_directory(directory)):
            return path
    return posixpath.join(project, name)


def _check_ios(
    target: Target, output: Output, schema: Schema, files: ProjectFiles
) -> Iterator[Diagnostic]:
    from amplify_modelgen_plugins.emitters.swift import file_names

    names = [
        posixpath.join(target.project, entry.name, "project.pbxproj")
        for entry in files.list_directory(target.project)
        if entry.kind == "directory" and entry.name.endswith(".xcodeproj")
    ]
    texts = [text for text in map(files.read_text, names) if text is not None]
    if not texts or any(_SYNCHRONIZED_GROUP in text for text in texts):
        return
    known = {name for text in texts for name in re.findall(r"[\w+.-]+", text)}
    try:
        expected = file_names(schema.text, target.flags)
    except SchemaError:
        return  # The emitter reports it.
    # Not only the files on disk: the warning belongs to the run that creates a file.
    unknown = sorted(name for name in expected if name not in known)
    if unknown:
        first, *others = unknown
        shown = ", ".join(unknown[:_MAX_NAMES]) + ", ..." * (len(unknown) > _MAX_NAMES)
        what = f"{len(unknown)} files ({shown})" if others else first
        yield Diagnostic(
            path=posixpath.join(output.path, first),
            line=1,
            column=1,
            severity="warning",
            message=f"{names[0]} does not name {what}, so Xcode does not compile "
            + ("them" if others else "it"),
            hint=f"add what is missing from {output.path} to the target in Xcode, and commit",
        )


def _check_android(
    target: Target, _output: Output, _schema: Schema, files: ProjectFiles
) -> Iterator[Diagnostic]:
    if not target.flags.respect_primary_key_attributes_on_connection_field:
        return
    for path in _build_files(target.project, files):
        text = files.read_text(path) or ""
        found = _AWS_API.search(text) or _catalogued_version(text)
        if found and tuple(map(int, found.groups())) < MIN_AMPLIFY_ANDROID:
            version = ".".join(found.groups())
            yield Diagnostic(
                path=path,
                line=text.count("\n", 0, found.start()) + 1,
                column=1,
                severity="warning",
                message=f"aws-api {version} has no ModelIdentifier, which the models extend",
                hint="update Amplify Android to 1.37.0 or later, or set "
                "graphqltransformer.respectprimarykeyattributesonconnectionfield to false",
            )


def _build_files(project: str, files: ProjectFiles) -> list[str]:
    """Return the paths of the build files of an Android project and its modules."""
    modules = [
        posixpath.join(project, entry.name)
        for entry in files.list_directory(project)
        if entry.kind == "directory" and not entry.name.startswith(".")
    ]
    names = ("build.gradle", "build.gradle.kts")
    paths = [posixpath.join(module, name) for module in (project, *modules) for name in names]
    return [*paths, posixpath.join(project, "gradle", "libs.versions.toml")]


def _catalogued_version(text: str) -> re.Match[str] | None:
    found = _CATALOGUED.search(text)
    if found is None:
        return None
    value = found[1] or found[2]
    version = _VERSION.fullmatch(text, *found.span(1 if found[1] else 2))
    if version is not None:
        return version
    entry = re.search(rf'^{re.escape(value)}\s*=\s*"', text, re.MULTILINE)
    return _VERSION.match(text, entry.end()) if entry else None


_CHECKS: dict[str, Callable[[Target, Output, Schema, ProjectFiles], Iterator[Diagnostic]]] = {
    "dart": _check_flutter,
    "swift": _check_ios,
    "java": _check_android,
}
"""The check of each emitter."""
