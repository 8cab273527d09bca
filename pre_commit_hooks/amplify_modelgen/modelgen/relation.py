"""One relation of a field: what its directive says, and the change that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .problems import RefusalError
from .rules import RELATIONS
from .values import truthy

if TYPE_CHECKING:
    from .model import Association, Model
    from .tree import Directive, Field, Value


class Relation(Struct, frozen=True):
    """A field of a model and the first relation directive on it."""

    model: Model
    field: Field
    directive: Directive

    @property
    def kind(self) -> str:
        """The name of the directive: hasOne, hasMany or belongsTo."""
        return self.directive.name

    @property
    def place(self) -> str:
        """The field as people write it: `Post.comments`."""
        return f"{self.model.name}.{self.field.name}"

    @property
    def fields(self) -> tuple[str, ...]:
        """The names in the argument `fields`."""
        return self._names("fields")

    @property
    def references(self) -> tuple[str, ...]:
        """The names in the argument `references`."""
        return self._names("references")

    @property
    def refers(self) -> bool:
        """Whether the relation has references; an empty list or text means none."""
        return bool(self.argument("references"))

    def argument(self, name: str) -> Value:
        """Return an argument of the directive, None where it is not given."""
        return self.directive.arguments.get(name)

    def refusal(self, message: str, hint: str) -> RefusalError:
        """Return the error that says what is wrong with this relation."""
        return RefusalError(self.field.at, f"{self.place}: {message}", hint)

    def _names(self, argument: str) -> tuple[str, ...]:
        value = self.argument(argument)
        if not truthy(value):
            return ()
        # A single name in `fields` is not made a list of one: its letters are the names then.
        if isinstance(value, list | str) and all(isinstance(name, str) for name in value):
            return tuple(str(name) for name in value)
        message = f"`{argument}` of @{self.kind} is not a list of names"
        raise self.refusal(message, f'write names: `{argument}: ["id"]`')


class Change(Struct, frozen=True):
    """What a relation does: its association, and the fields and keys that a model gains."""

    association: Association
    grows: Model
    fields: tuple[Field, ...] = ()
    keys: tuple[dict[str, Value], ...] = ()


def relation_of(model: Model, field: Field) -> Relation | None:
    """Return the relation of a field: by its first relation directive; the others do not count."""
    for directive in field.directives:
        if directive.name in RELATIONS:
            return Relation(model, field, directive)
    return None
