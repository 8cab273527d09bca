"""What the emitters for Swift, Java and Dart share: fields, auth rules, and lines of code."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct

from amplify_modelgen.plugin import Description

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amplify_modelgen.modelgen import FeatureFlags, NativeField, NativeModel


class PlatformField(Struct, frozen=True, dict=True):
    """A field of a model or custom type in a language, whose other scalars are strings."""

    SCALARS: ClassVar[Mapping[str, str]]
    source: NativeField
    flags: FeatureFlags

    @property
    def name(self) -> str:
        """The name as in the schema."""
        return self.source.name

    @property
    def relation(self) -> str:
        """HAS_ONE, HAS_MANY, BELONGS_TO, or nothing."""
        return self.source.association.kind if self.source.association else ""

    @property
    def is_stored(self) -> bool:
        """Whether the model itself stores the value or the foreign key."""
        return self.relation not in {"HAS_ONE", "HAS_MANY"}

    @property
    def is_required(self) -> bool:
        """Whether the value may not be null. For older projects, a list is as its items are."""
        if self.source.is_list and self.flags.handle_list_nullability_transparently:
            return self.source.list_required is not False
        return self.source.required

    @property
    def element(self) -> str:
        """The type of the value, or of the items of a list."""
        if self.source.kind == "scalar":
            return self.SCALARS.get(self.source.type, "String")
        return self.source.type


class PlatformRule(Struct, frozen=True):
    """An auth rule: its strategy, the other arguments in their order, and the operations."""

    allow: str
    arguments: dict[str, Any]
    operations: Any


_ARGUMENTS = {
    "owner": ("ownerField", "identityClaim"),
    "groups": ("groupClaim", "groups"),
    "public": (),
    "private": (),
}


def auth_rules(rules: Iterable[Mapping[str, Any]]) -> Iterator[PlatformRule]:
    """Yield the rules that the platforms support; others are left out, as Amplify does.

    A rule for groups has a list `groups`, or a `groupsField`, whose value is always "groups". A
    text that is null is "null".
    """
    for rule in rules:
        keys = _ARGUMENTS.get(str(rule.get("allow")))
        if keys is None:
            continue
        values = {key: "null" if rule[key] is None else rule[key] for key in keys if key in rule}
        if rule["allow"] == "groups" and rule.get("groups") in (None, ""):
            values.pop("groups", None)
            values["groupsField"] = rule.get("groupField")
        if rule.get("provider") is not None:
            values["provider"] = rule["provider"]
        yield PlatformRule(rule["allow"], values, rule.get("operations"))


def has_rules(model: NativeModel) -> bool:
    """Return whether a model or one of its fields has a rule that the platforms support."""
    lists = [model.auth, *(field.auth for field in model.fields)]
    return any(True for rules in lists for _ in auth_rules(rules))


def describe_loader(
    files: Mapping[str, bytes], name: str, version: bytes, model: bytes
) -> Description | None:
    """Describe the models by the file `name`, which lists them; None if it has no version.

    `version` and `model` are patterns with one group. The file is not trusted: both patterns must
    match in linear time.
    """
    content = next((text for path, text in files.items() if path.rpartition("/")[2] == name), b"")
    found = re.search(version, content)
    if found is None:
        return None
    names = frozenset(match.decode() for match in re.findall(model, content))
    return Description(version=found[1].decode(), models=names)


_PLACEHOLDER = re.compile(r"^( *)\$(\w+)\n|\$(\w+)", re.MULTILINE)


@cache
def _template(name: str) -> str:
    language, _, file = name.partition("/")
    path = Path(__file__).parent / language / "templates" / f"{file}.txt"
    return path.read_text(encoding="utf-8")


def render(template: str, **values: str | list[str]) -> list[str]:
    """Return the lines of the template `language/name`, in which `$name` is a value.

    A list replaces the line that its name stands in; each of its items gets the indentation.
    `$end` is empty: it keeps the spaces before it at the end of a line.
    """

    def replace(match: re.Match[str]) -> str:
        spaces, line, word = match.groups()
        value = values[line or word]
        if isinstance(value, list):
            separator = f"\n{spaces}"
            return f"{spaces}{separator.join(value)}\n" if value else ""
        return f"{spaces}{value}\n" if line else value

    values["end"] = ""
    return _PLACEHOLDER.sub(replace, _template(template)).removesuffix("\n").split("\n")


def indent(lines: Iterable[str], width: int = 2) -> list[str]:
    """Return the lines with more indentation, empty ones included."""
    return [" " * width + line for line in lines]


def separate(lines: Sequence[str], separator: str = ",", end: str = "") -> list[str]:
    """Return the lines with a separator after each but the last, which gets `end`."""
    return [line + separator for line in lines[:-1]] + [line + end for line in lines[-1:]]


def quoted_list(values: Iterable[str], separator: str = ", ") -> str:
    """Return strings in double quotes; their characters were checked."""
    return separator.join(f'"{value}"' for value in values)
