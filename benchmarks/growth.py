"""Measure how CPU time grows with the input: at n, 2n and 4n, for each kind of input.

The exponent is 1 for linear growth and 2 for quadratic growth. Prints a line for each kind; the
exit code is 1 if an exponent is larger than the bound.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import math
import subprocess
import sys
import tempfile
import time
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import partial
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen.cli.main import main as run_command
from amplify_modelgen.errors import SchemaError
from amplify_modelgen.lint import lint_schema
from amplify_modelgen.modelgen import generate_models

if TYPE_CHECKING:
    from collections.abc import Callable

BOUND = 1.2
EMITTERS = ("javascript", "swift", "java", "dart", "python", "mermaid")
_numbers = itertools.count()


def _numbered(template: str, count: int, joint: str = " ") -> str:
    return joint.join(template.replace("#", str(number)) for number in range(count))


def _relations(count: int) -> str:
    return _numbered("type A# @model {id: ID! many: [B#] @hasMany} ", count) + _numbered(
        "type B# @model {id: ID! parent: A# @belongsTo} ", count
    )


def _star(count: int) -> str:
    fields = _numbered("has#: [B#] @hasMany", count)
    return f"type A @model {{id: ID! {fields}}}" + _numbered(
        "type B# @model {id: ID! parent: A @belongsTo} ", count
    )


def _extensions(count: int) -> str:
    extension = "extend type A @d(a#: 1) {b: Int f#: Int} extend enum E {V#} "
    return "type A @model @d {id: ID! mood: E} enum E {V} " + _numbered(extension, count)


SCHEMAS: dict[str, tuple[int, Callable[[int], str]]] = {
    "models": (200, lambda n: _numbered("type M# @model {id: ID! a: String}", n)),
    "fields": (800, lambda n: f"type A @model {{id: ID! {_numbered('f#: String!', n)}}}"),
    "enum values": (4_000, lambda n: f"type A @model {{mood: E}} enum E {{{_numbered('V#', n)}}}"),
    "directives": (
        800,
        lambda n: f"type A @model {{id: ID! {_numbered('f#: ID @auth(rules: [])', n)}}}",
    ),
    "rules": (800, lambda n: f"type A @model @auth(rules: [{'{allow: owner} ' * n}]) {{id: ID!}}"),
    "relations": (100, _relations),
    "relations of one model": (100, _star),
    "repeated types": (
        40,
        lambda n: _numbered("type A# @model {id: ID!} extend type A# {b: Int} ", n),
    ),
    "extensions of one type": (400, _extensions),
}
"""Schemas of a kind, and the smallest n."""


def _command_seconds(command: str, lay_out: Callable[[Path, int], None], count: int) -> float:
    """Measure a command in a project. Words with `*` are patterns of its files."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        lay_out(root, count)
        words: list[str] = []
        for word in command.split():
            paths = root.glob(word) if "*" in word else [word]
            words += map(str, paths)
        with chdir(root), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return _cpu_seconds(lambda: _run(words))


def _run(words: list[str]) -> None:
    code = run_command(words)
    if code not in (0, 1):
        raise SystemExit(f"{words[0]} ends with exit code {code}")


def _targets(root: Path, count: int, outputs: int = 1) -> None:
    (root / ".git").mkdir()
    lines = []
    for number in range(count):
        (root / f"{number}.graphql").write_text("type A @model {id: ID!}")
        paths = [f'"{number}/{name}.json"' for name in range(outputs)]
        entries = ", ".join(f'{{emitter = "introspection", path = {path}}}' for path in paths)
        names = f'app-id = "d1"\nenvironment = "dev"\nresource = "r{number}"'
        lines.append(f'[[target]]\n{names}\nschema = "{number}.graphql"\noutputs = [{entries}]\n')
    (root / "amplify-modelgen.toml").write_text("".join(lines))


def _schema_files(root: Path, count: int) -> None:
    _targets(root, 1)
    (root / "0.graphql").unlink()
    (root / "0.graphql").mkdir()
    for number in range(count):
        path = root / "0.graphql" / f"{number}.graphql"
        path.write_text(f"type A{number} @model {{id: ID!}}")


def _depth(root: Path, count: int) -> None:
    _targets(root, 1)
    (root / "0.graphql").unlink()
    path = root / "0.graphql"
    for number in range(count):
        path = path / "d"
        path.mkdir(parents=True)
        (path / f"{number}.graphql").write_text(f"type A{number} @model {{id: ID!}}")


