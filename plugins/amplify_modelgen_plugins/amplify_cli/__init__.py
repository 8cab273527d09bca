"""Projects of Amplify CLI (Gen 1): find them in the working tree and read their settings."""

from __future__ import annotations

from .discovery import modelgen_targets
from .platform_checks import modelgen_validate

__all__ = ["modelgen_targets", "modelgen_validate"]
