"""Where the emitter `javascript` does not write Amplify's bytes: the table of docs/emitters.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A kind of schema by an example, Amplify's files for it, and ours.

    `refused` is the text of the error, None if the files are repaired.
    """

    example: str
    amplify: str
    ours: str
    refused: str | None = None

    @property
    def row(self) -> str:
        """The row of the page."""
        return f"| `{self.example}` | {self.amplify} | {self.ours} |"


DEVIATIONS = (
    Deviation(
        example="enum post_status { A }",
        amplify="`index.js` declares `PostStatus` and exports `post_status`: it does not load",
        ours="an enum has its name from the schema everywhere",
    ),
    Deviation(
        example="enum Score { _1 _ }",
        amplify="`index.d.ts` declares an enum with the members `1` and, without a name, `_`",
        ours="`index.d.ts` declares a constant with the members in `index.js`, and the type of its "
        "values",
    ),
    Deviation(
        example='type A @model { x: [A] @manyToMany(relationName: "R") y: [A] '
        '@manyToMany(relationName: "R") }',
        amplify="`index.d.ts` declares fields of `R` twice",
        ours="once",
    ),
    Deviation(
        example='type A @model @key(fields: ["y"]) { x: Int! @primaryKey y: Int }',
        amplify="`index.d.ts` has the key `x`, and `schema.js` has `y`",
        ours="both have the key of `schema.js`, which DataStore reads",
    ),
    Deviation(
        example="type class @model { x: Int }",
        amplify="the name is reserved in JavaScript or TypeScript (`string`), or its export has a "
        "special meaning (`then`, `exports`, `require`)",
        ours="an error",
        refused="the model 'class' cannot be exported from JavaScript",
    ),
    Deviation(
        example="type A @model { constructor: Int }",
        amplify="every object has a property of that name",
        ours="an error",
        refused="the field 'A.constructor' cannot be used in JavaScript",
    ),
    Deviation(
        example="type AsyncItem @model { x: AsyncItem @hasOne }",
        amplify="the module uses the name itself (`initSchema`, `EagerA` beside a type `A`)",
        ours="an error",
        refused="the model 'AsyncItem' has a name that its module uses itself",
    ),
    Deviation(
        example='type A @model { x: [A] @manyToMany(relationName: "E") y: [A] '
        '@manyToMany(relationName: "E") } enum E { a }',
        amplify='two types are called `E`, or a name is not a GraphQL name (`relationName: "-"`)',
        ours="an error",
        refused="has E in models and in enums",
    ),
)
"""All kinds; the first column of the page shows the example."""
