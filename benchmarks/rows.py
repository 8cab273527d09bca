"""What is measured against what, and the ratio that is to be reached (None: for information)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import served
from measure import Samples, Side
from places import DEPENDENCIES, PEER, Place, call
from schemas import schema

if TYPE_CHECKING:
    from collections.abc import Callable

_TOOLS = Path(sys.executable).parent
_HERE = Path(__file__).resolve().parent
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Two sides, made when they are measured: ours, and what it is held against.

    A row whose `measure` is set brings its samples itself.
    """

    name: str
    what: str
    against: str
    reach: float | None
    sides: Callable[[Place], tuple[Side, Side]] | None = None
    measure: Callable[[Place], list[Samples]] | None = None
    runs: int = 15
    unit: str = "seconds"


def _bare(place: Place) -> Side:
    return Side(words=[place.script("python"), "-I", "-c", "pass"])


def _preview(place: Place, models: int, form: str) -> Side:
    return Side(words=[place.ours, "preview", "--format", form, place.schema_file(models)])


def _node(place: Place, models: int, *targets: str) -> Side:
    file = place.schema_file(models)
    return Side(words=["node", _HERE / "peer.js", PEER, file, *targets])


def _previews(models: int, form: str, target: str, place: Place) -> tuple[Side, Side]:
    return _preview(place, models, form), _node(place, models, target)


def _growth(place: Place) -> tuple[Side, Side]:
    return _preview(place, 1000, "introspection"), _preview(place, 100, "introspection")


def _reading(place: Place) -> tuple[Side, Side]:
    start = "import sys; from amplify_modelgen.modelgen import parse; parse."
    text = "(open(sys.argv[1]).read())"
    file = place.schema_file(1000)
    python = place.script("python")
    return (
        Side(words=[python, "-c", f"{start}parse{text}", file]),
        Side(words=[python, "-c", f"{start}parse_by_library{text}", file]),
    )


def _unchanged(words: tuple[str, ...], place: Place) -> tuple[Side, Side]:
    root = place.hooked(1)
    return Side(words=[place.ours, *words], cwd=root), _bare(place)


def _comment_changed(place: Place) -> tuple[Side, Side]:
    root = place.hooked(1)
    (root / "README.md").touch()
    file = root / "schemas" / "api000.graphql"
    sdl = file.read_text()
    words: list[str | Path] = [place.ours, "generate", "README.md", file]
    prepare = lambda: file.write_text(f"# changed {next(_numbers)} times\n{sdl}")  # noqa: E731
    return Side(words=words, cwd=root, prepare=prepare), _bare(place)


def _setting_changed(place: Place) -> tuple[Side, Side]:
    root = place.hooked(1)
    file = root / "pyproject.toml"
    toml = file.read_text()
    prepare = lambda: file.write_text(f"{toml}[tool.other]\nx = {next(_numbers)}\n")  # noqa: E731
    return Side(words=[place.ours, "check"], cwd=root, prepare=prepare), _bare(place)


def _many_unchanged(place: Place) -> tuple[Side, Side]:
    root = place.hooked(100)
    return Side(words=[place.ours, "check"], cwd=root), _bare(place)


def _schema_changed(models: int, place: Place) -> tuple[Side, Side]:
    root = place.project(1, models, backend="local", emitters=0)
    toml = root / "pyproject.toml"
    outputs = (
        'outputs = [{ emitter = "javascript", path = "src/models" }, '
        '{ emitter = "introspection", path = "src/introspection.json" }]'
    )
    toml.write_text(toml.read_text().replace("outputs = []", outputs))
    file = root / "schemas" / "api000.graphql"

    def change() -> None:
        file.write_text(f"{schema(models)}\ntype More {{ x{next(_numbers)}: Int }}\n")

    ours = Side(words=[place.ours, "generate"], cwd=root, prepare=change, codes=(1,))
    return ours, _node(place, models, "javascript", "introspection")


def _tox(place: Place) -> tuple[Side, Side]:
    words: list[str | Path] = [place.venv_with_tox / "bin" / "tox", "list"]
    root = place.folder / "tox"
    root.mkdir(exist_ok=True)
    (root / "tox.toml").write_text('env_list = ["py"]\n')
    without = {"TOX_DISABLED_EXTERNAL_PLUGINS": "amplify-modelgen"}
    return Side(words=words, cwd=root), Side(words=words, cwd=root, env=without)


def _pre_commit(place: Place) -> tuple[Side, Side]:
    return _hook(place, f"{place.ours} generate"), _hook(place, "true")


def _hook(place: Place, entry: str) -> Side:
    root = place.hooked(1)
    hook = f'{{id: it, name: it, language: system, always_run: true, entry: "{entry}"}}'
    (root / ".pre-commit-config.yaml").write_text(f"repos: [{{repo: local, hooks: [{hook}]}}]\n")
    call("git", "add", "--all", cwd=root)
    call("git", "-c", "user.name=B", "-c", "user.email=b@localhost", "commit", "-qm", "1", cwd=root)
    return Side(words=[_TOOLS / "pre-commit", "run"], cwd=root)


