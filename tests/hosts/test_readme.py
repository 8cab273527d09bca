"""What the README and the changelog promise to a new user."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from hosts.manifest import hooks
from hosts.markdown import blocks
from hosts.running import SOURCE, run, tool
from support.release import documented_revision

if TYPE_CHECKING:
    from collections.abc import Mapping

README = SOURCE / "README.md"


def test_the_block_to_copy_is_a_configuration(tmp_path: Path) -> None:
    [block] = blocks(README, "yaml")
    (tmp_path / "config.yaml").write_text(block)
    run(tool("pre-commit"), "validate-config", "config.yaml", cwd=tmp_path)
    [repository] = import_module("yaml").safe_load(block)["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= set(hooks())
    assert repository["rev"] == documented_revision()


def test_the_changelog_begins_with_the_newest_release_or_what_is_not_released() -> None:
    text = (SOURCE / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)(.*)", text, re.MULTILINE)
    assert newest
    assert f"v{newest[1]}" == documented_revision() or newest[2] == " (unreleased)"


def test_every_page_that_is_linked_exists() -> None:
    for page in (README, SOURCE / "CONTRIBUTING.md", *(SOURCE / "docs").glob("*.md")):
        for link in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


@pytest.fixture(scope="module")
def clone(
    network: None,
    snapshot: Path,
    host_env: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A fresh clone, as the README's first command finds it."""
    del network
    directory = tmp_path_factory.mktemp("clone")
    run("git", "clone", "--quiet", snapshot, "here", cwd=directory, env=host_env)
    return directory / "here"


@pytest.mark.skipif(os.name == "nt", reason="the README's commands are for a POSIX shell")
@pytest.mark.long
def test_the_first_command_shows_an_edit_and_what_follows(
    clone: Path, host_env: Mapping[str, str]
) -> None:
    first, _ = blocks(README, "sh")
    base = Path(sys.base_prefix) / "bin"
    more = {"PATH": os.pathsep.join((str(base), host_env["PATH"]))}
    output = run("sh", "-c", first, cwd=clone, env=host_env, more=more)
    assert "breaking   Comment.stars  required field of type Int! added" in output
    assert output.rstrip().endswith("amplify-modelgen: 1 target up to date")
    assert not run("git", "status", "--short", cwd=clone, env=host_env)
    assert "No broken" in run(clone / ".venv/bin/pip", "check", cwd=clone, env=host_env)


def test_the_second_command_starts_tests() -> None:
    _, second = blocks(README, "sh")
    assert second.split(" && ")[-1].startswith(".venv/bin/pytest ")
    assert "'.[test]'" in second


def test_the_block_of_exit_codes_is_that_of_the_help(tmp_path: Path) -> None:
    said = run(tool("amplify-modelgen"), "--help", cwd=tmp_path)
    rows = re.findall(r"^\| (\d+) \| ", README.read_text(encoding="utf-8"), re.MULTILINE)
    listed = re.findall(r"^ +(\d+) ", said.partition("exit codes:")[2], re.MULTILINE)
    assert set(listed) <= set(rows)


def test_the_picture_shows_what_the_demonstration_prints(tmp_path: Path) -> None:
    output = run(sys.executable, SOURCE / "examples" / "demo.py", cwd=tmp_path)
    picture = ET.parse(SOURCE / "docs" / "terminal.svg")
    words = "".join(
        f" {text.text}" for text in picture.iter("{http://www.w3.org/2000/svg}text")
    ).split()
    # Words are cut where the picture's text has another style, and the title comes first.
    shown = "".join(words).removeprefix("amplify-modelgen")
    assert shown == "".join(output.split()), "run tools/terminal_picture.py"
