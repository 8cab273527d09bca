"""The files of the Java models: classes, enums, paths, and the model provider.

The templates are those of `render`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen import constant_case, pascal_case
from amplify_modelgen_plugins.emitters.platforms import has_rules, indent, render, separate
from amplify_modelgen_plugins.emitters.schema_model import HEADER

from .java_classes import class_annotations, class_lines, model_members
from .java_types import is_lazy, java_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.modelgen import (
        FeatureFlags,
        NativeEnum,
        NativeModel,
        NativeSchema,
        NativeType,
    )

    from .java_types import JavaClass

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
        files |= {f"{name}Path": render(_PATH_IMPORTS) for name in models}
        files |= {f"{model.name}Path": _path_file(model) for model in schema.models}
    return files


_PROVIDER = """

import com.amplifyframework.util.Immutable;
import com.amplifyframework.core.model.Model;
import com.amplifyframework.core.model.ModelProvider;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

public final class AmplifyModelProvider implements ModelProvider {
  private static final String AMPLIFY_MODEL_VERSION = "$version";
  private static AmplifyModelProvider amplifyGeneratedModelInstance;
  private AmplifyModelProvider() {
    $end
  }
  $end
  public static synchronized AmplifyModelProvider getInstance() {
    if (amplifyGeneratedModelInstance == null) {
      amplifyGeneratedModelInstance = new AmplifyModelProvider();
    }
    return amplifyGeneratedModelInstance;
  }
  $end
  @Override
   public Set<Class<? extends Model>> models() {
    final Set<Class<? extends Model>> modifiableSet = new HashSet<>(
          Arrays.<Class<? extends Model>>asList($classes)
        );
    $end
        return Immutable.of(modifiableSet);
        $end
  }
  $end
  @Override
   public String version() {
    return AMPLIFY_MODEL_VERSION;
  }
}
"""


def _provider_file(schema: NativeSchema) -> list[str]:
    """Return the lines of the class that lists all models."""
    classes = ", ".join(f"{model.name}.class" for model in schema.models)
    return render(_PROVIDER, version=schema.version, classes=classes)


def _enum_file(entry: NativeEnum) -> list[str]:
    """Return the lines of an enum."""
    values = separate(list(entry.cases(constant_case).values())) or [""]
    return ['@SuppressWarnings("all")', f"public enum {entry.name} {{", *indent(values), "}"]


_PATH_IMPORTS = """

import androidx.annotation.NonNull;
import androidx.annotation.Nullable;

import com.amplifyframework.core.model.ModelPath;
import com.amplifyframework.core.model.PropertyPath;
"""
_PATH = """

public final class $path extends ModelPath<$name> {
  $members
  $path(@NonNull String name, @NonNull Boolean isCollection, @Nullable PropertyPath parent) {
    super(name, isCollection, parent, $name.class);
  }
  $getters
}
"""
_PATH_GETTER = """

public synchronized $path get$method() {
  if ($name == null) {
    $name = new $path("$name", $is_list, this);
  }
  return $name;
}
"""


def _path_file(model: NativeModel) -> list[str]:
    """Return the lines of the class that selects the relations of a lazy model in a query."""
    relations = [field for field in model.fields if field.association]
    getters = [
        line
        for field in relations
        for line in render(
            _PATH_GETTER,
            name=field.name,
            path=f"{field.type}Path",
            method=pascal_case(field.name),
            is_list=str(field.is_list).lower(),
        )
    ]
    members = [f"private {field.type}Path {field.name};" for field in relations]
    path = f"{model.name}Path"
    lines = render(_PATH, name=model.name, path=path, members=members, getters=getters)
    return [*render(_PATH_IMPORTS), *lines]


_MODEL_IMPORTS = """

import java.util.List;
import java.util.UUID;
import java.util.Objects;

import androidx.core.util.ObjectsCompat;

$core

import static com.amplifyframework.core.model.query.predicate.QueryField.field;
"""
_TYPE_IMPORTS = """

import androidx.core.util.ObjectsCompat;

import java.util.Objects;
import java.util.List;

"""


def _model_imports(*, has_rules: bool) -> list[str]:
    """Return the imports of every model; some are for auth rules only."""
    names = ["Model", "annotations.Index", "annotations.ModelConfig", "annotations.ModelField"]
    names += ["AuthStrategy", "ModelOperation", "annotations.AuthRule"] if has_rules else []
    names.append("query.predicate.QueryField")
    return render(_MODEL_IMPORTS, core=[f"import {_CORE}{name};" for name in sorted(names)])


def _model_file(model: NativeModel, flags: FeatureFlags) -> list[str]:
    """Return the lines of the file of a model after its package."""
    java = java_class(model, flags)
    head = f"public final class {java.name} implements Model {{"
    return [
        "",
        *_own_imports(java),
        *_model_imports(has_rules=has_rules(model)),
        "",
        '@SuppressWarnings("all")',
        *class_annotations(model, java),
        *class_lines(java, head, list(model_members(java))),
    ]


def _type_file(entry: NativeType, flags: FeatureFlags) -> list[str]:
    """Return the lines of the file of a custom type after its package."""
    java = java_class(entry, flags)
    members = [f"private final {field.parameter};" for field in java.fields]
    definition = class_lines(java, f"public final class {java.name} {{", members)
    return ["", *_own_imports(java), *render(_TYPE_IMPORTS), *definition]


def _own_imports(java: JavaClass) -> list[str]:
    """Return the imports that depend on the fields, in the order of the fields."""
    names = dict.fromkeys(name for field in java.fields for name in field.imports)
    # Amplify's generator forgets those of lists, so that some custom types do not compile.
    if any(field.element.startswith("Temporal.") for field in java.fields):
        names.setdefault("temporal.Temporal")
    identifier = ["ModelIdentifier"] if java.has_identifier else []
    return [f"import {_CORE}{name};" for name in (*names, *identifier)]
