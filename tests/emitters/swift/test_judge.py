from __future__ import annotations

from typing import TYPE_CHECKING

from emitters.swift.compiler import SwiftCompiler
from emitters.syntax import SyntaxChecker

if TYPE_CHECKING:
    from pathlib import Path

_VALID = """
import Amplify
import Foundation

public enum Status: String, EnumPersistable {
  case open
  case `default` = "DEFAULT"
}

public struct Place: Embeddable {
  var name: String = UUID().uuidString
  public static let schema = defineSchema { definition in definition.pluralName = "Places" }
}
"""
_WRONG_TYPE = "import Amplify\n\npublic enum Status: String, EnumPersistable { case open = 1 }\n"
_WRONG_SYNTAX = "public enum Status {\n  case open }}\n"


def test_the_judge_accepts_correct_files(judge: SwiftCompiler, tmp_path: Path) -> None:
    (tmp_path / "place.swift").write_text(_VALID)
    assert judge.errors([tmp_path / "place.swift"]) == []


def test_the_judge_rejects_a_syntax_error(judge: SwiftCompiler, tmp_path: Path) -> None:
    (tmp_path / "status.swift").write_text(_WRONG_SYNTAX)
    assert judge.errors([tmp_path / "status.swift"])


def test_the_compiler_rejects_a_wrong_type(judge: SwiftCompiler, tmp_path: Path) -> None:
    (tmp_path / "status.swift").write_text(_WRONG_TYPE)
    errors = judge.errors([tmp_path / "status.swift"])
    assert bool(errors) is isinstance(judge, SwiftCompiler)


def test_the_parser_takes_the_place_of_the_compiler(tmp_path: Path) -> None:
    checker = SyntaxChecker("swift")
    (tmp_path / "place.swift").write_text(_VALID)
    (tmp_path / "status.swift").write_text(_WRONG_SYNTAX)
    assert checker.errors([tmp_path / "place.swift"]) == []
    errors = checker.errors([tmp_path / "status.swift"])
    assert errors == [f"{tmp_path / 'status.swift'}:2:14: syntax error"]
