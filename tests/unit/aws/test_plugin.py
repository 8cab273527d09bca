from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from amplify_modelgen import Settings
from amplify_modelgen_plugins import aws

PROGRAM = """
import sys
from pathlib import Path
from amplify_modelgen import Settings
from amplify_modelgen_plugins import aws
backend = aws.modelgen_backend("aws", Settings(root=Path(".")))
print(*sorted({"boto3", "botocore", "urllib3", "graphql", "rich"} & sys.modules.keys()))
"""


def test_the_hook_answers_to_its_name_only() -> None:
    settings = Settings(root=Path(), timeout=30.0)
    backend = aws.modelgen_backend("aws", settings)
    assert isinstance(backend, aws.AwsBackend)
    assert backend.feeds_on_tree is False
    assert backend._timeouts.read == 10.0
    assert aws.modelgen_backend("local", settings) is None


def test_nothing_heavy_is_imported_before_a_call() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"


def test_a_name_that_the_plugin_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        aws.Nothing  # noqa: B018 (asking is the test)
