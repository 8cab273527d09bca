from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import find_problems, generate_models


@pytest.mark.parametrize("ending", [".", "x", "e+"])
def test_a_million_digits_are_rejected_in_linear_time(ending: str) -> None:
    # Quadratic matching would take an hour.
    with pytest.raises(SchemaError, match="expected digit"):
        generate_models(f"type A {{ x: Int {'9' * 1_000_000}{ending}")


def test_messages_shorten_long_names() -> None:
    (problem,) = find_problems(f"type A {{ x: {'N' * 100_000} }}")
    assert len(problem.message) < 2_000
    assert len(problem.hint or "") < 2_000
    assert problem.message.startswith("A.x refers to the type NNN")
    assert problem.message.endswith("which is not defined")
