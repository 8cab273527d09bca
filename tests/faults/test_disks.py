"""Disks that refuse, and trees that change between the plan and the writing."""

from __future__ import annotations

import errno
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from faults.children import Ended, command, run_in_child
from faults.projects import Project, make_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amplify_modelgen.records import Models, Target

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

GENERATE = command("generate", "--no-progress")
CHECK = command("check")
NOBODY = 65534


@pytest.fixture
def project(memory: Path) -> Project:
    """A project of two targets that were generated once, and whose schemas have changed since."""
    made = make_project(memory / "work")
    made.configure("blog", "shop")
    assert run(made, GENERATE).code == 1
    made.change("blog", "shop")
    return made


def run(project: Project, work: Callable[[], int]) -> Ended:
    return run_in_child(work, project.checkout.parent / "logs", project.root)


def check_refused(project: Project, work: Callable[[], int], *words: str, code: int = 3) -> None:
    """Check that a run fails, says why, and leaves every file as it was."""
    before = project.files()
    ended = run(project, work)
    assert ended.code == code, ended
    assert project.files() == before
    for word in words:
        assert word in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (project.checkout / ".git" / "amplify-modelgen" / "journal").exists()


def failing_calls(name: str, number: int, error: int, times: int = 1000) -> Callable[[], int]:
    """Return a run in which `times` calls of `os.<name>` fail, from the given one on (from 1)."""

    def work() -> int:
        call, module, made = getattr(os, name), os, [0]

        def failing(*arguments: Any, **named: Any) -> Any:
            made[0] += 1
            if number <= made[0] < number + times:
                raise OSError(error, os.strerror(error))
            return call(*arguments, **named)

        setattr(module, name, failing)
        return GENERATE()

    return work


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_full_disk_changes_no_file(project: Project, number: int) -> None:
    full = failing_calls("fsync", number, errno.ENOSPC)
    check_refused(project, full, "No space left on device")


def test_files_that_may_not_grow_are_a_full_disk(project: Project) -> None:
    def small() -> int:
        import resource  # which Windows, where this file is skipped, does not have
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        return GENERATE()

    check_refused(project, small, "File too large")


@pytest.mark.parametrize("error", [errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_rename_that_fails_changes_no_file(project: Project, number: int, error: int) -> None:
    failing = failing_calls("replace", number, error, times=1)
    check_refused(project, failing, os.strerror(error), "no file was changed")


@pytest.mark.parametrize("number", [2, 3])
def test_files_that_cannot_even_be_put_back_are_put_in_order_by_the_next_run(
    project: Project, number: int
) -> None:
    before = project.files()
    ended = run(project, failing_calls("replace", number, errno.EIO))
    assert ended.code == 3
    assert "not every other be put back: [Errno 5]" in ended.stderr
    assert "has been put in order" in run(project, CHECK).stderr
    assert project.files() == before
    assert run(project, GENERATE).code == 1


def as_nobody(work: Callable[[], int]) -> Callable[[], int]:
    def run_it() -> int:
        if os.geteuid() == 0:
            os.setresuid(NOBODY, NOBODY, NOBODY)
        return work()

    return run_it


def give_to_nobody(project: Project) -> None:
    if os.geteuid() == 0:
        # The way to the checkout, and all of it but what a test takes away again.
        project.checkout.parent.chmod(0o755)
        for path in (project.checkout, *project.checkout.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


@pytest.mark.parametrize("place", ["models/shop", "models/blog"])
def test_a_read_only_folder_fails_its_own_target_alone(project: Project, place: str) -> None:
    give_to_nobody(project)
    (project.root / place).chmod(0o555)
    before = project.files()
    ended = run(project, as_nobody(GENERATE))
    assert ended.code == 3
    assert "Permission denied" in ended.stdout
    after = project.files()
    assert {path for path in after if after[path] == before[path] and "models" in path} == {
        f"{place}/introspection.json"
    }
    assert run(project, as_nobody(CHECK)).code == 1


def test_a_read_only_checkout_is_an_error_with_a_message(project: Project) -> None:
    give_to_nobody(project)
    for path in (project.root / "models").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in (project.root, project.root / ".git", project.root / "models"):
        path.chmod(0o555)
    check_refused(project, as_nobody(GENERATE), "cannot be written")


def meanwhile(change: Callable[[], object]) -> Callable[[], int]:
    """Return a run in which `change` happens after the plan, before anything is written."""

    def work() -> int:
        from amplify_modelgen_plugins.local.backend import LocalBackend

        models, patched = LocalBackend.models, [False]
        backend: Any = LocalBackend

        def changing(self: LocalBackend, target: Target) -> Models:
            if not patched[0]:
                patched[0] = True
                change()
            return models(self, target)

        backend.models = changing
        return GENERATE()

    return work


def test_a_file_that_becomes_a_folder_fails_its_own_target_alone(project: Project) -> None:
    output = project.root / "models/shop/introspection.json"

    def change() -> None:
        output.unlink()
        output.mkdir()

    ended = run(project, meanwhile(change))
    assert ended.code == 2
    assert "models/shop/introspection.json is a folder" in ended.stdout
    assert output.is_dir()
    output.rmdir()
    assert run(project, GENERATE).code == 1
    assert run(project, CHECK).code == 0


@pytest.mark.parametrize("link", ["models/shop", "models/shop/introspection.json"])
def test_what_becomes_a_link_out_of_the_root_is_not_followed(project: Project, link: str) -> None:
    place, outside = project.root / link, project.checkout.parent / "outside"

    def change() -> None:
        place.rename(outside)
        place.symlink_to(outside)

    ended = run(project, meanwhile(change))
    assert ended.code == 2
    assert "is outside the root" in ended.stdout
    secret = outside if outside.is_file() else outside / "introspection.json"
    assert b"headline" not in secret.read_bytes()


def test_outputs_that_git_gives_other_line_ends_are_no_change(memory: Path) -> None:
    project = make_project(memory / "work", git=False)
    git = ["git", "-C", str(project.root), "-c", "core.autocrlf=true"]
    subprocess.run([*git, "init", "-q"], check=True)
    project.configure("blog", "shop")
    assert run(project, GENERATE).code == 1
    subprocess.run([*git, "add", "."], check=True, capture_output=True)
    subprocess.run([*git, "commit", "-qm", "models"], check=True)
    for path in ("models/blog/introspection.json", "amplify-modelgen.lock", "blog.graphql"):
        (project.root / path).unlink()
    subprocess.run([*git, "checkout", "-q", "."], check=True)
    assert b"\r\n" in (project.root / "models/blog/introspection.json").read_bytes()
    assert b"\r\n" in (project.root / "amplify-modelgen.lock").read_bytes()
    before = project.files()
    assert run(project, CHECK).code == 0
    assert run(project, command("generate", "--force", "--no-progress")).code == 0
    assert project.files() == before
