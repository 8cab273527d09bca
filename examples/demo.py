# ruff: noqa: INP001, T201 (a script that prints)
"""Generate the models of the examples; then edit the schema of a copy, and regenerate its models.

Run it with the Python that amplify-modelgen is installed for.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).parent
COMMAND = str(Path(sysconfig.get_path("scripts")) / "amplify-modelgen")
SCHEMA = "amplify/backend/api/blog/schema.graphql"
OLD, NEW = "  likes: Int\n", "  stars: Int!\n"


def main() -> int:
    """Return 0 if every command ends as it should."""
    ends_well = _run(EXAMPLES.parent, "generate", "--root", "examples", code=0)
    with tempfile.TemporaryDirectory() as directory:
        project = Path(shutil.copytree(EXAMPLES / "blog", Path(directory) / "blog"))
        subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)  # noqa: S607
        _edit(project / SCHEMA)
        for command, code in (("check", 1), ("generate", 1), ("check", 0)):
            ends_well &= _run(project, command, code=code)
    return int(not ends_well)


def _run(directory: Path, *words: str, code: int) -> bool:
    print(f"\n$ amplify-modelgen {' '.join(words)}", flush=True)
    done = subprocess.run([COMMAND, *words], cwd=directory, check=False)  # noqa: S603
    return done.returncode == code


def _edit(schema: Path) -> None:
    text = schema.read_text(encoding="utf-8")
    schema.write_text(text.replace(OLD, NEW), encoding="utf-8")
    print(f"\n$ sed -i 's/{OLD.strip()}/{NEW.strip()}/' {SCHEMA}")


if __name__ == "__main__":
    sys.exit(main())
