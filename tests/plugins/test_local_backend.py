from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from amplify_modelgen.modelgen import FeatureFlags, generate_models, to_json
from amplify_modelgen.plugin import SchemaError, Settings, Target
from amplify_modelgen_plugins.local import LocalBackend, modelgen_backend
from support.serve_clients import SDL

BLOG = Target(app_id="d2abc", environment="dev", resource="blog")
BOTH = frozenset({"introspection", "datastore"})


def test_plugin_provides_only_the_backend_of_its_name() -> None:
    settings = Settings(root=Path())
    assert isinstance(modelgen_backend("local", settings), LocalBackend)
    assert modelgen_backend("aws", settings) is None


def test_models_are_those_of_the_generator() -> None:
    assert LocalBackend().generate(BLOG, SDL, BOTH) == generate_models(SDL, FeatureFlags())


def test_flags_are_those_of_the_target() -> None:
    flags = FeatureFlags(add_timestamp_fields=False)
    models = LocalBackend().generate(replace(BLOG, flags=flags), SDL, BOTH)
    assert models == generate_models(SDL, flags)
    assert models.introspection != generate_models(SDL, FeatureFlags()).introspection


def test_invalid_schema_raises_its_diagnostics() -> None:
    with pytest.raises(SchemaError) as caught:
        LocalBackend().generate(BLOG, "type Post @model {\n  author: Missing\n}", BOTH)
    assert caught.value.diagnostics[0].line == 2


def test_only_the_needed_documents_are_generated() -> None:
    sdl = "type A @model { u: U }\ntype B { x: Int }\nunion U = B"
    models = LocalBackend().generate(BLOG, sdl, frozenset({"introspection", "schema"}))
    assert models.introspection is not None
    assert (models.datastore, models.schema) == (None, sdl)
    with pytest.raises(SchemaError, match=r"1:20: A\.u has the type U, which "):
        LocalBackend().generate(BLOG, sdl, BOTH)


def test_backend_has_no_state() -> None:
    backend = LocalBackend()
    first = backend.generate(BLOG, SDL, BOTH)
    backend.generate(BLOG, "type Item @model { id: ID! }", BOTH)
    assert backend.generate(BLOG, SDL, BOTH) == first
    assert not vars(backend)


def test_threads_get_the_models_of_their_targets() -> None:
    backend = LocalBackend()

    def generate(number: int) -> bool:
        target = replace(BLOG, resource=f"api{number}")
        models = backend.generate(target, f"type Post{number} @model {{ id: ID! }}", BOTH)
        return f"Post{number}" in to_json(models.datastore)

    with ThreadPoolExecutor(64) as pool:
        assert all(pool.map(generate, range(200)))


def test_registration_imports_no_client_server_or_generator() -> None:
    code = (
        "import sys; from pathlib import Path; from amplify_modelgen.plugin import Settings\n"
        "from amplify_modelgen_plugins import local\n"
        "from amplify_modelgen_plugins.serve import command\n"
        "command.modelgen_commands(); local.modelgen_backend('local', Settings(root=Path()))\n"
        "heavy = {'boto3', 'botocore', 'graphql', 'http.server',\n"
        "  'amplify_modelgen.modelgen.generate', 'amplify_modelgen_plugins.serve.store'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
