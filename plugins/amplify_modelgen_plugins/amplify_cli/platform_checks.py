"""Check that the application of a project can compile its models: Flutter, iOS and Android."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Diagnostic, SchemaError, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.plugin import Output, ProjectFiles, Schema, Target

MIN_AMPLIFY_FLUTTER = (0, 6, 0)
"""Amplify CLI generates no models for an older version."""

# CHANGELOG.md of aws-amplify/amplify-android: custom primary keys (#1650), and with them the class
# com.amplifyframework.core.model.ModelIdentifier, came with 1.37.0.
MIN_AMPLIFY_ANDROID = (1, 37, 0)
"""Earlier versions have no `ModelIdentifier`, which models with the flag extend."""

_VERSION = r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})"
_PACKAGE = re.compile(
    rf'^  amplify_flutter:\n(?: {{4}}.*\n)*? {{4}}version: "?{_VERSION}', re.MULTILINE
)
_AWS_API = re.compile(rf"com\.amplifyframework:aws-api:{_VERSION}")
# In `libs.versions.toml`: the version, or the name of another entry.
_CATALOGUED = re.compile(
    r'(?:com\.amplifyframework:|name\s*=\s*")aws-api"\s*,\s*version(?:\.ref)?\s*=\s*"([\w.-]+)"'
)
_MAX_NAMES = 5
# Xcode 16 adds the files of such a group without naming them.
_SYNCHRONIZED_GROUP = "PBXFileSystemSynchronizedRootGroup"


@hookimpl
def modelgen_validate(target: Target, schema: Schema, files: ProjectFiles) -> list[Diagnostic]:
    """Return what stands in the way of the models of a target.

    Raises:
        ConfigError: a file of the project cannot be read.
    """
    found: list[Diagnostic] = []
    for output in target.outputs:
        match output.emitter:
            case "dart":
                found += _check_flutter(target, output, files)
            case "swift":
                found += _check_ios(target, output, schema, files)
            case "java" if target.flags.respect_primary_key_attributes_on_connection_field:
                found += _check_android(target, files)
    return found


def _warning(path: str, line: int, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        path=path, line=line, column=1, severity="warning", message=message, hint=hint
    )


def _check_flutter(target: Target, output: Output, files: ProjectFiles) -> Iterator[Diagnostic]:
    path = _nearest_lock(target.project, output.path, files)
    text = files.read_text(path)
    found = _PACKAGE.search(text or "")
    if found is None:
        missing = "does not name amplify_flutter" if text is not None else "is missing"
        message = f"{path} {missing}, so the version of amplify_flutter is unknown"
        yield _warning(path, 1, message, "run 'flutter pub get', and commit pubspec.lock")
    elif _version(found) < MIN_AMPLIFY_FLUTTER:
        yield Diagnostic(
            path=path,
            line=_line(found) + found[0].count("\n"),
            column=5,
            message=f"amplify_flutter {'.'.join(found.groups())} cannot use the models",
            hint="update it to 0.6.0 or later in pubspec.yaml, as Amplify CLI requires",
            stage="models",
        )


def _version(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(map(int, found.groups()))


def _line(found: re.Match[str]) -> int:
    return found.string.count("\n", 0, found.start()) + 1


def _nearest_lock(project: str, directory: str, files: ProjectFiles) -> str:
    """Return the path of the `pubspec.lock` nearest to the models, else of the project's."""
    name = "pubspec.lock"
    while directory not in (project, ""):
        directory = posixpath.dirname(directory)
        if any(entry.name == name for entry in files.list_directory(directory)):
            return posixpath.join(directory, name)
    return posixpath.join(project, name)


def _check_ios(
    target: Target, output: Output, schema: Schema, files: ProjectFiles
) -> Iterator[Diagnostic]:
    from amplify_modelgen_plugins.emitters.swift import file_names

    names = [
        f"{directory}/project.pbxproj"
        for directory in _directories(target.project, files)
        if directory.endswith(".xcodeproj")
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
    unknown = sorted(set(expected) - known)
    if unknown:
        shown = ", ".join([*unknown[:_MAX_NAMES], *(["..."] if unknown[_MAX_NAMES:] else [])])
        yield _warning(
            posixpath.join(output.path, unknown[0]),
            1,
            f"{names[0]} does not name all models, so Xcode does not compile {shown}",
            f"add what is missing from {output.path} to the target in Xcode, and commit",
        )


def _check_android(target: Target, files: ProjectFiles) -> Iterator[Diagnostic]:
    modules = [target.project, *_directories(target.project, files)]
    names = ("build.gradle", "build.gradle.kts")
    paths = [posixpath.join(module, name) for module in modules for name in names]
    for path in (*paths, posixpath.join(target.project, "gradle", "libs.versions.toml")):
        found = _find_aws_api(files.read_text(path) or "")
        if found and _version(found) < MIN_AMPLIFY_ANDROID:
            version = ".".join(found.groups())
            yield _warning(
                path,
                _line(found),
                f"aws-api {version} has no ModelIdentifier, which the models extend",
                "update Amplify Android to 1.37.0 or later, or set "
                "graphqltransformer.respectprimarykeyattributesonconnectionfield to false",
            )


def _directories(project: str, files: ProjectFiles) -> list[str]:
    return [
        posixpath.join(project, entry.name)
        for entry in files.list_directory(project)
        if entry.kind == "directory" and not entry.name.startswith(".")
    ]


def _find_aws_api(text: str) -> re.Match[str] | None:
    """Return where a build file or a version catalog has the version of `aws-api`."""
    found = _AWS_API.search(text)
    catalogued = _CATALOGUED.search(text)
    if found or not catalogued:
        return found
    version = re.compile(_VERSION).fullmatch(text, *catalogued.span(1))
    entry = rf'^{re.escape(catalogued[1])}\s*=\s*"{_VERSION}'
    return version or re.search(entry, text, re.MULTILINE)
