"""Check Swift files with Swift's own compiler and our stubs of Amplify's library.

The compiler is Debian's package, unpacked into the cache of `debian.py`. The first use takes about
a minute and a half and downloads 470 MB, of which 390 MB are kept; later uses take no time. A call
takes 0.4 s for the compiler and the stubs, and about 0.1 s for each ten models.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emitters.debian import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

_STUBS = Path(__file__).with_name("stubs")
_SWIFT = "./usr/libexec/swift"
_MODULES = "linux shims dispatch os Block CoreFoundation _Foundation* _foundation* clang"
_LIBRARIES = "libc6 libgcc-s1 libstdc++6 libtinfo6 libuuid1 libzstd1 zlib1g"
_PACKAGES: dict[str, tuple[str, ...]] = {
    "swiftlang": (
        f"{_SWIFT}/bin/swift-frontend",
        f"{_SWIFT}/lib/clang/*/include",
        *(f"{_SWIFT}/lib/swift/{name}" for name in _MODULES.split()),
    ),
    "libswiftlang": (f"{_SWIFT}/lib/swift/*",),
    **dict.fromkeys(_LIBRARIES.split(), ("./usr/lib*",)),
    **dict.fromkeys(["libc6-dev", "linux-libc-dev"], ("./usr/include", "./usr/lib*")),
}
_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SwiftCompiler:
    """The compiler's directory, and one with the compiled stubs and its caches."""

    root: Path
    modules: Path

    def errors(self, files: Iterable[Path]) -> list[str]:
        """Return the errors in the files of one module, each as `file:line:column: message`."""
        done = self.run("-typecheck", "-I", str(self.modules), *map(str, files))
        lines = dict.fromkeys(line for line in done.stderr.splitlines() if ": error: " in line)
        if done.returncode and not lines:
            raise RuntimeError(f"the Swift compiler failed: {done.stderr[-2000:]}")
        return list(lines)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call the compiler's frontend, which needs no linker."""
        swift = self.root / "usr/libexec/swift"
        library = self.root / "usr/lib"
        paths = (swift / "lib/swift/linux", swift / "lib/swift/host", library / "x86_64-linux-gnu")
        command: list[str | Path] = [self.root / "usr/lib64/ld-linux-x86-64.so.2"]
        command += ["--library-path", ":".join(map(str, paths)), swift / "bin/swift-frontend"]
        command += ["-frontend", "-sdk", self.root, "-resource-dir", swift / "lib/swift"]
        command += ["-module-cache-path", self.modules / "cache"]
        return subprocess.run(
            [*command, *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )


def install(directory: Path) -> SwiftCompiler:
    """Return the compiler; `directory` is an empty one for the compiled stubs.

    Raises MissingPeerError.
    """
    compiler = SwiftCompiler(root=unpack("swift", "amd64", _PACKAGES), modules=directory)
    module = directory / "Amplify.swiftmodule"
    stubs = [str(path) for path in sorted(_STUBS.glob("*.swift"))]
    options = ("-module-name", "Amplify", "-parse-as-library", "-o", str(module))
    done = compiler.run("-emit-module", *options, *stubs)
    if done.returncode:
        raise RuntimeError(f"the stubs do not compile: {done.stderr[-2000:]}")
    return compiler
