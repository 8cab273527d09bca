"""The rows: what is measured, what it is compared with, and the bound of the ratio."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import remote
from measure import Samples, Side
from schemas import schema
from workbench import DEPENDENCIES, PEER, Workbench, call

if TYPE_CHECKING:
    from collections.abc import Callable

_TOOLS = Path(sys.executable).parent
_HERE = Path(__file__).resolve().parent
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Two sides, created when they are measured: ours and the reference.

    A row with `measure` returns its samples itself. `bound` is the largest ratio that is
    acceptable, None if the row is for information.
    """

    name: str
    title: str
    reference: str
    bound: float | None
    sides: Callable[[Workbench], tuple[Side, Side]] | None = None
    measure: Callable[[Workbench], list[Samples]] | None = None
    runs: int = 15
    unit: str = "seconds"


def _bare(bench: Workbench) -> Side:
    return Side(argv=[bench.script("python"), "-I", "-c", "pass"])


def _preview(bench: Workbench, models: int, form: str) -> Side:
    return Side(argv=[bench.command, "preview", "--format", form, bench.schema_file(models)])


def _node(bench: Workbench, models: int, *targets: str) -> Side:
    file = bench.schema_file(models)
    return Side(argv=["node", _HERE / "peer.js", PEER, file, *targets])


def _previews(models: int, form: str, target: str, bench: Workbench) -> tuple[Side, Side]:
    return _preview(bench, models, form), _node(bench, models, target)


def _growth(bench: Workbench) -> tuple[Side, Side]:
    return _preview(bench, 1000, "introspection"), _preview(bench, 100, "introspection")


def _parsing(bench: Workbench) -> tuple[Side, Side]:
    start = "import sys; from"
    text = "parse; parse(open(sys.argv[1]).read())"
    file = bench.schema_file(1000)
    python = bench.script("python")
    return (
        Side(argv=[python, "-c", f"{start} amplify_modelgen.modelgen.parser import {text}", file]),
        Side(argv=[python, "-c", f"{start} graphql import {text}", file]),
    )


def _unchanged(arguments: tuple[str, ...], bench: Workbench) -> tuple[Side, Side]:
    root = bench.up_to_date_project(1)
    return Side(argv=[bench.command, *arguments], cwd=root), _bare(bench)


def _setting_changed(bench: Workbench) -> tuple[Side, Side]:
    root = bench.up_to_date_project(1)
    file = root / "pyproject.toml"
    toml = file.read_text()
    prepare = lambda: file.write_text(f"{toml}[tool.other]\nx = {next(_numbers)}\n")  # noqa: E731
    return Side(argv=[bench.command, "check"], cwd=root, prepare=prepare), _bare(bench)


def _many_unchanged(bench: Workbench) -> tuple[Side, Side]:
    root = bench.up_to_date_project(100)
    return Side(argv=[bench.command, "check"], cwd=root), _bare(bench)


def _schema_changed(models: int, bench: Workbench) -> tuple[Side, Side]:
    root = bench.project(1, models, backend="local", emitters=0)
    toml = root / "pyproject.toml"
    outputs = (
        'outputs = [{ emitter = "javascript", path = "src/models" }, '
        '{ emitter = "introspection", path = "src/introspection.json" }]'
    )
    toml.write_text(toml.read_text().replace("outputs = []", outputs))
    file = root / "schemas" / "api000.graphql"

    def change() -> None:
        file.write_text(f"{schema(models)}\ntype More {{ x{next(_numbers)}: Int }}\n")

    ours = Side(argv=[bench.command, "generate"], cwd=root, prepare=change, codes=(1,))
    return ours, _node(bench, models, "javascript", "introspection")


def _tox(bench: Workbench) -> tuple[Side, Side]:
    argv: list[str | Path] = [bench.venv_with_tox / "bin" / "tox", "list"]
    root = bench.directory / "tox"
    root.mkdir(exist_ok=True)
    (root / "tox.toml").write_text('env_list = ["py"]\n')
    without = {"TOX_DISABLED_EXTERNAL_PLUGINS": "amplify-modelgen"}
    return Side(argv=argv, cwd=root), Side(argv=argv, cwd=root, env=without)


def _pre_commit(bench: Workbench) -> tuple[Side, Side]:
    return _hook(bench, f"{bench.command} generate"), _hook(bench, "true")


def _hook(bench: Workbench, entry: str) -> Side:
    root = bench.up_to_date_project(1)
    hook = f'{{id: modelgen, name: modelgen, language: system, always_run: true, entry: "{entry}"}}'
    (root / ".pre-commit-config.yaml").write_text(f"repos: [{{repo: local, hooks: [{hook}]}}]\n")
    call("git", "add", "--all", cwd=root)
    call("git", "-c", "user.name=B", "-c", "user.email=b@localhost", "commit", "-qm", "1", cwd=root)
    return Side(argv=[_TOOLS / "pre-commit", "run"], cwd=root)


