"""The relations between models, each told once although both of its sides may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._shapes import Entry, Field, Relation, Shapes


class Side(Struct, frozen=True, kw_only=True):
    """How many objects of this side an object of the other one has: `needed`, at least one."""

    model: str
    needed: bool = False
    many: bool = False


class Link(Struct, frozen=True, kw_only=True):
    """A relation: the side that owns, the side that belongs to it, the fields that say so.

    `keys` are the foreign keys, as pairs of a model and one of its fields.
    """

    owner: Side
    owned: Side
    fields: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]


class _End(Struct, frozen=True):
    """A field of a model that reaches the model `other`."""

    model: Entry
    field: Field
    other: Entry
    relation: Relation

    @property
    def partners(self) -> Iterator[_End]:
        """The `@belongsTo` fields of the other model that lead back here."""
        return (
            end
            for end in _ends(self.other, {self.model.name: self.model})
            if end.relation.kind == "BELONGS_TO"
        )


def find_links(shapes: Shapes) -> list[Link]:
    """Return the relations in the order of the document."""
    models = {model.name: model for model in shapes.models}
    ends = [end for model in shapes.models for end in _ends(model, models)]
    partners = _partners(ends)
    told = {id(field) for field in partners.values()}
    return [_link(end, partners.get(id(end.field))) for end in ends if id(end.field) not in told]


def _ends(model: Entry, others: dict[str, Entry]) -> Iterator[_End]:
    for field in model.fields:
        if field.relation is not None and field.kind == "model" and field.type in others:
            yield _End(model, field, others[field.type], field.relation)


def _partners(ends: list[_End]) -> dict[int, Field]:
    """Return the `@belongsTo` field for each `@hasMany` or `@hasOne` field that has one, by id.

    A many side names its partner, or the same foreign keys. A one side names neither, so it gets
    what the many sides have left over.
    """
    found: dict[int, Field] = {}
    for end in sorted(ends, key=lambda end: end.relation.kind == "HAS_ONE"):
        if end.relation.kind == "BELONGS_TO":
            continue
        taken = {id(field) for field in found.values()}
        for partner in end.partners:
            if id(partner.field) not in taken and _fits(end, partner):
                found[id(end.field)] = partner.field
                break
    return found


def _fits(end: _End, partner: _End) -> bool:
    associated = end.relation.associated
    if end.relation.kind == "HAS_ONE" and end.relation.targets:
        return True
    return associated in ((partner.field.name,), partner.relation.targets)


def _link(end: _End, partner: Field | None) -> Link:
    if end.relation.kind == "BELONGS_TO":
        keys = _keys(end.model, end.relation.targets)
        needed = end.field.required or _all_required(end.model, end.relation.targets)
        return Link(
            owner=Side(model=end.other.name, needed=needed),
            owned=Side(model=end.model.name, many=True),
            fields=(end.field.name,),
            keys=keys,
        )
    return _owning(end, partner)


def _owning(end: _End, partner: Field | None) -> Link:
    behind = partner.relation.targets if partner is not None and partner.relation else ()
    # The other model's own key, where a one side has the foreign key on its own side.
    ahead = () if end.relation.targets else end.relation.associated
    keys = dict.fromkeys(
        (
            *_keys(end.model, end.relation.targets),
            *_keys(end.other, ahead),
            *_keys(end.other, behind),
        )
    )
    needed = (partner is not None and partner.required) or _all_required(end.other, behind or ahead)
    return Link(
        owner=Side(model=end.model.name, needed=needed),
        owned=Side(
            model=end.other.name,
            needed=end.field.required and not end.field.many,
            many=end.field.many,
        ),
        fields=(end.field.name, *([partner.name] if partner is not None else [])),
        keys=tuple(keys),
    )


def _keys(model: Entry, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    plain = {field.name for field in model.fields if field.relation is None}
    return tuple((model.name, name) for name in names if name in plain)


def _all_required(model: Entry, names: tuple[str, ...]) -> bool:
    required = {field.name for field in model.fields if field.required}
    return bool(names) and required.issuperset(names)
