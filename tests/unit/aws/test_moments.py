from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amplify_modelgen_plugins.aws.moments import moment


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20Z",
        "2023-11-14T23:13:20.000+01:00",
        "2023-11-14 22:13:20",
        "1700000000",
        "1700000000.0",
        "1.7E9",
        "1700000000000",
        "Tue, 14 Nov 2023 22:13:20 GMT",
    ],
)
def test_a_time_in_any_form(text: str) -> None:
    assert moment(text) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "nan", "inf", "1e300", "2023-13-45"])
def test_what_is_no_time(text: str) -> None:
    assert moment(text) is None
