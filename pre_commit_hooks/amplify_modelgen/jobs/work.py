"""What is asked of a backend for one target, what comes of it, and what both take for granted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from .lengths import Lengths

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplify_modelgen.errors import ModelgenError
    from amplify_modelgen.records import Job, JobEvent, Models, Target

Errand = tuple[Literal["push", "generate"], str | None]
"""What a job is for: sending the schema, or models of the deployed one (None: it is not told).

A generation that began with another deployed schema gives other models.
"""


class Work(Struct, frozen=True, kw_only=True):
    """What is asked of the backend for one target.

    With `allow_drift` models are made of the backend's schema, whatever the working tree's is.

    `sdl` is the working tree's schema, None where only the backend has one; `push` sends it first.
    """

    target: Target
    sdl: str | None
    push: bool = False
    allow_drift: bool = False


class Generated(Struct, frozen=True, kw_only=True):
    """What came back for one target. `deployed` is the backend's schema, where it told."""

    job: Job | None
    models: Models
    deployed: str | None
    seconds: float
    polls: int


class Drift(Struct, frozen=True, kw_only=True):
    """A target for which no job was started: the backend's schema is not the working tree's."""

    deployed: str
    seconds: float


class Inspected(Struct, frozen=True, kw_only=True):
    """What the backend has for one target, without anything having been started.

    `models` is None where none have been made.
    """

    models: Models | None
    deployed: str | None


class Failure(Struct, frozen=True, kw_only=True):
    """A target's work that failed, with what was known of its job by then."""

    error: ModelgenError
    job: Job | None = None
    seconds: float = 0.0
    polls: int = 0


class Context(Struct, frozen=True, kw_only=True):
    """What the steps need besides the backend: its name, the bound on waiting, the clock.

    `listen` hears of every event. `note` is told the id of each job that has to be waited for, and
    None at its end; `recall` returns the id that an earlier run noted and saw no end of, if it was
    for the same errand and the same schema of the working tree. `lengths` is what the jobs of the
    run teach each other.
    """

    backend_name: str
    timeout: float
    clock: Callable[[], float] = time.monotonic
    listen: Callable[[JobEvent], None] = lambda _event: None
    note: Callable[[Target, Errand, str | None], None] = lambda *_: None
    recall: Callable[[Target, Errand], str | None] = lambda *_: None
    lengths: Lengths = field(default_factory=Lengths)
