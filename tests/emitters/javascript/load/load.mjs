// Loads the modules that exports.json names, each with a DataStore of its own, and prints what is
// not as it says: {"path": ["exported name", ...]} -> {"path": "what is wrong"}.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { isDeepStrictEqual } from "node:util";

register("./hooks.mjs", import.meta.url);

const wrong = {};
for (const [path, names] of Object.entries(
  JSON.parse(readFileSync("exports.json", "utf8")),
)) {
  try {
    const found = Object.keys(await import(`./${path}?load=${path}`)).sort();
    if (!isDeepStrictEqual(found, names)) wrong[path] = `exports ${found}`;
  } catch (error) {
    wrong[path] = String(error);
  }
}
console.log(JSON.stringify(wrong));
