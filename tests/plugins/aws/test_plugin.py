from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from amplify_modelgen.plugin import Settings
from amplify_modelgen_plugins import aws
from amplify_modelgen_plugins.aws.backend import AwsBackend

PROGRAM = """
import sys
from pathlib import Path
from amplify_modelgen.plugin import Settings
from amplify_modelgen_plugins import aws
if {create}:
    backend = aws.modelgen_backend("aws", Settings(root=Path(".")))
    backend.close()
heavy = {{"boto3", "botocore", "urllib3", "graphql", "rich", "amplify_modelgen_plugins.aws.client"}}
print(*sorted(heavy & sys.modules.keys()))
print("amplify_modelgen_plugins.aws.backend" in sys.modules)
"""


def output(*, create: bool) -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(create=create)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_hook_returns_the_backend_for_its_name_only() -> None:
    settings = Settings(root=Path(), timeout=30.0)
    backend = aws.modelgen_backend("aws", settings)
    assert isinstance(backend, AwsBackend)
    assert backend._timeout == 30.0
    assert aws.modelgen_backend("local", settings) is None


def test_nothing_is_imported_for_another_backend() -> None:
    assert output(create=False) == "\nFalse\n"


def test_nothing_heavy_is_imported_before_a_call() -> None:
    assert output(create=True) == "\nTrue\n"
