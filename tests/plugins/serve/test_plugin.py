from __future__ import annotations

import pytest

from amplify_modelgen_plugins import serve
from amplify_modelgen_plugins.serve import command


def test_plugin_provides_the_command_serve() -> None:
    assert [command.name for command in command.modelgen_commands()] == ["serve"]


def test_public_names_exist() -> None:
    for name in serve.__all__:
        assert getattr(serve, name)


def test_unknown_attribute_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        serve.nothing  # noqa: B018 (the access is the test)