def _install(bench: Workbench) -> tuple[Side, Side]:
    return _pip(bench, str(bench.sources)), _pip(bench, *DEPENDENCIES)


def _pip(bench: Workbench, *requirements: str) -> Side:
    link = bench.directory / f"fresh{next(_numbers)}"

    def prepare() -> None:
        link.unlink(missing_ok=True)
        link.symlink_to(bench.new_venv())

    return Side(argv=[link / "bin" / "pip", "install", *requirements], prepare=prepare)


_NODE = "Node.js running Amplify's generator"
_BARE = "`python -I -c pass`"

ROWS = (
    Row(
        name="unchanged",
        title="fast path: configuration, a 20 KB schema, 4 outputs",
        reference=_BARE, bound=1.6, runs=41, sides=partial(_unchanged, ("generate",)),
    ),
    Row(
        name="setting",
        title="past the fast path: up to date, but pyproject.toml was changed",
        reference=_BARE, bound=None, sides=_setting_changed,
    ),
    Row(
        name="check-100",
        title="fast path of `check` with 100 targets: 100 schemas of 20 KB, 400 outputs",
        reference=_BARE, bound=8, runs=21, sides=_many_unchanged,
    ),
    Row(
        name="preview-10",
        title="`preview --format introspection`, 10 models",
        reference=_NODE, bound=0.20, sides=partial(_previews, 10, "introspection", "introspection"),
    ),
    Row(
        name="preview-100",
        title="`preview --format introspection`, 100 models",
        reference=_NODE, bound=0.45,
        sides=partial(_previews, 100, "introspection", "introspection"),
    ),
    Row(
        name="preview-1000",
        title="`preview --format introspection`, 1,000 models",
        reference=_NODE, bound=0.20, runs=7,
        sides=partial(_previews, 1000, "introspection", "introspection"),
    ),
    Row(
        name="datastore-1000",
        title="`preview --format datastore`, 1,000 models",
        reference=_NODE, bound=0.20, runs=5,
        sides=partial(_previews, 1000, "datastore", "javascript"),
    ),
    Row(
        name="javascript-100",
        title="`preview --format javascript`, 100 models",
        reference=_NODE, bound=0.45, sides=partial(_previews, 100, "javascript", "javascript"),
    ),
    *(
        Row(
            name=f"{language}-{models}",
            title=f"`preview --format {language}`, {models:,} models",
            reference=_NODE, bound=bound, runs=runs,
            sides=partial(_previews, models, language, language),
        )
        for language in ("swift", "java", "dart")
        # Amplify's generator takes many minutes for 1,000 models.
        for models, bound, runs in ((10, 0.20, 11), (1000, 0.12, 1))
    ),
    Row(
        name="growth",
        title="`preview --format introspection`, 1,000 models",
        reference="the same with 100 models", bound=11, sides=_growth,
    ),
    Row(
        name="memory",
        title="peak memory of `preview --format introspection`, 1,000 models",
        reference=_NODE, bound=0.5, runs=5, unit="megabytes",
        sides=partial(_previews, 1000, "introspection", "introspection"),
    ),
    Row(
        name="parsing",
        title="parsing a schema of 1,000 models with the engine's parser",
        reference="parsing it with graphql-core", bound=None, sides=_parsing,
    ),
    Row(
        name="local-10",
        title="schema changed, backend `local`, 10 models: javascript + introspection written",
        reference=_NODE, bound=0.20, sides=partial(_schema_changed, 10),
    ),
    Row(
        name="local-1000",
        title="schema changed, backend `local`, 1,000 models: javascript + introspection written",
        reference=_NODE, bound=0.12, runs=5, sides=partial(_schema_changed, 1000),
    ),
    Row(
        name="aws",
        title="schema changed, backend `aws` with `serve`, jobs that finish at once",
        reference="a boto3 script of the same three calls", bound=1.25, measure=remote.one_target,
    ),
    Row(
        name="aws-200",
        title="200 targets with jobs of 2.0 s, from the first request on",
        reference="2.0 s", bound=None, runs=5, measure=remote.many_targets,
    ),
    Row(
        name="aws-200-memory",
        title="200 targets: peak memory, in MB",
        reference="1 MB", bound=None, runs=5, unit="megabytes",
        measure=remote.many_targets,
    ),
    Row(
        name="aws-200-requests",
        title="200 targets: requests per target",
        reference="1", bound=None, runs=5, unit="requests",
        measure=remote.many_targets,
    ),
    Row(
        name="tox",
        title="`tox list` with the plugin",
        reference="without", bound=1.03, sides=_tox,
    ),
    Row(
        name="pre-commit",
        title="`pre-commit run`, nothing changed",
        reference="the same with the hook `true`", bound=1.15, sides=_pre_commit,
    ),
    Row(
        name="install",
        title="`pip install .` into a fresh environment, warm cache",
        reference=f"`pip install {' '.join(DEPENDENCIES)}`", bound=1.2, runs=3, sides=_install,
    ),
)  # fmt: skip
