from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli.reports import Wanted, parse_wanted, write_reports
from amplify_modelgen.errors import ConfigError, PluginError, UsageError, WriteError
from amplify_modelgen.hookspecs import Reporter
from core_values import report

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen.records import RunReport

REPORT = report()
STDOUT = Wanted(format="terminal")


def reporter(name: str, *, automatic: bool | None = None) -> Reporter:
    def write(run: RunReport, stream: TextIO) -> None:
        stream.write(f"{name}: {run.verb} ✓\n")

    wants = None if automatic is None else lambda _: automatic
    return Reporter(name=name, help="", report=write, automatic=wants)


def raising(error: Exception) -> dict[str, Reporter]:
    def fail(_: RunReport, __: TextIO) -> None:
        raise error

    return {"broken": Reporter(name="broken", help="", report=fail)}


REPORTERS = {name: reporter(name) for name in ("terminal", "json")}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], (STDOUT,)),
        (["terminal"], (STDOUT,)),
        (["json"], (Wanted(format="json"),)),
        (["json=a.json"], (STDOUT, Wanted(format="json", path=Path("a.json")))),
        (["json=a=b.json"], (STDOUT, Wanted(format="json", path=Path("a=b.json")))),
        (
            ["json=a.json", "terminal"],
            (Wanted(format="json", path=Path("a.json")), Wanted(format="terminal")),
        ),
    ],
)
def test_people_get_a_report_unless_stdout_has_another(
    words: list[str], expected: tuple[Wanted, ...]
) -> None:
    assert parse_wanted(words, REPORTERS) == expected


@pytest.mark.parametrize(
    ("words", "formats"),
    [
        ([], ["terminal", "a", "b"]),
        (["json=x"], ["terminal", "json", "a", "b"]),
        (["a=x"], ["terminal", "a", "b"]),
        (["json"], ["json"]),
    ],
)
def test_a_ci_server_gets_its_report_unless_stdout_has_another(
    words: list[str], formats: list[str]
) -> None:
    automatic = {name: reporter(name, automatic=True) for name in ("b", "a")}
    known = {**REPORTERS, **automatic, "c": reporter("c", automatic=False)}
    assert [each.format for each in parse_wanted(words, known)] == formats


@pytest.mark.parametrize("word", ["jsno", "", "=a.json", "JSON"])
def test_an_unknown_format_is_refused_with_those_that_there_are(word: str) -> None:
    with pytest.raises(UsageError, match="there is no report format") as caught:
        parse_wanted([word], REPORTERS)
    assert caught.value.hint == "choose one of: json, terminal"


LINES = {"ci": reporter("ci", automatic=False)}


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (["json", "xml"], "xml"),
        (["json", "json"], "json"),
        (["json", "terminal"], "json"),
        (["terminal", "xml=a.xml", "json", "ci"], "json"),
    ],
)
def test_a_report_for_programs_shares_stdout_with_no_other(words: list[str], file: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_wanted(words, {**REPORTERS, **LINES, "xml": reporter("xml")})
    both = ", ".join(word for word in words if "=" not in word)
    assert caught.value.message.startswith(f"the reports {both} would follow one another on stdout")
    assert caught.value.hint == f"give one a file: --report {file}=PATH"


@pytest.mark.parametrize(
    "words", [["terminal", "ci"], ["ci", "terminal", "json=a"], ["json", "json=a", "ci=b"]]
)
def test_lines_for_a_ci_server_stand_among_those_for_people(words: list[str]) -> None:
    wanted = parse_wanted(words, {**REPORTERS, **LINES})
    assert [each.format for each in wanted] == [word.partition("=")[0] for word in words]


def test_a_report_to_no_file_is_refused() -> None:
    with pytest.raises(UsageError, match="--report json= names no file") as caught:
        parse_wanted(["json="], REPORTERS)
    assert caught.value.hint == "--report json=PATH"


def test_reports_go_to_stdout_and_to_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "report.json"
    write_reports(REPORT, [STDOUT, Wanted(format="json", path=path)], REPORTERS)
    assert capsys.readouterr().out == "terminal: generate ✓\n"
    assert path.read_bytes() == "json: generate ✓\n".encode()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as caught:
        write_reports(REPORT, [Wanted(format="json", path=tmp_path)], REPORTERS)
    assert caught.value.message.startswith(f"the json report cannot be written to {tmp_path}: ")
    assert caught.value.hint == "give another file: --report json=PATH"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_report_replaces_the_last_one_where_that_is(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("an older and longer report of an earlier run")
    (tmp_path / "real.json").chmod(0o640)
    (tmp_path / "link.json").symlink_to("real.json")
    write_reports(REPORT, [Wanted(format="json", path=tmp_path / "link.json")], REPORTERS)
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == "json: generate ✓\n".encode()
    assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o640
    assert len(list(tmp_path.iterdir())) == 2


def test_a_report_that_is_not_finished_leaves_the_last_one_and_nothing_else(tmp_path: Path) -> None:
    def half(_: RunReport, stream: TextIO) -> None:
        stream.write("half of")
        raise KeyboardInterrupt

    path = tmp_path / "report"
    path.write_text("the last one")
    broken = {"half": Reporter(name="half", help="", report=half)}
    with pytest.raises(KeyboardInterrupt):
        write_reports(REPORT, [Wanted(format="half", path=path)], broken)
    assert path.read_text() == "the last one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_on_the_way_to_a_report_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "new" / "report.json"
    with pytest.raises(WriteError, match=r"cannot be written to .*: \S+file is not a folder$"):
        write_reports(REPORT, [Wanted(format="json", path=path)], REPORTERS)


def test_a_device_is_not_replaced() -> None:
    before = Path(os.devnull).stat()
    write_reports(REPORT, [Wanted(format="json", path=Path(os.devnull))], REPORTERS)
    assert Path(os.devnull).stat().st_mode == before.st_mode


def test_a_report_that_is_read_only_is_left_alone(plain_folder: Path) -> None:
    path = plain_folder / "report.json"
    path.touch(mode=0o444)
    with pytest.raises(WriteError, match="the file is read-only"):
        write_reports(REPORT, [Wanted(format="json", path=path)], REPORTERS)
    assert list(plain_folder.iterdir()) == [path]


@pytest.mark.parametrize("path", [None, Path("report")])
def test_a_reporter_that_breaks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path | None
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PluginError) as caught:
        write_reports(REPORT, [Wanted(format="broken", path=path)], raising(KeyError("x")))
    assert caught.value.message == "the reporter 'broken' broke: KeyError: 'x'"


@pytest.mark.parametrize("error", [ConfigError("no"), BrokenPipeError()])
def test_what_is_for_others_to_handle_is_left_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        write_reports(REPORT, [Wanted(format="broken")], raising(error))
    assert caught.value is error
