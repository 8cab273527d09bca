"""The rows of the fault table: the fault, the call, and the exit code of the run."""

from __future__ import annotations

import json
from dataclasses import dataclass

DEPLOYED, PUSH = "GetBackendAPI", "UpdateBackendAPI"
START, POLL, MODELS = "GenerateBackendAPIModels", "GetBackendJob", "GetBackendAPIModels"
STAGES = (DEPLOYED, PUSH, START, POLL, MODELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fault at a call: its description, the rules of `serve --fault`, and the exit code.

    `answer` is the member Models in the response of GetBackendAPIModels. `arguments` are added to
    the command.
    """

    stage: str
    fault: str
    rules: tuple[str, ...]
    code: int
    answer: str | None = None
    arguments: tuple[str, ...] = ()
    starts: int = 1

    @property
    def name(self) -> str:
        """The name of the row in tests and on the page."""
        return f"{self.stage}: {self.fault}"


# Faults of any call. A run survives a temporary fault if the call may be sent again.
_PERMANENT = {
    "connection closed at once": "drop",
    "connection closed instead of an answer": "close",
    "reset in the middle of the body": "cut",
    "half of the body, then the end": "short",
    "half a JSON": "half",
    "empty body": "empty",
    "HTML of a proxy": "html",
    "JSON that is not an object": "answer=[]",
    "429 permanently": "throttle",
    "504": "timeout",
    "500": "status=500",
    "400": "invalid",
    "404": "missing",
    "403": "denied",
    "expired credentials": "expired",
    "no answer in time": "hang=1",
}
_SURVIVED = {
    "two connections closed at once": "drop=2",
    "a burst of four 429": "throttle=4",
    "one 504": "timeout=1",
    "slow bytes": "slow=0.5",
    "a wrong content type": "type=text/plain",
}
# A deployment is not sent again if the service may have received it.
_NOT_REPEATED = {"drop=2", "timeout=1"}
# A generation is: it is idempotent. A response that cannot be read would be the same again.
_UNKNOWN_OUTCOME = {"drop", "close", "cut", "hang=1", "drop=2"}
_MAX_ATTEMPTS = 5


def _any_call(stage: str) -> list[Row]:
    rows = []
    for fault, rule in (_PERMANENT | _SURVIVED).items():
        survives = rule in _SURVIVED.values() and not (stage == PUSH and rule in _NOT_REPEATED)
        rows.append(
            Row(
                stage=stage,
                fault=fault,
                rules=(f"{stage}:{rule}",),
                code=1 if survives else 3,
                starts=_MAX_ATTEMPTS if stage == START and rule in _UNKNOWN_OUTCOME else 1,
            )
        )
    return rows


def _jobs() -> list[Row]:
    stuck = ("--timeout", "1")
    return [
        Row(stage=START, fault="the job ends FAILED", rules=("fail=out of luck",), code=3),
        Row(stage=START, fault="an Error in a 200 answer", rules=(f"{START}:error=no",), code=3),
        Row(stage=START, fault="COMPLETED without a job", rules=(f"{START}:nojob",), code=1),
        Row(stage=START, fault="an answer without JobId",
            rules=(f"{START}:without=JobId",), code=3),
        Row(stage=POLL, fault="the job vanishes: 404",
            rules=("stall", f"{POLL}:missing,after=1"), code=3),
        Row(stage=POLL, fault="the job never ends", rules=("stall",), code=3, arguments=stuck),
        Row(stage=POLL, fault="an unknown status", rules=("progress=REBOOTING",), code=1),
        Row(stage=POLL, fault="no Status", rules=(f"{POLL}:without=Status",), code=3),
        Row(stage=POLL, fault="expired mid-run",
            rules=("stall", f"{POLL}:expired,after=1"), code=3),
    ]  # fmt: skip


def _documents() -> list[Row]:
    good = {"version": 1, "models": {}, "enums": {}, "nonModels": {}}
    texts = {
        "empty": ("", 3),
        "not JSON": ("Internal error", 3),
        "a JavaScript module": (f"export const schema = {json.dumps(good)};", 1),
        "19 MB": (json.dumps({**good, "models": {"A": {"name": "x" * 19_000_000}}}), 1),
        "nested 100,000 deep": ('{"a":' * 100_000 + "1" + "}" * 100_000, 3),
        "NaN": ('{"models": NaN}', 3),
        "a lone surrogate": ('{"models": {"\\ud800": {}}}', 3),
        "a list": ("[]", 3),
    }
    rows = [
        Row(stage=MODELS, fault=f"Models: {name}", rules=(), code=code, answer=text)
        for name, (text, code) in texts.items()
    ]
    return [
        *rows,
        Row(stage=MODELS, fault="no Models", rules=(f"{MODELS}:without=Models",), code=3),
        Row(stage=MODELS, fault="no introspection",
            rules=(f"{MODELS}:without=ModelIntrospectionSchema",), code=3),
        Row(stage=MODELS, fault="COMPLETED, and Status STALE", rules=(f"{MODELS}:stale",), code=3),
        Row(stage=MODELS, fault="COMPLETED, and Status STALE once",
            rules=(f"{MODELS}:stale=1",), code=1),
    ]  # fmt: skip


ROWS = (*(row for stage in STAGES for row in _any_call(stage)), *_jobs(), *_documents())
