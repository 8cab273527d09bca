from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import FeatureFlags
from amplify_modelgen.plugin import UsageError
from amplify_modelgen_plugins.serve.store import Environment, ResourceId, Store, StoredModels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SDL = "type Post @model { id: ID! }"
BLOG = ResourceId(app_id="d2abc", environment="dev", resource="blog")
OLD = FeatureFlags(add_timestamp_fields=False)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


def test_unknown_app_is_none(store: Store) -> None:
    assert store.app("d2abc") is None


def test_app_lists_its_environments_in_order(store: Store) -> None:
    store.put_app("d2abc", "Blog")
    for name in ("prod", "dev"):
        store.put_environment(Environment(app_id="d2abc", name=name))
    app = store.app("d2abc")
    assert app is not None
    assert (app.name, app.environments) == ("Blog", ("dev", "prod"))


def test_environment_keeps_its_flags(store: Store) -> None:
    store.put_app("d2abc", "Blog")
    store.put_environment(Environment(app_id="d2abc", name="dev", flags=OLD))
    assert store.environment("d2abc", "dev") == Environment(app_id="d2abc", name="dev", flags=OLD)


def test_resource_has_its_schema(store: Store) -> None:
    store.deploy(BLOG, SDL, OLD)
    resource = store.resource(BLOG)
    assert resource is not None
    assert resource.version is not None
    assert (resource.version.sdl, resource.version.flags) == (SDL, OLD)


def test_equal_schemas_have_one_version(store: Store) -> None:
    assert store.add_version(SDL, OLD) == store.add_version(SDL, OLD)


def test_other_flags_make_another_version(store: Store) -> None:
    assert store.add_version(SDL, OLD) != store.add_version(SDL, FeatureFlags())


def test_unused_version_is_removed(store: Store) -> None:
    number = store.add_version(SDL, OLD)
    store.remove_unused_versions()
    assert store.version(number) is None


def test_version_of_a_resource_is_kept(store: Store) -> None:
    store.deploy(BLOG, SDL, OLD)
    store.remove_unused_versions()
    resource = store.resource(BLOG)
    assert resource is not None
    assert resource.version is not None


def test_removing_an_app_removes_its_contents(store: Store) -> None:
    store.deploy(BLOG, SDL)
    store.put_models(
        BLOG,
        StoredModels(
            version_id=store.add_version(SDL, FeatureFlags()), datastore="", introspection=""
        ),
    )
    store.remove_app("d2abc")
    assert (store.resource(BLOG), store.models(BLOG)) == (None, None)


def test_failed_transaction_changes_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.put_app("d2abc", "Blog")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert store.app("d2abc") is None


def test_savepoint_undoes_only_its_block(store: Store) -> None:
    def fail() -> None:
        with store.savepoint():
            store.put_app("other", "Other")
            raise KeyError

    with store.transaction():
        store.put_app("d2abc", "Blog")
        with pytest.raises(KeyError):
            fail()
    assert store.app("d2abc") is not None
    assert store.app("other") is None


def test_file_survives_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "backend.sqlite")
    first = Store(path)
    first.deploy(BLOG, SDL)
    first.close()
    second = Store(path)
    try:
        assert second.resources("d2abc", "dev") == ("blog",)
    finally:
        second.close()


def test_garbage_collected_store_is_closed() -> None:
    connection = Store()._database._connection
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_file_that_is_not_a_database_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database at all, but long enough to be mistaken for one. " * 50)
    with pytest.raises(UsageError, match="not a database"):
        Store(str(path))


def test_database_of_another_program_is_rejected(tmp_path: Path) -> None:
    path = str(tmp_path / "other.sqlite")
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE visits (url TEXT)")
    other.close()
    with pytest.raises(UsageError, match="another program"):
        Store(path)


def test_database_of_another_format_is_rejected(tmp_path: Path) -> None:
    path = str(tmp_path / "backend.sqlite")
    Store(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(UsageError, match="it has format 99 instead of 2"):
        Store(path)


def test_missing_directory_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unable to open"):
        Store(str(tmp_path / "missing" / "backend.sqlite"))


def test_models_keep_their_version() -> None:
    store = Store()
    store.deploy(BLOG, SDL)
    resource = store.require_resource(BLOG)
    assert resource.version is not None
    models = StoredModels(version_id=resource.version.id, datastore="{}", introspection="[]")
    store.put_models(BLOG, models)
    store.deploy(BLOG, None)
    store.remove_unused_versions()
    assert store.models(BLOG) == models
    assert store.version(models.version_id) == resource.version


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no FIFOs")
def test_fifo_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(UsageError, match="not a regular file"):
        Store(str(path))


@pytest.mark.parametrize("path", ["", ".", os.devnull])
def test_directory_and_device_are_rejected(path: str) -> None:
    with pytest.raises(UsageError, match="not a regular file"):
        Store(path)
