"""Which discovered target a configured one stands for, and what it learns from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amplify_modelgen.config.targets import FLAG_FIELDS
from amplify_modelgen.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.records import Settings, Source, Target

_OF_ENVIRONMENT = ("app-id", "environment", "region")


def counterpart(configured: Target, discovered: Sequence[Target]) -> Target | None:
    """Return the discovered target that `configured` replaces.

    That is the one of the same schema, else the one of the same app, environment and resource,
    where what the configuration leaves open fits anything.

    Raises:
        ConfigError: several fit.
    """
    fitting = [each for each in discovered if configured.schema in (None, each.schema)]
    if configured.schema is None or not fitting:
        fitting = [each for each in discovered if _fits(configured, each)]
    if len(fitting) > 1:
        places = ", ".join(each.schema or each.key for each in fitting)
        raise ConfigError(
            f"target {configured.key} may be any of {places}",
            hint="set 'schema' of the target to the one that is meant",
        )
    return fitting[0] if fitting else None


def _fits(configured: Target, found: Target) -> bool:
    if configured.schema is not None and not configured.app_id:
        return False  # with a schema of its own it has to be the very same app
    return (
        configured.resource == found.resource
        and configured.app_id in ("", found.app_id)
        and configured.environment in ("", found.environment, *found.environments)
    )


def completed(configured: Target, known: Target | None, settings: Settings) -> Target:
    """Return the configured target with what it does not say: from the run's settings, `known`."""
    target = _in_environment(configured, settings)
    if known is None:
        return target
    same = target.environment in ("", known.environment)
    return replace(
        target,
        app_id=target.app_id or (known.app_id if same else ""),
        environment=target.environment or known.environment,
        region=target.region or (known.region if same else None),
        schema=target.schema or known.schema,
        outputs=target.outputs or known.outputs,
        flags=replace(known.flags, **_flags(target)),
        environments=known.environments,
        sources=(*target.sources, *_news(target, known, same=same)),
        inputs=tuple(sorted({*target.inputs, *known.inputs})),
    )


def _in_environment(target: Target, settings: Settings) -> Target:
    if target.environment or settings.environment is None:
        return target
    sources = [each for each in settings.sources if each.key == "environment"]
    return replace(target, environment=settings.environment, sources=(*target.sources, *sources))


def _flags(target: Target) -> dict[str, Any]:
    said = {each.key for each in target.sources}
    return {
        name: getattr(target.flags, name)
        for key, name in FLAG_FIELDS.items()
        if f"flags.{key}" in said
    }


def _news(target: Target, known: Target, *, same: bool) -> list[Source]:
    said = {each.key for each in target.sources}
    return [
        each
        for each in known.sources
        if each.key not in said and (same or each.key not in _OF_ENVIRONMENT)
    ]
