from __future__ import annotations

import json
from pathlib import Path

import pytest

from amplify_modelgen.modelgen import Models, generate_models, to_json
from amplify_modelgen.plugin import BackendError, Description
from amplify_modelgen_plugins.emitters import json_documents

MODELS = generate_models("type Post @model { title: String } enum Status { DRAFT }")
INTROSPECTION, DATASTORE = json_documents.modelgen_emitters()


def text(emitter: str) -> str:
    (artifact,) = {"introspection": INTROSPECTION, "datastore": DATASTORE}[emitter].emit(MODELS, {})
    return artifact.content.decode()


def test_each_document_has_an_emitter() -> None:
    assert [INTROSPECTION.name, DATASTORE.name] == ["introspection", "datastore"]
    assert [INTROSPECTION.needs, DATASTORE.needs] == [{"introspection"}, {"datastore"}]
    assert [INTROSPECTION.owns, DATASTORE.owns] == [None, None]
    assert [artifact.path for artifact in INTROSPECTION.emit(MODELS, {})] == [
        "model-introspection.json"
    ]
    assert [artifact.path for artifact in DATASTORE.emit(MODELS, {})] == ["schema.json"]


def test_documents_are_written_as_by_amplify() -> None:
    assert text("introspection") == to_json(MODELS.introspection)
    assert text("datastore") == to_json(MODELS.datastore)


def test_one_document_is_enough() -> None:
    assert INTROSPECTION.emit(Models(introspection=MODELS.introspection), {})
    assert DATASTORE.emit(Models(datastore=MODELS.datastore), {})


def test_a_missing_document_is_an_error_with_a_hint() -> None:
    with pytest.raises(BackendError, match="no model introspection schema") as introspection:
        INTROSPECTION.emit(Models(datastore=MODELS.datastore), {})
    with pytest.raises(BackendError, match="no DataStore schema") as datastore:
        DATASTORE.emit(Models(introspection=MODELS.introspection), {})
    assert introspection.value.hint == datastore.value.hint
    assert datastore.value.hint == (
        "generate from the schema on disk with '--backend local', or use another emitter"
    )


@pytest.mark.parametrize("name", ["introspection", "datastore"])
def test_a_document_is_recognized_in_any_formatting(name: str) -> None:
    emitter = {"introspection": INTROSPECTION, "datastore": DATASTORE}[name]
    other = {"introspection": DATASTORE, "datastore": INTROSPECTION}[name]
    document = text(name)
    compact = json.dumps(json.loads(document), sort_keys=True)
    for content in (document, f"\ufeff{document}\r\n", compact, document.replace("\n", "\r\n")):
        assert emitter.recognizes("any.json", content.encode())
        assert not other.recognizes("any.json", content.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b"\xff",
        b'"\xff"',
        b"[" * 100_000,
        b'{"version": 1}',
        b'{"version": 1, "models": {}}',
        b'{"version": 1, "models": [], "enums": {}, "nonModels": {}}',
        b'{"version": true, "models": {}, "enums": {}, "nonModels": {}}',
        b'{"version": null, "models": {}, "enums": {}, "nonModels": {}}',
        b'{"name": "app", "version": "1.0.0", "dependencies": {}}',
    ],
)
def test_any_other_file_is_not_recognized(content: bytes) -> None:
    assert not INTROSPECTION.recognizes("model-introspection.json", content)
    assert not DATASTORE.recognizes("schema.json", content)


def test_recorded_documents_are_recognized() -> None:
    corpus = Path(__file__).parents[2] / "conformance" / "corpus"
    for path in corpus.rglob("introspection.json"):
        assert INTROSPECTION.recognizes("model-introspection.json", path.read_bytes())
    for path in corpus.rglob("schema.json"):
        assert DATASTORE.recognizes("schema.json", path.read_bytes())


def test_a_document_describes_itself() -> None:
    for emitter in (INTROSPECTION, DATASTORE):
        assert emitter.describe is not None
        files = {a.path: a.content for a in emitter.emit(MODELS, {})}
        (document,) = map(json.loads, files.values())
        assert emitter.describe(files) == Description(document=document)
        assert emitter.describe(dict.fromkeys(files, b"[]")) is None
        assert emitter.describe({}) is None
