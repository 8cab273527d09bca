"""The tour of docs/tour.md: three examples, with the commands that a user types."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hosts.repositories import Repository, new_repository
from hosts.running import SCHEMA, copy_example, tool
from support.release import documented_revision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_VARYING = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "8545faf3"),
    (r"\d+\.\d s\b", "0.4 s"),
    (r"\d+ polls?\b", "1 poll"),
    (r"\[main [0-9a-f]{7}\]", "[main 1f0c2d7]"),
    (r"(OK|FAIL|SKIP)([a-z ]*) \([^)]*\)", r"\1\2"),
    (r" after 0\.4 s", ""),
    (r" \(\d+\.\d+ seconds\)", ""),
)


class Tour:
    """Commands and their output, as Markdown."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.hidden: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Add a paragraph."""
        self._parts.append(text)

    def show(self, repository: Repository, name: str, language: str) -> None:
        """Add a file."""
        text = self._normalize(repository.read(name)).strip()
        self._parts.append(f"`{name}`:\n\n```{language}\n{text}\n```")

    def type(self, repository: Repository, *commands: str, code: int = 0) -> None:
        """Run commands in a shell, the last of which ends with `code`, and add their output."""
        lines = []
        for number, command in enumerate(commands, start=1):
            last = code if number == len(commands) else 0
            output = repository.run("bash", "-c", command, code=last)
            lines += [f"$ {command}", *self._normalize(output).splitlines()]
        text = "\n".join(line.rstrip() for line in lines)
        self._parts.append(f"```console\n{text}\n```")

    def _normalize(self, output: str) -> str:
        for actual, shown in self.hidden.items():
            output = output.replace(actual, shown)
        for pattern, shown in _VARYING:
            output = re.sub(pattern, shown, output)
        return output

    def text(self) -> str:
        """Return the page."""
        return "\n\n".join(self._parts) + "\n"


def make_tour(env: Mapping[str, str], hooks: Repository, directory: Path) -> str:
    """Run the three examples in new repositories below `directory`; return the page.

    `hooks` is a repository with this project, for pre-commit to install.
    """
    tour = Tour()
    tour.add("# A tour")
    tour.add(
        "Three repositories, and the commands of their developers. A test runs every command and "
        "compares its output with this page (`RECORD=1 pytest -m long tests/hosts/test_tour.py` "
        "rewrites the page). [`amplify-modelgen serve`](serve.md) stands in for AWS."
    )
    _one_app(tour, env, hooks, directory)
    _monorepo(tour, env, directory)
    _front_end(tour, env, directory)
    return tour.text()


def _one_app(tour: Tour, env: Mapping[str, str], hooks: Repository, directory: Path) -> None:
    repository = new_repository(directory / "blog", env, configured=False)
    tour.hidden[str(hooks.path)] = "https://github.com/amplify-modelgen/amplify-modelgen"
    tour.hidden[hooks.head()] = documented_revision()
    repository.write(
        ".pre-commit-config.yaml",
        f"repos:\n  - repo: {hooks.path}\n    rev: {hooks.head()}\n    hooks:\n"
        "      - id: amplify-modelgen\n      - id: amplify-modelgen-validate\n",
    )
    repository.commit_all()
    tour.add("## One app: models follow the schema at every commit")
    tour.show(repository, ".pre-commit-config.yaml", "yaml")
    repository.run("pre-commit", "install-hooks")
    tour.type(repository, "pre-commit install")
    tour.add("A developer adds a field. The hook regenerates the models and stops the commit:")
    tour.type(
        repository,
        f"sed -i 's/  likes: Int/  likes: Int\\n  pinned: Boolean/' {SCHEMA}",
        f"git add {SCHEMA}",
        "git commit -m 'Let comments be pinned'",
        code=1,
    )
    tour.type(
        repository,
        "git add src/models",
        "git commit -m 'Let comments be pinned'",
    )
    tour.add("In CI, tox checks the models, without AWS credentials:")
    tour.type(repository, "tox run -q -e amplify-modelgen-check")
    tour.add("A reviewer looks at the effect of the change on clients that already hold data:")
    tour.type(repository, "amplify-modelgen diff main~1: .")


