from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import UsageError
from amplify_modelgen.modelgen.flags import FeatureFlags
from amplify_modelgen_plugins.local.records import Environment, Place, StoredModels
from amplify_modelgen_plugins.local.seed import deploy
from amplify_modelgen_plugins.local.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SDL = "type Post @model { id: ID! }"
BLOG = Place(app_id="d2abc", environment="dev", resource="blog")
OLD = FeatureFlags(add_timestamp_fields=False)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


def test_an_app_that_nobody_made_is_none(store: Store) -> None:
    assert store.app("d2abc") is None


def test_an_app_lists_its_environments_in_order(store: Store) -> None:
    store.put_app("d2abc", "Blog")
    for name in ("prod", "dev"):
        store.put_environment(Environment(app_id="d2abc", name=name))
    app = store.app("d2abc")
    assert app is not None
    assert (app.name, app.environments) == ("Blog", ("dev", "prod"))


def test_an_environment_keeps_its_flags(store: Store) -> None:
    store.put_app("d2abc", "Blog")
    store.put_environment(Environment(app_id="d2abc", name="dev", flags=OLD))
    assert store.environment("d2abc", "dev") == Environment(app_id="d2abc", name="dev", flags=OLD)


def test_a_resource_comes_back_with_its_schema(store: Store) -> None:
    deploy(store, BLOG, SDL, OLD)
    resource = store.resource(BLOG)
    assert resource is not None
    assert resource.definition is not None
    assert (resource.definition.sdl, resource.definition.flags) == (SDL, OLD)


def test_equal_schemas_have_one_definition(store: Store) -> None:
    assert store.define(SDL, OLD) == store.define(SDL, OLD)


def test_other_flags_make_another_definition(store: Store) -> None:
    assert store.define(SDL, OLD) != store.define(SDL, FeatureFlags())


def test_a_definition_that_nothing_needs_is_dropped(store: Store) -> None:
    number = store.define(SDL, OLD)
    store.drop_unused_definitions()
    assert store.definition(number) is None


def test_a_definition_that_a_resource_needs_stays(store: Store) -> None:
    deploy(store, BLOG, SDL, OLD)
    store.drop_unused_definitions()
    resource = store.resource(BLOG)
    assert resource is not None
    assert resource.definition is not None


def test_removing_an_app_removes_all_that_is_in_it(store: Store) -> None:
    deploy(store, BLOG, SDL)
    store.put_models(
        BLOG,
        StoredModels(
            definition_id=store.define(SDL, FeatureFlags()), datastore="", introspection=""
        ),
    )
    store.remove_app("d2abc")
    assert (store.resource(BLOG), store.models(BLOG)) == (None, None)


def test_a_failed_transaction_changes_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.put_app("d2abc", "Blog")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert store.app("d2abc") is None


def test_a_savepoint_undoes_only_what_is_inside(store: Store) -> None:
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


def test_a_file_survives_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "backend.sqlite")
    first = Store(path)
    deploy(first, BLOG, SDL)
    first.close()
    second = Store(path)
    try:
        assert second.resources("d2abc", "dev") == ("blog",)
    finally:
        second.close()


def test_a_store_that_is_let_go_of_is_closed() -> None:
    connection = Store()._database._connection
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database at all, but long enough to be mistaken for one. " * 50)
    with pytest.raises(UsageError, match="not a database"):
        Store(str(path))


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "other.sqlite")
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE visits (url TEXT)")
    other.close()
    with pytest.raises(UsageError, match="another program"):
        Store(path)


def test_a_layout_of_another_version_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "backend.sqlite")
    Store(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(UsageError, match="its layout is 99"):
        Store(path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unable to open"):
        Store(str(tmp_path / "missing" / "backend.sqlite"))
