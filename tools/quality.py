# ruff: noqa: INP001, T201 (a script that prints)
"""Measure the size, the structure and the language of the project; fail over the bounds.

Run it as `python tools/quality.py [DIRECTORY]`. It needs the standard library only.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOTS = ("pre_commit_hooks", "plugins")
MAX_MODULES = 140
MAX_LINES = 28_200
# The goal was set before these parts existed. CI holds the bound: the size must not grow.
GOAL_MODULES, GOAL_LINES = 120, 18_500
_CORE, _PLUGINS = "pre_commit_hooks/amplify_modelgen/", "plugins/amplify_modelgen_plugins/"
AFTER_GOAL = (
    f"{_CORE}lint/",
    f"{_CORE}modelgen/native.py",
    f"{_CORE}modelgen/transformer1.py",
    f"{_CORE}cli/hook_setup.py",
    f"{_PLUGINS}amplify_cli/platform_checks.py",
    f"{_PLUGINS}emitters/swift/",
    f"{_PLUGINS}emitters/java/",
    f"{_PLUGINS}emitters/dart/",
    f"{_PLUGINS}emitters/platform",
    f"{_PLUGINS}reporters/html.py",
    f"{_PLUGINS}serve/pytest_plugin.py",
)
MAX_FUNCTION_LINES = 45
MAX_MODULE_LINES = 500

LONG_MODULES: Mapping[str, str] = {}
"""Modules that may be longer than the bound: path and reason."""

NOT_UNIQUE = ("__init__", "__main__")

TEXT_DIRECTORIES = (*ROOTS, "tests", "docs", "tools", "benchmarks")
TEXT_SUFFIXES = (".py", ".md")
TEXT_EXCEPTIONS: Mapping[str, str] = {
    "tools/quality.py": "the table of patterns",
    "tests/tools/test_quality.py": "planted violations",
}
"""Files that the patterns of the language are not searched in: path and reason."""

LANGUAGE = (
    (r"nobody", "unknown, or a sentence without a person"),
    (r"whoever", "a caller, another process, a user who"),
    (r"somebody", "a user, another process"),
    (r"anybody", "any user, any client"),
    (r"(?<!there )is no(?! longer)(?= )", "is not a"),
    (r"(?-i:is none)[,.;:]", "is not one"),
    (r"tells?(?! apart)", "says, reports, shows"),
    (r"told(?! apart)", "reported, passed to"),
    (r"mend(?:s|ed|ing)?", "fix"),
    (r"folders?", "directory"),
    (r"line ends?(?! (?:with|in|at)\b)", "line ending, newline"),
    (r"white space", "whitespace"),
    (r"verbs?", "command, subcommand"),
    (r"(?:made|make|makes|written|write|writes) anew", "recreate, rewrite"),
    (r"of one's own", "separate"),
    (r"(?<!instead )of (?:its|their) own(?! model)", "separate"),
    (r"for people", "text"),
    (r"speaks? (?:to|of)", "connects to, describes"),
    (r"goes wrong|went wrong|go wrong", "fails"),
    (r"spoil(?:s|t|ed)?", "damage, corrupt"),
    (r"quarrels?", "conflict"),
)
"""Words of no technical text, and their replacements. Matched as whole words in any case."""


class Module(NamedTuple):
    """A module: its path below the project, its dotted name, its lines, and its syntax tree."""

    path: str
    name: str
    lines: int
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether the module is the `__init__` of a package."""
        return self.path.endswith("/__init__.py")


def read_modules(directory: Path) -> list[Module]:
    """Return the modules below the two source directories, sorted by path."""
    return [
        _read_module(directory, directory / root, path)
        for root in ROOTS
        for path in sorted((directory / root).rglob("*.py"))
    ]


