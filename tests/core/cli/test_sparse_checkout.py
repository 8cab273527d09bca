"""`git sparse-checkout`: what is not on disk is neither removed nor written again."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from amplify_modelgen.cli import main as cli
from amplify_modelgen.git import is_sparse_checkout

EXAMPLES = Path(__file__).parents[3] / "examples"
API = "amplify/backend/api"
ZEBRA = "type Zebra @model {\n  id: ID!\n  name: String\n}\n"
CONFIGURED = """
[[target]]
resource = "more"
schema = "more/schema.graphql"
outputs = [{ emitter = "introspection", path = "more/models.json" }]
"""
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com")


def git(*arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_repository(root: Path, example: str, models: str, places: tuple[str, ...] = ()) -> None:
    """Create a repository whose schema is in two files of a directory, and go there.

    The models are moved to `places`, and committed there.
    """
    shutil.copytree(EXAMPLES / example, root)
    [schema] = root.glob(f"{API}/*/schema.graphql")
    (schema.parent / "schema").mkdir()
    schema.rename(schema.parent / "schema" / "a.graphql")
    (schema.parent / "schema" / "z.graphql").write_text(ZEBRA)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        git("init", "--quiet")
        assert cli.main(["generate"]) == 1
        for place in places:
            Path(place).parent.mkdir(parents=True)
            shutil.move(models, place)
        git("add", "--all")
        git("commit", "--quiet", "--message", "models")


def write_and_commit(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)
    git("add", path)
    git("commit", "--quiet", "--message", path)


@pytest.fixture
def flutter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(tmp_path / "app", "flutter", "lib/models")
    monkeypatch.chdir(tmp_path / "app")


LEFT_OUT = {
    "models": ("!/lib/models", "lib/models/ModelProvider.dart"),
    "one model": ("!Zebra.dart", "lib/models/Zebra.dart"),
    "one schema file": ("!z.graphql", f"{API}/planner/schema/z.graphql"),
    "all schema files": ("!*.graphql", f"{API}/planner/schema/a.graphql"),
    "feature flags": ("!cli.json", "amplify/cli.json"),
}


@pytest.mark.usefixtures("flutter")
@pytest.mark.parametrize("name", LEFT_OUT)
@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_target_of_which_a_file_is_left_out_is_skipped(
    capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    pattern, path = LEFT_OUT[name]
    git("sparse-checkout", "set", "--no-cone", "/*", pattern)
    files = sorted(Path().rglob("*.dart"))
    capsys.readouterr()
    assert cli.main([command]) == 0
    output = capsys.readouterr().out
    assert f"skipped: the sparse checkout leaves out {path}\n" in output
    assert f"git sparse-checkout add {Path(path).parent}" in output
    assert sorted(Path().rglob("*.dart")) == files
    assert git("status", "--porcelain") == ""


@pytest.mark.usefixtures("flutter")
def test_without_git_nothing_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("sparse-checkout", "set", "--no-cone", "/*", "!z.graphql")
    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        assert cli.main(["generate"]) == 2
    assert "cannot list what the sparse checkout leaves out: git is not installed" in (
        capsys.readouterr().err
    )
    assert git("status", "--porcelain") == ""


@pytest.mark.usefixtures("flutter")
@pytest.mark.parametrize("pattern", ["!/android", "!/lib/models"])
def test_a_schema_is_validated_without_what_it_does_not_need(pattern: str) -> None:
    git("sparse-checkout", "set", "--no-cone", "/*", pattern)
    Path(f"{API}/planner/schema/z.graphql").write_text("type Zebra @model {\n  id: Nope!\n}\n")
    assert cli.main(["validate"]) == 1


@pytest.mark.usefixtures("flutter")
def test_what_is_on_disk_is_maintained(capsys: pytest.CaptureFixture[str]) -> None:
    git("sparse-checkout", "set", "amplify", "lib/models")
    assert cli.main(["check"]) == 0
    Path(f"{API}/planner/schema/z.graphql").write_text(ZEBRA.replace("name", "title"))
    capsys.readouterr()
    assert cli.main(["generate"]) == 1
    assert "changed    lib/models/Zebra.dart" in capsys.readouterr().out


@pytest.mark.usefixtures("flutter")
@pytest.mark.parametrize(
    "arguments", [("diff", "HEAD:", "."), ("preview", f"{API}/planner/schema")]
)
def test_a_part_of_a_schema_is_not_taken_for_all_of_it(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert cli.main(list(arguments)) == 0
    git("sparse-checkout", "set", "--no-cone", "/*", "!z.graphql")
    capsys.readouterr()
    assert cli.main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "the sparse checkout leaves out" in captured.err


def test_models_that_are_left_out_elsewhere_are_not_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository(tmp_path / "app", "blog", "src/models", ("app/lib/models",))
    monkeypatch.chdir(tmp_path / "app")
    git("sparse-checkout", "set", "amplify")
    assert cli.main(["generate"]) == 0
    assert git("status", "--porcelain") == ""
    assert not Path("src/models").exists()


@pytest.mark.usefixtures("flutter")
def test_a_target_that_is_named_fails(capsys: pytest.CaptureFixture[str]) -> None:
    git("sparse-checkout", "set", "--no-cone", "/*", "!z.graphql")
    capsys.readouterr()
    for command in ("generate", "check", "validate"):
        assert cli.main([command, "--target", "planner"]) == 2
        assert "failed: the sparse checkout leaves out" in capsys.readouterr().out


@pytest.mark.parametrize("is_sparse", [True, False])
def test_first_models_are_created_after_the_checkout_was_sparse(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_sparse: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    make_repository(tmp_path / "app", "blog", "src/models")
    monkeypatch.chdir(tmp_path / "app")
    git("rm", "-r", "--quiet", "src/models")
    git("commit", "--quiet", "--message", "no models")
    git("sparse-checkout", "set", "amplify")
    if not is_sparse:
        git("sparse-checkout", "disable")
    capsys.readouterr()
    assert cli.main(["generate"]) == (0 if is_sparse else 1)
    output = capsys.readouterr().out
    assert (
        "valid; no models are created in a sparse checkout; 'amplify-mod" in output
    ) == is_sparse
    assert Path("src/models").exists() != is_sparse


@pytest.mark.parametrize("directory", [".", "docs"])
def test_the_hint_adds_the_directory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    directory: str,
) -> None:
    make_repository(tmp_path / "app", "blog", "src/models", ("my src/models",))
    monkeypatch.chdir(tmp_path / "app")
    config = Path("amplify/.config/project-config.json")
    write_and_commit(str(config), config.read_text().replace('"src"', '"my src"'))
    write_and_commit("docs/index.md", "")
    git("sparse-checkout", "set", "amplify", "docs")
    monkeypatch.chdir(directory)
    capsys.readouterr()
    assert cli.main(["check"]) == 0
    [hint] = re.findall(r"git (sparse-checkout add .*)", capsys.readouterr().out)
    git(*shlex.split(hint))
    assert (tmp_path / "app" / "my src" / "models" / "index.js").exists()
    assert cli.main(["check"]) == 0
    assert "1 target up to date" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["web/amplify/cli.json", "more/schema.graphql"])
def test_files_of_another_target_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    make_repository(tmp_path / "app", "blog", "src/models")
    monkeypatch.chdir(tmp_path / "app")
    write_and_commit("web/amplify/.config/project-config.json", '{"frontend": "ios"}')
    write_and_commit("web/amplify/backend/api/shop/schema.graphql", ZEBRA)
    write_and_commit("amplify-modelgen.toml", CONFIGURED)
    write_and_commit("more/schema.graphql", ZEBRA)
    write_and_commit("web/amplify/cli.json", "{}")
    git("sparse-checkout", "set", "--no-cone", "/*", f"!/{path}")
    capsys.readouterr()
    assert cli.main(["generate"]) == (1 if path.startswith("web") else 0)
    output = capsys.readouterr().out
    assert output.count(f"skipped: the sparse checkout leaves out {path}") == 1
    assert "1 target up to date" in output


@pytest.mark.usefixtures("flutter")
def test_a_checkout_that_git_distrusts_counts_as_sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    git("sparse-checkout", "set", "amplify")
    assert is_sparse_checkout(Path.cwd())
    git("sparse-checkout", "disable")
    assert not is_sparse_checkout(Path.cwd())
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert is_sparse_checkout(Path.cwd())


@pytest.mark.usefixtures("flutter")
def test_a_project_that_is_left_out_is_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    git("sparse-checkout", "set", "lib")
    capsys.readouterr()
    assert cli.main(["check"]) == 0
    assert f"below {Path.cwd()} (a sparse checkout)" in capsys.readouterr().out
