"""The golden files: the output of each reporter for each report.

Run `python -m support.report_golden` in `tests` to write them again.
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from unittest import mock

from amplify_modelgen import __version__
from amplify_modelgen_plugins.reporters import github, json, junit, sarif, terminal
from support.report_runs import REPORTS

DIRECTORY = Path(__file__).parents[1] / "plugins" / "reporters" / "golden"
REPORTERS = {
    "github.txt": github,
    "json": json,
    "junit.xml": junit,
    "sarif": sarif,
    "terminal.txt": terminal,
}
SUMMARY = "github.md"
CASES = [f"{name}.{suffix}" for name in REPORTS for suffix in (*REPORTERS, SUMMARY)]


def rendered(case: str) -> str:
    """Return the output of a reporter, without the version of this project."""
    name, _, suffix = case.partition(".")
    if suffix == SUMMARY:
        return summary(name)
    stream = io.StringIO()
    with mock.patch.dict(os.environ):
        os.environ.pop("GITHUB_STEP_SUMMARY", None)
        REPORTERS[suffix].report(REPORTS[name], stream)
    return stream.getvalue().replace(f'"{__version__}"', '"VERSION"')


def summary(name: str) -> str:
    """Return the summary of a workflow step."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "summary.md"
        with mock.patch.dict(os.environ, GITHUB_STEP_SUMMARY=str(path)):
            github.report(REPORTS[name], io.StringIO())
        return path.read_text(encoding="utf-8")


def main() -> None:
    for case in CASES:
        (DIRECTORY / case).write_text(rendered(case), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
