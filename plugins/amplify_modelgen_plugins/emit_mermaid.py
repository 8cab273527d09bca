"""The emitter `mermaid`: an entity-relationship diagram that GitHub draws from a Markdown file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact, Emitter, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amplify_modelgen import Models

    from ._relations import Link, Side
    from ._shapes import Entry, Enumeration, Field, Shapes

# Words that mark the keys of an attribute, in whatever case: nothing else may be called so.
_KEY_WORDS = frozenset({"PK", "FK", "UK"})


def emit(models: Models, _options: Mapping[str, object]) -> list[Artifact]:
    """Return `models.md`: the diagram of all models and custom types, and a table of enums.

    Raises:
        BackendError: the documents are no models, or hold what is no GraphQL name.
    """
    from ._shapes import read_shapes

    text = "\n".join(_page(read_shapes(models)))
    return [Artifact(path="models.md", content=f"{text}\n".encode())]


def _page(shapes: Shapes) -> Iterator[str]:
    from ._names import GENERATED
    from ._relations import find_links

    links = find_links(shapes)
    yield from (f"<!-- {GENERATED} -->", "", "# Models", "")
    yield from ("```mermaid", "erDiagram")
    for entry in shapes.entries:
        yield from _box(entry, links)
    yield from (_line(link) for link in links)
    yield from (line for entry in shapes.entries for line in _contents(entry))
    yield "```"
    if shapes.enums:
        yield from _enums(shapes.enums)


def _box(entry: Entry, links: Sequence[Link]) -> Iterator[str]:
    yield f'    "{entry.name}" {{'
    for field in entry.fields:
        # Relations are drawn, not listed.
        if field.relation is None:
            yield f"        {_attribute(field, _marks(entry, field, links))}"
    yield "    }"


def _attribute(field: Field, marks: str) -> str:
    remarks = [
        *([field.sdl] if field.many or field.required else []),
        *(["read-only"] if field.read_only else []),
        *(["named " + name for name in (field.type, field.name) if name.upper() in _KEY_WORDS]),
    ]
    name = f"{_word(field.type)}{'[]' if field.many else ''} {_word(field.name)}"
    comment = f' "{", ".join(remarks)}"' if remarks else ""
    return f"{name}{marks}{comment}"


def _word(name: str) -> str:
    return f"{name}_" if name.upper() in _KEY_WORDS else name


def _marks(entry: Entry, field: Field, links: Sequence[Link]) -> str:
    place = (entry.name, field.name)
    foreign = [link for link in links if place in link.keys]
    single = any(not (link.owner.many or link.owned.many) for link in foreign)
    marks = {"PK": field.name in entry.key, "FK": bool(foreign), "UK": single}
    given = ", ".join(mark for mark, holds in marks.items() if holds)
    return f" {given}" if given else ""


def _line(link: Link) -> str:
    ends = f"{_left(link.owner)}--{_right(link.owned)}"
    label = " / ".join(link.fields)
    return f'    "{link.owner.model}" {ends} "{link.owned.model}" : "{label}"'


def _left(side: Side) -> str:
    return "||" if side.needed else "|o"


def _right(side: Side) -> str:
    if side.many:
        return "o{"
    return "||" if side.needed else "o|"


def _contents(entry: Entry) -> Iterator[str]:
    """Draw what an entry holds within itself with a dotted line."""
    from ._relations import Side

    for field in entry.fields:
        if field.kind in ("model", "nonModel") and field.relation is None:
            held = Side(model=field.type, needed=field.required, many=field.many)
            yield f'    "{entry.name}" |o..{_right(held)} "{field.type}" : "{field.name}"'


def _enums(enums: Sequence[Enumeration]) -> Iterator[str]:
    yield from ("", "## Enums", "", "| enum | values |", "| --- | --- |")
    for enum in enums:
        values = ", ".join(f"`{value}`" for value in enum.values)
        yield f"| `{enum.name}` | {values} |"


@hookimpl
def modelgen_emitters() -> list[Emitter]:
    """Bring the emitter."""
    about = "a diagram of the models in a Markdown file"
    return [Emitter(name="mermaid", help=about, emit=emit, reads_only=True)]
