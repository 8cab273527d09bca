"""The class of a model or custom type, in the order of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import camel_case
from amplify_modelgen_plugins.emitters.native_auth import (
    RULE_KEYS,
    auth_rules,
    has_rules,
    operations,
)

from .builders import builder_method, builders, constructor
from .java_types import java_class
from .layout import ANNOTATIONS, arguments, declaration, imports, indent, method

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amplify_modelgen.modelgen import FeatureFlags, NativeIndex, NativeModel, NativeType

    from .java_types import JavaClass, JavaField
    from .layout import Lines

_CORE = "com.amplifyframework.core.model."
_RELATIONS = {"HAS_ONE": "HasOne", "HAS_MANY": "HasMany", "BELONGS_TO": "BelongsTo"}
_TEMPORAL = f"{_CORE}temporal.Temporal"
_OVERRIDE = "@Override"


def model_file(model: NativeModel, flags: FeatureFlags) -> Lines:
    """Return the lines of the file of a model after its package."""
    java = java_class(model, flags)
    return [
        "",
        *_own_imports(java),
        *model_imports(has_rules=has_rules(model)),
        "",
        '@SuppressWarnings("all")',
        *map(_index, model.indexes[: model.leading_indexes]),
        *_model_config(model, java),
        *map(_index, model.indexes[model.leading_indexes :]),
        *declaration(
            f"public final class {java.name} implements Model",
            _model_members(java, flags),
            [
                *([_resolve_identifier(java)] if java.has_identifier else []),
                *_methods(java),
                _to_string(java),
                builder_method(java),
                *([_just_id(java)] if java.has_id else []),
                _copy_of_builder(java),
            ],
            [*builders(java), *([_identifier(java)] if java.has_identifier else [])],
        ),
    ]


def type_file(entry: NativeType, flags: FeatureFlags) -> Lines:
    """Return the lines of the file of a custom type after its package."""
    java = java_class(entry, flags)
    return [
        "",
        *_own_imports(java),
        "",
        *imports("androidx.core.util.ObjectsCompat"),
        "",
        *imports("java.util.Objects", "java.util.List"),
        "",
        *declaration(
            f"public final class {java.name}",
            [f"private final {field.parameter};" for field in java.fields],
            [*_methods(java), builder_method(java), _copy_of_builder(java)],
            builders(java),
        ),
    ]


# Imports: those that depend on the fields, in the order of the fields, then a fixed block.


def _own_imports(java: JavaClass) -> Lines:
    names = dict.fromkeys(name for field in java.fields for name in _field_imports(field))
    # Amplify's generator forgets those of lists, so that some custom types do not compile.
    if any(field.element.startswith("Temporal.") for field in java.fields):
        names.setdefault(_TEMPORAL)
    identifier = [f"{_CORE}ModelIdentifier"] if java.has_identifier else []
    return imports(*names, *identifier)


def _field_imports(field: JavaField) -> Iterable[str]:
    if field.relation:
        yield ANNOTATIONS + _RELATIONS[field.relation]
        if field.lazy and field.relation == "HAS_MANY":
            yield f"{_CORE}ModelList"
        elif field.lazy:
            yield f"{_CORE}ModelReference"
            yield f"{_CORE}LoadedModelReferenceImpl"
    if field.element.startswith("Temporal.") and not field.field.is_list:
        yield _TEMPORAL


def model_imports(*, has_rules: bool) -> Lines:
    """Return the imports of every model; some are for auth rules only."""
    rules = [f"{_CORE}AuthStrategy", f"{_CORE}ModelOperation", f"{ANNOTATIONS}AuthRule"]
    annotations = [f"{_CORE}Model"]
    annotations += [ANNOTATIONS + name for name in ("Index", "ModelConfig", "ModelField")]
    annotations.append(f"{_CORE}query.predicate.QueryField")
    return [
        "",
        *imports("java.util.List", "java.util.UUID", "java.util.Objects"),
        "",
        *imports("androidx.core.util.ObjectsCompat"),
        "",
        *imports(*sorted([*annotations, *(rules if has_rules else [])])),
        "",
        f"import static {_CORE}query.predicate.QueryField.field;",
    ]


# Annotations.


def _strings(values: Iterable[str], separator: str = ", ") -> str:
    return separator.join(f'"{value}"' for value in values)


def _model_config(model: NativeModel, java: JavaClass) -> Lines:
    parts = [f'pluralName = "{model.plural}"']
    if java.has_identifier:
        parts += ["type = Model.Type.USER", "version = 1"]
    rules = _auth_rules(model.auth)
    lazy = ["hasLazySupport = true"] if java.is_lazy else []
    if not rules:
        return [f"@ModelConfig({', '.join(parts + lazy)})"]
    first, last = ", ".join([*parts, "authRules = {"]), ", ".join(["}", *lazy])
    return [f"@ModelConfig({first}", *rules, f"{last})"]


def _index(index: NativeIndex) -> str:
    # As JavaScript prints a name that is missing, and one that is null.
    absent = "null" if index.has_name else "undefined"
    name = absent if index.name is None else index.name
    return f'@Index(name = "{name}", fields = {{{_strings(index.fields, ",")}}})'


def _auth_rules(rules: Iterable[Mapping[str, object]]) -> Lines:
    lines = [f"@AuthRule({_auth_rule(rule)})" for rule in auth_rules(rules)]
    return indent([*(f"{line}," for line in lines[:-1]), *lines[-1:]])


def _auth_rule(rule: Mapping[str, object]) -> str:
    parts = [f"allow = AuthStrategy.{str(rule['allow']).upper()}"]
    for key in RULE_KEYS:
        value = rule.get(key)
        if isinstance(value, list):
            parts.append(f"{key} = {{ {_strings(map(str, value))} }}")
        elif value is not None:
            parts.append(f'{key} = "{value}"')
    names = ", ".join(f"ModelOperation.{name.upper()}" for name in operations(rule))
    return ", ".join([*parts, f"operations = {{ {names} }}"])


def _model_field(field: JavaField, flags: FeatureFlags) -> Lines:
    """Return a member with its annotations."""
    parts = [f'targetType="{field.field.type}"']
    parts += ["isRequired = true"] if field.is_required else []
    rules = _auth_rules(field.field.auth)
    last = ["isReadOnly = true"] if field.field.read_only else []
    relation = _relation(field, flags)
    value = " = null" if field.relation in {"HAS_ONE", "HAS_MANY"} else ""
    end = f"){relation} {field.parameter}{value};"
    start = "private " if field.field.read_only else "private final "
    if not rules:
        return [f"{start}@ModelField({', '.join(parts + last)}{end}"]
    first, closing = ", ".join([*parts, "authRules = {"]), ", ".join(["}", *last])
    return [f"{start}@ModelField({first}", *rules, closing + end]


def _relation(field: JavaField, flags: FeatureFlags) -> str:
    association = field.field.association
    if association is None:
        return ""
    targets = association.targets or ()
    parts = [f'associatedWith = "{name}"' for name in (association.associated or ())[:1]]
    if field.relation == "BELONGS_TO":
        parts.append(f'targetName = "{targets[0]}"')
    if targets and flags.uses_full_primary_keys and (field.lazy or field.relation == "BELONGS_TO"):
        parts.append(f"targetNames = {{{_strings(targets)}}}")
    parts.append(f"type = {field.element}.class")
    return f" @{_RELATIONS[field.relation]}({', '.join(parts)})"


# Members and methods.


def _model_members(java: JavaClass, flags: FeatureFlags) -> Lines:
    lines = []
    if java.is_lazy:
        path = f"{java.name}Path"
        lines.append(f'public static final {path} rootPath = new {path}("root", false, null);')
    for field in java.writable:
        association = field.field.association
        name = (association.targets or ("",))[0] if association else field.name
        lines.append(
            f'public static final QueryField {field.constant} = field("{java.name}", "{name}");'
        )
    for field in java.fields:
        lines += _model_field(field, flags)
    if java.has_identifier and len(java.key) > 1:
        lines.append(f"private {java.identifier} {_identifier_name(java)};")
    return lines


def _identifier_name(java: JavaClass) -> str:
    return java.identifier[:1].lower() + java.identifier[1:]


def _resolve_identifier(java: JavaClass) -> Lines:
    types = {field.name: field.type for field in java.fields}
    if len(java.key) == 1:
        (name,) = java.key
        return method(
            f"public {types[name]} resolveIdentifier()",
            f"return {name};",
            annotation="@Deprecated",
        )
    name = _identifier_name(java)
    return method(
        f"public {java.identifier} resolveIdentifier()",
        f"if ({name} == null) {{",
        f"  this.{name} = new {java.identifier}({', '.join(java.key)});",
        "}",
        f"return {name};",
        annotation="@Deprecated",
    )


def _methods(java: JavaClass) -> list[Lines]:
    """Return the getters, the constructor, `equals` and `hashCode`."""
    getters = [
        method(f"public {field.type} {field.getter}()", f"return {field.name};", width=4)
        for field in java.fields
    ]
    return [*getters, constructor(java, java.name), _equals(java), _hash_code(java)]


def _compared(java: JavaClass) -> list[JavaField]:
    return [field for field in java.fields if field.relation not in {"HAS_ONE", "HAS_MANY"}]


def _equals(java: JavaClass) -> Lines:
    other = camel_case(java.name)
    comparisons = " &&\n".join(
        f"ObjectsCompat.equals({field.getter}(), {other}.{field.getter}())"
        for field in _compared(java)
    ).split("\n")
    return method(
        "public boolean equals(Object obj)",
        "if (this == obj) {",
        "  return true;",
        "} else if(obj == null || getClass() != obj.getClass()) {",
        "  return false;",
        "} else {",
        f"{java.name} {other} = ({java.name}) obj;",
        f"return {comparisons[0]}{'' if comparisons[1:] else ';'}",
        *indent([*comparisons[1:-1], *(f"{line};" for line in comparisons[1:][-1:])], 8),
        "}",
        width=4,
        annotation=_OVERRIDE,
    )


def _hash_code(java: JavaClass) -> Lines:
    return method(
        "public int hashCode()",
        "return new StringBuilder()",
        *(f"  .append({field.getter}())" for field in _compared(java)),
        "  .toString()",
        "  .hashCode();",
        annotation=_OVERRIDE,
    )


def _to_string(java: JavaClass) -> Lines:
    parts = [
        f'  .append("{field.name}=" + String.valueOf({field.getter}()) + ", ")'
        for field in _compared(java)
    ]
    parts[-1] = parts[-1].removesuffix(' + ", ")') + ")"
    return method(
        "public String toString()",
        "return new StringBuilder()",
        f'  .append("{java.name} {{")',
        *parts,
        '  .append("}")',
        "  .toString();",
        annotation=_OVERRIDE,
    )


def _just_id(java: JavaClass) -> Lines:
    values = ["id", *["null"] * (len(java.writable) - 1)]
    return method(
        f"public static {java.name} justId(String id)",
        f"return new {java.name}(",
        *indent([*(f"{value}," for value in values[:-1]), values[-1]]),
        ");",
    )


def _copy_of_builder(java: JavaClass) -> Lines:
    names = [field.name for field in java.writable]
    return method(
        "public CopyOfBuilder copyOfBuilder()",
        *arguments(names, "return new CopyOfBuilder(", ");", 2),
    )


def _identifier(java: JavaClass) -> Lines:
    types = {field.name: field.type for field in java.fields}
    parameters = ", ".join(f"{types[name]} {name}" for name in java.key)
    return declaration(
        f"public static class {java.identifier} extends ModelIdentifier<{java.name}>",
        ["private static final long serialVersionUID = 1L;"],
        [method(f"public {java.identifier}({parameters})", f"super({', '.join(java.key)});")],
    )
