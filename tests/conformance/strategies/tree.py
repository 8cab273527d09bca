"""A schema while it is being composed: types that can still grow, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Field:
    """One line of a type; `type` with its brackets and bangs, `arguments` with parentheses."""

    name: str
    type: str
    arguments: str = ""
    directives: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join([f"{self.name}{self.arguments}: {self.type}", *self.directives])


@dataclass(slots=True, kw_only=True)
class Type:
    """An object type, interface or input; `key` names the primary-key fields of a model."""

    keyword: str
    name: str
    implements: str = ""
    directives: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    key: list[str] = field(default_factory=lambda: ["id"])

    def add(self, wanted: str, kind: str, *directives: str) -> str:
        """Append a field, numbered if its name is taken; returns the name that it got."""
        taken = {one.name for one in self.fields}
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}{number}", number + 1
        self.fields.append(Field(name=name, type=kind, directives=list(directives)))
        return name

    def head(self) -> str:
        """Everything before the opening brace."""
        return " ".join(
            part for part in (self.keyword, self.name, self.implements, *self.directives) if part
        )


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that a definition may refer to."""

    models: list[Type]
    customs: list[Type]
    enums: list[str]
    inputs: list[Type]
    unions: list[str]
    interfaces: list[Type]

    def leaves(self) -> list[str]:
        """Names of the types without fields, the commonest first."""
        return [*SCALARS, *self.enums]

    def results(self) -> list[str]:
        """Names of the types that a model, custom type or operation may have as a field."""
        return [*self.leaves(), *names(self.customs), *names(self.models)]


SCALARS = (
    *("String", "Int", "ID", "Float", "Boolean", "AWSDate", "AWSTime", "AWSDateTime"),
    *("AWSTimestamp", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"),
)


def names(types: list[Type]) -> list[str]:
    """Their names, in order."""
    return [one.name for one in types]


def strings(words: list[str]) -> str:
    """A GraphQL list of strings."""
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
