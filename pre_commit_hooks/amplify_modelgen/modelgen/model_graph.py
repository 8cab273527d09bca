"""The models and the fields that link them; the only place where a model changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Association, Model
    from .tree import Field, Value
    from .type_system import Role


class ModelGraph:
    """All models by name, and for every two of them the fields that lead from one to the other.

    Relations look for fields of one model whose type is another one. Hubs have thousands of
    fields, so those are kept apart, in the order of the fields.
    """

    def __init__(self, models: dict[str, Model], roles: dict[str, Role]) -> None:
        self.models = models
        self.roles = roles
        self._indexes: dict[str, dict[Value, str]] = {}
        self._links: dict[tuple[str, str], list[Field]] = {}
        for model in models.values():
            for field in model.all_fields:
                self._link(model, field)

    def links(self, owner: str, target: str) -> list[Field]:
        """Return the fields of the model `owner` whose type is the model `target`, in order."""
        return self._links.get((owner, target), [])

    def indexes(self, model: Model) -> dict[Value, str]:
        """Return the fields that carry the indexes of a model, by the names of the indexes."""
        if model.name not in self._indexes:
            self._indexes[model.name] = {
                name: field.name
                for field in reversed(model.all_fields)
                for directive in reversed(field.directives)
                if directive.name == "index"
                and not isinstance(name := directive.arguments.get("name"), list | dict)
            }
        return self._indexes[model.name]

    def add_field(self, model: Model, field: Field) -> None:
        """Append a field to a model, unless it has one of that name."""
        if field.name not in model.fields:
            model.fields[field.name] = field
            self._link(model, field)

    def remove_field(self, model: Model, name: str) -> None:
        """Take a field out of a model."""
        field = model.fields.pop(name)
        model.hidden = tuple(one for one in model.hidden if one.name != name)
        links = self.links(model.name, field.type.name)
        if field in links:
            links.remove(field)

    def add_key(self, model: Model, properties: dict[str, Value]) -> None:
        """Append a key attribute to a model."""
        model.keys.append(properties)

    def associate(self, model: Model, field: Field, association: Association) -> None:
        """Say how a field of a model finds the models that it leads to."""
        model.associations[field.name] = association

    def _link(self, model: Model, field: Field) -> None:
        if field.type.name in self.models:
            self._links.setdefault((model.name, field.type.name), []).append(field)
