from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_modelgen import fast_path
from amplify_modelgen.fast_path import find_state_directory, load_cached_message
from amplify_modelgen.storage import checkout_state, directories
from amplify_modelgen.storage.checkout_state import save_result
from amplify_modelgen.storage.project_files import ProjectFiles
from support.fast_path_state import MESSAGE, as_if_later, read_project, save

if TYPE_CHECKING:
    from collections.abc import Callable

STATE = Path(".git/amplify-modelgen/last-check")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout, which is the working directory."""
    path = tmp_path / "root"
    for directory in (".git", "directory", "deep/er", "models"):
        (path / directory).mkdir(parents=True)
    (path / "file").write_text("one\n")
    (path / "directory" / "schema.graphql").write_text("type A {\n  a: Int\n}\n")
    (path / "deep" / "er" / "schema.graphql").write_text("type A {\n  a: Int\n}\n")
    (path / "models" / "Post.dart").write_text("")
    monkeypatch.chdir(path)
    return path


def rename_and_link(path: str) -> None:
    Path(path).rename("moved")
    Path(path).symlink_to("moved")


def rewrite_in_place(path: str) -> None:
    """Write other content of the same length and put the modification time back."""
    status = Path(path).stat()
    content = Path(path).read_bytes()
    with Path(path).open("r+b") as file:
        file.write(content[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert Path(path).stat().st_mtime_ns == status.st_mtime_ns
    assert Path(path).stat().st_size == status.st_size


# Each replaces `file` by `other/file`, which differs in its content only: not in size and time.
COPIES = {
    "rsync -t": ["rsync -t --ignore-times other/file file"],
    "rsync -t --inplace": ["rsync -t --inplace --ignore-times other/file file"],
    "rsync -t --checksum": ["rsync -rt --checksum other/ ."],
    "tar x": ["tar cf copy.tar --format=pax -C other file", "tar xf copy.tar"],
    "tar x --overwrite": [
        "tar cf copy.tar --format=pax -C other file",
        "tar xf copy.tar --overwrite",
    ],
    "cp -p": ["cp -p other/file file"],
    "cp -p --remove-destination": ["cp -p --remove-destination other/file file"],
    "install -p": ["install -p -m 644 other/file file"],
    "mv": ["mv other/file file"],
}


@pytest.mark.usefixtures("root")
class TestLoad:
    def test_same_command_has_the_same_message(self) -> None:
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        assert load_cached_message(["check"]) == MESSAGE

    def test_message_may_be_empty_or_have_several_lines(self) -> None:
        save("check", message="")
        save("generate", message="one\ntwo ä\n")
        assert load_cached_message(["check"]) == ""
        assert load_cached_message(["generate"]) == "one\ntwo ä\n"

    def test_nothing_is_loaded_before_the_first_run(self) -> None:
        assert load_cached_message(["check"]) is None
        assert load_cached_message([]) is None

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda: Path("file").write_text("two\n"), id="file changed"),
            pytest.param(lambda: Path("file").unlink(), id="file removed"),
            pytest.param(lambda: rewrite_in_place("file"), id="times put back"),
            pytest.param(lambda: os.utime("file", (0, 0)), id="time changed"),
            pytest.param(lambda: Path("file").chmod(0o755), id="mode changed"),
            pytest.param(lambda: rename_and_link("file"), id="file replaced by a link to it"),
            pytest.param(lambda: rename_and_link("deep"), id="parent replaced by a link to it"),
            pytest.param(lambda: rename_and_link("deep/er"), id="inner parent replaced by a link"),
            pytest.param(lambda: rename_and_link("directory"), id="directory replaced by a link"),
            pytest.param(lambda: Path("absent").touch(), id="file created"),
            pytest.param(lambda: Path("absent").mkdir(), id="directory created for an absent file"),
            pytest.param(lambda: Path("absent").symlink_to("x"), id="dangling link created"),
            pytest.param(lambda: Path("no-directory").mkdir(), id="absent directory created"),
            pytest.param(
                lambda: Path("no-directory").symlink_to("."), id="absent directory linked"
            ),
            pytest.param(lambda: Path("directory/amplify").mkdir(), id="subdirectory created"),
            pytest.param(lambda: Path("directory/a.graphql").touch(), id="schema created"),
            pytest.param(lambda: Path("directory/cli.json").touch(), id="project file created"),
            pytest.param(lambda: Path("directory/schema.js").touch(), id="models created"),
            pytest.param(lambda: Path(".gitignore").touch(), id="ignore file created"),
            pytest.param(lambda: Path("directory/link").symlink_to("x"), id="link created"),
            pytest.param(lambda: os.mkfifo("directory/fifo"), id="FIFO created"),
            pytest.param(lambda: Path("models/Old.dart").touch(), id="file created, all names"),
            pytest.param(lambda: shutil.rmtree("directory"), id="directory removed"),
            pytest.param(lambda: shutil.rmtree("deep"), id="parent removed"),
        ],
    )
    def test_every_change_is_noticed(self, change: Callable[[], object]) -> None:
        save("check")
        change()
        assert load_cached_message(["check"]) is None

    @pytest.mark.parametrize("seconds", [1.25, 2.0], ids=["fractions", "whole seconds"])
    @pytest.mark.parametrize("copy", COPIES)
    def test_a_copy_with_the_old_time_is_noticed(self, copy: str, seconds: float) -> None:
        Path("file").chmod(0o644)
        os.utime("file", (seconds, seconds))
        Path("other").mkdir()
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        before = Path("file").stat()
        Path("other/file").write_bytes(Path("file").read_bytes()[::-1])
        shutil.copystat("file", "other/file")
        for line in COPIES[copy]:
            program, *arguments = line.split()
            if shutil.which(program) is None:
                pytest.skip(f"{program} is not installed")
            subprocess.run([program, *arguments], check=True, capture_output=True)
        after = Path("file").stat()
        assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        assert load_cached_message(["check"]) is None

    def test_new_source_file_changes_nothing(self) -> None:
        save("check")
        Path("directory/app.js").touch()
        Path("index.html").touch()
        assert load_cached_message(["check"]) == MESSAGE

    @pytest.mark.parametrize("name", ["a  b", "a\nb", "a//b", "ä", "file 1:2:3:4 x"])
    def test_path_may_have_any_name(self, name: str) -> None:
        Path(name.replace("//", "/")).parent.mkdir(exist_ok=True)
        Path(name).write_text("x")
        with ProjectFiles(Path.cwd()) as files:
            files.read_bytes(name.replace("//", "/"))
            files.list_directory("")
            save_result(["check"], MESSAGE, as_if_later(files.fingerprints()))
        assert load_cached_message(["check"]) == MESSAGE
        Path(name).write_text("y")
        assert load_cached_message(["check"]) is None

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
    def test_path_need_not_be_utf8(self) -> None:
        directory = os.fsdecode(b"caf\xe9")
        Path(directory).mkdir()
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        Path(directory).rmdir()
        assert load_cached_message(["check"]) is None

    def test_schema_files_after_the_command_are_covered(self) -> None:
        save("generate", "--backend", "local")
        files = ["directory/schema.graphql", "deep/er/schema.graphql"]
        assert load_cached_message(["generate", "--backend", "local", *files]) == MESSAGE
        assert load_cached_message(["generate", "--backend", "local", files[1]]) == MESSAGE

    def test_files_are_never_covered_by_validate(self) -> None:
        save("validate")
        assert load_cached_message(["validate"]) == MESSAGE
        assert load_cached_message(["validate", "directory/schema.graphql"]) is None

    def test_command_with_files_is_saved_as_it_is(self) -> None:
        save("validate", "directory/schema.graphql")
        assert load_cached_message(["validate", "directory/schema.graphql"]) == MESSAGE
        assert load_cached_message(["validate"]) is None

    @pytest.mark.parametrize(
        "argv",
        [
            [],
            ["generate"],
            ["check", "--quiet"],
            ["check", "directory/schema.graphql", "--force"],
            ["--quiet", "check"],
            ["check", "-"],
            ["check", "file"],
            ["check", "other.graphql"],
            ["check", "directory/../directory/schema.graphql"],
            ["check", "../root/directory/schema.graphql"],
            ["check", "directory/schema.graphql", "schma.graphql"],
            ["check", ""],
            ["check "],
        ],
    )
    def test_other_arguments_are_another_command(self, argv: list[str]) -> None:
        Path("other.graphql").touch()
        save("check")
        assert load_cached_message(argv) is None

    def test_whitespace_in_an_argument_does_not_make_it_another_command(self) -> None:
        save("check", "a b", "c\nd")
        assert load_cached_message(["check", "a b", "c\nd"]) == MESSAGE
        assert load_cached_message(["check", "a", "b", "c\nd"]) is None
        assert load_cached_message(["check", "a b", "c", "d"]) is None

    @pytest.mark.parametrize(
        "name",
        [
            "AMPLIFY_MODELGEN_BACKEND",
            "AMPLIFYCLI_GRAPHQLTRANSFORMER__TRANSFORMERVERSION",
            "AMPLIFYCLI-dev_CODEGEN__EMITAUTHPROVIDER",
            "AWS_PROFILE",
            "AWS_REGION",
            "PRE_COMMIT",
            "PRE_COMMIT_TO_REF",
            "GITHUB_ACTIONS",
        ],
    )
    def test_variables_that_matter(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        save("check")
        monkeypatch.setenv(name, "a")
        assert load_cached_message(["check"]) is None
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        monkeypatch.setenv(name, "b")
        assert load_cached_message(["check"]) is None

    def test_other_variables_do_not_matter_and_secrets_are_not_stored(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_SESSION_TOKEN", "canary-token")
        save("check")
        assert b"canary" not in STATE.read_bytes()
        monkeypatch.setenv("AWS_SESSION_TOKEN", "other")
        monkeypatch.setenv("EDITOR", "vi")
        assert load_cached_message(["check"]) == MESSAGE

    def test_another_version_has_its_own_result(self, monkeypatch: pytest.MonkeyPatch) -> None:
        save("check")
        monkeypatch.setattr(fast_path, "__version__", "0.0.0")
        assert load_cached_message(["check"]) is None

    def test_installed_plugin_voids_the_result(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        packages = tmp_path / "site-packages"
        packages.mkdir()
        os.utime(packages, (1, 1))
        monkeypatch.syspath_prepend(packages)
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        (packages / "plugin-1.0.dist-info").mkdir()
        assert load_cached_message(["check"]) is None

    def test_another_root_is_not_believed(self, tmp_path: Path) -> None:
        save("check")
        shutil.copytree(".", tmp_path / "copy", copy_function=shutil.copy2)
        os.chdir(tmp_path / "copy")
        assert load_cached_message(["check"]) is None
        os.chdir("..")
        Path("root").rename("moved")
        os.chdir("moved")
        assert load_cached_message(["check"]) is None

    def test_subdirectory_runs_the_command(self, monkeypatch: pytest.MonkeyPatch) -> None:
        save("check")
        monkeypatch.chdir("directory")
        assert load_cached_message(["check"]) is None

    def test_deleted_working_directory_runs_the_command(self, tmp_path: Path) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        os.chdir(gone)
        gone.rmdir()
        assert load_cached_message(["check"]) is None
        save_result(["check"], MESSAGE, ["opened 0"])


def state_lines() -> list[str]:
    return STATE.read_bytes().decode().split("\0")


@pytest.mark.usefixtures("root")
class TestState:
    @pytest.mark.parametrize("kept", range(20))
    def test_incomplete_state_is_not_used(self, kept: int) -> None:
        save("check")
        lines = state_lines()
        assert len(lines) < 20
        if kept < len(lines) - 1:
            STATE.write_text("\0".join(lines[:kept]))
            assert load_cached_message(["check"]) is None

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(data=st.data())
    def test_damaged_state_never_gives_another_message(self, data: st.DataObject) -> None:
        save("check")
        content = bytearray(STATE.read_bytes())
        position = data.draw(st.integers(0, len(content) - 1))
        content[position] = data.draw(st.integers(0, 255))
        STATE.write_bytes(content)
        message = load_cached_message(["check"])
        assert message is None or len(message) == len(MESSAGE)

    @pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\xff\xfe", b"end", b"{}", b"\0\0-1\0"])
    def test_garbage_is_replaced(self, content: bytes) -> None:
        save("check")
        STATE.write_bytes(content)
        assert load_cached_message(["check"]) is None
        save("check")
        assert load_cached_message(["check"]) == MESSAGE

    def test_large_state_is_not_read(self) -> None:
        save("check")
        with STATE.open("r+b") as file:
            file.truncate(3_000_000_000)
        assert load_cached_message(["check"]) is None

    @pytest.mark.parametrize("kind", ["link", "fifo", "directory"])
    def test_state_file_that_is_something_else(self, kind: str, tmp_path: Path) -> None:
        save("check")
        STATE.rename(tmp_path / "saved")
        if kind == "link":
            STATE.symlink_to(tmp_path / "saved")
        elif kind == "fifo":
            os.mkfifo(STATE)
        else:
            STATE.mkdir()
        assert load_cached_message(["check"]) is None
        before = (tmp_path / "saved").read_bytes()
        save("check")
        assert (tmp_path / "saved").read_bytes() == before
        assert load_cached_message(["check"]) is None

    @pytest.mark.parametrize("made", ["link", "dangling link", "fifo", "file"])
    def test_state_directory_that_is_something_else(self, made: str, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        directory = STATE.parent
        if made == "link":
            save("check")
            shutil.move(directory / "last-check", outside)
            directory.rmdir()
            directory.symlink_to(outside)
        elif made == "dangling link":
            directory.symlink_to(tmp_path / "nowhere")
        elif made == "fifo":
            os.mkfifo(directory)
        else:
            directory.touch()
        before = [(path.name, path.read_bytes()) for path in outside.iterdir()]
        assert load_cached_message(["check"]) is None
        save("check")
        assert load_cached_message(["check"]) is None
        assert [(path.name, path.read_bytes()) for path in outside.iterdir()] == before
        assert not (tmp_path / "nowhere").exists()

    @pytest.mark.parametrize("line", ["unknown x", "failed x", "", "file x", "directory 1 x", "\0"])
    def test_unknown_line_is_not_saved(self, line: str) -> None:
        save_result(["check"], MESSAGE, [*as_if_later(read_project(Path.cwd())), line])
        assert not STATE.exists()

    def test_unknown_line_is_not_believed(self) -> None:
        save("check")
        lines = state_lines()
        STATE.write_text("\0".join([*lines[:-1], "unknown x", lines[-1]]))
        assert load_cached_message(["check"]) is None

    @pytest.mark.parametrize("argv", [[], ["targets"], ["--root", "x", "check"], ["../x"]])
    def test_other_commands_are_not_saved(self, argv: list[str]) -> None:
        save(*argv)
        assert not STATE.parent.exists()

    def test_message_with_the_separator_is_not_saved(self) -> None:
        save("check", message="a\0b")
        assert not STATE.exists()

    def test_message_that_cannot_be_encoded_is_not_saved(self) -> None:
        save("check", message="\ud800")
        assert not STATE.exists()

    def test_no_temporary_file_is_left(self) -> None:
        save("check")
        save("check")
        assert [path.name for path in STATE.parent.iterdir()] == ["last-check"]

    def test_directory_in_the_way_is_no_error(self) -> None:
        STATE.mkdir(parents=True)
        save("check")
        assert load_cached_message(["check"]) is None
        assert [path.name for path in STATE.parent.iterdir()] == [STATE.name]

    def test_without_directory_descriptors(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(directories, "_HAS_DESCRIPTORS", False)
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        shutil.move(STATE.parent, "moved")
        STATE.parent.symlink_to("../moved")
        assert load_cached_message(["check"]) is None


@pytest.mark.usefixtures("root")
class TestClock:
    """A change within the granularity of a clock leaves the time as it was."""

    def test_fresh_file_is_not_trusted(self) -> None:
        save_result(["check"], MESSAGE, read_project(Path.cwd()))
        assert load_cached_message(["check"]) is None
        assert not STATE.exists()

    def test_file_is_trusted_after_two_seconds(self) -> None:
        time.sleep(2.1)
        save_result(["check"], MESSAGE, read_project(Path.cwd()))
        assert load_cached_message(["check"]) == MESSAGE

    @pytest.mark.parametrize("seconds", [0, 1.5])
    def test_file_with_an_old_time_is_not_trusted_if_it_was_copied(self, seconds: float) -> None:
        # As by `cp -p`, `rsync -t`, `tar x`: only the change time is new.
        for path in Path().rglob("*"):
            os.utime(path, (1, 1))
        save_result(["check"], MESSAGE, as_if_later(read_project(Path.cwd()), seconds))
        assert load_cached_message(["check"]) is None

    def test_file_with_a_future_time_is_not_trusted(self) -> None:
        os.utime("file", (time.time() + 60,) * 2)
        save("check")
        assert load_cached_message(["check"]) is None

    def test_long_run_does_not_make_a_file_old(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fingerprints = read_project(Path.cwd())
        now = time.time_ns()
        monkeypatch.setattr(time, "time_ns", lambda: now + 60_000_000_000)
        save_result(["check"], MESSAGE, fingerprints)
        assert load_cached_message(["check"]) is None

    def test_file_system_whose_clock_is_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Its time is 20 s less than the system's, so that files look older than they are.
        monkeypatch.setattr(checkout_state, "_clock_offset", lambda _: -20_000_000_000)
        save("check")
        assert load_cached_message(["check"]) is None

    @pytest.mark.parametrize("granularity", [1, 2])
    def test_coarse_clock(self, granularity: int) -> None:
        """A second change in the same tick, with size and inode as before, is noticed."""
        tick = time.time_ns() // (granularity * 10**9) * granularity * 10**9

        def coarse(line: str) -> str:
            kind, signature, path = line.split(" ", 2)
            size, _, _, inode = signature.split(":")
            return f"{kind} {size}:{tick}:{tick}:{inode} {path}"

        opened, *lines = read_project(Path.cwd())
        lines = [coarse(line) if line.startswith("file ") else line for line in lines]
        save_result(["check"], MESSAGE, [opened, *lines])
        assert not STATE.exists()

    def test_names_of_a_fresh_directory_are_compared(self) -> None:
        with ProjectFiles(Path.cwd()) as files:
            files.list_directory("directory")
            save_result(["check"], MESSAGE, files.fingerprints())
        assert "directory - directory//fileschema.graphql" in state_lines()
        assert load_cached_message(["check"]) == MESSAGE
        Path("directory/a.graphql").touch()
        assert load_cached_message(["check"]) is None

    def test_fresh_installation_is_not_trusted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(tmp_path)
        (tmp_path / "plugin").mkdir()
        save_result(["check"], MESSAGE, ["opened " + str(time.time_ns())])
        assert load_cached_message(["check"]) is None


class TestStateDirectory:
    def test_no_git_uses_the_cache_of_the_user(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (root / ".git").rmdir()
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        [directory] = (tmp_path / "cache" / "amplify-modelgen").iterdir()
        assert directory.name == str(root).replace("/", "%2F")

    @pytest.mark.parametrize("cache", ["", "relative", "./x"])
    def test_relative_cache_is_not_used(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: str
    ) -> None:
        (root / ".git").rmdir()
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        assert (tmp_path / "home" / ".cache" / "amplify-modelgen").is_dir()
        assert not (root / "relative").exists()

    @pytest.mark.parametrize("home", [None, "", "relative"])
    def test_nothing_is_saved_without_a_home(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, home: str | None
    ) -> None:
        (root / ".git").rmdir()
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.delenv("HOME") if home is None else monkeypatch.setenv("HOME", home)
        before = sorted(root.rglob("*"))
        save("check")
        assert load_cached_message(["check"]) is None
        assert find_state_directory(str(root)) is None
        assert sorted(root.rglob("*")) == before

    def test_long_path_without_git_is_no_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deep = tmp_path.joinpath(*["d" * 100] * 3)
        deep.mkdir(parents=True)
        monkeypatch.chdir(deep)
        save_result(["check"], MESSAGE, as_if_later([f"opened {time.time_ns()}"]))
        assert load_cached_message(["check"]) is None

    @pytest.mark.parametrize("path", ["real/.git/worktrees/a", "../root/real/.git/worktrees/a"])
    def test_git_file_of_a_worktree(self, root: Path, path: str) -> None:
        (root / ".git").rmdir()
        git = root / "real" / ".git" / "worktrees" / "a"
        git.mkdir(parents=True)
        (git / "HEAD").touch()
        (root / ".git").write_text(f"gitdir: {path}\n")
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        assert (git / "amplify-modelgen" / "last-check").is_file()
        (root / ".git").write_text(f"gitdir: {git}\r\n")
        assert find_state_directory(str(root)) == str(git / "amplify-modelgen")

    def test_real_worktree_and_submodule(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def git(*arguments: str) -> None:
            subprocess.run(["git", *arguments], check=True, cwd=tmp_path, capture_output=True)

        git("init", "top")
        git("-C", "top", "commit", "--allow-empty", "-m", "x")
        git("-C", "top", "worktree", "add", "../tree")
        git("-C", "top", "-c", "protocol.file.allow=always", "submodule", "add", "../tree", "sub")
        top = tmp_path / "top" / ".git"
        for root, expected in (("tree", top / "worktrees/tree"), ("top/sub", top / "modules/sub")):
            monkeypatch.chdir(tmp_path / root)
            directory = find_state_directory(str(tmp_path / root))
            assert directory == str(expected / "amplify-modelgen")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"gitdir:",
            b"gitdir: nowhere\n",
            b"gitdir: /dev/null",
            b"gitdir: \0",
            b"\xff",
            b"real",
            b"gitdir: ../outside",
            b"gitdir: " + b"x" * 5000,
            b"gitdir: real\n" + b"\n" * 5000,
        ],
    )
    def test_git_file_that_leads_nowhere(self, root: Path, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "outside").mkdir()
        (root / "real").mkdir()
        (root / "real" / "HEAD").touch()
        (root / ".git").rmdir()
        (root / ".git").write_bytes(content)
        before = sorted(tmp_path.rglob("*"))
        save("check")
        assert load_cached_message(["check"]) in (None, MESSAGE)
        assert sorted(tmp_path.rglob("*")) == before

    def test_git_file_of_2_gb(self, root: Path) -> None:
        (root / ".git").rmdir()
        with (root / ".git").open("wb") as file:
            file.write(b"gitdir: ")
            file.truncate(2_000_000_000)
        resource = pytest.importorskip("resource")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert "cache" in (find_state_directory(str(root)) or "")
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000

    @pytest.mark.parametrize("kind", ["fifo", "link", "dangling link"])
    def test_git_that_is_something_else(self, root: Path, tmp_path: Path, kind: str) -> None:
        (root / ".git").rename(tmp_path / "outside")
        if kind == "fifo":
            os.mkfifo(root / ".git")
        else:
            (root / ".git").symlink_to(tmp_path / ("outside" if kind == "link" else "nowhere"))
        save("check")
        assert load_cached_message(["check"]) == MESSAGE
        assert list((tmp_path / "outside").iterdir()) == []

    def test_read_only_git_directory(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "mkdir", refuse)
        save("check")
        assert load_cached_message(["check"]) is None
        assert list((root / ".git").iterdir()) == []


def test_miss_is_cheap(root: Path) -> None:
    save("check")
    (root / "file").write_text("two\n")
    best = 1.0
    for _ in range(50):
        start = time.perf_counter()
        assert load_cached_message(["check"]) is None
        best = min(best, time.perf_counter() - start)
    assert best < 0.001
