from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen import ConfigError, Output, Target
from amplify_modelgen.targets.collisions import check_target

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"key": ""}, "key: expected a key"),
        ({"key": "a\nb"}, "key: expected a key"),
        ({"profile": "a\nb"}, "profile: expected a name"),
        ({"outputs": (Output(emitter="a/b", path="x"),)}, "outputs: expected a name"),
    ],
)
def test_what_a_plugin_names_badly_is_refused(
    tmp_path: Path, given: dict[str, Any], message: str
) -> None:
    fields = {"app_id": "d1", "environment": "dev", "resource": "blog", "key": "blog"} | given
    with pytest.raises(ConfigError, match=message):
        check_target(tmp_path, Target(**fields))
