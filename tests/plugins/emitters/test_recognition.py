"""Recognition of the modules of `amplify codegen models`, which are recorded in `amplify/`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters import javascript

RECORDED = sorted((Path(__file__).parent / "amplify").glob("*/*.*s"))
IDS = [f"{path.parent.name}/{path.name}" for path in RECORDED]
INDEX = """\
import { initSchema } from "@aws-amplify/datastore";
import { schema } from "./schema";

const Status = { DRAFT: "DRAFT", "ok": 'ok' };

const { Post } = initSchema(schema);

export { Post, Status };
"""
OLD_TYPES = """\
import { ModelInit, MutableModel, PersistentModelConstructor } from "@aws-amplify/datastore";

export enum Status {
  DRAFT = "DRAFT"
}

export declare class Place {
  readonly zip?: string;
  constructor(init: ModelInit<Place>);
}

type PostMetaData = {
  readOnlyFields: 'createdAt' | 'updatedAt';
}

export declare class Post {
  readonly id: string;
  constructor(init: ModelInit<Post, PostMetaData>);
  static copyOf(source: Post, mutator: (draft: MutableModel<Post>) => void): Post;
}
"""
IDENTIFIER_TYPES = """\
import { ModelInit, MutableModel, __modelMeta__, ManagedIdentifier } from "@aws-amplify/datastore";

