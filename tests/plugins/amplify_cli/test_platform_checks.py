from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.records import (
    Diagnostic,
    FeatureFlags,
    Output,
    Schema,
    SchemaFile,
    Target,
)
from amplify_modelgen.storage.project_files import ProjectFiles
from amplify_modelgen_plugins.amplify_cli import modelgen_validate

if TYPE_CHECKING:
    from pathlib import Path

LOCK = """\
packages:
  amplify_core:
    version: "0.1.0"
  amplify_flutter:
    dependency: "direct main"
    description:
      name: amplify_flutter
    source: hosted
    version: "{}"
"""


def write(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def check(
    root: Path, emitter: str, *, home: str = "", respect: bool = True, sdl: str = ""
) -> list[Diagnostic]:
    flags = FeatureFlags(respect_primary_key_attributes_on_connection_field=respect)
    target = Target(
        app_id="",
        environment="",
        resource="blog",
        project=home.rstrip("/"),
        outputs=(Output(emitter=emitter, path=f"{home}models"),),
        flags=flags,
    )
    schema = Schema(files=(SchemaFile(path="schema.graphql", text=sdl),))
    with ProjectFiles(root) as files:
        return modelgen_validate(target, schema, files)


def flutter(root: Path, home: str = "") -> list[Diagnostic]:
    return check(root, "dart", home=home)


@pytest.mark.parametrize("version", ["0.6.0", "0.6.0-next.1", "1.0.0", "2.6.1"])
def test_amplify_flutter_that_can_use_the_models(tmp_path: Path, version: str) -> None:
    write(tmp_path, "pubspec.lock", LOCK.format(version))
    assert flutter(tmp_path) == []


@pytest.mark.parametrize("home", ["", "apps/mobile/"])
def test_old_amplify_flutter_is_refused(tmp_path: Path, home: str) -> None:
    write(tmp_path, f"{home}pubspec.lock", LOCK.format("0.5.9"))
    [found] = flutter(tmp_path, home)
    assert (found.severity, found.stage, found.location) == (
        "error",
        "models",
        f"{home}pubspec.lock:9:5",
    )
    assert found.message == "amplify_flutter 0.5.9 cannot use the models"


@pytest.mark.parametrize(
    ("directory", "path"),
    [
        ("apps/mobile/lib/models", None),
        ("apps/web/lib/models", "pubspec.lock"),
        ("", "pubspec.lock"),
    ],
)
def test_the_lock_nearest_to_the_models_counts(
    tmp_path: Path, directory: str, path: str | None
) -> None:
    write(tmp_path, "pubspec.lock", LOCK.format("0.5.9"))
    write(tmp_path, "apps/mobile/pubspec.lock", LOCK.format("1.0.0"))
    output = Output(emitter="dart", path=directory)
    target = Target(app_id="", environment="", resource="blog", outputs=(output,))
    with ProjectFiles(tmp_path) as files:
        found = modelgen_validate(target, Schema(files=()), files)
    assert [each.path for each in found] == ([path] if path else [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "pubspec.lock is missing, so the version of amplify_flutter is unknown"),
        ("packages:\n", "pubspec.lock does not name amplify_flutter, so the version of"),
    ],
)
def test_unknown_version_of_amplify_flutter(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        write(tmp_path, "pubspec.lock", text)
    [found] = flutter(tmp_path)
    assert found.severity == "warning"
    assert found.message.startswith(message)


def ios(root: Path, sdl: str = "enum Post { A }") -> list[Diagnostic]:
    return check(root, "swift", sdl=sdl)


LOADER = "path = AmplifyModels.swift;\n"


def test_swift_files_that_xcode_does_not_compile(tmp_path: Path) -> None:
    write(
        tmp_path,
        "App.xcodeproj/project.pbxproj",
        f'{LOADER}1 /* Post.swift in Sources */\npath = "Post+Schema.swift"; path = MyTag.swift;',
    )
    # Files that the schema does not give, such as those of other types, do not count.
    write(tmp_path, "models/Other.swift")
    sdl = "type Post @model { id: ID! }\nenum Tag { A }\n"
    [found] = ios(tmp_path, sdl)
    assert (found.severity, found.path) == ("warning", "models/Tag.swift")
    assert found.message == (
        "App.xcodeproj/project.pbxproj does not name all models, "
        "so Xcode does not compile Tag.swift"
    )
    [found] = ios(tmp_path, f"{sdl}type Blog @model {{ id: ID! }}\n")
    assert found.message.endswith("compile Blog+Schema.swift, Blog.swift, Tag.swift")
    [found] = ios(tmp_path, f"{sdl}type Blog @model {{ a: A b: B }} enum A {{ X }} enum B {{ X }}")
    assert found.message.endswith("A.swift, B.swift, Blog+Schema.swift, Blog.swift, Tag.swift")
    [found] = ios(tmp_path, f"{sdl}type Blog {{ a: A b: B }} type A {{ x: Int }} enum B {{ X }}")
    assert "compile A+Schema.swift, A.swift, B.swift" in found.message
    assert found.message.endswith("Blog.swift, ...")


def test_an_invalid_schema_has_no_files(tmp_path: Path) -> None:
    write(tmp_path, "App.xcodeproj/project.pbxproj", LOADER)
    assert ios(tmp_path, "type") == []


def test_a_file_needs_one_of_several_projects(tmp_path: Path) -> None:
    write(tmp_path, "A.xcodeproj/project.pbxproj", LOADER)
    assert len(ios(tmp_path)) == 1
    write(tmp_path, "B.xcodeproj/project.pbxproj", "path = Post.swift;")
    assert ios(tmp_path) == []


@pytest.mark.parametrize("text", [None, "isa = PBXFileSystemSynchronizedRootGroup;"])
def test_without_a_list_of_files_nothing_is_known(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "App.xcodeproj").mkdir()
    if text:
        write(tmp_path, "App.xcodeproj/project.pbxproj", text)
    assert ios(tmp_path) == []


def android(root: Path, *, respect: bool = True) -> list[Diagnostic]:
    return check(root, "java", respect=respect)


OLD = "dependencies {\n  implementation 'com.amplifyframework:aws-api:1.36.5'\n}\n"
CATALOG = '[versions]\namplify = "{}"\n[libraries]\n{}\n'
BY_MODULE = 'api = { module = "com.amplifyframework:aws-api", version.ref = "amplify" }'
BY_NAME = 'api = { group = "com.amplifyframework", name = "aws-api", version.ref = "amplify" }'
DIRECT = 'api = { module = "com.amplifyframework:aws-api", version = "1.2.3" }'


@pytest.mark.parametrize("path", ["app/build.gradle", "build.gradle.kts"])
def test_old_amplify_android(tmp_path: Path, path: str) -> None:
    write(tmp_path, path, OLD)
    [found] = android(tmp_path)
    assert (found.severity, found.location) == ("warning", f"{path}:2:1")
    assert "aws-api 1.36.5 has no ModelIdentifier" in found.message
    assert android(tmp_path, respect=False) == []


@pytest.mark.parametrize(
    ("version", "library", "line"),
    [("1.9.0", BY_MODULE, 2), ("1.9.0", BY_NAME, 2), ("2.0.0", DIRECT, 4)],
)
def test_old_amplify_android_in_a_version_catalog(
    tmp_path: Path, version: str, library: str, line: int
) -> None:
    write(tmp_path, "gradle/libs.versions.toml", CATALOG.format(version, library))
    [found] = android(tmp_path)
    assert found.location == f"gradle/libs.versions.toml:{line}:1"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/build.gradle", OLD.replace("1.36.5", "1.37.0")),
        ("app/build.gradle", OLD.replace("1.36.5", "$amplify_version")),
        ("gradle/libs.versions.toml", CATALOG.format("2.14.0", BY_MODULE)),
        ("gradle/libs.versions.toml", CATALOG.format("x", BY_MODULE)),
        ("gradle/libs.versions.toml", f"[libraries]\n{BY_MODULE}\n"),
        ("build.gradle", ""),
    ],
)
def test_other_versions_of_amplify_android(tmp_path: Path, path: str, text: str) -> None:
    write(tmp_path, path, text)
    assert android(tmp_path) == []


def test_other_emitters_need_no_check(tmp_path: Path) -> None:
    assert check(tmp_path, "introspection") == []


@pytest.mark.parametrize("digits", [9, 10, 10_000])
def test_a_version_of_many_digits_is_no_version(tmp_path: Path, digits: int) -> None:
    write(tmp_path, "pubspec.lock", LOCK.format(f"{'9' * digits}.0.0"))
    assert len(flutter(tmp_path)) == (digits > 9)


@pytest.mark.parametrize("text", ["a" * 5_000_000, "a.swift" * 700_000, "Post.swift " * 400_000])
def test_a_project_file_of_megabytes_is_searched_once(tmp_path: Path, text: str) -> None:
    write(tmp_path, "App.xcodeproj/project.pbxproj", f"{LOADER}{text}")
    began = time.process_time()
    assert len(ios(tmp_path)) == ("Post" not in text)
    assert time.process_time() - began < 10
