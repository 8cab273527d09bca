"""The files of the Java models: classes, enums, paths, and the model provider.

The templates are those of `render`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import camel_case, constant_case, pascal_case
from amplify_modelgen_plugins.emitters.platforms import (
    auth_rules,
    has_rules,
    indent,
    quoted_list,
    render,
    separate,
)
from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .java_types import is_lazy, java_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amplify_modelgen.modelgen import (
        FeatureFlags,
        NativeEnum,
        NativeIndex,
        NativeModel,
        NativeSchema,
        NativeType,
    )
    from amplify_modelgen_plugins.emitters.platforms import PlatformRule

    from .java_types import JavaClass, JavaField

_PACKAGE = "package com.amplifyframework.datastore.generated.model;"
_CORE = "com.amplifyframework.core.model."


def source(lines: Iterable[str]) -> bytes:
    """Return a file: the header, the package and its lines."""
    return "\n".join([f"// {HEADER}", _PACKAGE, *lines, ""]).encode()


def all_files(schema: NativeSchema) -> dict[str, list[str]]:
    """Return the lines of each file by its name, without the package."""
    flags = schema.flags
    files = {"AmplifyModelProvider": _provider_file(schema)}
    imports = ["", *_model_imports(has_rules=False)]
    files |= {entry.name: imports for entry in schema.declarations if entry.has_file}
    files |= {model.name: _model_file(model, flags) for model in schema.models}
    # A type with the default name of a root type has no file, whatever it is.
    files |= {entry.name: _type_file(entry, flags) for entry in schema.types if entry.name in files}
    files |= {entry.name: _enum_file(entry) for entry in schema.enums}
    if is_lazy(flags):
        models = [entry.name for entry in schema.declarations if entry.is_model]
        files |= {f"{name}Path": render("java/path_imports") for name in models}
        files |= {f"{model.name}Path": _path_file(model) for model in schema.models}
    return files


def _provider_file(schema: NativeSchema) -> list[str]:
    """Return the lines of the class that lists all models."""
    classes = ", ".join(f"{model.name}.class" for model in schema.models)
    return render("java/provider", version=schema.version, classes=classes)


def _enum_file(entry: NativeEnum) -> list[str]:
    """Return the lines of an enum."""
    values = separate(list(entry.cases(constant_case).values())) or [""]
    return ['@SuppressWarnings("all")', f"public enum {entry.name} {{", *indent(values), "}"]


def _path_file(model: NativeModel) -> list[str]:
    """Return the lines of the class that selects the relations of a lazy model in a query."""
    relations = [field for field in model.fields if field.association]
    getters = [
        line
        for field in relations
        for line in render(
            "java/path_getter",
            name=field.name,
            path=f"{field.type}Path",
            method=pascal_case(field.name),
            is_list=str(field.is_list).lower(),
        )
    ]
    members = [f"private {field.type}Path {field.name};" for field in relations]
    path = f"{model.name}Path"
    lines = render("java/path", name=model.name, path=path, members=members, getters=getters)
    return [*render("java/path_imports"), *lines]


def _model_imports(*, has_rules: bool) -> list[str]:
    """Return the imports of every model; some are for auth rules only."""
    names = ["Model", "annotations.Index", "annotations.ModelConfig", "annotations.ModelField"]
    names += ["AuthStrategy", "ModelOperation", "annotations.AuthRule"] if has_rules else []
    names.append("query.predicate.QueryField")
    return render("java/model_imports", core=[f"import {_CORE}{name};" for name in sorted(names)])


def _model_file(model: NativeModel, flags: FeatureFlags) -> list[str]:
    """Return the lines of the file of a model after its package."""
    java = java_class(model, flags)
    return [
        "",
        *_own_imports(java),
        *_model_imports(has_rules=has_rules(model)),
        "",
        '@SuppressWarnings("all")',
        *_class_annotations(model, java),
        *_class_lines(java, list(_model_members(java))),
    ]


def _type_file(entry: NativeType, flags: FeatureFlags) -> list[str]:
    """Return the lines of the file of a custom type after its package."""
    java = java_class(entry, flags)
    members = [f"private final {field.parameter};" for field in java.fields]
    imports = [*_own_imports(java), *render("java/type_imports")]
    return ["", *imports, *_class_lines(java, members)]


def _own_imports(java: JavaClass) -> list[str]:
    """Return the imports that depend on the fields, in the order of the fields."""
    names = dict.fromkeys(name for field in java.fields for name in field.imports)
    # Amplify's generator forgets those of lists, so that some custom types do not compile.
    if any(field.element.startswith("Temporal.") for field in java.fields):
        names.setdefault("temporal.Temporal")
    identifier = ["ModelIdentifier"] if java.has_identifier else []
    return [f"import {_CORE}{name};" for name in (*names, *identifier)]


# Annotations and members.


def _annotation(name: str, parts: list[str], rules: list[str], last: list[str]) -> list[str]:
    """Return an annotation, whose auth rules stand in separate lines."""
    if not rules:
        return [f"@{name}({', '.join(parts + last)})"]
    first, closing = ", ".join([*parts, "authRules = {"]), ", ".join(["}", *last])
    return [f"@{name}({first}", *rules, f"{closing})"]


def _class_annotations(model: NativeModel, java: JavaClass) -> list[str]:
    """Return the annotations of a model: its configuration and its indexes."""
    parts = [f'pluralName = "{model.plural}"']
    parts += ["type = Model.Type.USER", "version = 1"] if java.has_identifier else []
    lazy = ["hasLazySupport = true"] if java.is_lazy else []
    config = _annotation("ModelConfig", parts, _auth_rules(model.auth), lazy)
    indexes, leading = list(map(_index, model.indexes)), model.leading_indexes
    return [*indexes[:leading], *config, *indexes[leading:]]


def _index(index: NativeIndex) -> str:
    # As JavaScript prints a name that is missing, and one that is null.
    absent = "null" if index.has_name else "undefined"
    name = absent if index.name is None else index.name
    return f'@Index(name = "{name}", fields = {{{quoted_list(index.fields, ",")}}})'


def _auth_rules(rules: Iterable[Mapping[str, object]]) -> list[str]:
    lines = [f"@AuthRule({_auth_rule(rule)})" for rule in auth_rules(rules)]
    return indent(separate(lines))


def _auth_rule(rule: PlatformRule) -> str:
    parts = [f"allow = AuthStrategy.{rule.allow.upper()}"]
    for key, value in rule.arguments.items():
        quoted = f"{{ {quoted_list(value)} }}" if isinstance(value, list) else f'"{value}"'
        parts.append(f"{key} = {quoted}")
    names = ", ".join(f"ModelOperation.{name.upper()}" for name in rule.operations)
    return ", ".join([*parts, f"operations = {{ {names} }}"])


def _model_members(java: JavaClass) -> Iterator[str]:
    """Yield the constants for queries, and the members with their annotations."""
    if java.is_lazy:
        path = f"{java.name}Path"
        yield f'public static final {path} rootPath = new {path}("root", false, null);'
    for field in java.writable:
        association = field.source.association
        name = (association.targets or ("",))[0] if association else field.name
        yield f'public static final QueryField {field.constant} = field("{java.name}", "{name}");'
    for field in java.fields:
        parts = [f'targetType="{field.source.type}"']
        parts += ["isRequired = true"] if field.is_required else []
        last = ["isReadOnly = true"] if field.source.read_only else []
        annotation = _annotation("ModelField", parts, _auth_rules(field.source.auth), last)
        annotation[0] = f"private {'' if field.source.read_only else 'final '}{annotation[0]}"
        annotation[-1] += (
            f"{field.annotation} {field.parameter}{'' if field.is_stored else ' = null'};"
        )
        yield from annotation
    if java.has_identifier and len(java.key) > 1:
        yield f"private {java.identifier} {java.identifier_member};"


# The class of a model or custom type, and its builders.


def _class_lines(java: JavaClass, members: list[str]) -> list[str]:
    """Return the class of a model or custom type, after its annotations."""
    compared = [field for field in java.fields if field.is_stored]
    names = [field.name for field in java.writable]
    other = camel_case(java.name)
    return render(
        "java/class",
        name=java.name,
        base=" implements Model" if java.key else "",
        members=members,
        resolve_identifier=_resolve_identifier(java) if java.has_identifier else [],
        getters=[line for field in java.fields for line in _getter(field)],
        parameters=", ".join(field.parameter for field in java.writable),
        assignments=[f"this.{name} = {name};" for name in names],
        other=other,
        comparisons=f" &&\n{' ' * 14}".join(
            f"ObjectsCompat.equals({field.getter}(), {other}.{field.getter}())"
            for field in compared
        ),
        hashed=[f".append({field.getter}())" for field in compared],
        to_string=_to_string(java, compared) if java.key else [],
        just_id=_just_id(java) if java.has_id else [],
        copied_values=",\n      ".join(names),
        arguments=", ".join(names),
        identifier=_identifier(java) if java.has_identifier else [],
        **_builders(java),
    )


def _builders(java: JavaClass) -> dict[str, str | list[str]]:
    """Return the values of the builders: the interfaces of the steps, and two nested classes."""
    steps = list(zip(java.steps, java.interfaces, java.interfaces[1:], strict=False))
    interfaces = [
        line
        for field, step, next_step in steps
        for line in (
            f"  public interface {step} {{",
            f"    {next_step} {field.signature};",
            "  }",
            "  ",
            "",
        )
    ]
    build_step = [f"{java.name} build();", *(["BuildStep id(String id);"] if java.has_id else [])]
    build_step += [f"BuildStep {field.signature};" for field in java.optional]
    ids = [field for field in java.writable if java.has_id and field.name == "id"]
    settable = (*java.steps, *java.optional)
    setters = [
        *(line for field, _, next_step in steps for line in _setter(field, next_step)),
        *(line for field in java.optional for line in _setter(field, "BuildStep")),
    ]
    if java.has_id:
        body = ["    this.id = id;", "    return this;", "}"]
        setters += ["", "public BuildStep id(String id) {", *body]
    # A field called `uuid` has a constant that hides the class.
    is_hidden = any("UUID" in {field.name, field.constant} for field in java.writable)
    uuid = "java.util.UUID" if is_hidden else "UUID"
    new_id = f"String id = this.id != null ? this.id : {uuid}.randomUUID().toString();"
    return {
        "first_step": java.interfaces[0],
        "steps": interfaces,
        "build_step": build_step,
        "interfaces": ", ".join(java.interfaces),
        "builder_fields": [f"private {field.parameter};" for field in (*ids, *settable)],
        "new_id": [new_id] if java.has_id else [],
        "values": separate([field.name for field in java.writable], ",", ");"),
        "setters": setters,
        # The arguments of `super` are the fields of the object that is copied.
        "copy_parameters": ", ".join(f"{field.type} {field.method}" for field in java.writable),
        "checks": [f"Objects.requireNonNull({field.name});" for field in java.steps] or [""],
        "copy_setters": [line for field in settable for line in _copy_setter(field)],
    }


def _getter(field: JavaField) -> list[str]:
    head = f"public {field.type} {field.getter}() {{"
    return [head, f"    return {field.name};", "}", ""]


def _setter(field: JavaField, next_step: str) -> list[str]:
    value = field.method
    if field.is_reference:
        value = f"new LoadedModelReferenceImpl<>({value})"
    return [
        "",
        "@Override",
        f" public {next_step} {field.signature} {{",
        *([f"    Objects.requireNonNull({field.method});"] if field.is_required else []),
        f"    this.{field.name} = {value};",
        "    return this;",
        "}",
    ]


def _copy_setter(field: JavaField) -> list[str]:
    return [
        "",
        "@Override",
        f" public CopyOfBuilder {field.signature} {{",
        f"  return (CopyOfBuilder) super.{field.method}({field.method});",
        "}",
    ]


def _to_string(java: JavaClass, fields: Iterable[JavaField]) -> list[str]:
    values = [f'"{field.name}=" + String.valueOf({field.getter}())' for field in fields]
    parts = separate([f".append({value}" for value in values], ' + ", ")', ")")
    return render("java/to_string", name=java.name, parts=parts)


def _just_id(java: JavaClass) -> list[str]:
    values = ["id", *["null"] * (len(java.writable) - 1)]
    return render("java/just_id", name=java.name, values=separate(values))


def _resolve_identifier(java: JavaClass) -> list[str]:
    key = ", ".join(java.key)
    if len(java.key) == 1:
        (type_,) = (field.type for field in java.fields if field.name == key)
        member, body = key, []
    else:
        type_, member = java.identifier, java.identifier_member
        create = f"    this.{member} = new {type_}({key});"
        body = [f"  if ({member} == null) {{", create, "  }"]
    head = ["@Deprecated", f" public {type_} resolveIdentifier() {{"]
    return [*head, *body, f"  return {member};", "}", ""]


def _identifier(java: JavaClass) -> list[str]:
    types = {field.name: field.type for field in java.fields}
    return render(
        "java/identifier",
        identifier=java.identifier,
        name=java.name,
        parameters=", ".join(f"{types[name]} {name}" for name in java.key),
        key=", ".join(java.key),
    )
