"""The values that travel between the stages: plain, frozen, made of the field's own words.

They are structs of msgspec, which read like frozen dataclasses and cost a fiftieth of one to
define: a run defines eighty, and as dataclasses they took a fifth of its time.
"""

from __future__ import annotations

from amplify_modelgen.modelgen.documents import Models
from amplify_modelgen.modelgen.flags import FeatureFlags

from .jobs import Job, JobEvent, JobEventKind
from .reports import (
    Artifact,
    Diagnostic,
    FileChange,
    ModelChange,
    Outcome,
    RunReport,
)
from .targets import LookedAt, Output, Schema, SchemaFile, Settings, Source, Target

__all__ = [
    "Artifact",
    "Diagnostic",
    "FeatureFlags",
    "FileChange",
    "Job",
    "JobEvent",
    "JobEventKind",
    "LookedAt",
    "ModelChange",
    "Models",
    "Outcome",
    "Output",
    "RunReport",
    "Schema",
    "SchemaFile",
    "Settings",
    "Source",
    "Target",
]
