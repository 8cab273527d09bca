"""The types of a random schema, and their format."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class SchemaField:
    """A field; `type` includes its brackets and `!`, `arguments` the parentheses."""

    name: str
    type: str
    arguments: str = ""
    directives: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join([f"{self.name}{self.arguments}: {self.type}", *self.directives])


@dataclass(slots=True, kw_only=True)
class SchemaType:
    """An object type, interface or input; `key` are the primary key fields of a model."""

    keyword: str
    name: str
    implements: str = ""
    directives: list[str] = field(default_factory=list)
    fields: list[SchemaField] = field(default_factory=list)
    key: list[str] = field(default_factory=lambda: ["id"])

    def add(self, name: str, kind: str, *directives: str) -> str:
        """Append a field, numbered if its name is in use; return its name."""
        used = {field.name for field in self.fields}
        unique, number = name, 2
        while unique in used:
            unique, number = f"{name}{number}", number + 1
        self.fields.append(SchemaField(name=unique, type=kind, directives=list(directives)))
        return unique

    def head(self) -> str:
        """Return the text before the opening brace."""
        return " ".join(
            part for part in (self.keyword, self.name, self.implements, *self.directives) if part
        )


@dataclass(slots=True, kw_only=True)
class SchemaTypes:
    """All types that a definition may refer to."""

    models: list[SchemaType]
    customs: list[SchemaType]
    enums: list[str]
    inputs: list[SchemaType]
    unions: list[str]
    interfaces: list[SchemaType]

    def leaves(self) -> list[str]:
        """Return the names of the types without fields, the most common first."""
        return [*SCALARS, *self.enums]

    def results(self) -> list[str]:
        """Return the names of the types that fields of models and custom types may have."""
        return [*self.leaves(), *names(self.customs), *names(self.models)]


SCALARS = (
    *("String", "Int", "ID", "Float", "Boolean", "AWSDate", "AWSTime", "AWSDateTime"),
    *("AWSTimestamp", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"),
)


def names(types: list[SchemaType]) -> list[str]:
    """Return their names, in order."""
    return [entry.name for entry in types]


def strings(texts: list[str]) -> str:
    """Return a GraphQL list of strings."""
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"
