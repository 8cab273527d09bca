"""The configuration: the file, the environment and the command line, checked and merged."""

from __future__ import annotations
