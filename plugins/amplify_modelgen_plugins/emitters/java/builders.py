"""The builders of a class: an interface for each required field, and two nested classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import arguments, declaration, method

if TYPE_CHECKING:
    from .java_types import JavaClass, JavaField
    from .layout import Lines

_OVERRIDE = "@Override"


def builder_method(java: JavaClass) -> Lines:
    """Return the method that starts a new object."""
    return method(
        f"public static {_next_step(java, 0)} builder()", "return new Builder();", width=4
    )


def builders(java: JavaClass) -> list[Lines]:
    """Return the interfaces of the steps, then the builders of new and of changed objects."""
    steps = [
        declaration(
            f"public interface {java.step(field)}",
            [f"{_next_step(java, index)} {_signature(field)};"],
            [],
        )
        for index, field in enumerate(java.steps, 1)
    ]
    return [*steps, _build_step(java), _builder(java), _copy_of_builder(java)]


def _next_step(java: JavaClass, index: int) -> str:
    return java.step(java.steps[index]) if index < len(java.steps) else "BuildStep"


def _signature(field: JavaField) -> str:
    return f"{field.method}({field.argument_type} {field.method})"


def _build_step(java: JavaClass) -> Lines:
    methods = [f"{java.name} build();"]
    methods += ["BuildStep id(String id);"] if java.has_id else []
    methods += [f"BuildStep {_signature(field)};" for field in java.optional]
    return declaration("public interface BuildStep", methods, [])


def _builder(java: JavaClass) -> Lines:
    steps = [*(java.step(field) for field in java.steps), "BuildStep"]
    ids = [field for field in java.writable if java.has_id and field.name == "id"]
    setters = [
        _setter(field, _next_step(java, index), required=True)
        for index, field in enumerate(java.steps, 1)
    ]
    setters += [_setter(field, "BuildStep", required=False) for field in java.optional]
    if java.has_id:
        setters.append(
            method("public BuildStep id(String id)", "this.id = id;", "return this;", width=4)
        )
    return declaration(
        f"public static class Builder implements {', '.join(steps)}",
        [f"private {field.parameter};" for field in (*ids, *java.steps, *java.optional)],
        [
            method("public Builder()", ""),
            constructor(java, "Builder"),
            _build(java),
            *setters,
        ],
    )


def constructor(java: JavaClass, name: str) -> Lines:
    """Return a private constructor that assigns all writable fields."""
    parameters = ", ".join(field.parameter for field in java.writable)
    assignments = [f"this.{field.name} = {field.name};" for field in java.writable]
    return method(f"private {name}({parameters})", *assignments)


def _build(java: JavaClass) -> Lines:
    names = [field.name for field in java.writable]
    # A field called `uuid` has a constant that hides the class.
    is_hidden = any("UUID" in {field.name, field.constant} for field in java.writable)
    uuid = "java.util.UUID" if is_hidden else "UUID"
    new_id = f"String id = this.id != null ? this.id : {uuid}.randomUUID().toString();"
    return method(
        f"public {java.name} build()",
        *([new_id] if java.has_id else []),
        "",
        f"return new {java.name}(",
        *arguments(["", *names], "", ");", 2)[1:],
        width=4,
        annotation=_OVERRIDE,
    )


def _setter(field: JavaField, next_step: str, *, required: bool) -> Lines:
    value = (
        f"new LoadedModelReferenceImpl<>({field.method})" if field.is_reference else field.method
    )
    return method(
        f"public {next_step} {_signature(field)}",
        *([f"Objects.requireNonNull({field.method});"] if required else []),
        f"this.{field.name} = {value};",
        "return this;",
        width=4,
        annotation=_OVERRIDE,
    )


def _copy_of_builder(java: JavaClass) -> Lines:
    # The arguments of `super` are the fields of the object that is copied, not the parameters.
    parameters = ", ".join(f"{field.type} {field.method}" for field in java.writable)
    names = ", ".join(field.name for field in java.writable)
    setters = [
        method(
            f"public CopyOfBuilder {_signature(field)}",
            f"return (CopyOfBuilder) super.{field.method}({field.method});",
            annotation=_OVERRIDE,
        )
        for field in (*java.steps, *java.optional)
    ]
    checks = [f"Objects.requireNonNull({field.name});" for field in java.steps]
    return declaration(
        "public final class CopyOfBuilder extends Builder",
        [],
        [
            method(f"private CopyOfBuilder({parameters})", f"super({names});", *(checks or [""])),
            *setters,
        ],
    )
