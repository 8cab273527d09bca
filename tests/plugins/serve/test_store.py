from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from amplify_modelgen.modelgen import FeatureFlags
from amplify_modelgen.plugin import BackendError, UsageError
from amplify_modelgen_plugins.serve.store import (
    Resource,
    ResourceId,
    SchemaVersion,
    Store,
    StoredModels,
    open_store,
)

if TYPE_CHECKING:
    from pathlib import Path

SDL = "type Post @model { id: ID! }"
BLOG = ResourceId(app_id="d2abc", environment="dev", resource="blog")
OLD = FeatureFlags(add_timestamp_fields=False)


@pytest.fixture
def store() -> Store:
    return Store()


def test_environment_has_its_flags(store: Store) -> None:
    store.deploy(BLOG, SDL, OLD)
    assert store.environments == {("d2abc", "dev"): OLD}


def test_resource_has_its_schema(store: Store) -> None:
    store.deploy(BLOG, SDL, OLD)
    assert store.require_resource(BLOG).version == SchemaVersion(sdl=SDL, flags=OLD)


def test_deployment_keeps_the_models(store: Store) -> None:
    version = SchemaVersion(sdl=SDL, flags=OLD)
    models = StoredModels(version=version, datastore="{}", introspection="[]")
    store.deploy(BLOG, SDL, OLD)
    store.resources[BLOG] = Resource(version=version, models=models)
    store.deploy(BLOG, None)
    assert store.resources == {BLOG: Resource(models=models)}


def test_removing_an_environment_removes_its_contents(store: Store) -> None:
    other = replace(BLOG, environment="prod")
    store.deploy(BLOG, SDL)
    store.deploy(other, SDL)
    store.remove_environment("d2abc", "dev")
    assert list(store.resources) == [other]
    assert store.environments_of("d2abc") == ["prod"]


def test_failed_transaction_changes_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.apps["d2abc"] = "Blog"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert store.apps == {}


def test_savepoint_undoes_only_its_block(store: Store) -> None:
    def fail() -> None:
        with store.savepoint():
            store.apps["other"] = "Other"
            raise KeyError

    with store.transaction():
        store.apps["d2abc"] = "Blog"
        with pytest.raises(KeyError):
            fail()
    assert store.apps == {"d2abc": "Blog"}


def test_file_survives_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "backend.json")
    first = Store(path)
    first.deploy(BLOG, SDL)
    assert Store(path).resources == first.resources


def test_failed_transaction_is_not_saved(tmp_path: Path) -> None:
    path = str(tmp_path / "backend.json")

    def fail(store: Store) -> None:
        with store.transaction():
            store.apps["d2abc"] = "Blog"
            raise KeyError

    with pytest.raises(KeyError):
        fail(Store(path))
    assert Store(path).apps == {}


def test_change_that_cannot_be_saved_is_undone(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    store = Store(str(tmp_path / "state" / "backend.json"))
    shutil.rmtree(tmp_path / "state")
    with pytest.raises(BackendError, match="the database of serve failed"):
        store.deploy(BLOG, SDL)
    assert store.apps == {}


@pytest.mark.parametrize(
    "content",
    [
        b"notes",
        b"{}",
        b'{"format": "amplify-modelgen serve 99"}',
        b'{"format": "amplify-modelgen serve 4", "apps": {"a": "\xff"}}',
        b'{"a": ' + b"[" * 100_000,
    ],
    ids=["text", "object", "newer", "not UTF-8", "deep"],
)
def test_file_of_another_program_or_format_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="another program or version wrote it"):
        Store(str(path))
    assert path.read_bytes() == content


def test_missing_directory_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        Store(str(tmp_path / "missing" / "backend.json"))


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


def test_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    path, link = tmp_path / "backend.json", tmp_path / "link.json"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no symbolic links")
    Store(str(link)).deploy(BLOG, SDL)
    assert link.is_symlink()
    assert BLOG in Store(str(path)).resources


def test_only_the_file_is_written_and_keeps_its_mode(tmp_path: Path) -> None:
    path, other = tmp_path / "backend.json", tmp_path / "backend.json.tmp"
    other.write_text("notes")
    path.touch(mode=0o600)  # As `mktemp` does.
    mode = path.stat().st_mode
    Store(str(path)).deploy(BLOG, SDL)
    assert other.read_text() == "notes"
    assert set(tmp_path.iterdir()) == {path, other}
    assert path.stat().st_mode == mode


def test_second_server_is_rejected(tmp_path: Path) -> None:
    path = str(tmp_path / "backend.json")
    with open_store(path) as store:
        with pytest.raises(UsageError, match="another server uses it"), open_store(path):
            pass
        store.deploy(BLOG, SDL)
    with open_store(path) as store:
        assert BLOG in store.resources


def test_file_in_the_place_of_the_lock_is_kept(tmp_path: Path) -> None:
    other = tmp_path / "backend.lock"
    other.write_text("notes")
    with (
        pytest.raises(UsageError, match=r"backend\.lock is not"),
        open_store(str(tmp_path / "backend")),
    ):
        pass
    assert other.read_text() == "notes"


@pytest.mark.skipif(os.name == "nt", reason="Windows may not allow symbolic links")
def test_file_that_cannot_be_locked_is_rejected(tmp_path: Path) -> None:
    path, lock = tmp_path / "backend", tmp_path / "backend.lock"
    lock.symlink_to(lock)
    with pytest.raises(UsageError, match=r"cannot lock backend\.lock"), open_store(str(path)):
        pass


def test_file_with_an_impossible_name_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot use the database .*: .*too long"):
        Store(str(tmp_path / ("x" * 300)))


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a file system of Linux")
def test_file_that_cannot_be_read_is_rejected() -> None:
    # Unlike permissions, this stops root, too: the first page of a process is not mapped.
    with pytest.raises(UsageError, match="Input/output error"):
        Store("/proc/self/mem")