def _errors(root: Path, count: int) -> None:
    _targets(root, 1)
    (root / "0.graphql").write_text(_numbered("type A# @model {id: ID! a: B}", count, "\n"))


def _projects(root: Path, count: int) -> None:
    (root / ".git").mkdir()
    front_end = {"frontend": "javascript", "javascript": {"config": {"SourceDir": "src"}}}
    for number in range(count):
        amplify = root / str(number) / "amplify"
        api = amplify / "backend" / "api" / "blog"
        api.mkdir(parents=True)
        (amplify / ".config").mkdir()
        (amplify / ".config" / "project-config.json").write_text(json.dumps(front_end))
        for path in (api / "schema.graphql", root / str(number) / "draft.graphql"):
            path.write_text("type A @model {id: ID!}")


def _revision(root: Path, count: int) -> None:
    _schema_files(root, count)
    (root / ".git").rmdir()
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "a")):
        subprocess.run(["git", *command], cwd=root, check=True)
    for path in (root / "0.graphql").iterdir():
        path.write_text(path.read_text().replace("{id: ID!}", "{id: ID! a: Int}"))


_GENERATE = "generate --no-progress"
COMMANDS: dict[str, tuple[int, Callable[[Path, int], None], str]] = {
    "targets": (50, _targets, _GENERATE),
    "outputs": (50, lambda root, count: _targets(root, 1, count), _GENERATE),
    "schema files": (250, _schema_files, _GENERATE),
    "depth of directories": (100, _depth, _GENERATE),
    "projects": (50, _projects, f"{_GENERATE} --create"),
    "named files": (50, _projects, "validate */amplify/backend/api/blog/schema.graphql"),
    "drafts": (50, _projects, "validate */draft.graphql"),
    "errors": (1_000, _errors, "validate --report html"),
    "files at a revision": (250, _revision, "diff HEAD:0.graphql 0.graphql"),
}
"""Projects of a kind, the smallest n, and the command."""


def _cpu_seconds(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()  # Its cost depends on what else is in memory.
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def _emit(emitter: str, text: str) -> None:
    models = generate_models(text)
    import_module(f"amplify_modelgen_plugins.emitters.{emitter}").emit(models, {})


def _schema_work(stage: str, text: str) -> None:
    try:
        if stage == "lint":
            lint_schema(text)
        elif stage == "models":
            generate_models(text)
        else:
            _emit(stage, text)
    except SchemaError as error:
        raise SystemExit(f"{stage}: {error}") from error


def measurements() -> dict[str, tuple[int, Callable[[int], float]]]:
    """Return what is measured: the smallest n, and the function from n to CPU seconds."""
    found: dict[str, tuple[int, Callable[[int], float]]] = {}
    for kind, (smallest, make) in SCHEMAS.items():
        for stage in ("lint", "models", *EMITTERS):

            def measure(count: int, stage: str = stage, make: Callable[[int], str] = make) -> float:
                # Parsed texts are cached.
                text = f"{make(count)} # {next(_numbers)}"
                return _cpu_seconds(lambda: _schema_work(stage, text))

            found[f"{kind}, {stage}"] = smallest, measure
    for kind, (smallest, lay_out, command) in COMMANDS.items():
        name = f"{kind}, {command.split()[0]}"
        found[name] = smallest, partial(_command_seconds, command, lay_out)
    return found


def exponent(measure: Callable[[int], float], smallest: int, runs: int = 5) -> float:
    """Return the exponent between n and 4n, from the fastest of some runs each.

    The runs of n and 4n alternate, so that another program disturbs both.
    """
    measure(smallest)
    pairs = [(measure(smallest), measure(4 * smallest)) for _ in range(runs)]
    first, last = map(min, zip(*pairs, strict=True))
    return math.log(last / first, 4)


def main() -> int:
    """Measure the kinds whose names contain one of the arguments, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    results = {}
    for name, (smallest, measure) in measurements().items():
        if not arguments.kinds or any(kind in name for kind in arguments.kinds):
            results[name] = round(exponent(measure, smallest), 2)
            if not arguments.json:
                print(f"{results[name]:5.2f}  {name}", flush=True)
    if arguments.json:
        print(json.dumps(results, indent=2))
    return int(any(value > BOUND for value in results.values()))


if __name__ == "__main__":
    sys.exit(main())
