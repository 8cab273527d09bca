from __future__ import annotations

import pytest

from amplify_modelgen.cli import main as cli
from amplify_modelgen.lint import RULES


def test_all_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Authorization:" in lines
    assert {line.split()[0] for line in lines if line.startswith("  ")} == set(RULES)


@pytest.mark.parametrize("rule", ["auth-groups", "transformer-version"])
def test_a_rule_is_explained(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", rule]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{rule}: {RULES[rule].summary}\nerror: ")
    assert f"amplify-modelgen: ignore {rule}`" in out
    assert ("\nwrong:\n  type " in out) == bool(RULES[rule].wrong)


def test_an_unknown_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "auth-group"]) == 2
    assert "did you mean auth-groups?" in capsys.readouterr().err
