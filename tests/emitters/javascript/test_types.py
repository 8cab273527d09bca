"""The emitter `typescript-types`, as TypeScript and Node see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.plugin import SchemaError
from amplify_modelgen_plugins.emitters import typescript
from emitters.javascript.test_names import OURS, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from emitters.javascript.workspace import Workspace

pytestmark = pytest.mark.node

GEN_2 = Path(__file__).parents[2] / "plugins/emitters/gen_2/amplify_outputs.json"
# A line under `@ts-expect-error` must not compile, and every other line must.
APPLICATION = """
import { PostStatus, type Blog, type Comment, type Post } from "./models.js";

const response: { data: { getPost: Post | null } } = JSON.parse('{"data": {"getPost": null}}');
const post: Post = response.data.getPost ?? {
  id: "1", title: "Hello", status: PostStatus.inReview, blogId: "2", rating: null,
  comments: [{ author: "a@example.com", sentAt: "2026-01-02T03:04:05Z", meta: { likes: 1 } }, null],
};
post.title = "Changed";
post.status = "published";
// @ts-expect-error: no value of the enum
post.status = "LOST";
// @ts-expect-error: a required field is missing
export const blog: Blog = { id: "1", name: "" };
// @ts-expect-error: a part of the key is missing
export const comment: Comment = { author: "" };
// @ts-expect-error: a number where text belongs
export const settings: Blog["settings"] = 1;
console.log(JSON.stringify(Object.values(PostStatus)), post.comments?.[0]?.sentAt);
"""


def schema(names: list[str]) -> str:
    fields = " ".join(f"{name}: Int" for name in [*WORDS, *OURS])
    values = " ".join([*WORDS, *OURS, "_", "_1"])
    types = " ".join(f"type {name} {{ a: [{name}!] }}" for name in names)
    return f"{types} type A_ {{ {fields} }} enum B_ {{ {values} }}"


def emit(workspace: Workspace, text: str) -> None:
    models = generate_models(text, documents=("introspection",))
    (artifact,) = typescript.emit_types(models, {})
    workspace.write(artifact.path, artifact.content.decode())


def accepted(name: str) -> bool:
    try:
        typescript.emit_types(generate_models(schema([name]), documents=("introspection",)), {})
    except SchemaError:
        return False
    return True


def test_an_application_of_gen_2_uses_them(make_workspace: Callable[[str], Workspace]) -> None:
    workspace = make_workspace("gen-2")
    emit(workspace, GEN_2.read_text())
    workspace.write("application.ts", APPLICATION)
    assert workspace.tsc(emit=True) == []
    done = workspace.node("application.js")
    assert done.stdout == '["DRAFT","inReview","published"] 2026-01-02T03:04:05Z\n', done.stderr


def test_every_name_that_is_accepted_compiles(make_workspace: Callable[[str], Workspace]) -> None:
    workspace = make_workspace("types")
    names = [name for name in [*WORDS, *OURS] if name[:2] != "__" and accepted(name)]
    assert {"Post", "EagerPost", "models", "ModelInit", "Array"} <= {*names}
    assert {"class", "string", "then"}.isdisjoint(names)
    emit(workspace, schema(names))
    assert workspace.tsc(emit=True) == []
