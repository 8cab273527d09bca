from __future__ import annotations

from typing import TYPE_CHECKING

from emitters.syntax import SyntaxChecker

if TYPE_CHECKING:
    from pathlib import Path

    from emitters.dart.dart_vm import DartVm

_VALID = """
import 'package:amplify_core/amplify_core.dart' as amplify_core;
import 'package:collection/collection.dart';

void main() {
  print(const DeepCollectionEquality().equals([1], [1]));
  print(amplify_core.TemporalDate.fromString('2024-02-29').format());
}
"""


def test_the_machine_runs_a_program(vm: DartVm, tmp_path: Path) -> None:
    (tmp_path / "main.dart").write_text(_VALID)
    assert vm.run(tmp_path / "main.dart").stdout.split() == ["true", "2024-02-29"]


def test_the_machine_rejects_a_wrong_type(vm: DartVm, tmp_path: Path) -> None:
    (tmp_path / "main.dart").write_text("void main() { int number = 'text'; print(number); }")
    result = vm.run(tmp_path / "main.dart")
    assert result.returncode == 254
    assert "can't be assigned to a variable of type 'int'" in result.stderr


def test_the_parser_finds_syntax_errors(tmp_path: Path) -> None:
    (tmp_path / "main.dart").write_text(_VALID)
    (tmp_path / "wrong.dart").write_text("void main() { int = ; }")
    assert SyntaxChecker("dart").errors([tmp_path / "main.dart"]) == []
    assert SyntaxChecker("dart").errors([tmp_path / "wrong.dart"])
