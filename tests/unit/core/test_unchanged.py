from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import amplify_modelgen
from amplify_modelgen import unchanged
from amplify_modelgen.cli import main as cli
from amplify_modelgen.unchanged import main, recall, remember, take_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SOURCES = str(Path(amplify_modelgen.__file__).parent.parent)
PACKAGES = str(Path(msgspec.__file__).parent.parent)
ANSWER = "amplify-modelgen: 1 target up to date"
MEMORY = Path(".git/amplify-modelgen/unchanged")
EXPENSIVE = (
    "argparse", "boto3", "contextlib", "dataclasses", "graphql", "importlib.metadata", "json",
    "logging", "msgspec", "pathlib", "pluggy", "re", "rich", "subprocess", "tomli", "tomllib",
    "typing",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout, the working directory, with a file, a schema, a folder and no `absent`."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "file").write_text("one\n")
    (tmp_path / "schema.graphql").write_text("type A {\n  a: Int\n}\n")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def evidence() -> list[str]:
    return take_evidence(["file", "absent", "folder/"], ["schema.graphql"])


def keep(*words: str, answer: str = ANSWER) -> None:
    remember(words, answer, evidence())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("root")
class TestRecall:
    def test_the_same_call_has_the_same_answer(self) -> None:
        keep("check")
        assert recall(["check"]) == ANSWER

    def test_nothing_is_recalled_before_the_first_run(self) -> None:
        assert recall(["check"]) is None

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda: Path("file").write_text("two\n"), id="a changed file"),
            pytest.param(lambda: Path("file").unlink(), id="a file that is gone"),
            pytest.param(lambda: Path("absent").touch(), id="a new file"),
            pytest.param(lambda: Path("absent").mkdir(), id="a new folder"),
            pytest.param(lambda: Path("folder/amplify").mkdir(), id="a folder in a folder"),
            pytest.param(lambda: Path("folder/a.graphql").touch(), id="a schema in a folder"),
            pytest.param(lambda: Path("folder/cli.json").touch(), id="a project file in a folder"),
            pytest.param(lambda: Path("folder").rmdir(), id="a folder that is gone"),
            pytest.param(lambda: Path("schema.graphql").write_text("type B"), id="a schema"),
            pytest.param(lambda: Path("schema.graphql").unlink(), id="a schema that is gone"),
            pytest.param(lambda: Path("schema.graphql").write_bytes(b"\xff"), id="no UTF-8"),
        ],
    )
    def test_every_change_is_a_doubt(self, change: Callable[[], object]) -> None:
        keep("check")
        change()
        assert recall(["check"]) is None

    @pytest.mark.parametrize(
        "text", ["# new\ntype A { a: Int }", '\ufefftype A {\r\n"said"\r\na: Int,\r\n}']
    )
    def test_what_does_not_count_in_a_schema_is_no_change(self, text: str) -> None:
        keep("check")
        Path("schema.graphql").write_text(text, encoding="utf-8", newline="")
        assert recall(["check"]) == ANSWER

    def test_a_source_file_that_is_new_in_a_folder_is_no_change(self) -> None:
        keep("check")
        Path("folder/app.js").touch()
        assert recall(["check"]) == ANSWER

    def test_a_path_may_have_spaces(self) -> None:
        Path("a  b.graphql").write_text("type A { a: Int }")
        remember(["check"], ANSWER, take_evidence([], ["a  b.graphql"]))
        Path("a  b.graphql").write_text("type A { a: Int } # new")
        assert recall(["check"]) == ANSWER

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
    def test_a_path_need_not_be_utf_8(self) -> None:
        folder = os.fsdecode(b"caf\xe9")
        Path(folder).mkdir()
        remember(["check"], ANSWER, take_evidence([f"{folder}/"]))
        remember(["generate"], ANSWER, take_evidence([f"{folder}/"]))
        assert recall(["check"]) == recall(["generate"]) == ANSWER
        Path(folder, "inner").mkdir()
        assert recall(["check"]) is None

    def test_a_path_of_two_lines_is_not_remembered(self) -> None:
        Path("two\nlines").touch()
        with pytest.raises(ValueError, match="more than a line"):
            take_evidence(["two\nlines"])

    def test_a_folder_that_was_absent_may_stay_so(self) -> None:
        remember(["check"], ANSWER, take_evidence(["later/"]))
        assert recall(["check"]) == ANSWER
        Path("later").mkdir()
        assert recall(["check"]) is None

    @pytest.mark.parametrize("files", [[], ["schema.graphql"], ["a b", "schema.graphql"]])
    def test_files_after_the_words_are_no_other_call(self, files: list[str]) -> None:
        Path("a b").touch()
        keep("generate", "--backend", "local")
        assert recall(["generate", "--backend", "local", *files]) == ANSWER

    @pytest.mark.parametrize(
        "words",
        [
            [],
            ["generate"],
            ["check", "--quiet"],
            ["check", "file", "--force"],
            ["--quiet", "check"],
            ["check", "-"],
            ["check", "schma.graphql"],
            ["check", "file", "schma.graphql"],
            ["check", ""],
        ],
    )
    def test_other_words_are_another_call(self, words: list[str]) -> None:
        keep("check")
        assert recall(words) is None

    def test_white_space_in_a_word_cannot_make_it_another_call(self) -> None:
        keep("check", "--environment", "\tdev")
        assert recall(["check", "--environment", "prod"]) is None
        assert recall(["check", "--environment", "\tdev"]) == ANSWER

    @pytest.mark.parametrize("value", [None, "", "local", "aws\n"])
    def test_another_variable_of_ours_is_another_call(
        self, monkeypatch: pytest.MonkeyPatch, value: str | None
    ) -> None:
        monkeypatch.setenv("AMPLIFY_MODELGEN_BACKEND", "aws")
        keep("check")
        assert recall(["check"]) == ANSWER
        monkeypatch.delenv("AMPLIFY_MODELGEN_BACKEND")
        if value is not None:
            monkeypatch.setenv("AMPLIFY_MODELGEN_BACKEND", value)
        assert recall(["check"]) is None

    def test_variables_of_others_do_not_matter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keep("check")
        monkeypatch.setenv("SOMETHING", "else")
        assert recall(["check"]) == ANSWER

    def test_a_changed_schema_is_seen_before_any_file_is_read(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep("check")
        (root / "schema.graphql").write_text("type A {\n  a: String\n}\n")
        read: list[str] = []
        held = unchanged._holds

        def watched(kind: str, rest: str) -> bool:
            read.append(kind)
            return held(kind, rest)

        monkeypatch.setattr(unchanged, "_holds", watched)
        assert recall(["check"]) is None
        assert read == ["schema"]

    def test_several_calls_are_remembered_on_the_same_evidence(self) -> None:
        keep("check")
        keep("generate", answer="generated")
        keep("validate", "--quiet", answer="")
        assert recall(["check"]) == ANSWER
        assert recall(["generate", "file"]) == "generated"
        assert recall(["validate", "--quiet"]) == ""

    def test_calls_on_older_evidence_are_forgotten(self) -> None:
        keep("check")
        Path("file").write_text("two\n")
        keep("generate")
        assert recall(["generate"]) == ANSWER
        assert recall(["check"]) is None

    def test_garbage_in_the_memory_is_replaced(self) -> None:
        MEMORY.parent.mkdir()
        MEMORY.write_bytes(b"\xff")
        keep("check")
        assert recall(["check"]) == ANSWER

    @pytest.mark.parametrize("lines", [1, 2, 4])
    def test_a_memory_without_its_end_is_not_believed(self, lines: int) -> None:
        keep("check")
        whole = MEMORY.read_text(encoding="utf-8").split("\n")
        MEMORY.write_text("\n".join(whole[:-lines]), encoding="utf-8")
        assert recall(["check"]) is None

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, 2000), st.integers(0, 99), st.binary(max_size=8))
    def test_damage_to_the_evidence_never_gives_another_answer(
        self, start: int, length: int, garbage: bytes
    ) -> None:
        MEMORY.unlink(missing_ok=True)
        keep("check")
        whole = MEMORY.read_bytes()
        start = min(len(whole), start + whole.index(ANSWER.encode()) + len(ANSWER) + 1)
        MEMORY.write_bytes(whole[:start] + garbage + whole[start + length :])
        assert recall(["check"]) in (None, ANSWER)

    def test_another_installation_has_to_look_for_itself(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        keep("check")
        elsewhere = tmp_path / "site-packages" / "amplify_modelgen" / "unchanged.py"
        monkeypatch.setattr(unchanged, "__file__", str(elsewhere))
        assert recall(["check"]) is None

    def test_a_plugin_that_was_installed_meanwhile_is_a_doubt(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        packages = tmp_path / "site-packages"
        packages.mkdir()
        monkeypatch.setattr(unchanged, "__file__", str(packages / "a" / "unchanged.py"))
        keep("check")
        assert recall(["check"]) == ANSWER
        (packages / "amplify_modelgen_names-1.0.dist-info").mkdir()
        assert recall(["check"]) is None

    def test_a_folder_that_was_moved_is_another_root(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        keep("check")
        monkeypatch.chdir("/")
        tmp_path.rename(tmp_path.with_name("moved"))
        monkeypatch.chdir(tmp_path.with_name("moved"))
        assert recall(["check"]) is None


@pytest.mark.usefixtures("root")
class TestRemember:
    def test_no_temporary_file_is_left(self) -> None:
        keep("check")
        assert names(MEMORY.parent) == [MEMORY.name]

    def test_what_a_dead_run_left_is_swept(self) -> None:
        keep("check")
        Path(".git/amplify-modelgen/unchanged.12345").write_text("half of")
        keep("check")
        assert names(Path(".git/amplify-modelgen")) == ["unchanged"]

    def test_a_journal_is_a_doubt(self) -> None:
        keep("check")
        Path(".git/amplify-modelgen/journal").touch()
        assert recall(["check"]) is None

    def test_no_temporary_file_is_left_where_the_place_is_taken(self) -> None:
        MEMORY.mkdir(parents=True)
        keep("check")
        assert names(MEMORY.parent) == [MEMORY.name]

    def test_a_path_that_cannot_be_written_down_leaves_nothing(self) -> None:
        remember(["check"], ANSWER, ["file 0 \ud800"])
        assert not MEMORY.parent.exists()

    def test_a_memory_that_cannot_be_kept_is_no_error(self) -> None:
        MEMORY.parent.write_text("a file is in the way")
        keep("check")
        assert recall(["check"]) is None

    def test_outside_git_nothing_is_kept(self) -> None:
        Path(".git").rmdir()
        keep("check")
        assert names(Path()) == ["file", "folder", "schema.graphql"]

    def test_a_worktree_keeps_it_in_its_own_git_folder(self, tmp_path: Path) -> None:
        Path(".git").rename("git-folder")
        Path(".git").write_text(f"gitdir: {tmp_path / 'git-folder'}\n", encoding="utf-8")
        keep("check")
        assert Path("git-folder/amplify-modelgen/unchanged").is_file()
        assert recall(["check"]) == ANSWER

    @pytest.mark.parametrize("text", [b"folder\n", b"", b"\xff", b"gitdir: /nowhere/at/all\n"])
    def test_a_git_file_that_leads_nowhere_keeps_nothing(self, text: bytes) -> None:
        Path(".git").rmdir()
        Path(".git").write_bytes(text)
        keep("check")
        assert names(Path("folder")) == []
        assert recall(["check"]) is None


def test_evidence_cannot_be_taken_of_a_schema_that_is_not_utf_8(root: Path) -> None:
    (root / "schema.graphql").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="utf-8"):
        evidence()


def test_evidence_cannot_be_taken_of_a_folder_as_a_file(root: Path) -> None:
    with pytest.raises(OSError, match=r"."):
        take_evidence([str(root / "folder")])


@pytest.fixture
def whole_commands(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The calls that reached the whole command."""
    calls: list[Sequence[str]] = []

    def record(words: Sequence[str]) -> int:
        calls.append(words)
        return 3

    monkeypatch.setattr(cli, "main", record)
    return calls


@pytest.mark.usefixtures("root")
def test_a_recalled_answer_is_printed_and_the_command_does_not_run(
    whole_commands: list[Sequence[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    keep("check")
    assert main(["check"]) == 0
    assert capsys.readouterr().out == f"{ANSWER}\n"
    assert whole_commands == []


@pytest.mark.usefixtures("root", "whole_commands")
def test_an_empty_answer_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    keep("check", "--quiet", answer="")
    assert main(["check", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("root")
def test_in_doubt_the_whole_command_runs(
    whole_commands: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["amplify-modelgen", "check"])
    assert main() == 3
    assert whole_commands == [["check"]]


class Closed(io.TextIOWrapper):
    """A pipe that nobody reads, for as long as it is one."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


@pytest.mark.usefixtures("root", "whole_commands")
def test_a_reader_who_has_gone_is_replaced_by_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep("check")
    with (tmp_path / "pipe").open("wb") as file:
        monkeypatch.setattr(sys, "stdout", Closed(file))
        assert main(["check"]) == 0
        os.write(file.fileno(), b"lost")
    assert (tmp_path / "pipe").read_bytes() == b""


@pytest.mark.usefixtures("root", "whole_commands")
def test_an_interrupt_is_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(unchanged, "recall", interrupt)
    assert main(["check"]) == 130


def test_so_is_one_anywhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(unchanged, "main", interrupt)
    assert amplify_modelgen.main() == 130


def run_bare(program: str) -> subprocess.CompletedProcess[str]:
    # Without site, whose .pth files may have loaded anything before us.
    start = f"import sys; sys.path[:0] = {[SOURCES, PACKAGES]!r}; "
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + program],
        check=False, text=True, capture_output=True,
    )  # fmt: skip


INTERRUPTED = """
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
from amplify_modelgen import main
sys.argv[1:] = ["check"]
sys.exit(main())
"""


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("module", ["unchanged", "cli", "cli.main", "errors", "cli.arguments"])
def test_an_interrupt_of_the_first_imports_is_an_exit_code_and_no_traceback(module: str) -> None:
    program = "\n" + INTERRUPTED.format(module=f"amplify_modelgen.{module}")
    done = run_bare(program)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.usefixtures("root")
def test_the_early_exit_loads_nothing_that_costs() -> None:
    keep("check")
    program = "from amplify_modelgen.unchanged import main; main(['check']); print(*sys.modules)"
    done = run_bare(program)
    answer, loaded = done.stdout.splitlines()
    assert answer == ANSWER
    assert [name for name in EXPENSIVE if name in loaded.split()] == []


@pytest.mark.usefixtures("root")
def test_a_reader_who_has_gone_is_no_error() -> None:
    keep("check")
    program = (
        "import os, amplify_modelgen.unchanged as unchanged; reader, writer = os.pipe(); "
        "os.dup2(writer, 1); os.close(reader); sys.exit(unchanged.main(['check']))"
    )
    done = run_bare(program)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("root")
def test_the_early_exit_is_quick() -> None:
    keep("check")
    began = time.perf_counter()
    for _ in range(20):
        recall(["check"])
    assert time.perf_counter() - began < 1
