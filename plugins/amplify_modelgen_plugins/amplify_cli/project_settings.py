"""Read the settings of a project from the JSON files of Amplify CLI, which may have comments."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from posixpath import dirname
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace

from amplify_modelgen.plugin import (
    ConfigError,
    FeatureFlags,
    Provenance,
    Target,
    escape,
    validate_document,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplify_modelgen.plugin import ProjectFiles, Settings

_T = TypeVar("_T")

BACKEND_FILE = "backend/backend-config.json"

EXISTING_PROJECT = replace(
    FeatureFlags(),
    **dict.fromkeys(FeatureFlags.__struct_fields__, False) | {"transformer_version": 1},
)
"""The flags of a project that sets none."""

_SECTIONS = {
    "graphqltransformer": (
        "transformer_version",
        "use_experimental_pipelined_transformer",
        "respect_primary_key_attributes_on_connection_field",
        "improve_pluralization",
    ),
    "codegen": (
        "add_timestamp_fields",
        "handle_list_nullability_transparently",
        "emit_auth_provider",
        "generate_index_rules",
        "generate_models_for_lazy_load_and_custom_selection_set",
    ),
}
_ENVIRONMENT = re.compile(r"[\w-]+\Z", re.ASCII)
_VARIABLE = re.compile(r"AMPLIFYCLI(?:-([^_]+))?_(.+?)__(.+)")
_WORDS: dict[str, object] = {"true": True, "false": False, "1": 1, "2": 2}

_PROVIDERS = {
    "API_KEY": "apiKey",
    "AMAZON_COGNITO_USER_POOLS": "userPools",
    "AWS_IAM": "identityPool",
    "OPENID_CONNECT": "oidc",
    "AWS_LAMBDA": "function",
}
"""The providers of `@auth` by the authorization modes of AppSync."""


def provenance(values: Iterable[tuple[str, str | None, str]]) -> tuple[Provenance, ...]:
    """Return the provenance of those values that are known, each given as key, value, origin."""
    return tuple(
        Provenance(key=key, value=value, origin=file) for key, value, file in values if value
    )


def read_object(files: ProjectFiles, path: str) -> dict[str, Any]:
    """Return the object in a file, an empty one if the file does not exist.

    Raises:
        ConfigError: the file cannot be read, or is not a JSON object.
    """
    text = files.read_text(path)
    document = {} if text is None else _decode(text, path)
    return validate_document(document, dict[str, Any], file=path)


def _decode(text: str, path: str) -> object:
    with suppress(msgspec.DecodeError, RecursionError):
        return msgspec.json.decode(text)
    # Amplify CLI reads its files as hjson, a superset of JSON with comments. Imported lazily:
    # almost every file is plain JSON.
    import json

    import hjson  # type: ignore[import-untyped]

    place, reason = path, "it is empty"
    try:
        if text.strip():
            document = hjson.loads(text, object_pairs_hook=dict)
            json.dumps(document, ensure_ascii=False).encode()
            return document
    except hjson.HjsonDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        reason = f"{error.msg[:1].lower()}{error.msg[1:]}"
    except RecursionError:
        reason = "it is nested too deeply"
    except UnicodeEncodeError:
        reason = "an escape sequence is half of a surrogate pair"
    except (IndexError, OverflowError, ValueError):
        # Raised by hjson for an unfinished comment or string at the end, and for a huge number.
        reason = "a comment or string does not end, or a number is too large"
    hint = "fix it, or restore it with 'git checkout' or 'amplify pull'"
    raise ConfigError(f"{place}: not JSON: {escape(reason)}", hint=hint)


def read_value(document: object, *keys: str, shape: type[_T], file: str) -> _T | None:
    """Return the value at a path of keys in the object of a file, None if it is absent or null.

    Raises:
        ConfigError: it does not have the type `shape`, or what contains it is not an object.
    """
    names = [escape(key) for key in keys]
    for depth, key in enumerate(keys):
        if document is None:
            return None
        path = ".".join(names[:depth])
        document = validate_document(document, dict[str, Any], file=file, path=path).get(key)
    if document is None:
        return None
    return validate_document(document, shape, file=file, path=".".join(names))


def read_project(settings: Settings, files: ProjectFiles, amplify: str) -> Target:
    """Return a target with what all APIs of a project share; `amplify` is its `amplify/` directory.

    Its environment is that of the run, else the one that is checked out, else the only one; it is
    empty if it is ambiguous.

    Raises:
        ConfigError: a file is invalid.
    """
    team_file = f"{amplify}/team-provider-info.json"
    local_file = f"{amplify}/.config/local-env-info.json"
    team = read_object(files, team_file)
    local = read_value(read_object(files, local_file), "envName", shape=str, file=local_file)
    name, origin = "", ""
    if settings.environment is not None:
        origins = (each.origin for each in settings.provenance if each.key == "environment")
        name, origin = settings.environment, next(origins, "settings")
    elif local:
        name, origin = local, local_file
    elif len(team) == 1:
        name, origin = next(iter(team)), team_file
    # Without an environment, the values that all of them share are still known.
    known = [name] if name in team else list(team)
    app_id = _read_shared(team, known, "AmplifyAppId", team_file)
    region = _read_shared(team, known, "Region", team_file)
    # The one that is checked out may not be in the file of the team yet.
    environments = tuple(sorted({*team, *filter(None, [local])})) if team else ()
    flags, flags_provenance = read_flags(files, amplify, name)
    values = (
        ("app-id", app_id, team_file),
        ("region", region, team_file),
        ("environment", name, origin),
        ("environments", ", ".join(environments), team_file),
    )
    return Target(
        app_id=app_id or "",
        environment=name,
        resource="",
        project=dirname(amplify),
        region=region,
        flags=flags,
        environments=environments,
        provenance=(*provenance(values), *flags_provenance),
    )


def _read_shared(team: object, names: list[str], key: str, file: str) -> str | None:
    keys = [(name, "awscloudformation", key) for name in names]
    values = {read_value(team, *path, shape=str, file=file) for path in keys}
    return values.pop() if len(values) == 1 else None


def read_flags(
    files: ProjectFiles, amplify: str, environment: str
) -> tuple[FeatureFlags, tuple[Provenance, ...]]:
    """Return the feature flags as Amplify CLI reads them, and the origin of each that is set.

    Last wins: the defaults of an existing project (`amplify init` writes those of a new one into
    the file), the sections of `cli.json`, `cli.<environment>.json`, and the variables
    `AMPLIFYCLI_<SECTION>__<FLAG>` and `AMPLIFYCLI-<environment>_<SECTION>__<FLAG>`. Case does not
    matter. Source: docs.amplify.aws/gen1, "Feature flags", and Amplify CLI 12. The variables that
    Amplify CLI also reads from `.env` are ignored: that file is not in git.

    The version of the transformer has an origin in any case, because it decides most.

    Raises:
        ConfigError: a file is invalid, or a flag has the wrong type.
    """
    paths = [f"{amplify}/cli.json"]
    if _ENVIRONMENT.match(environment):
        paths.append(f"{amplify}/cli.{environment}.json")
    sources = [(read_object(files, path).get("features"), path) for path in paths]
    values: dict[str, tuple[int, str]] = {"transformer_version": (1, "default")}
    for features, origin in (*sources, *_read_variables(environment)):
        document = {"features": _lower_keys(features, 2)}
        for section, names in _SECTIONS.items():
            given = read_value(document, "features", section, shape=dict[str, Any], file=origin)
            for name in names:
                key = name.replace("_", "")
                if given and given.get(key) is not None:
                    shape = int if name == "transformer_version" else bool
                    path = f"features.{section}.{key}"
                    flag = validate_document(given[key], shape, file=origin, path=path)
                    values[name] = (flag, origin)
    version, origin = values["transformer_version"]
    if version not in (1, 2):
        key = "features.graphqltransformer.transformerversion"
        raise ConfigError(f"{origin}: {key}: expected 1 or 2, found {version}")
    flags = replace(EXISTING_PROJECT, **{name: value for name, (value, _) in values.items()})
    return flags, provenance(flag_value(name, *values[name]) for name in sorted(values))


def _read_variables(environment: str) -> list[tuple[object, str]]:
    """Return the features that variables set, each with its variable; the last one wins."""
    found: list[tuple[object, str]] = []
    # Those of the environment are last: `-` sorts before `_`.
    for variable in sorted(os.environ, reverse=True):
        match, value = _VARIABLE.fullmatch(variable), os.environ[variable]
        if match and value and (match[1] or environment).lower() == environment.lower():
            found.append(({match[2]: {match[3]: _WORDS.get(value, value)}}, variable))
    return found


def _lower_keys(value: Any, levels: int) -> Any:  # noqa: ANN401 (JSON)
    if not levels or not isinstance(value, dict):
        return value
    return {key.lower(): _lower_keys(item, levels - 1) for key, item in value.items()}


def flag_value(name: str, value: int, origin: str) -> tuple[str, str, str]:
    """Return the key, value and origin of a flag for its provenance."""
    return f"flags.{name.replace('_', '-')}", str(value).lower(), origin


def read_data_store(files: ProjectFiles, directory: str) -> tuple[bool, str]:
    """Return whether DataStore is enabled for the API in a directory, and the file that says so.

    It is if its `transform.conf.json` has a conflict resolution, for the project or for models.

    Raises:
        ConfigError: the file is invalid.
    """
    path = f"{directory}/transform.conf.json"
    config = read_value(read_object(files, path), "ResolverConfig", shape=dict[str, Any], file=path)
    return bool(config) and not {"project", "models"}.isdisjoint(config or {}), path


def read_auth_providers(
    files: ProjectFiles, amplify: str, resource: str
) -> tuple[tuple[str, ...] | None, str]:
    """Return the providers of `@auth` of an API and the file that lists them; None if no file does.

    Current projects have `cli-inputs.json`, those of Amplify CLI before version 7 have only
    `backend-config.json`. A file that cannot be read, or that has an unknown mode, lists nothing:
    models do not depend on it.
    """
    for name, keys, names in (
        (
            f"backend/api/{resource}/cli-inputs.json",
            ("serviceConfiguration",),
            ("defaultAuthType", "additionalAuthTypes", "mode"),
        ),
        (
            BACKEND_FILE,
            ("api", resource, "output", "authConfig"),
            ("defaultAuthentication", "additionalAuthenticationProviders", "authenticationType"),
        ),
    ):
        path = f"{amplify}/{name}"
        with suppress(ConfigError):
            modes = _read_modes(read_object(files, path), keys, names, path)
            if modes and _PROVIDERS.keys() >= set(modes):
                return tuple(dict.fromkeys(_PROVIDERS[mode] for mode in modes)), path
    return None, ""


def _read_modes(
    document: object, keys: tuple[str, ...], names: tuple[str, str, str], file: str
) -> list[str]:
    config = read_value(document, *keys, shape=dict[str, Any], file=file)
    if config is None:
        # The oldest projects have one mode, beside the place of the others.
        mode = read_value(document, *keys[:-1], "securityType", shape=str, file=file)
        return [mode] if mode else []
    default, additional, key = names
    others = read_value(config, additional, shape=list[Any], file=file) or []
    modes = [
        read_value(entry, key, shape=str, file=file) for entry in (config.get(default), *others)
    ]
    return [mode for mode in modes if mode is not None]
