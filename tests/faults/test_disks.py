"""Disk errors, and files that change between comparing and writing."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from support.child_processes import Finished, command, run_in_child
from support.fault_projects import SCHEMA, Project, make_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

GENERATE = command("generate", "--no-progress")
CHECK = command("check")
UNPRIVILEGED = 65534


@pytest.fixture
def project(memory: Path) -> Project:
    """A project of two targets that are stale."""
    made = make_project(memory / "work")
    made.configure("blog", "shop")
    assert run(made, GENERATE).code == 1
    made.change("blog", "shop")
    return made


def run(project: Project, work: Callable[[], int]) -> Finished:
    return run_in_child(work, project.checkout.parent / "logs", project.root)


def check_refused(project: Project, work: Callable[[], int], *messages: str) -> None:
    """Check that a run fails with these messages and changes no file."""
    before = project.files()
    ended = run(project, work)
    assert ended.code == 3, ended
    assert project.files() == before
    for message in messages:
        assert message in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def failing_calls(name: str, number: int, error: int, times: int = 1000) -> Callable[[], int]:
    """Return a run in which `times` calls of `os.<name>` fail, from call `number` on."""

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


def with_full_disk(work: Callable[[], int]) -> Callable[[], int]:
    """Return `work` on a disk on which files can be created, but only half written."""

    def run_it() -> int:
        write, patched = os.write, os

        def half(descriptor: int, data: Any) -> int:
            if descriptor > 2:
                write(descriptor, bytes(data)[: len(data) // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(descriptor, data)

        setattr(patched, "write", half)  # noqa: B010 (in this child only)
        return work()

    return run_it


def test_a_full_disk_changes_no_file(project: Project) -> None:
    check_refused(project, with_full_disk(GENERATE), "no space left on device")


def test_a_limit_of_the_file_size_changes_no_file(project: Project) -> None:
    def small() -> int:
        import resource  # not on Windows, on which this file is skipped
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        return GENERATE()

    check_refused(project, small, "file too large")


@pytest.mark.parametrize("error", [errno.EACCES, errno.EROFS, errno.EIO])
def test_a_failed_rename_changes_no_file(project: Project, error: int) -> None:
    failing = failing_calls("replace", 1, error)
    check_refused(project, failing, os.strerror(error).lower(), "cannot write models/blog")


@pytest.mark.parametrize("number", [1, 2])
def test_a_failed_rename_fails_its_own_target_only(project: Project, number: int) -> None:
    before = project.files()
    ended = run(project, failing_calls("replace", number, errno.EIO, times=1))
    assert ended.code == 3
    changed = {path for path, content in project.files().items() if before[path] != content}
    failed, written = ("blog", "shop") if number == 1 else ("shop", "blog")
    assert changed == {f"models/{written}/introspection.json"}
    assert f"cannot write models/{failed}/introspection.json: input/output error" in ended.stdout
    assert run(project, GENERATE).code == 1
    assert run(project, CHECK).code == 0


def as_nobody(work: Callable[[], int]) -> Callable[[], int]:
    def run_it() -> int:
        if os.geteuid() == 0:
            os.setresuid(UNPRIVILEGED, UNPRIVILEGED, UNPRIVILEGED)
        return work()

    return run_it


def give_to_nobody(project: Project) -> None:
    if os.geteuid() == 0:
        # The directory above, and the checkout.
        project.checkout.parent.chmod(0o755)
        for path in (project.checkout, *project.checkout.rglob("*")):
            os.chown(path, UNPRIVILEGED, UNPRIVILEGED)


@pytest.mark.parametrize("place", ["models/shop", "models/blog"])
def test_a_read_only_directory_fails_its_own_target_only(project: Project, place: str) -> None:
    give_to_nobody(project)
    (project.root / place).chmod(0o555)
    before = project.files()
    ended = run(project, as_nobody(GENERATE))
    assert ended.code == 3
    assert "permission denied" in ended.stdout
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
    check_refused(project, as_nobody(GENERATE), "cannot write models/blog/introspection.json")


def with_change(change: Callable[[], object]) -> Callable[[], int]:
    """Return a run in which `change` is called after comparing and before the first write."""

    def work() -> int:
        from amplify_modelgen.pipeline import run

        write = run.write_target
        is_done: list[bool] = []
        pipeline: Any = run

        def changing(root: Path, evaluation: Any) -> Any:
            if not is_done:
                is_done.append(True)
                change()
            return write(root, evaluation)

        pipeline.write_target = changing
        return GENERATE()

    return work


def test_a_file_that_becomes_a_directory_fails_its_own_target_only(project: Project) -> None:
    output = project.root / "models/shop/introspection.json"

    def change() -> None:
        output.unlink()
        output.mkdir()

    ended = run(project, with_change(change))
    assert ended.code == 3
    assert "models/shop/introspection.json is not a regular file" in ended.stdout
    assert output.is_dir()
    output.rmdir()
    assert run(project, GENERATE).code == 1
    assert run(project, CHECK).code == 0


@pytest.mark.parametrize("link", ["models", "models/shop", "models/shop/introspection.json"])
def test_a_path_that_becomes_a_link_is_not_followed(project: Project, link: str) -> None:
    path, outside = project.root / link, project.checkout.parent / "outside"

    def change() -> None:
        path.rename(outside)
        path.symlink_to(outside)

    ended = run(project, with_change(change))
    assert ended.code == 3
    assert f"{link} is a symbolic link" in ended.stdout
    files = [outside] if outside.is_file() else [*outside.rglob("*.json")]
    assert files
    assert not [file for file in files if b"headline" in file.read_bytes()]


def test_outputs_with_other_line_endings_are_up_to_date(memory: Path) -> None:
    project = make_project(memory / "work", git=False)
    git = ["git", "-C", str(project.root), "-c", "core.autocrlf=true"]
    subprocess.run([*git, "init", "-q"], check=True)
    project.configure("blog", "shop")
    assert run(project, GENERATE).code == 1
    subprocess.run([*git, "add", "."], check=True, capture_output=True)
    subprocess.run([*git, "commit", "-qm", "models"], check=True)
    for path in ("models/blog/introspection.json", "blog.graphql"):
        (project.root / path).unlink()
    subprocess.run([*git, "checkout", "-q", "."], check=True)
    assert b"\r\n" in (project.root / "models/blog/introspection.json").read_bytes()
    before = project.files()
    assert run(project, CHECK).code == 0
    assert run(project, command("generate", "--force", "--no-progress")).code == 0
    assert project.files() == before


@pytest.fixture
def whole_seconds(tmp_path: Path) -> Iterator[Path]:
    """An ext2 file system with small inodes, whose times have no fractions of a second."""
    if os.geteuid() != 0 or not shutil.which("mkfs.ext2"):
        pytest.skip("only root can mount a file system, and mkfs.ext2 makes it")
    image, directory = tmp_path / "image", tmp_path / "mounted"
    directory.mkdir()
    image.touch()
    os.truncate(image, 20_000_000)
    subprocess.run(["mkfs.ext2", "-q", "-I", "128", image], check=True, capture_output=True)
    mount = ["mount", "-o", "loop", str(image), str(directory)]
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", directory], check=True)


@pytest.mark.parametrize("pause", [0, 0.9, 1.6, 2.3])
def test_a_change_within_the_same_second_is_noticed(whole_seconds: Path, pause: float) -> None:
    project = make_project(whole_seconds / "work")
    project.configure("blog")
    assert run(project, GENERATE).code == 1
    schema = project.root / "blog.graphql"
    time.sleep(1.05 - time.time() % 1)
    schema.write_text(SCHEMA)
    time.sleep(pause)
    assert run(project, CHECK).code == 0
    before = schema.stat()
    assert before.st_ctime_ns % 10**9 == 0
    schema.write_text(SCHEMA.replace("title", "titel"))
    os.utime(schema, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert schema.stat().st_size == before.st_size
    ended = run(project, CHECK)
    assert (ended.code, "blog@dev: stale" in ended.stdout) == (1, True)
