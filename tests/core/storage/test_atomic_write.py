from __future__ import annotations

import errno
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import amplify_modelgen
from amplify_modelgen.errors import WriteError
from amplify_modelgen.storage import atomic_write, directories
from amplify_modelgen.storage.atomic_write import remove_file, replace_file, write_report_file
from support.devices import make_device

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = str(Path(amplify_modelgen.__file__).parent.parent)
HOOK = "#!/bin/sh\nexit 0\n"


@pytest.fixture(params=["descriptors", "paths"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a root; the tests run with directory descriptors and as on Windows."""
    if request.param == "paths":
        monkeypatch.setattr(directories, "_HAS_DESCRIPTORS", False)
    path = tmp_path / "root"
    path.mkdir()
    return path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a real repository with an executable hook."""
    path = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", path], check=True)
    hook = path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK)
    hook.chmod(0o755)
    return path


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


class TestReplaceFile:
    def test_creates_file_and_directories(self, root: Path) -> None:
        replace_file(root, "a/b/c.js", b"one")
        replace_file(root, "a/b/d.js", b"")
        assert (root / "a/b/c.js").read_bytes() == b"one"
        assert names(root / "a/b") == ["c.js", "d.js"]

    def test_replaces_content(self, root: Path) -> None:
        (root / "a").write_bytes(b"old and longer")
        replace_file(root, "a", b"new")
        assert (root / "a").read_bytes() == b"new"
        assert names(root) == ["a"]

    def test_large_content_is_written_whole(self, root: Path) -> None:
        content = bytes(range(256)) * 40_000
        replace_file(root, "a", content)
        assert (root / "a").read_bytes() == content

    @pytest.mark.parametrize(
        ("before", "after"),
        [(0o644, 0o644), (0o600, 0o600), (0o755, 0o644), (0o777, 0o666), (0o4755, 0o644)],
    )
    def test_mode_is_kept_without_execute_bits(self, root: Path, before: int, after: int) -> None:
        (root / "a").touch()
        (root / "a").chmod(before)
        replace_file(root, "a", b"new")
        assert mode(root / "a") == after

    @pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
    def test_new_file_has_the_mode_of_the_user(self, root: Path, mask: int) -> None:
        before = os.umask(mask)
        try:
            replace_file(root, "d/a", b"new")
        finally:
            os.umask(before)
        assert mode(root / "d/a") == 0o666 & ~mask
        assert mode(root / "d") == 0o777 & ~mask

    def test_read_only_file_is_not_replaced(self, root: Path) -> None:
        (root / "a").write_bytes(b"old")
        (root / "a").chmod(0o444)
        with pytest.raises(WriteError, match="cannot write a: the file is read-only") as caught:
            replace_file(root, "a", b"new")
        assert caught.value.hint
        assert (root / "a").read_bytes() == b"old"
        assert names(root) == ["a"]

    @pytest.mark.parametrize(
        "path", ["/tmp/x", "../x", "a/../../x", "a/./b", "a//b", "", "a/", "a\0b", ".", ".."]
    )
    def test_path_outside_is_refused(self, root: Path, path: str) -> None:
        with pytest.raises(WriteError, match="is not a path below the root"):
            replace_file(root, path, b"new")
        with pytest.raises(WriteError, match="is not a path below the root"):
            remove_file(root, path)
        assert names(root) == []

    @pytest.mark.parametrize(
        "path", [".git/config", ".GIT/x", "a/.Git/x", ".git", "a/.gIt", "git~1/x", ".g\u200cit/x"]
    )
    def test_git_directory_is_refused(self, root: Path, path: str) -> None:
        with pytest.raises(WriteError, match="is inside a git directory"):
            replace_file(root, path, b"new")
        with pytest.raises(WriteError, match="is inside a git directory"):
            remove_file(root, path)
        assert not (root / path).exists()

    def test_link_is_refused(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "victim").write_text("precious")
        (root / "a").symlink_to(tmp_path / "victim")
        with pytest.raises(WriteError, match="cannot write a: a is a symbolic link"):
            replace_file(root, "a", b"new")
        with pytest.raises(WriteError, match="cannot write a: a is a symbolic link"):
            remove_file(root, "a")
        assert (tmp_path / "victim").read_text() == "precious"
        assert (root / "a").is_symlink()

    def test_dangling_link_is_refused(self, root: Path, tmp_path: Path) -> None:
        (root / "a").symlink_to(tmp_path / "nowhere")
        with pytest.raises(WriteError, match="a is a symbolic link"):
            replace_file(root, "a", b"new")
        assert not (tmp_path / "nowhere").exists()

    def test_link_on_the_way_is_refused(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (root / "src").mkdir()
        (root / "src" / "models").symlink_to(tmp_path / "outside")
        for path in ("src/models/a", "src/models/deep/er/a"):
            with pytest.raises(WriteError) as caught:
                replace_file(root, path, b"new")
            assert caught.value.message == (
                f"cannot write {path}: src/models is a symbolic link; links are not followed"
            )
        with pytest.raises(WriteError, match="src/models is a symbolic link"):
            remove_file(root, "src/models/a")
        assert names(tmp_path / "outside") == []

    def test_other_entries_are_refused(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (root / "directory").mkdir()
        os.mkfifo(root / "fifo")
        monkeypatch.chdir(root)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")
            for name in ("directory", "fifo", "socket"):
                with pytest.raises(WriteError, match=f"{name} is not a regular file"):
                    replace_file(root, name, b"x")
                with pytest.raises(WriteError, match=f"{name} is not a regular file"):
                    remove_file(root, name)
        assert names(root) == ["directory", "fifo", "socket"]

    def test_file_in_place_of_a_directory(self, root: Path) -> None:
        (root / "a").touch()
        with pytest.raises(WriteError, match="cannot write a/b/c: not a directory"):
            replace_file(root, "a/b/c", b"new")

    def test_missing_root(self, root: Path) -> None:
        with pytest.raises(WriteError, match="cannot write a: "):
            replace_file(root / "missing", "a", b"new")

    def test_long_name_leaves_room_for_the_temporary_file(self, root: Path) -> None:
        for name in ("a" * 255, "ä" * 127):
            replace_file(root, name, b"new")
            assert (root / name).read_bytes() == b"new"
        with pytest.raises(WriteError, match="file name too long"):
            replace_file(root, "a" * 256, b"new")

    def test_full_disk_leaves_no_temporary_file(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (root / "a").write_bytes(b"old")
        write = os.write
        calls: list[int] = []

        def fill(descriptor: int, content: bytes) -> int:
            calls.append(descriptor)
            if len(calls) > 1:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(descriptor, content[:1])

        monkeypatch.setattr(os, "write", fill)
        with pytest.raises(WriteError, match="cannot write a: no space left on device"):
            replace_file(root, "a", b"new")
        assert (root / "a").read_bytes() == b"old"
        assert names(root) == ["a"]

    def test_failed_rename_leaves_no_temporary_file(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "replace", refuse)
        with pytest.raises(WriteError, match="operation not permitted"):
            replace_file(root, "a", b"new")
        assert names(root) == []

    def test_temporary_file_of_a_killed_run(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "victim").write_text("precious")
        running = root / f".a.{os.getppid()}.amplify-modelgen.tmp"
        running.write_text("recent")
        for killed in (99_999_999, os.getpid(), 10**30):
            (root / f".a.{killed}.amplify-modelgen.tmp").write_text("incomplete")
        replace_file(root, "a", b"new")
        assert names(root) == [running.name, "a"]
        os.utime(running, (1, 1))
        replace_file(root, "a", b"newer")
        assert names(root) == ["a"]
        temporary = root / f".a.{os.getpid()}.amplify-modelgen.tmp"
        temporary.symlink_to(tmp_path / "victim")
        replace_file(root, "a", b"newest")
        assert (root / "a").read_bytes() == b"newest"
        assert (tmp_path / "victim").read_text() == "precious"

    def test_descriptors_are_closed(self, root: Path) -> None:
        before = len(list(Path("/proc/self/fd").iterdir()))
        replace_file(root, "a/b", b"new")
        with pytest.raises(WriteError):
            replace_file(root, "a", b"new")
        remove_file(root, "a/b")
        assert len(list(Path("/proc/self/fd").iterdir())) == before

    def test_writes_from_a_thread(self, root: Path) -> None:
        thread = threading.Thread(target=replace_file, args=(root, "a", b"new"))
        thread.start()
        thread.join()
        assert (root / "a").read_bytes() == b"new"


class TestRemoveFile:
    def test_removes_a_file(self, root: Path) -> None:
        (root / "a").mkdir()
        (root / "a" / "b").touch()
        remove_file(root, "a/b")
        assert names(root / "a") == []

    @pytest.mark.parametrize("path", ["a", "a/b", "file/b"])
    def test_missing_file_is_no_error(self, root: Path, path: str) -> None:
        (root / "file").touch()
        remove_file(root, path)
        assert names(root) == ["file"]

    def test_refusal_of_the_system(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        (root / "a").touch()
        monkeypatch.setattr(os, "unlink", refuse)
        with pytest.raises(WriteError, match="cannot write a: permission denied"):
            remove_file(root, "a")


class TestHostileRepository:
    """A cloned repository is hostile: its committed links lead into `.git`."""

    def hook(self, repository: Path) -> tuple[str, int]:
        path = repository / ".git" / "hooks" / "pre-commit"
        return path.read_text(), mode(path)

    def commit_and_clone(self, repository: Path) -> Path:
        subprocess.run(["git", "-C", repository, "add", "-A"], check=True)
        subprocess.run(["git", "-C", repository, "commit", "-qnm", "x"], check=True)
        clone = repository.with_name("clone")
        subprocess.run(["git", "clone", "-q", repository, clone], check=True)
        hook = clone / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK)
        hook.chmod(0o755)
        return clone

    def test_directory_link_into_hooks(self, repository: Path) -> None:
        (repository / "src").mkdir()
        (repository / "src" / "models").symlink_to("../.git/hooks")
        clone = self.commit_and_clone(repository)
        before = names(clone / ".git" / "hooks")
        for path in ("src/models/pre-commit", "src/models/schema.js"):
            with pytest.raises(WriteError, match="src/models is a symbolic link"):
                replace_file(clone, path, b"touch /tmp/owned")
            with pytest.raises(WriteError, match="src/models is a symbolic link"):
                write_report_file(clone / path, b"touch /tmp/owned")
        assert self.hook(clone) == (HOOK, 0o755)
        assert names(clone / ".git" / "hooks") == before

    def test_file_link_to_an_executable_hook(self, repository: Path) -> None:
        path = "src/models/model-introspection.json"
        (repository / path).parent.mkdir(parents=True)
        (repository / path).symlink_to("../../.git/hooks/pre-commit")
        clone = self.commit_and_clone(repository)
        with pytest.raises(WriteError, match=f"{path} is a symbolic link"):
            replace_file(clone, path, b"touch /tmp/owned")
        assert self.hook(clone) == (HOOK, 0o755)

    def test_link_to_the_git_directory(self, repository: Path) -> None:
        (repository / "models").symlink_to(".git")
        clone = self.commit_and_clone(repository)
        for path in ("models/HEAD", "models/config"):
            with pytest.raises(WriteError, match="models is a symbolic link"):
                remove_file(clone, path)
        assert (clone / ".git" / "HEAD").exists()

    def test_nested_repository(self, repository: Path) -> None:
        nested = repository / "vendor"
        subprocess.run(["git", "init", "-q", nested], check=True)
        with pytest.raises(WriteError, match="is inside a git directory"):
            replace_file(repository, "vendor/.git/hooks/post-checkout", b"x")
        replace_file(repository, "vendor/a.js", b"x")

    @pytest.mark.parametrize("swapped", ["directory", "file"])
    def test_link_swapped_in_between_check_and_write(
        self, repository: Path, swapped: str, tmp_path: Path
    ) -> None:
        """Write 4,000 times while another process swaps a directory or file for a link."""
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "a.js").write_text("precious")
        (outside / "a.js").chmod(0o755)
        with racing(repository, swapped, outside):
            written = refused = 0
            while written + refused < 4_000:
                try:
                    replace_file(repository, "src/models/a.js", b"ours")
                    written += 1
                except WriteError:
                    refused += 1
        assert written
        assert refused
        assert names(outside) == ["a.js"]
        assert (outside / "a.js").read_text() == "precious"
        assert mode(outside / "a.js") == 0o755


SWAP = """
import os, sys
root, swapped, outside = sys.argv[1:]
os.chdir(root)
place = "src/models" if swapped == "directory" else "src/models/a.js"
target = outside if swapped == "directory" else outside + "/a.js"
count = 0
print("ready", flush=True)
while True:
    count += 1
    for step in (
        lambda: os.rename(place, f"real{count}"),
        lambda: os.symlink(target, place),
        lambda: os.unlink(place),
        lambda: os.rename(f"real{count}", place),
    ):
        try:
            step()
        except OSError:
            pass
"""


class racing:  # noqa: N801 (a context manager)
    """Run a process that swaps a path for a link and back."""

    def __init__(self, root: Path, swapped: str, outside: Path) -> None:
        (root / "src" / "models").mkdir(parents=True)
        (root / "src" / "models" / "a.js").write_text("old")
        arguments = [sys.executable, "-c", SWAP, str(root), swapped, str(outside)]
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE)

    def __enter__(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


WRITER = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from amplify_modelgen.storage.atomic_write import replace_file
root = Path({root!r})
print("ready", flush=True)
for turn in range(10_000):
    for number in range(50):
        replace_file(root, f"models/{{number}}.js", b"%d" % turn * 2000)
"""


class TestInterrupts:
    @pytest.fixture
    def writer(self, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
        program = WRITER.format(path=[PACKAGES], root=str(tmp_path))
        with subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield process
            process.kill()

    @pytest.mark.parametrize("seed", range(20))
    def test_signals_leave_whole_files_only(
        self, writer: subprocess.Popen[bytes], tmp_path: Path, seed: int
    ) -> None:
        chance = random.Random(seed)
        signals = [signal.SIGINT, signal.SIGINT] if seed % 2 else [signal.SIGINT, signal.SIGTERM]
        time.sleep(chance.uniform(0, 0.1))
        for number in signals:
            writer.send_signal(number)
            time.sleep(chance.choice([0, 0.0001, 0.001]))
        writer.communicate(timeout=10)
        assert writer.returncode in (-signal.SIGINT, -signal.SIGTERM, 1)
        for path in (tmp_path / "models").iterdir():
            content = path.read_bytes()
            assert path.name.endswith(".js"), path
            assert not path.name.startswith("."), path
            assert content == content[: len(content) // 2000] * 2000

    def test_signal_is_delivered_after_the_file_is_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = os.write

        def interrupt(descriptor: int, content: bytes) -> int:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            return write(descriptor, content)

        monkeypatch.setattr(os, "write", interrupt)
        with pytest.raises(KeyboardInterrupt):
            replace_file(tmp_path, "a", b"new")
        assert names(tmp_path) == ["a"]
        assert (tmp_path / "a").read_bytes() == b"new"
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    def test_ignored_signals_stay_ignored(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            write = os.write

            def hang_up(descriptor: int, content: bytes) -> int:
                signal.raise_signal(signal.SIGHUP)
                return write(descriptor, content)

            monkeypatch.setattr(os, "write", hang_up)
            replace_file(tmp_path, "a", b"new")
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        finally:
            signal.signal(signal.SIGHUP, before)


class TestReportFile:
    @pytest.fixture(autouse=True)
    def working_directory(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (repository / "sub").mkdir()
        monkeypatch.chdir(repository / "sub")

    @pytest.mark.parametrize("path", ["report.xml", "out/deep/report.xml", "../report.xml", "./a"])
    def test_writes_a_relative_path(self, path: str) -> None:
        write_report_file(Path(path), b"new")
        assert Path(path).read_bytes() == b"new"

    def test_writes_outside_the_repository(self, tmp_path: Path) -> None:
        write_report_file(tmp_path / "new" / "report.xml", b"new")
        write_report_file(Path("../../other.xml"), b"other")
        assert (tmp_path / "new" / "report.xml").read_bytes() == b"new"
        assert (tmp_path / "other.xml").read_bytes() == b"other"

    def test_links_outside_the_repository_are_followed(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "alias").symlink_to("real")
        write_report_file(tmp_path / "alias" / "report.xml", b"new")
        assert (tmp_path / "real" / "report.xml").read_bytes() == b"new"

    def test_replaces_and_drops_execute_bits(self) -> None:
        Path("report").touch(mode=0o755)
        write_report_file(Path("report"), b"new")
        assert Path("report").read_bytes() == b"new"
        assert mode(Path("report")) & 0o111 == 0

    @pytest.mark.parametrize(
        "path",
        [
            ".git/x",
            "../.git/hooks/pre-commit",
            "../.GIT/hooks/x",
            "new/.git/x",
            "../.git/../.git/x",
        ],
    )
    def test_git_directory_is_refused(self, path: str, repository: Path) -> None:
        before = names(repository / ".git" / "hooks")
        with pytest.raises(WriteError, match="is inside a git directory"):
            write_report_file(Path(path), b"new")
        assert names(repository / ".git" / "hooks") == before

    def test_link_in_another_repository_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "other" / ".git").mkdir(parents=True)
        (tmp_path / "outside").mkdir()
        (tmp_path / "other" / "out").symlink_to("../outside")
        with pytest.raises(WriteError, match="out is a symbolic link"):
            write_report_file(tmp_path / "other" / "out" / "x", b"new")
        assert names(tmp_path / "outside") == []

    def test_git_directory_of_another_repository_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "other" / ".git" / "hooks").mkdir(parents=True)
        (tmp_path / "alias").symlink_to("other/.git")
        (tmp_path / "hooks").symlink_to("other/.git/hooks")
        for path in ("other/.git/hooks/x", "other/.git/x", "alias/x", "alias/hooks/x", "hooks/x"):
            with pytest.raises(WriteError, match="is inside a git directory"):
                write_report_file(tmp_path / path, b"new")
        assert names(tmp_path / "other" / ".git" / "hooks") == []

    @pytest.mark.parametrize("spelling", ["relative", "absolute", "alias"])
    def test_link_in_the_repository_is_not_followed(
        self, repository: Path, tmp_path: Path, spelling: str
    ) -> None:
        (tmp_path / "outside").mkdir()
        (tmp_path / "alias").symlink_to("repository")
        (repository / "out").symlink_to(tmp_path / "outside")
        start = {"relative": Path("..")}.get(spelling, tmp_path / spelling)
        start = repository if spelling == "absolute" else start
        with pytest.raises(WriteError, match="out is a symbolic link"):
            write_report_file(start / "out" / "report.xml", b"new")
        assert names(tmp_path / "outside") == []

    def test_link_back_into_the_repository(self, repository: Path, tmp_path: Path) -> None:
        (repository / "sub" / "models").symlink_to("../.git/hooks")
        (tmp_path / "alias").symlink_to("repository/sub")
        write_report_file(tmp_path / "alias" / "report.xml", b"new")
        assert (repository / "sub" / "report.xml").read_bytes() == b"new"
        with pytest.raises(WriteError, match="models is a symbolic link"):
            write_report_file(tmp_path / "alias" / "models" / "report.xml", b"new")

    @pytest.mark.parametrize("path", ["/dev/stdout", "device", "fifo", "link", ".", "/"])
    def test_what_is_not_a_file_is_refused(self, path: str, tmp_path: Path) -> None:
        if path == "device":
            make_device(Path("device"))
        os.mkfifo("fifo")
        Path("link").symlink_to(tmp_path / "victim")
        with pytest.raises(WriteError) as caught:
            write_report_file(Path(path), b"new")
        assert caught.value.message.startswith(f"cannot write {path}: ")
        assert "redirects the standard output" in (caught.value.hint or "")
        assert not (tmp_path / "victim").exists()

    def test_directory_that_is_a_file(self) -> None:
        Path("file").touch()
        with pytest.raises(WriteError, match="cannot write file/report: not a directory"):
            write_report_file(Path("file/report"), b"new")

    def test_without_git_the_working_directory_counts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plain = tmp_path / "plain"
        plain.mkdir()
        (plain / "out").symlink_to(tmp_path)
        monkeypatch.chdir(plain)
        write_report_file(Path("report"), b"new")
        assert (plain / "report").read_bytes() == b"new"
        with pytest.raises(WriteError, match="out is a symbolic link"):
            write_report_file(Path("out/report"), b"new")


def test_signals_are_known() -> None:
    assert atomic_write._SIGNALS[-1] == signal.SIGINT
