from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "tools" / "quality.py"


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quality", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["quality"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, "pre_commit_hooks/core/__init__.py", "")
    write(tmp_path, "plugins/extra/__init__.py", "from core.a import A\n")
    write(tmp_path, "pre_commit_hooks/core/a.py", "class A:\n    pass\n")
    write(tmp_path, "docs/page.md", "There is no lock. It is no longer read.\n")
    return tmp_path


def write(project: Path, path: str, text: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text(text, encoding="utf-8")


def violations(quality: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    code = quality.main([str(project)])
    found = [line[2:] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert code == int(bool(found))
    return found


def test_a_clean_project_passes(
    quality: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert violations(quality, project, capsys) == []


LONG_FUNCTION = "def long() -> None:\n" + "    pass\n" * 45


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"pre_commit_hooks/core/b.py": "#\n" * 501},
            ["pre_commit_hooks/core/b.py: 501 lines, at most 500"],
            id="long module",
        ),
        pytest.param(
            {"pre_commit_hooks/core/b.py": LONG_FUNCTION},
            ["pre_commit_hooks/core/b.py:1: long has 46 lines, at most 45"],
            id="long function",
        ),
        pytest.param(
            {"plugins/extra/a.py": "", "plugins/extra/c.py": "class A:\n    pass\n"},
            [
                "module a exists 2 times: pre_commit_hooks/core/a.py, plugins/extra/a.py",
                "class A exists 2 times: pre_commit_hooks/core/a.py:1, plugins/extra/c.py:1",
            ],
            id="names twice",
        ),
        pytest.param(
            {
                "pre_commit_hooks/core/b.py": "def f() -> None:\n    from . import c\n",
                "pre_commit_hooks/core/c.py": "if TYPE_CHECKING:\n    from core.d import x\n",
                "pre_commit_hooks/core/d.py": "import core.b\n",
            },
            ["import cycle: core.b, core.c, core.d"],
            id="cycle",
        ),
        pytest.param(
            {
                "pre_commit_hooks/core/sub/__init__.py": "from .e import x\n",
                "pre_commit_hooks/core/sub/e.py": "from core.sub import y\n",
            },
            ["import cycle: core.sub, core.sub.e"],
            id="cycle through a package",
        ),
        pytest.param(
            {
                "pre_commit_hooks/core/sub/__init__.py": "from .e import x\nfrom .. import a\n",
                "pre_commit_hooks/core/sub/e.py": "from . import f\n",
                "pre_commit_hooks/core/sub/f.py": "from ..a import A\n",
            },
            [],
            id="relative imports without a cycle",
        ),
        pytest.param(
            {"tests/test_x.py": "# Nobody knows.\n", "README.md": "\nOne folder is no file.\n"},
            [
                "README.md:2: 'is no': is not a",
                "README.md:2: 'folder': directory",
                "tests/test_x.py:1: 'Nobody': unknown, or a sentence without a person",
            ],
            id="language",
        ),
    ],
)
def test_a_planted_violation_is_found(
    quality: ModuleType,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    expected: list[str],
) -> None:
    for path, text in files.items():
        write(project, path, text)
    assert violations(quality, project, capsys) == expected


def test_bounds_on_the_whole_are_checked(
    quality: ModuleType,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quality, "MAX_MODULES", 2)
    monkeypatch.setattr(quality, "MAX_LINES", 1)
    assert violations(quality, project, capsys) == ["3 modules, at most 2", "3 lines, at most 1"]


@pytest.mark.parametrize(
    "line",
    ["verbose", "recommend", "the line ends with it", "tell apart", "if x is None:"],
)
def test_similar_words_are_allowed(
    quality: ModuleType, project: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    write(project, "docs/page.md", f"{line}\n")
    assert violations(quality, project, capsys) == []


def test_a_listed_exception_is_skipped(
    quality: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "tools/quality.py", "nobody\n")
    assert violations(quality, project, capsys) == []