export declare class Post {
  readonly [__modelMeta__]: {
    identifier: ManagedIdentifier<Post, 'id'>;
    readOnlyFields: 'createdAt' | 'updatedAt';
  };
  readonly id: string;
  readonly author?: Author | null;
  constructor(init: ModelInit<Post>);
  static copyOf(source: Post, mutator: (draft: MutableModel<Post>) => void): Post;
}
"""

VALID_SCHEMA = (
    "export const schema = { models: {}, enums: {}, nonModels: {}, version: '" + "0" * 32 + "' }"
)


def is_recognized(path: str, text: str) -> bool:
    return javascript.recognizes(path, text.encode())


@pytest.mark.parametrize("path", RECORDED, ids=IDS)
def test_modules_of_amplify_are_recognized(path: Path) -> None:
    assert is_recognized(path.name, path.read_text("utf-8"))


@pytest.mark.parametrize("path", RECORDED, ids=IDS)
def test_formatting_and_comments_do_not_matter(path: Path) -> None:
    text = path.read_text("utf-8")
    licensed = f"/* Copyright\n * 2024 */\n// eslint-disable\n\n{text}"
    assert is_recognized(path.name, licensed)
    assert is_recognized(path.name, f"\ufeff{licensed}".replace("\n", "\r\n"))
    assert is_recognized(path.name, text.replace("'", '"'))
    assert is_recognized(path.name, text.replace('"', "'"))
    assert is_recognized(path.name, re.sub(r";$", "", text, flags=re.MULTILINE))
    assert is_recognized(path.name, re.sub(r"\s+", " ", re.sub("//.*", "", text)))


def test_unquoted_keys_are_recognized() -> None:
    for path in RECORDED:
        if path.name == "schema.js":
            assert is_recognized("schema.js", re.sub(r'"(\w+)":', r"\1:", path.read_text("utf-8")))


@pytest.mark.parametrize("path", RECORDED, ids=IDS)
@pytest.mark.parametrize(
    "code",
    [
        "console.log(1);",
        "export function helper() { return 1; }",
        "export const more = [1];",
        'import { x } from "./x";',
        "const a = { b: run() };",
        "export default {};",
        '"use strict";',
    ],
)
def test_modules_with_code_added_are_not_recognized(path: Path, code: str) -> None:
    text = path.read_text("utf-8")
    assert not is_recognized(path.name, f"{text}\n{code}\n")
    assert not is_recognized(path.name, f"{code}\n{text}\n")


@pytest.mark.parametrize("path", RECORDED, ids=IDS)
def test_a_module_of_another_name_is_not_recognized(path: Path) -> None:
    text = path.read_text("utf-8")
    for name in ("index.js", "index.d.ts", "schema.js", "schema.d.ts", "index.ts", "models.js"):
        assert is_recognized(f"src/models/{name}", text) == (name == path.name)


def test_the_modules_of_a_schema_without_types_are_recognized() -> None:
    imports = INDEX.partition("const")[0]
    assert is_recognized("index.js", f"// @ts-check\n{imports}\nexport {{\n  \n}};")


def test_hand_made_variations_of_the_index_are_recognized() -> None:
    assert is_recognized("index.js", INDEX)
    assert is_recognized("index.js", INDEX.replace('"./schema"', '"./schema.js"'))
    assert is_recognized("index.js", INDEX.replace("Post }", "Post: Post }").replace(": Post", ""))
    assert is_recognized("index.d.ts", OLD_TYPES)
    assert is_recognized("index.d.ts", IDENTIFIER_TYPES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("initSchema(schema)", "initSchema(extend(schema))"),
        ('"DRAFT",', "draft(),"),
        ('"./schema"', '"../schema"'),
        ("const { Post }", "let { Post }"),
        ("export { Post, Status }", "export { Post, Status as default } from './x'"),
        ("@aws-amplify/datastore", "datastore"),
        ('ok: "ok"', 'ok: "ok", ...more'),
        ('"DRAFT"', "`${run()}`"),
    ],
)
def test_a_changed_index_is_not_recognized(old: str, new: str) -> None:
    text = INDEX.replace("\"ok\": 'ok'", 'ok: "ok"')
    assert old in text
    assert not is_recognized("index.js", text.replace(old, new))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "export const schema = {};",
        'export const schema = { models: {}, enums: {}, nonModels: {}, version: "1" };',
        "export const schema = yup.object({ models: {}, version: '0' });",
        f"export const schema = {{ models: {{}}, version: '{'0' * 32}' }};",
        f"{VALID_SCHEMA}; run();",
    ],
)
def test_another_schema_is_not_recognized(text: str) -> None:
    assert not is_recognized("schema.js", text)


def test_a_schema_without_types_is_recognized() -> None:
    assert is_recognized("schema.js", f"{VALID_SCHEMA};")
    assert is_recognized("schema.js", VALID_SCHEMA.replace("nonModels: {}, ", ""))


def test_modules_of_this_emitter_are_recognized() -> None:
    models = generate_models("type Post @model { title: String }")
    for artifact in javascript.emit(models, {}):
        assert javascript.recognizes(f"src/{artifact.path}", artifact.content)


@pytest.mark.parametrize("name", ["index.js", "index.d.ts", "schema.js", "schema.d.ts"])
@pytest.mark.parametrize(
    "part",
    [
        "/*",
        "'",
        "`",
        "{ ",
        "a as ",
        "a , ",
        "const a = { } ",
        "\ud83d",
        "type A = B ",
        "import { }",
    ],
)
def test_hostile_content_is_rejected_in_linear_time(name: str, part: str) -> None:
    start = {
        "index.js": INDEX,
        "index.d.ts": OLD_TYPES,
        "schema.js": "export const schema = {",
        "schema.d.ts": 'import { Schema } from "@aws-amplify/datastore";',
    }[name]
    content = (start + part * 100_000 + "!").encode("utf-8", "surrogatepass")
    assert not javascript.recognizes(name, content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('// @ts-check\nexport const schema = {"models": {}};\n', {"models": {}}),
        ('export const schema = {"models": {}}\n', {"models": {}}),
        ("export const schema = { models: {} };\n", None),
        ("export const schema = [];\n", None),
        ("// x\nexport const schema: Schema = {};", {}),
        ("{}", None),
        ("", None),
        (f"export const schema = {'[' * 100_000}", None),
    ],
)
def test_the_schema_is_read_back(content: str, expected: object) -> None:
    found = javascript.describe({"src/models/schema.js": content.encode(), "index.js": b""})
    assert (found.document if found else None) == expected
