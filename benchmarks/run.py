"""Measure the rows that are named, or all, and print the ratios.

Rows that are compared with Amplify's generator need Node.js and `npm ci` in
tests/conformance/peer. The project must be installed with its extra `test`.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import compare
from results import Result, line, write
from rows import ROWS
from workbench import Workbench

if TYPE_CHECKING:
    from rows import Row


def measure(row: Row, bench: Workbench) -> Result:
    """Measure a row."""
    if row.measure is not None:
        ours, reference = row.measure(bench)
    else:
        assert row.sides is not None
        ours, reference = compare(row.sides(bench), row.runs, with_memory=row.unit == "megabytes")
    return Result(
        row=row,
        ratio=ours.median(row.unit) / reference.median(row.unit),
        minimum=ours.minimum(row.unit) / reference.minimum(row.unit),
        ours=ours.median(row.unit),
        reference=reference.median(row.unit),
    )


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--list", action="store_true", help="list the rows and exit")
    parser.add_argument(
        "--write", action="store_true", help="write the results to docs/performance.md and .svg"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.rows) - {row.name for row in ROWS}
    if unknown:
        parser.error(f"unknown row {', '.join(sorted(unknown))}")
    chosen = [row for row in ROWS if not arguments.rows or row.name in arguments.rows]
    if arguments.list:
        print(*(row.name for row in chosen), sep="\n")
        return
    results = []
    with tempfile.TemporaryDirectory() as directory:
        bench = Workbench(Path(directory).resolve())
        for row in chosen:
            results.append(measure(row, bench))
            print(line(results[-1]), flush=True)
    if arguments.write:
        write(results)


if __name__ == "__main__":
    main()
