"""python benchmarks/run.py [ROW...]: measure, print the ratios; --write puts them into docs/.

Needs Node for the rows that are held against Amplify's generator, and the project installed with
its extra `test`. `--list` names the rows.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import side_by_side
from page import Result, line, write
from places import Place
from rows import ROWS

if TYPE_CHECKING:
    from rows import Row


def measured(row: Row, place: Place) -> Result:
    """Measure one row."""
    if row.measure is not None:
        ours, theirs = row.measure(place)
    else:
        assert row.sides is not None
        watch = row.unit == "megabytes"
        ours, theirs = side_by_side(row.sides(place), row.runs, watch=watch)
    return Result(
        row=row,
        ratio=ours.median(row.unit) / theirs.median(row.unit),
        least=ours.least(row.unit) / theirs.least(row.unit),
        ours=ours.median(row.unit),
        theirs=theirs.median(row.unit),
    )


def main() -> None:
    """Measure the rows that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--list", action="store_true", help="name the rows and stop")
    parser.add_argument("--write", action="store_true", help="write docs/performance.{md,svg}")
    arguments = parser.parse_args()
    unknown = set(arguments.rows) - {row.name for row in ROWS}
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    chosen = [row for row in ROWS if not arguments.rows or row.name in arguments.rows]
    results = []
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder).resolve())
        for row in chosen:
            print(row.name, flush=True) if arguments.list else None
            if not arguments.list:
                results.append(measured(row, place))
                print(line(results[-1]), flush=True)
    if arguments.write:
        write(results)


if __name__ == "__main__":
    main()
