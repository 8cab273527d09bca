"""The tour of docs/tour.md: three stories, told by the commands that a user types."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hosts.repositories import Repository, new_repository
from hosts.running import SCHEMA, copy_example, tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_CHANGING = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "8545faf3"),
    (r"\d+\.\d s\b", "0.4 s"),
    (r"\d+ polls?\b", "1 poll"),
    (r"\[main [0-9a-f]{7}\]", "[main 1f0c2d7]"),
    (r"(OK|FAIL|SKIP)([a-z ]*) \([^)]*\)", r"\1\2"),
    (r" after 0\.4 s", ""),
    (r" \(\d+\.\d+ seconds\)", ""),
)


class Tour:
    """Commands, and what they said, as Markdown."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.hidden: dict[str, str] = {}

    def tell(self, text: str) -> None:
        """Add a paragraph."""
        self._parts.append(text)

    def show(self, repository: Repository, name: str, language: str) -> None:
        """Add a file."""
        text = self._shown(repository.read(name)).strip()
        self._parts.append(f"`{name}`:\n\n```{language}\n{text}\n```")

    def type(self, repository: Repository, *commands: str, code: int = 0) -> None:
        """Run commands in a shell, the last of which ends with `code`, and add what they say."""
        lines = []
        for number, command in enumerate(commands, start=1):
            last = code if number == len(commands) else 0
            said = repository.run("bash", "-c", command, code=last)
            lines += [f"$ {command}", *self._shown(said).splitlines()]
        text = "\n".join(line.rstrip() for line in lines)
        self._parts.append(f"```console\n{text}\n```")

    def _shown(self, said: str) -> str:
        for real, shown in self.hidden.items():
            said = said.replace(real, shown)
        for pattern, shown in _CHANGING:
            said = re.sub(pattern, shown, said)
        return said

    def text(self) -> str:
        """Return the page."""
        return "\n\n".join(self._parts) + "\n"


def make_tour(env: Mapping[str, str], hooks: Repository, folder: Path) -> str:
    """Live through the three stories in new repositories below `folder`; return the page.

    `hooks` is a repository with this project, for pre-commit to install.
    """
    tour = Tour()
    tour.tell("# A tour")
    tour.tell(
        "Three repositories, and what their developers type. A test makes this page by running "
        "every command (`RECORD=1 pytest -m long tests/hosts/test_tour.py` writes it anew). AWS is "
        "played by [`amplify-modelgen serve`](serve.md)."
    )
    _one_app(tour, env, hooks, folder)
    _monorepo(tour, env, folder)
    _front_end(tour, env, folder)
    return tour.text()


def _one_app(tour: Tour, env: Mapping[str, str], hooks: Repository, folder: Path) -> None:
    repository = new_repository(folder / "blog", env)
    tour.hidden[str(hooks.path)] = "https://github.com/amplify-modelgen/amplify-modelgen"
    tour.hidden[hooks.head()] = "v0.1.0"
    repository.write(
        ".pre-commit-config.yaml",
        f"repos:\n  - repo: {hooks.path}\n    rev: {hooks.head()}\n    hooks:\n"
        "      - id: amplify-modelgen\n        args: [--backend=local]\n"
        "      - id: amplify-modelgen-check\n",
    )
    repository.commit_all()
    tour.tell("## One app: models follow the schema at every commit")
    tour.show(repository, ".pre-commit-config.yaml", "yaml")
    repository.run("pre-commit", "install-hooks")
    tour.type(repository, "pre-commit install")
    tour.tell("Somebody adds a field. The commit is stopped once, and says what to stage:")
    tour.type(
        repository,
        f"sed -i 's/  likes: Int/  likes: Int\\n  pinned: Boolean/' {SCHEMA}",
        f"git add {SCHEMA}",
        "git commit -m 'Let comments be pinned'",
        code=1,
    )
    tour.type(
        repository,
        "git add amplify-modelgen.lock src/models/model-introspection.json",
        "git commit -m 'Let comments be pinned'",
    )
    tour.tell("In CI, tox asks the same question, without AWS credentials:")
    tour.type(repository, "tox run -q -e amplify-modelgen-check")
    tour.tell("A reviewer asks what the change does to clients that already hold data:")
    tour.type(repository, "amplify-modelgen diff main~1: .")


