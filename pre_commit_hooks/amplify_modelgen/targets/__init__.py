"""The targets of a tree: configured and discovered, named, chosen, and their schemas read."""

from __future__ import annotations
