"""Compile and run Dart files with the Dart virtual machine and our stubs of Amplify's library.

The machine (3.7.3, 32 bits) comes from npm and its C library from Debian's packages. The first use
downloads 23 MB and takes about 10 s; later uses take no time. A program takes about 3 s, however
few models it has: the compiler is started with each.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emitters import npm
from emitters.debian import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = Path(__file__).parent
_PACKAGES = ("amplify_core", "collection")
_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class DartVm:
    """The command that starts the machine."""

    command: tuple[str, ...]

    def run(self, program: Path) -> subprocess.CompletedProcess[str]:
        """Run a program. Its exit code is 254 if it does not compile, 255 if it throws."""
        return subprocess.run(
            [*self.command, str(program)],
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )


def install(directory: Path) -> DartVm:
    """Return the machine; `directory` is an empty one for its configuration.

    Raises MissingPeerError.
    """
    # Forced, because the package is for a processor that the machine need not have.
    npm.install(_HERE / "peer", "--force")
    root = unpack("libc-i386", "i386", {"libc6": ("./usr/lib/*",)})
    packages = [
        {"name": name, "rootUri": (_HERE / "stubs" / name).as_uri(), "packageUri": "lib/"}
        for name in _PACKAGES
    ]
    configuration = directory / "package_config.json"
    configuration.write_text(json.dumps({"configVersion": 2, "packages": packages}))
    libraries = root / "usr/lib"
    dart = _HERE / "peer/node_modules/sass-embedded-linux-ia32/dart-sass/src/dart"
    command = [libraries / "ld-linux.so.2", "--library-path", libraries / "i386-linux-gnu", dart]
    return DartVm(command=(*map(str, command), f"--packages={configuration}"))


def compile_cases(
    vm: DartVm, cases: Mapping[str, Mapping[str, str]], directory: Path
) -> dict[str, str]:
    """Compile the files of each case in one program; return the first errors by case.

    `cases` has the texts of the files by name. Cases without errors are not in the result.
    """
    remaining = {f"case{number}": name for number, name in enumerate(cases)}
    for case, name in remaining.items():
        (directory / case).mkdir(parents=True)
        for file, text in cases[name].items():
            (directory / case / file).write_text(text)
    errors: dict[str, str] = {}
    # Without the cases that do not parse, the compiler reports the other errors.
    while remaining:
        imports = [f"import '{case}/ModelProvider.dart' as {case};\n" for case in remaining]
        uses = ", ".join(f"{case}.ModelProvider.instance.version" for case in remaining)
        program = directory / "main.dart"
        program.write_text(f"{''.join(imports)}void main() => print([{uses}].length);\n")
        done = vm.run(program)
        if done.returncode == 0:
            break
        found = re.findall(r"\b(case\d+)/(\S+:\d+:\d+: Error: .*)", done.stderr)
        assert found, done.stderr[-3000:]
        for case, message in found:
            if case in remaining:
                errors[remaining.pop(case)] = message
    return errors
