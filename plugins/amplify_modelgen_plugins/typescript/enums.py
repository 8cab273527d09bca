"""Enums as JavaScript has them, and as TypeScript knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .text import block

if TYPE_CHECKING:
    from .document import Enum


def enum_object(enum: Enum) -> str:
    """Return the object of an enum: JavaScript, and TypeScript where it is made `as const`."""
    members = block(f'{key}: "{value}",' for key, value in enum.members)
    return f"export const {enum.name} = {members}"


def enum_declaration(enum: Enum) -> str:
    """Return what declares that object as an enum, whose members can be used as types."""
    members = block(f'{key} = "{value}",' for key, value in enum.members)
    return f"export declare enum {enum.name} {members}"


def enum_constant(enum: Enum) -> str:
    """Return that object and its type in one module, in syntax that only needs to be erased."""
    name = enum.name
    return (
        f"{enum_object(enum)} as const;\n\n"
        f"export type {name} = (typeof {name})[keyof typeof {name}];"
    )
