"""What is kept on the disk: outputs and the lock, written together; the state of a checkout."""

from __future__ import annotations
