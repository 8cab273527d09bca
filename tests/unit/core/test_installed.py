from __future__ import annotations

import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from amplify_modelgen.installed import Distribution, Entry, installed_plugins


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of `sys.path`."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


def install(folder: Path, info: str, listing: str, metadata: str = "METADATA") -> None:
    (folder / info).mkdir(parents=True)
    (folder / info / "entry_points.txt").write_text(listing)
    said = "Metadata-Version: 2.1\nName: Some.Thing\nVersion: 1.2\n\nName: not this\n"
    (folder / info / metadata).write_text(said)


def test_it_finds_what_importlib_finds() -> None:
    found = {(each.name, each.value, each.distribution) for each in installed_plugins()}
    known = entry_points(group="amplify_modelgen")
    assert found == {
        (each.name, each.value, Distribution(each.dist.name, each.dist.version))
        for each in known
        if each.dist is not None
    }
    assert len(found) == len(known) > 10


@pytest.mark.parametrize("info", ["some_thing-1.2.dist-info", "Some.Thing.egg-info"])
def test_the_lines_of_our_group_are_read(path: Path, info: str) -> None:
    install(
        path,
        info,
        "[console_scripts]\nx = a:b\n\n"
        "[amplify_modelgen]\n# a comment\n; another\none=pkg.one\n"
        "two = pkg.two : attribute.of [extra]\n\n[other]\nthree = no\n",
        "METADATA" if info.endswith(".dist-info") else "PKG-INFO",
    )
    distribution = Distribution("Some.Thing", "1.2")
    assert installed_plugins() == [
        Entry(name="one", value="pkg.one", distribution=distribution),
        Entry(name="two", value="pkg.two : attribute.of", distribution=distribution),
    ]


def test_the_first_distribution_of_a_name_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "first", tmp_path / "gone", tmp_path / "second"]
    monkeypatch.setattr(sys, "path", [*map(str, folders)])
    install(folders[0], "Some.Thing-2.dist-info", "[amplify_modelgen]\nnew = a\n")
    install(folders[2], "some_thing-1.dist-info", "[amplify_modelgen]\nold = a\n")
    install(folders[2], "other-1.dist-info", "[amplify_modelgen]\nother = a\n")
    assert [each.name for each in installed_plugins()] == ["new", "other"]


def test_the_working_directory_is_looked_into(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(path, "it.egg-info", "[amplify_modelgen]\nit = a\n")
    monkeypatch.chdir(path)
    monkeypatch.setattr(sys, "path", [""])
    (entry,) = installed_plugins()
    assert entry.name == "it"


def test_a_distribution_that_says_nothing_of_itself_has_no_name(path: Path) -> None:
    install(path, "it-1.dist-info", "[amplify_modelgen]\nit = a\n", "RECORD")
    (path / "mute-1.dist-info").mkdir()
    (entry,) = installed_plugins()
    assert entry.distribution == Distribution()


def test_a_module_or_an_object_in_it_is_loaded() -> None:
    assert Entry(name="a", value="pathlib").load() is sys.modules["pathlib"]
    assert Entry(name="a", value="pathlib : Path.home").load() == Path.home
