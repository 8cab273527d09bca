"""What each verb of the core does with its arguments. Each returns an exit code.

Each loads what it needs itself: `preview` is made for scripts, and plugins cost it twice as much
as its models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable


def generate(arguments: Namespace, words: list[str]) -> int:
    """Regenerate stale targets."""
    from .runs import generate as run

    return run(arguments, words)


def check(arguments: Namespace, words: list[str]) -> int:
    """Say which targets are stale, offline."""
    from .runs import check as run

    return run(arguments, words)


def validate(arguments: Namespace, words: list[str]) -> int:
    """Lint the schemas."""
    from .runs import validate as run

    return run(arguments, words)


def preview(arguments: Namespace, _words: list[str]) -> int:
    """Print the models that schemas would give."""
    from .preview import preview as run

    return run(arguments.schemas, arguments.format, arguments.output)


def diff(arguments: Namespace, _words: list[str]) -> int:
    """Compare the models of two schemas."""
    from pathlib import Path

    from amplify_modelgen.config.settings import Overrides, load_settings
    from amplify_modelgen.diff import fails
    from amplify_modelgen.diff.sides import Project, resources_of
    from amplify_modelgen.diff.sides import diff as run
    from amplify_modelgen.plugins import load_plugins
    from amplify_modelgen.targets.naming import all_targets

    from .listing import print_comparisons

    settings = load_settings(Overrides(root=arguments.root))
    found = all_targets(settings, load_plugins().targets(settings))
    project = Project(root=settings.root, here=Path.cwd(), resources=resources_of(found))
    comparisons = run(arguments.old, arguments.new, project)
    print_comparisons(comparisons, as_json=arguments.format == "json")
    return int(any(fails(each.changes, arguments.fail_on) for each in comparisons))


def targets(arguments: Namespace, _words: list[str]) -> int:
    """List the targets."""
    from .listing import print_targets
    from .runs import survey_of

    settings, _, surveyed = survey_of(arguments)
    print_targets(settings, surveyed.chosen, as_json=arguments.format == "json")
    return 0


def plugins(arguments: Namespace, _words: list[str]) -> int:
    """List the plugins."""
    from amplify_modelgen.plugins import load_plugins

    from .listing import print_plugins

    print_plugins(load_plugins().described(), as_json=arguments.format == "json")
    return 0


RUN: dict[str, Callable[[Namespace, list[str]], int]] = {
    "generate": generate,
    "check": check,
    "validate": validate,
    "preview": preview,
    "diff": diff,
    "targets": targets,
    "plugins": plugins,
}
