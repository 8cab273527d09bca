"""The golden files: what every reporter makes of every run. Run this module to write them anew."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from unittest import mock

from amplify_modelgen import __version__
from amplify_modelgen_plugins import (
    report_github,
    report_json,
    report_junit,
    report_sarif,
    report_terminal,
)
from unit.reporters.runs import RUNS

FOLDER = Path(__file__).parent / "golden"
REPORTERS = {
    "github.txt": report_github,
    "json": report_json,
    "junit.xml": report_junit,
    "sarif": report_sarif,
    "terminal.txt": report_terminal,
}
SUMMARY = "github.md"
CASES = [f"{run}.{suffix}" for run in RUNS for suffix in (*REPORTERS, SUMMARY)]


def rendered(case: str) -> str:
    """Return what a reporter writes, with this version's number taken out."""
    run, _, suffix = case.partition(".")
    if suffix == SUMMARY:
        return summary(run)
    stream = io.StringIO()
    with mock.patch.dict(os.environ):
        os.environ.pop("GITHUB_STEP_SUMMARY", None)
        REPORTERS[suffix].report(RUNS[run], stream)
    return stream.getvalue().replace(f'"{__version__}"', '"VERSION"')


def summary(run: str) -> str:
    """Return the summary of a workflow step."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summary.md"
        with mock.patch.dict(os.environ, GITHUB_STEP_SUMMARY=str(path)):
            report_github.report(RUNS[run], io.StringIO())
        return path.read_text(encoding="utf-8")


def main() -> None:
    for case in CASES:
        (FOLDER / case).write_text(rendered(case), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