def _read_module(directory: Path, root: Path, path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    relative = path.relative_to(directory).as_posix()
    return Module(relative, name, text.count("\n"), ast.parse(text, path))


def check_size(modules: list[Module]) -> Iterator[str]:
    """Yield what is over the bounds on modules, lines, and lines of a module."""
    lines = sum(module.lines for module in modules)
    if len(modules) > MAX_MODULES:
        yield f"{len(modules)} modules, at most {MAX_MODULES}"
    if lines > MAX_LINES:
        yield f"{lines} lines, at most {MAX_LINES}"
    for module in modules:
        if module.lines > MAX_MODULE_LINES and module.path not in LONG_MODULES:
            yield f"{module.path}: {module.lines} lines, at most {MAX_MODULE_LINES}"


def check_functions(modules: list[Module]) -> Iterator[str]:
    """Yield the functions that are too long."""
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    location = f"{module.path}:{node.lineno}"
                    yield f"{location}: {node.name} has {lines} lines, at most {MAX_FUNCTION_LINES}"


def check_names(modules: list[Module]) -> Iterator[str]:
    """Yield the names that two modules or two classes have."""
    files: dict[str, list[str]] = defaultdict(list)
    classes: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        files[Path(module.path).stem].append(module.path)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                classes[node.name].append(f"{module.path}:{node.lineno}")
    for kind, names in (("module", files), ("class", classes)):
        for name, places in sorted(names.items()):
            if len(places) > 1 and name not in NOT_UNIQUE:
                yield f"{kind} {name} exists {len(places)} times: {', '.join(places)}"


def import_graph(modules: list[Module]) -> dict[str, set[str]]:
    """Return the modules that each module imports, at any level and under any condition."""
    known = {module.name for module in modules}
    return {module.name: set(_imports(module, known)) - {module.name} for module in modules}


def _imports(module: Module, known: set[str]) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            submodules = {f"{base}.{alias.name}" for alias in node.names} & known
            yield from submodules
            if base in known and len(submodules) < len(node.names):
                yield base


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    drop = node.level - module.is_package
    package = parts[: len(parts) - drop] if drop else parts
    return ".".join([*package, *([node.module] if node.module else [])])


def check_cycles(modules: list[Module]) -> Iterator[str]:
    """Yield a set of modules that import one another, if there is one."""
    try:
        TopologicalSorter(import_graph(modules)).prepare()
    except CycleError as error:
        yield f"import cycle: {', '.join(sorted(set(error.args[1])))}"


def check_language(directory: Path) -> Iterator[str]:
    """Yield the lines of sources, tests and pages with a word of the table."""
    patterns = [
        (re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE), better)
        for pattern, better in LANGUAGE
    ]
    for path in _texts(directory):
        name = path.relative_to(directory).as_posix()
        if name in TEXT_EXCEPTIONS:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for pattern, better in patterns:
                match = pattern.search(line)
                if match:
                    yield f"{name}:{number}: {match.group()!r}: {better}"


def _texts(directory: Path) -> Iterable[Path]:
    yield from sorted(directory.glob("*.md"))
    for name in TEXT_DIRECTORIES:
        for path in sorted((directory / name).rglob("*")):
            if path.suffix in TEXT_SUFFIXES and "node_modules" not in path.parts:
                yield path


def main(argv: list[str]) -> int:
    """Print the numbers and the violations; return 1 if there are any."""
    directory = Path(argv[0]) if argv else Path(__file__).parents[1]
    modules = read_modules(directory)
    checks = {
        "size": check_size(modules),
        "functions": check_functions(modules),
        "names": check_names(modules),
        "cycles": check_cycles(modules),
        "language": check_language(directory),
    }
    lines = sum(module.lines for module in modules)
    print(f"modules {len(modules)} of {MAX_MODULES}, lines {lines} of {MAX_LINES}")
    before = [module for module in modules if not module.path.startswith(AFTER_GOAL)]
    lines = sum(module.lines for module in before)
    goal = f"goal: {GOAL_MODULES} and {GOAL_LINES}"
    print(f"without later parts: modules {len(before)}, lines {lines} ({goal})")
    failed = False
    for name, check in checks.items():
        violations = list(check)
        print(f"{name}: {len(violations)} violations")
        for violation in violations:
            print(f"  {violation}")
        failed = failed or bool(violations)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