def _monorepo(tour: Tour, env: Mapping[str, str], directory: Path) -> None:
    path = directory / "monorepo"
    for app in ("admin", "mobile", "web"):
        copy_example(path / "apps" / app)
        _two_environments(path / "apps" / app / "amplify" / "team-provider-info.json", app)
    repository = Repository(path=path, env=env)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit_all()
    tour.add("## A monorepo: three apps, two environments, and a backend that drifts")
    generate = "amplify-modelgen generate --backend aws --environment dev"
    with _serving(repository) as served:
        web = f"apps/web/{SCHEMA}"
        tour.add("One run has AWS generate the models of all apps in the environment `dev`:")
        tour.type(served, f"{generate} --quiet | tail -n 2")
        served.commit_all()
        tour.add(
            "A schema is changed but not deployed. AWS would generate models from the old schema, "
            "so nothing is written, and the difference is shown:"
        )
        tour.type(
            served,
            f"sed -i 's/  likes: Int/  likes: Int!/' {web}",
            f"{generate} {web}",
            code=1,
        )
        tour.add("Deploy it first, or let the run do so. A protected environment is never changed:")
        tour.type(
            served,
            f"amplify-modelgen generate --backend aws --environment prod --push-schema {web}",
            code=2,
        )
        tour.type(served, f"{generate} --push-schema {web}", code=1)
        tour.add("After a deployment, CI compares every app with the environment `dev`:")
        tour.type(served, "amplify-modelgen check --remote --backend aws --environment dev")


def _two_environments(path: Path, app: str) -> None:
    settings = {"Region": "eu-west-1", "AmplifyAppId": f"d2{app}"}
    environments = {name: {"awscloudformation": settings} for name in ("dev", "prod")}
    path.write_text(json.dumps(environments, indent=2), encoding="utf-8")


def _front_end(tour: Tour, env: Mapping[str, str], directory: Path) -> None:
    backend = new_repository(directory / "backend", env)
    front = Repository(path=directory / "app", env=env)
    front.path.mkdir()
    front.git("init", "--quiet", "--initial-branch=main")
    front.write(
        "amplify-modelgen.toml",
        'backend = "aws"\n\n[[target]]\napp-id = "d2examplebl0g1"\nenvironment = "dev"\n'
        'resource = "blog"\n'
        'region = "us-east-1"\noutputs = [{ emitter = "introspection", path = "src/models" }]\n',
    )
    front.commit_all()
    tour.add("## A front end in a separate repository")
    tour.add("The schema is in the backend only; the configuration names the API.")
    tour.show(front, "amplify-modelgen.toml", "toml")
    with _serving(backend) as served:
        app = Repository(path=front.path, env=served.env)
        tour.type(app, "amplify-modelgen generate", code=1)
        app.commit_all()
        tour.type(app, "amplify-modelgen check --remote")
        backend_env = Repository(path=backend.path, env=served.env)
        backend_env.add_type("Photo")
        backend_env.run(
            tool("amplify-modelgen"),
            *("generate", "--backend", "aws", "--push-schema", "--environment", "dev"),
            code=1,
        )
        tour.add("The developers of the backend deploy a new model. The next check fails:")
        tour.type(app, "amplify-modelgen check --remote", code=1)
        tour.type(app, "amplify-modelgen generate", code=1)


@contextmanager
def _serving(repository: Repository) -> Iterator[Repository]:
    """Serve the schemas of a repository; yield it with an environment that uses the server."""
    command = shutil.which("amplify-modelgen", path=repository.env["PATH"])
    assert command is not None
    server = subprocess.Popen(
        [command, "serve", "--job-time", "0.3"],
        cwd=repository.path,
        env=dict(repository.env),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        variables = {
            "AWS_ENDPOINT_URL_AMPLIFYBACKEND": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        yield Repository(path=repository.path, env={**repository.env, **variables})
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
