from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import find_problems, generate_models


@pytest.mark.parametrize("ending", [".", "x", "e+"])
def test_a_million_digits_are_refused_in_one_pass(ending: str) -> None:
    # Digit by digit it would take an hour.
    with pytest.raises(SchemaError, match="expected digit"):
        generate_models(f"type A {{ x: Int {'9' * 1_000_000}{ending}")


def test_a_message_quotes_no_name_of_any_length() -> None:
    (problem,) = find_problems(f"type A {{ x: {'N' * 100_000} }}")
    assert len(problem.message) < 2_000
    assert len(problem.hint or "") < 2_000
    assert problem.message.startswith("A.x refers to the type NNN")
    assert problem.message.endswith("which is not defined")
