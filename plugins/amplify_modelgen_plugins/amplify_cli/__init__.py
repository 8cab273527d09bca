"""Projects of Amplify CLI (Gen 1): find them in the working tree and read their settings."""

from __future__ import annotations

from .discovery import modelgen_targets

__all__ = ["modelgen_targets"]
