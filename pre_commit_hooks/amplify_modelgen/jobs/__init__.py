"""Jobs in the backend: the life of one, and following many at once."""

from __future__ import annotations
