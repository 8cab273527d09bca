"""The page docs/tour.md shows the output of its commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hosts.repositories import Repository
from hosts.running import SOURCE
from hosts.tour import make_tour

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGE = SOURCE / "docs" / "tour.md"


@pytest.mark.long
def test_the_page_shows_the_output_of_its_commands(
    network: None, host_env: Mapping[str, str], snapshot: Path, tmp_path: Path
) -> None:
    del network
    tour = make_tour(host_env, Repository(path=snapshot, env=host_env), tmp_path)
    if os.environ.get("RECORD"):
        PAGE.write_text(tour, encoding="utf-8", newline="\n")
    assert tour == PAGE.read_text(encoding="utf-8")
