"""How values are written into text columns: compact ASCII JSON, with sorted keys for settings."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from msgspec.structs import asdict

from amplify_modelgen import FeatureFlags

from .records import JobPlan, Work


def compact(document: object) -> str:
    """Return JSON in the order of `document`'s keys, ASCII, so that any text can be stored."""
    return json.dumps(document, separators=(",", ":"))


def flags_to_json(flags: FeatureFlags) -> str:
    """Return the flags as JSON; equal flags give equal text."""
    return json.dumps(asdict(flags), sort_keys=True)


def flags_from_json(text: str) -> FeatureFlags:
    """Return the flags; those that this version does not know are left out."""
    known = {*FeatureFlags.__struct_fields__}
    stored: dict[str, Any] = json.loads(text)
    return FeatureFlags(**{name: value for name, value in stored.items() if name in known})


def work_to_json(work: Work) -> str:
    """Return what a job does as JSON."""
    return compact(asdict(work))


def work_from_json(text: str) -> Work:
    """Return what a job does."""
    return Work(**json.loads(text))


def plan_to_json(plan: JobPlan) -> str:
    """Return how a job is to go as JSON."""
    return compact(asdict(plan))


def plan_from_json(text: str) -> JobPlan:
    """Return how a job is to go."""
    return JobPlan(**json.loads(text))


def object_from_json(text: str) -> dict[str, Any]:
    """Return the JSON object that was stored as `text`."""
    stored: dict[str, Any] = json.loads(text)
    return stored


def digest_of(sdl: str, flags: FeatureFlags) -> str:
    """Return what tells one definition from another."""
    return sha256(f"{flags_to_json(flags)}\n{sdl}".encode()).hexdigest()
