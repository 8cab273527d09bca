"""Plugins of third parties: real distributions that pip installs beside ours, in use."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hosts.markdown import blocks
from hosts.running import SCHEMA, SOURCE, copy_example
from hosts.venvs import QUICKLY, Venv, venv_with_our_dependencies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hosts.conftest import Distributions

PAGE = SOURCE / "docs" / "plugins.md"
ACME = Path(__file__).parent / "third_party"
GENERATE = ("generate",)
CONFIGURATION = """
[[target]]
app-id = "d2abcdefghij"
environment = "dev"
resource = "blog"
schema = "amplify/backend/api/blog/schema.graphql"
outputs = [{ emitter = "acme-csv", path = "fields.csv", separator = "semicolon" }]
"""


@pytest.fixture(scope="module")
def venv(
    distributions: Distributions,
    host_env: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Venv:
    """An environment with our wheel, the company's plugin and that of the page, by one `pip`."""
    directory = tmp_path_factory.mktemp("third-party")
    venv = venv_with_our_dependencies(directory / "venv", host_env)
    page = _distribution_of_the_page(directory / "page")
    acme = shutil.copytree(ACME, directory / "acme", ignore=shutil.ignore_patterns("__pycache__"))
    venv.install(*QUICKLY, distributions.wheel, acme, page)
    return venv


def _distribution_of_the_page(directory: Path) -> Path:
    directory.mkdir()
    (directory / "modelgen_names.py").write_text(blocks(PAGE, "python")[0])
    (directory / "pyproject.toml").write_text(blocks(PAGE, "toml")[0])
    return directory


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = copy_example(tmp_path / "blog")
    (path / "amplify-modelgen.toml").write_text(CONFIGURATION)
    return path


def test_a_plugin_is_listed_with_its_distribution_and_hooks(venv: Venv) -> None:
    lines = venv.run("amplify-modelgen", "plugins").splitlines()
    [line] = [line.split(maxsplit=3) for line in lines if line.startswith("acme ")]
    hooks = "modelgen_emitters, modelgen_reporters, modelgen_validate"
    assert line == ["acme", "acme-modelgen", "3.2.1", hooks]


def test_its_emitter_writes(venv: Venv, project: Path) -> None:
    venv.run("amplify-modelgen", *GENERATE, cwd=project, code=1)
    assert "Comment;content\n" in (project / "fields.csv").read_text()


def test_its_reporter_reports(venv: Venv, project: Path) -> None:
    output = venv.run("amplify-modelgen", *GENERATE, "--report=acme", cwd=project, code=1)
    assert output == "acme: blog generated\n"


def test_its_validator_warns(venv: Venv, project: Path) -> None:
    _append(project / SCHEMA, "# TODO: photos\n")
    output = venv.run("amplify-modelgen", *GENERATE, cwd=project, code=1)
    assert "warning: this schema is not finished" in output
    assert (project / "fields.csv").exists()


def test_its_validator_stops_a_target(venv: Venv, project: Path) -> None:
    _append(project / SCHEMA, "# XXX: photos\n")
    output = venv.run("amplify-modelgen", *GENERATE, cwd=project, code=1)
    assert f"{SCHEMA}:{_lines(project / SCHEMA)}:1: error: this schema is not finished" in output
    assert not (project / "fields.csv").exists()


def test_an_option_that_it_refuses_is_an_error_of_the_configuration(
    venv: Venv, project: Path
) -> None:
    (project / "amplify-modelgen.toml").write_text(CONFIGURATION.replace("semicolon", "colon"))
    output = venv.run("amplify-modelgen", *GENERATE, cwd=project, code=2)
    assert "separator = 'colon': expected comma or semicolon" in output


def test_a_file_that_it_does_not_recognize_is_not_replaced(venv: Venv, project: Path) -> None:
    (project / "fields.csv").write_text("mine\n")
    output = venv.run("amplify-modelgen", *GENERATE, cwd=project, code=3)
    assert "--overwrite" in output
    assert (project / "fields.csv").read_text() == "mine\n"
    venv.run("amplify-modelgen", *GENERATE, "--overwrite", cwd=project, code=1)
    assert (project / "fields.csv").read_text().startswith("model;field\n")


def test_the_plugin_of_the_page_works(venv: Venv, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "amplify-modelgen.toml").write_text(blocks(PAGE, "toml")[1])
    (project / "schema.graphql").write_text("type Post @model {\n  title: String\n}\n")
    output = venv.run("amplify-modelgen", *GENERATE, cwd=project, code=1)
    assert "created    generated/models.txt" in output
    assert (project / "generated" / "models.txt").read_text() == "# Models\nPost\n"
    assert "names" in venv.run("amplify-modelgen", "plugins")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "@hookimpl\ndef modelgen_validate(schema):\n    return schema.tables\n",
            "plugin 'broken': modelgen_validate failed: AttributeError",
            id="raises in its hook",
        ),
        pytest.param(
            "raise RuntimeError('no licence')\n",
            "loading the plugin 'broken' failed: RuntimeError: no licence",
            id="raises on import",
        ),
        pytest.param(
            "@hookimpl\ndef modelgen_valdate(schema):\n    return []\n",
            "a plugin is not compatible: unknown hook 'modelgen_valdate'",
            id="unknown hook",
        ),
    ],
)
def test_a_broken_plugin_is_named(
    venv: Venv, project: Path, tmp_path: Path, body: str, expected: str
) -> None:
    more = {"PYTHONPATH": str(_install_broken(venv, tmp_path, body))}
    output = venv.run("amplify-modelgen", *GENERATE, cwd=project, code=3, more=more)
    assert expected in output
    assert output.count("amplify-modelgen: ") == 1
    assert "Traceback" not in output
    assert not (project / "fields.csv").exists()


def _install_broken(venv: Venv, directory: Path, body: str) -> Path:
    """Install a plugin with this text into a directory, which is returned."""
    source = directory / "broken"
    source.mkdir()
    pyproject = (ACME / "pyproject.toml").read_text()
    pyproject = pyproject.replace("acme-modelgen", "acme-broken").replace("acme = ", "broken = ")
    (source / "pyproject.toml").write_text(pyproject.replace("acme_modelgen", "acme_broken"))
    (source / "acme_broken.py").write_text(
        f"from amplify_modelgen.plugin import hookimpl\n\n{body}"
    )
    venv.install("--no-deps", "--no-build-isolation", "--target", directory / "installed", source)
    return directory / "installed"


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
