"""The tables of errors are consistent: a mistake in them would show only in an emergency."""

from __future__ import annotations

import builtins
import socket
import ssl
from string import Formatter

import pytest

from amplify_modelgen_plugins.aws import client, service_errors
from amplify_modelgen_plugins.aws.service_errors import ErrorTemplate

ALWAYS = {"call", "host", "region", "profile", "connect_timeout", "read_timeout", "detail"}
OF_RESPONSES = ALWAYS | {"code", "status", "action"}
# boto3 has had it for a short time only.
NEWER = {"LoginError"}

SINGLE = [value for value in vars(service_errors).values() if isinstance(value, ErrorTemplate)]
BY_RESPONSE = [*service_errors.BY_CODE.values(), *service_errors.BY_STATUS.values()]
BY_EXCEPTION = [*service_errors.BY_CAUSE.values(), *service_errors.BY_CLASS.values()]
ROWS = [
    *[(template, OF_RESPONSES) for template in (*SINGLE, *BY_RESPONSE)],
    *[(template, ALWAYS) for template in BY_EXCEPTION],
]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize(("template", "known"), ROWS)
def test_a_template_uses_known_values_and_names_the_call(
    template: ErrorTemplate, known: set[str]
) -> None:
    assert fields(template.message) | fields(template.hint) <= known
    assert "call" in fields(template.message)


@pytest.mark.parametrize(("template", "known"), ROWS)
def test_a_template_does_not_end_with_a_full_stop(template: ErrorTemplate, known: set[str]) -> None:
    del known
    assert not template.message.endswith(".")
    assert not template.hint.endswith(".")


def test_every_class_of_the_tables_exists() -> None:
    import botocore.exceptions

    homes = (botocore.exceptions, client, builtins, socket, ssl)
    names = service_errors.BY_CLASS.keys() | service_errors.BY_CAUSE.keys()
    unknown = {name for name in names if not any(hasattr(home, name) for home in homes)}
    assert unknown <= NEWER


def test_every_exception_of_botocore_has_a_template() -> None:
    import botocore.exceptions

    kinds = [
        kind
        for kind in vars(botocore.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, botocore.exceptions.BotoCoreError)
    ]
    assert len(kinds) > 50
    for kind in kinds:
        assert any(parent.__name__ in service_errors.BY_CLASS for parent in kind.__mro__)