def _install(place: Place) -> tuple[Side, Side]:
    return _pip(place, str(place.sources)), _pip(place, *DEPENDENCIES)


def _pip(place: Place, *wanted: str) -> Side:
    link = place.folder / f"fresh{next(_numbers)}"

    def prepare() -> None:
        link.unlink(missing_ok=True)
        link.symlink_to(place.new_venv())

    return Side(words=[link / "bin" / "pip", "install", *wanted], prepare=prepare)


_NODE = "node running Amplify's generator"
_BARE = "`python -I -c pass`"

ROWS = (
    Row(
        name="unchanged",
        what="nothing changed: configuration, lock, a 20 KB schema, 4 outputs",
        against=_BARE, reach=1.6, runs=41, sides=partial(_unchanged, ("generate",)),
    ),
    Row(
        name="comment",
        what="a comment changed, and a file of no target is given",
        against=_BARE, reach=5, runs=31, sides=_comment_changed,
    ),
    Row(
        name="setting",
        what="another tool's setting changed: the whole way, plugins included",
        against=_BARE, reach=None, sides=_setting_changed,
    ),
    Row(
        name="check-100",
        what="`check` over 100 targets: 100 schemas of 20 KB, 400 outputs",
        against=_BARE, reach=8, runs=21, sides=_many_unchanged,
    ),
    Row(
        name="preview-10",
        what="`preview --format introspection`, 10 models",
        against=_NODE, reach=0.20, sides=partial(_previews, 10, "introspection", "introspection"),
    ),
    Row(
        name="preview-100",
        what="`preview --format introspection`, 100 models",
        against=_NODE, reach=0.45, sides=partial(_previews, 100, "introspection", "introspection"),
    ),
    Row(
        name="preview-1000",
        what="`preview --format introspection`, 1,000 models",
        against=_NODE, reach=0.20, runs=7,
        sides=partial(_previews, 1000, "introspection", "introspection"),
    ),
    Row(
        name="datastore-1000",
        what="`preview --format datastore`, 1,000 models",
        against=_NODE, reach=0.20, runs=5,
        sides=partial(_previews, 1000, "datastore", "javascript"),
    ),
    Row(
        name="growth",
        what="`preview --format introspection`, 1,000 models",
        against="the same with 100 models", reach=11, sides=_growth,
    ),
    Row(
        name="memory",
        what="peak memory of `preview --format introspection`, 1,000 models",
        against=_NODE, reach=0.5, runs=5, unit="megabytes",
        sides=partial(_previews, 1000, "introspection", "introspection"),
    ),
    Row(
        name="reading",
        what="reading a schema of 1,000 models by our own reader",
        against="reading it through graphql-core", reach=None, sides=_reading,
    ),
    Row(
        name="local-10",
        what="schema changed, local backend, 10 models: javascript + introspection written",
        against=_NODE, reach=0.20, sides=partial(_schema_changed, 10),
    ),
    Row(
        name="local-1000",
        what="schema changed, local backend, 1,000 models: javascript + introspection written",
        against=_NODE, reach=0.12, runs=5, sides=partial(_schema_changed, 1000),
    ),
    Row(
        name="aws",
        what="schema changed, AWS backend against `serve`, jobs of no length",
        against="a boto3 script of the same three calls", reach=1.25, measure=served.one_target,
    ),
    Row(
        name="aws-200",
        what="200 targets, jobs of 2.0 s, after start-up",
        against="2.0 s", reach=1.4, runs=5, measure=partial(served.many_targets, latency=0.0),
    ),
    Row(
        name="aws-200-latency",
        what="the same with 80 ms of latency on every answer",
        against="2.0 s", reach=1.7, runs=5, measure=partial(served.many_targets, latency=0.08),
    ),
    Row(
        name="aws-200-memory",
        what="200 targets: peak memory, in MB",
        against="1 MB", reach=80, runs=5, unit="megabytes",
        measure=partial(served.many_targets, latency=0.0),
    ),
    Row(
        name="aws-200-requests",
        what="200 targets: requests per target",
        against="1", reach=6, runs=5, unit="requests",
        measure=partial(served.many_targets, latency=0.0),
    ),
    Row(
        name="tox",
        what="`tox list` with the plugin",
        against="without", reach=1.03, sides=_tox,
    ),
    Row(
        name="pre-commit",
        what="`pre-commit run`, nothing changed",
        against="the same with the hook `true`", reach=1.15, sides=_pre_commit,
    ),
    Row(
        name="install",
        what="`pip install .` into a fresh environment, warm cache",
        against=f"`pip install {' '.join(DEPENDENCIES)}`", reach=1.2, runs=3, sides=_install,
    ),
)  # fmt: skip
