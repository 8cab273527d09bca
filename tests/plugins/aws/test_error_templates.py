"""The tables of errors are consistent: a mistake in them would show only in an emergency."""

from __future__ import annotations

import builtins
from string import Formatter

import pytest

from amplify_modelgen_plugins.aws import client, service_errors
from amplify_modelgen_plugins.aws.service_errors import BY_CLASS, BY_RESPONSE, ErrorKind

SINGLE = [value for value in vars(service_errors).values() if isinstance(value, ErrorKind)]


@pytest.mark.parametrize("kind", [*SINGLE, *BY_RESPONSE.values(), *BY_CLASS.values()])
def test_a_hint_uses_known_values_and_does_not_end_with_a_full_stop(kind: ErrorKind) -> None:
    names = {name for _, name, _, _ in Formatter().parse(kind.hint) if name is not None}
    assert names <= {"profile", "action"}
    assert not kind.hint.endswith(".")


def test_every_class_of_the_table_exists() -> None:
    import botocore.exceptions

    homes = (botocore.exceptions, client, builtins)
    assert [name for name in BY_CLASS if not any(hasattr(home, name) for home in homes)] == []


def test_every_exception_of_botocore_has_a_kind() -> None:
    import botocore.exceptions

    kinds = [
        kind
        for kind in vars(botocore.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, botocore.exceptions.BotoCoreError)
    ]
    assert len(kinds) > 50
    for kind in kinds:
        assert any(parent.__name__ in BY_CLASS for parent in kind.__mro__)
