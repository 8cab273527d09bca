"""Save results for the fast path as a run does, without waiting until the files are old."""

from __future__ import annotations

from pathlib import Path

from amplify_modelgen.storage.checkout_state import save_result
from amplify_modelgen.storage.project_files import ProjectFiles

MESSAGE = "amplify-modelgen: 1 target up to date"


def as_if_later(fingerprints: list[str], seconds: float = 10) -> list[str]:
    """Return fingerprints as if the run had begun later."""
    opened = int(fingerprints[0].removeprefix("opened "))
    return [f"opened {opened + int(seconds * 1e9)}", *fingerprints[1:]]


def read_project(root: Path) -> list[str]:
    """Return the fingerprints of a run over the files of the fixture `root`."""
    with ProjectFiles(root) as files:
        files.read_bytes("file")
        files.read_text("directory/schema.graphql")
        files.read_text("deep/er/schema.graphql")
        files.read_bytes("absent")
        files.list_directory("")
        files.list_directory("directory")
        files.list_directory("no-directory")
        files.list_directory("models", all_names=True)
        return files.fingerprints()


def save(*argv: str, message: str = MESSAGE, root: Path | None = None) -> None:
    """Save the result of a run in the working directory, as if its files were old."""
    save_result(argv, message, as_if_later(read_project(root or Path.cwd())))