def _monorepo(tour: Tour, env: Mapping[str, str], folder: Path) -> None:
    path = folder / "monorepo"
    for app in ("admin", "mobile", "web"):
        copy_example(path / "apps" / app)
        _two_environments(path / "apps" / app / "amplify" / "team-provider-info.json", app)
    repository = Repository(path=path, env=env)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit_all()
    tour.tell("## A monorepo: three apps, two environments, and a backend that drifts")
    with _serving(repository) as served:
        web = f"apps/web/{SCHEMA}"
        tour.tell("One run asks for the models of all apps in the environment `dev`:")
        tour.type(served, "amplify-modelgen generate --environment dev --quiet | tail -n 2", code=0)
        served.commit_all()
        tour.tell(
            "A schema changes that is not deployed yet. AWS would give models of the old schema, "
            "so nothing is written, and the difference is named:"
        )
        tour.type(
            served,
            f"sed -i 's/  likes: Int/  likes: Int!/' {web}",
            f"amplify-modelgen generate --environment dev {web}",
            code=1,
        )
        tour.tell("Deploy first, or let the run do it. It never does for a protected environment:")
        tour.type(
            served,
            f"amplify-modelgen generate --environment prod --push-schema {web}",
            code=2,
        )
        tour.type(
            served, f"amplify-modelgen generate --environment dev --push-schema {web}", code=1
        )
        tour.tell("After a deployment, CI compares every app with what `dev` really has:")
        tour.type(served, "amplify-modelgen check --remote --environment dev")


def _two_environments(path: Path, app: str) -> None:
    known = {"Region": "eu-west-1", "AmplifyAppId": f"d2{app}"}
    environments = {name: {"awscloudformation": known} for name in ("dev", "prod")}
    path.write_text(json.dumps(environments, indent=2), encoding="utf-8")


def _front_end(tour: Tour, env: Mapping[str, str], folder: Path) -> None:
    backend = new_repository(folder / "backend", env)
    front = Repository(path=folder / "app", env=env)
    front.path.mkdir()
    front.git("init", "--quiet", "--initial-branch=main")
    front.write(
        "amplify-modelgen.toml",
        '[[target]]\napp-id = "d2examplebl0g1"\nenvironment = "dev"\nresource = "blog"\n'
        'region = "us-east-1"\noutputs = [{ emitter = "introspection", path = "src/models" }]\n',
    )
    front.commit_all()
    tour.tell("## A front end without the backend's folder")
    tour.tell("Only the backend knows the schema; the configuration says where to ask.")
    tour.show(front, "amplify-modelgen.toml", "toml")
    with _serving(backend) as served:
        app = Repository(path=front.path, env=served.env)
        tour.type(app, "amplify-modelgen generate", code=1)
        app.commit_all()
        tour.type(app, "amplify-modelgen check --remote")
        backend_env = Repository(path=backend.path, env=served.env)
        backend_env.add_type("Photo")
        backend_env.run(
            tool("amplify-modelgen"), "generate", "--push-schema", "--environment", "dev", code=1
        )
        tour.tell("The backend's developers deploy a new model. The next check says so:")
        tour.type(app, "amplify-modelgen check --remote", code=1)
        tour.type(app, "amplify-modelgen generate", code=1)


@contextmanager
def _serving(repository: Repository) -> Iterator[Repository]:
    """Serve a repository's schemas; yield it with an environment that calls the server AWS."""
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
        more = {
            "AWS_ENDPOINT_URL_AMPLIFYBACKEND": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        yield Repository(path=repository.path, env={**repository.env, **more})
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
