"""Values that tests of the core need, made short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplify_modelgen.records import Job, Models, Outcome, Output, RemoteModels, Report, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

MODELS = Models(datastore={"models": {}}, introspection={"version": 1, "models": {}})
LATEST = RemoteModels(models=MODELS, status="LATEST")
STALE = RemoteModels(models=MODELS, status="STALE")


def target(name: str = "blog@dev", **fields: Any) -> Target:
    resource, _, environment = name.partition("@")
    defaults: dict[str, Any] = {
        "app_id": "d1",
        "environment": environment,
        "resource": resource,
        "name": name,
        "region": "eu-west-1",
        "schema": f"{resource}.graphql",
        "outputs": (Output(emitter="introspection", path=f"models/{resource}.json"),),
    }
    return Target(**defaults | fields)


def job(status: str = "COMPLETED", job_id: str | None = "job-1", error: str | None = None) -> Job:
    return Job(id=job_id, operation="GenerateBackendAPIModels", status=status, error=error)


class ScriptedBackend:
    """A job backend that answers each call with the next line of its script, or raises it."""

    def __init__(self, **script: Sequence[object]) -> None:
        self.script = {name: list(answers) for name, answers in script.items()}
        self.calls: list[tuple[object, ...]] = []

    def _next(self, name: str, default: object, *arguments: object) -> Any:
        self.calls.append((name, *arguments))
        answers = self.script.get(name, [])
        answer = answers.pop(0) if answers else default
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def deployed_schema(self, _target: Target) -> str | None:
        answer: str | None = self._next("deployed_schema", None)
        return answer

    def push_schema(self, _target: Target, sdl: str) -> Job:
        return self._job("push_schema", sdl)

    def start_job(self, _target: Target) -> Job:
        return self._job("start_job")

    def get_job(self, _target: Target, job_id: str) -> Job:
        return self._job("get_job", job_id)

    def get_models(self, _target: Target) -> RemoteModels:
        models: RemoteModels = self._next("get_models", LATEST)
        return models

    def close(self) -> None:
        self.calls.append(("close",))

    def _job(self, name: str, *arguments: object) -> Job:
        answer: Job = self._next(name, job(), *arguments)
        return answer

    def called(self, name: str) -> int:
        return sum(call[0] == name for call in self.calls)


def outcome(status: str = "generated", name: str = "blog@dev", **fields: Any) -> Outcome:
    defaults: dict[str, Any] = {"target": target(name), "status": status, "reason": "why"}
    return Outcome(**defaults | fields)


def report(*outcomes: Outcome, **fields: Any) -> Report:
    defaults: dict[str, Any] = {"command": "generate", "backend": "local", "outcomes": outcomes}
    return Report(**defaults | {"seconds": 1.23456} | fields)
