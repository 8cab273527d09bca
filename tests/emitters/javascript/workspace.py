"""A directory in which generated modules are compiled by TypeScript and run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen_plugins.emitters import javascript, typescript

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Models

_LOAD = Path(__file__).with_name("load")
_SECONDS = 300
# The strictest that TypeScript has; `erasableSyntaxOnly` is what templates of Vite begin with.
_STRICT = (
    "strict",
    "verbatimModuleSyntax",
    "isolatedModules",
    "erasableSyntaxOnly",
    "noUncheckedIndexedAccess",
    "noPropertyAccessFromIndexSignature",
    "exactOptionalPropertyTypes",
    "noUnusedLocals",
)
_OPTIONS = {
    "target": "es2022",
    "module": "esnext",
    "moduleResolution": "bundler",
    "lib": ["es2022", "dom"],
    "types": [],
    # The generated declarations would be skipped as well.
    "skipLibCheck": False,
}
_USE = """
export async function {language}_{name}(
  init: ConstructorParameters<typeof {language}.{name}>[0],
  eager: {language}.Eager{name},
  lazy: {language}.Lazy{name},
): Promise<unknown> {{
  const made: {language}.{name} = new {language}.{name}(init);
  const found: {language}.{name}[] = await DataStore.query({language}.{name});
  return [{language}.{name}.copyOf(made, (draft) => draft), found, eager, lazy];
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A directory with the packages of `peer`."""

    root: Path
    peer: Path

    def prepare(self) -> None:
        """Make imports of packages work from here, as in the directory of an application."""
        (self.root / "node_modules").symlink_to(
            self.peer / "node_modules", target_is_directory=True
        )
        (self.root / "package.json").write_text('{"type": "module"}')

    def emit(self, models: Models, directory: str) -> None:
        """Write the modules of both emitters: `DIRECTORY/js/models` and `DIRECTORY/ts/models`."""
        generated = {
            "js": javascript.emit(models, {}),
            "ts": typescript.emit(models, {"import-extension": ".js"}),
        }
        for language, artifacts in generated.items():
            path = self.root / directory / language / "models"
            path.mkdir(parents=True)
            for artifact in artifacts:
                (path / artifact.path).write_bytes(artifact.content)

    def use(self, models: Models, directory: str) -> None:
        """Write a module that uses every class: TypeScript does not check unused declarations."""
        lines = ['import { DataStore } from "@aws-amplify/datastore";']
        for language in ("js", "ts"):
            lines.append(f'import * as {language} from "./{language}/models/index.js";')
            lines += [
                _USE.format(language=language, name=name)
                for name in (models.datastore or {})["models"]
            ]
        self.write(f"{directory}/use.ts", "\n".join([*lines, "export { DataStore, js, ts };", ""]))

    def bundle(self) -> list[str]:
        """Bundle each `.../js/models/index.js` as `index.mjs`; return the errors of esbuild.

        As the bundlers of applications do, it resolves `./schema`. DataStore stays an import.
        """
        modules = [
            path.relative_to(self.root).as_posix()
            for path in sorted(self.root.glob("**/js/models/index.js"))
        ]
        options = ["--bundle", "--format=esm", "--external:@aws-amplify/datastore"]
        places = ["--outdir=.", "--outbase=.", "--out-extension:.js=.mjs", "--log-level=error"]
        done = self._package("esbuild/bin/esbuild", [*modules, *options, *places])
        return done.stderr.splitlines()

    def write(self, path: str, text: str) -> None:
        """Write a file of the application."""
        (self.root / path).write_text(text)

    def tsc(
        self, include: str = "**/*.ts", *, emit: bool = False, datastore: str = ""
    ) -> list[str]:
        """Return the errors of TypeScript in the modules of this directory.

        With `emit` the JavaScript of each module is written beside it. `datastore` is the package
        of another version of DataStore.
        """
        options = _OPTIONS | dict.fromkeys(_STRICT, True) | {"noEmit": not emit}
        if datastore:
            options["paths"] = {"@aws-amplify/datastore": [f"./node_modules/{datastore}"]}
        config = {"compilerOptions": options, "include": [include], "exclude": ["node_modules"]}
        self.write("tsconfig.json", json.dumps(config))
        done = self._package("typescript/bin/tsc", ["--pretty", "false"])
        return [line for line in done.stdout.splitlines() if _is_ours(line)]

    def prettier(self, paths: list[str], options: list[str]) -> None:
        """Format the files below directories with Prettier."""
        done = self._package("prettier/bin/prettier.cjs", ["--write", *options, *paths])
        assert done.returncode == 0, done.stderr

    def node(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script with Node in this directory."""
        return _run(["node", script, *arguments], self.root)

    def load(self, exports: dict[str, list[str]]) -> dict[str, str]:
        """Load modules with the given exports; return the errors by module."""
        for script in _LOAD.iterdir():
            shutil.copy(script, self.root)
        self.write("exports.json", json.dumps(exports))
        done = self.node("load.mjs")
        wrong: dict[str, str] = (
            json.loads(done.stdout) if not done.returncode else {"": done.stderr}
        )
        return wrong

    def _package(self, script: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return _run(["node", str(self.peer / "node_modules" / script), *arguments], self.root)


def _is_ours(line: str) -> bool:
    # Continued lines are indented. Amplify's own declarations have errors under some options.
    return not line.startswith(" ") and "node_modules/" not in line


def _run(command: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, check=False, cwd=directory, capture_output=True, text=True, timeout=_SECONDS
    )
