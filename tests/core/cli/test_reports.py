from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.cli.output import (
    ReportRequest,
    check_report_paths,
    parse_requests,
    write_reports,
)
from amplify_modelgen.errors import ConfigError, PluginError, UsageError, WriteError
from amplify_modelgen.plugin import Reporter
from support.core_values import report
from support.devices import make_device

if TYPE_CHECKING:
    from typing import TextIO

    from amplify_modelgen.records import Report

REPORT = report()
STDOUT = ReportRequest(format="terminal")


def reporter(name: str, *, is_enabled: bool | None = None) -> Reporter:
    def write(run: Report, stream: TextIO) -> None:
        stream.write(f"{name}: {run.command} ✓\n")

    enabled = None if is_enabled is None else lambda _: is_enabled
    return Reporter(name=name, help="", report=write, is_enabled=enabled)


def raising(error: Exception) -> dict[str, Reporter]:
    def fail(_: Report, __: TextIO) -> None:
        raise error

    return {"broken": Reporter(name="broken", help="", report=fail)}


REPORTERS = {name: reporter(name) for name in ("terminal", "json")}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], (STDOUT,)),
        (["terminal"], (STDOUT,)),
        (["json"], (ReportRequest(format="json"),)),
        (["json=a.json"], (STDOUT, ReportRequest(format="json", path=Path("a.json")))),
        (["json=a=b.json"], (STDOUT, ReportRequest(format="json", path=Path("a=b.json")))),
        (
            ["json=a.json", "terminal"],
            (ReportRequest(format="json", path=Path("a.json")), ReportRequest(format="terminal")),
        ),
    ],
)
def test_the_terminal_report_is_written_unless_stdout_has_another(
    options: list[str], expected: tuple[ReportRequest, ...]
) -> None:
    assert parse_requests(options, REPORTERS, {}) == expected


@pytest.mark.parametrize(
    ("options", "formats"),
    [
        ([], ["terminal", "a", "b"]),
        (["json=x"], ["terminal", "json", "a", "b"]),
        (["a=x"], ["terminal", "a", "b"]),
        (["json"], ["json"]),
    ],
)
def test_an_enabled_report_is_written_unless_stdout_has_another(
    options: list[str], formats: list[str]
) -> None:
    enabled = {name: reporter(name, is_enabled=True) for name in ("b", "a")}
    known = {**REPORTERS, **enabled, "c": reporter("c", is_enabled=False)}
    assert [request.format for request in parse_requests(options, known, {})] == formats


@pytest.mark.parametrize("option", ["jsno", "", "=a.json", "JSON"])
def test_an_unknown_format_is_an_error_that_lists_the_known_ones(option: str) -> None:
    with pytest.raises(UsageError, match="unknown report format") as caught:
        parse_requests([option], REPORTERS, {})
    assert caught.value.hint == "choose from: json, terminal"


LINES = {"ci": reporter("ci", is_enabled=False)}


