"""The files beside the classes: the model provider, enums, and the paths of lazy models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import constant_case, pascal_case

from .layout import declaration, imports, method

if TYPE_CHECKING:
    from amplify_modelgen.modelgen import NativeEnum, NativeModel, NativeSchema

    from .layout import Lines

_PROVIDER = "AmplifyModelProvider"
_INSTANCE = "amplifyGeneratedModelInstance"
_VERSION = "AMPLIFY_MODEL_VERSION"
_CORE = "com.amplifyframework.core.model."


def provider_file(schema: NativeSchema) -> Lines:
    """Return the lines of the class that lists all models."""
    classes = ", ".join(f"{model.name}.class" for model in schema.models)
    provider = declaration(
        f"public final class {_PROVIDER} implements ModelProvider",
        [
            f'private static final String {_VERSION} = "{schema.version}";',
            f"private static {_PROVIDER} {_INSTANCE};",
        ],
        [
            method(f"private {_PROVIDER}()", ""),
            method(
                f"public static synchronized {_PROVIDER} getInstance()",
                f"if ({_INSTANCE} == null) {{",
                f"  {_INSTANCE} = new {_PROVIDER}();",
                "}",
                f"return {_INSTANCE};",
            ),
            method(
                "public Set<Class<? extends Model>> models()",
                "final Set<Class<? extends Model>> modifiableSet = new HashSet<>(",
                f"      Arrays.<Class<? extends Model>>asList({classes})",
                "    );",
                "",
                "    return Immutable.of(modifiableSet);",
                "    ",
                annotation="@Override",
            ),
            method("public String version()", f"return {_VERSION};", annotation="@Override"),
        ],
    )
    return [
        "",
        *imports("com.amplifyframework.util.Immutable", f"{_CORE}Model", f"{_CORE}ModelProvider"),
        "",
        *imports("java.util.Arrays", "java.util.HashSet", "java.util.Set"),
        "",
        *provider,
    ]


def enum_file(entry: NativeEnum) -> Lines:
    """Return the lines of an enum."""
    values = list(entry.cases(constant_case).values())
    return [
        '@SuppressWarnings("all")',
        f"public enum {entry.name} {{",
        *(f"  {value}," for value in values[:-1]),
        f"  {values[-1] if values else ''}",
        "}",
    ]


def path_imports() -> Lines:
    """Return the imports of every path class."""
    return [
        "",
        *imports("androidx.annotation.NonNull", "androidx.annotation.Nullable"),
        "",
        *imports(f"{_CORE}ModelPath", f"{_CORE}PropertyPath"),
    ]


def path_file(model: NativeModel) -> Lines:
    """Return the lines of the class that selects the relations of a lazy model in a query."""
    relations = [field for field in model.fields if field.association]
    path = f"{model.name}Path"
    parameters = (
        "@NonNull String name, @NonNull Boolean isCollection, @Nullable PropertyPath parent"
    )
    getters = [
        method(
            f"public synchronized {field.type}Path get{pascal_case(field.name)}()",
            f"if ({field.name} == null) {{",
            f'  {field.name} = new {field.type}Path("{field.name}", '
            f"{str(field.is_list).lower()}, this);",
            "}",
            f"return {field.name};",
        )
        for field in relations
    ]
    return [
        *path_imports(),
        "",
        *declaration(
            f"public final class {path} extends ModelPath<{model.name}>",
            [f"private {field.type}Path {field.name};" for field in relations],
            [
                method(
                    f"{path}({parameters})",
                    f"super(name, isCollection, parent, {model.name}.class);",
                ),
                *getters,
            ],
        ),
    ]