@pytest.mark.parametrize(
    ("options", "file"),
    [
        (["json", "xml"], "xml"),
        (["json", "json"], "json"),
        (["json", "terminal"], "json"),
        (["terminal", "xml=a.xml", "json", "ci"], "json"),
    ],
)
def test_a_report_for_programs_needs_stdout_for_itself(options: list[str], file: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_requests(options, {**REPORTERS, **LINES, "xml": reporter("xml")}, {})
    both = ", ".join(option for option in options if "=" not in option)
    assert caught.value.message.startswith(f"cannot write several reports ({both}) to stdout")
    assert caught.value.hint == f"write one to a file: --report {file}=PATH"


@pytest.mark.parametrize(
    "options", [["terminal", "ci"], ["ci", "terminal", "json=a"], ["json", "json=a", "ci=b"]]
)
def test_lines_for_a_ci_server_share_stdout_with_the_terminal_report(options: list[str]) -> None:
    requests = parse_requests(options, {**REPORTERS, **LINES}, {})
    assert [request.format for request in requests] == [
        option.partition("=")[0] for option in options
    ]


def test_an_empty_file_name_is_an_error() -> None:
    with pytest.raises(UsageError, match="--report json=: the file is missing") as caught:
        parse_requests(["json="], REPORTERS, {})
    assert caught.value.hint == "--report json=PATH"


def test_reports_go_to_stdout_and_to_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "report.json"
    write_reports(REPORT, [STDOUT, ReportRequest(format="json", path=path)], REPORTERS)
    assert capsys.readouterr().out == "terminal: generate ✓\n"
    assert path.read_bytes() == "json: generate ✓\n".encode()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as caught:
        write_reports(REPORT, [ReportRequest(format="json", path=tmp_path)], REPORTERS)
    assert caught.value.message.startswith("cannot write ")
    assert tmp_path.name in caught.value.message
    assert caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_report_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("an older report")
    (tmp_path / "link.json").symlink_to("real.json")
    with pytest.raises(WriteError, match="link"):
        write_reports(
            REPORT, [ReportRequest(format="json", path=tmp_path / "link.json")], REPORTERS
        )
    assert (tmp_path / "real.json").read_text() == "an older report"
    assert (tmp_path / "link.json").is_symlink()


def test_a_report_keeps_the_mode_of_the_previous_one(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("an older and longer report of an earlier run")
    path.chmod(0o640)
    write_reports(REPORT, [ReportRequest(format="json", path=path)], REPORTERS)
    assert path.read_bytes() == "json: generate ✓\n".encode()
    assert path.stat().st_mode & 0o777 == (0o666 if sys.platform == "win32" else 0o640)
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_report_leaves_the_previous_one_and_nothing_else(tmp_path: Path) -> None:
    def half(_: Report, stream: TextIO) -> None:
        stream.write("half of")
        raise KeyboardInterrupt

    path = tmp_path / "report"
    path.write_text("the last one")
    broken = {"half": Reporter(name="half", help="", report=half)}
    with pytest.raises(KeyboardInterrupt):
        write_reports(REPORT, [ReportRequest(format="half", path=path)], broken)
    assert path.read_text() == "the last one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_place_of_a_parent_directory_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "new" / "report.json"
    with pytest.raises(WriteError, match=r"cannot write .*report\.json"):
        write_reports(REPORT, [ReportRequest(format="json", path=path)], REPORTERS)


def test_a_device_is_not_replaced(tmp_path: Path) -> None:
    device = make_device(tmp_path / "device")
    before = device.stat()
    with pytest.raises(WriteError, match="device"):
        write_reports(REPORT, [ReportRequest(format="json", path=device)], REPORTERS)
    assert device.stat().st_mode == before.st_mode


def test_a_read_only_report_is_unchanged(unprivileged_directory: Path) -> None:
    path = unprivileged_directory / "report.json"
    path.touch(mode=0o444)
    with pytest.raises(WriteError, match="read-only"):
        write_reports(REPORT, [ReportRequest(format="json", path=path)], REPORTERS)
    assert list(unprivileged_directory.iterdir()) == [path]


@pytest.mark.parametrize("path", [None, Path("report")])
def test_a_reporter_that_fails_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path | None
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PluginError) as caught:
        write_reports(REPORT, [ReportRequest(format="broken", path=path)], raising(KeyError("x")))
    assert caught.value.message == "the reporter 'broken' failed: KeyError: 'x'"


@pytest.mark.parametrize("error", [ConfigError("no"), BrokenPipeError()])
def test_errors_of_ours_and_of_stdout_pass(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        write_reports(REPORT, [ReportRequest(format="broken")], raising(error))
    assert caught.value is error


@pytest.mark.parametrize(
    "path",
    ["schema.graphql", "sub/../schema.graphql", "models/model.json", ".git/hooks/x", ".GIT/x"],
)
def test_a_report_must_not_overwrite_a_file_of_the_project_or_of_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    request = ReportRequest(format="json", path=Path(path))
    with pytest.raises(UsageError, match="is not a report") as caught:
        check_report_paths([request], tmp_path, {"schema.graphql", "models/model.json"})
    assert caught.value.hint == "choose another file"


def test_two_reports_cannot_have_the_same_file(tmp_path: Path) -> None:
    requests = [ReportRequest(format=name, path=tmp_path / "a") for name in ("json", "xml")]
    with pytest.raises(UsageError, match=r"--report xml="):
        check_report_paths([STDOUT, *requests], tmp_path, ())
    check_report_paths([STDOUT, requests[0]], tmp_path, {"b"})


def test_a_failing_condition_of_a_reporter_is_its_error() -> None:
    def fail(_: object) -> bool:
        raise KeyError("x")

    broken = Reporter(name="broken", help="", report=lambda *_: None, is_enabled=fail)
    with pytest.raises(PluginError, match="the reporter 'broken' failed: KeyError: 'x'"):
        parse_requests([], {**REPORTERS, "broken": broken}, {})


def test_an_oserror_of_a_reporter_that_writes_a_file_is_its_bug(tmp_path: Path) -> None:
    request = ReportRequest(format="broken", path=tmp_path / "a")
    with pytest.raises(PluginError, match="BrokenPipeError"):
        write_reports(REPORT, [request], raising(BrokenPipeError()))
