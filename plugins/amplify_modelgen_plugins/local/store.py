"""Apps, environments, API resources, schemas and models; frozen records in and out.

The tables' own integrity rules remove what belongs to a thing that is removed. Jobs outlive
what they worked on: `store.jobs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .database import Database
from .encoding import compact, digest_of, flags_from_json, flags_to_json, object_from_json
from .jobs_table import JobTable
from .records import App, Definition, Environment, Place, Resource, StoredModels

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from amplify_modelgen import FeatureFlags

_UNUSED_DEFINITIONS = """
DELETE FROM definition WHERE id NOT IN (
    SELECT definition_id FROM resource WHERE definition_id IS NOT NULL
    UNION SELECT definition_id FROM models
    UNION SELECT definition_id FROM job WHERE definition_id IS NOT NULL AND status IS NULL
)
"""


class Store:
    """The embedded backend's memory: `database` is a file's path, or `:memory:`.

    Safe to share between threads. Raises what `Database` raises.
    """

    def __init__(self, database: str = ":memory:") -> None:
        self._database = Database(database)
        self.jobs = JobTable(self._database)

    def close(self) -> None:
        """Close the database; nothing else may be called afterwards."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the store alone, and keep all changes made inside or, if it raises, none."""
        return self._database.transaction()

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo the changes made inside if it raises, and only those."""
        return self._database.savepoint()

    def put_app(self, app_id: str, name: str) -> None:
        """Add the app, or rename it."""
        self._database.change(
            "INSERT INTO app VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name",
            app_id,
            name,
        )

    def app(self, app_id: str) -> App | None:
        """Return the app with its environments."""
        rows = self._database.rows(
            "SELECT app.name, environment.name FROM app LEFT JOIN environment"
            " ON environment.app_id = app.id WHERE app.id = ? ORDER BY environment.name",
            app_id,
        )
        if not rows:
            return None
        environments = tuple(name for _, name in rows if name is not None)
        return App(id=app_id, name=rows[0][0], environments=environments)

    def remove_app(self, app_id: str) -> None:
        """Remove the app and all that is in it."""
        self._database.change("DELETE FROM app WHERE id = ?", app_id)

    def put_environment(self, environment: Environment) -> None:
        """Add the environment to an app that is there, or change its flags."""
        self._database.change(
            "INSERT INTO environment VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET flags = excluded.flags",
            environment.app_id,
            environment.name,
            flags_to_json(environment.flags),
        )

    def environment(self, app_id: str, name: str) -> Environment | None:
        """Return the environment called `name` of the app."""
        row = self._database.row(
            "SELECT flags FROM environment WHERE app_id = ? AND name = ?", app_id, name
        )
        if row is None:
            return None
        return Environment(app_id=app_id, name=name, flags=flags_from_json(row[0]))

    def remove_environment(self, app_id: str, name: str) -> None:
        """Remove the environment and its resources."""
        self._database.change("DELETE FROM environment WHERE app_id = ? AND name = ?", app_id, name)

    def define(self, sdl: str, flags: FeatureFlags) -> int:
        """Return the id of the definition made of this schema and these flags."""
        digest = digest_of(sdl, flags)
        with self.transaction():
            self._database.change(
                "INSERT INTO definition (digest, sdl, flags) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                digest,
                sdl,
                flags_to_json(flags),
            )
            rows = self._database.rows("SELECT id FROM definition WHERE digest = ?", digest)
        return int(rows[0][0])

    def definition(self, definition_id: int) -> Definition | None:
        """Return the definition with this id."""
        row = self._database.row("SELECT sdl, flags FROM definition WHERE id = ?", definition_id)
        if row is None:
            return None
        return Definition(id=definition_id, sdl=row[0], flags=flags_from_json(row[1]))

    def drop_unused_definitions(self) -> None:
        """Forget the schemas that no resource, models or running job needs."""
        self._database.change(_UNUSED_DEFINITIONS)

    def put_resource(
        self, place: Place, definition_id: int | None, config: Mapping[str, object]
    ) -> None:
        """Add the resource to an environment that is there, or replace what it is made of."""
        self._database.change(
            "INSERT INTO resource VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET definition_id = excluded.definition_id, config = excluded.config",
            *_key(place),
            definition_id,
            compact(config),
        )

    def resource(self, place: Place) -> Resource | None:
        """Return the resource at `place`."""
        row = self._database.row(
            "SELECT config, definition.id, sdl, flags FROM resource LEFT JOIN definition"
            " ON definition.id = definition_id"
            " WHERE app_id = ? AND environment = ? AND name = ?",
            *_key(place),
        )
        if row is None:
            return None
        config, number, sdl, flags = row
        definition = number and Definition(id=number, sdl=sdl, flags=flags_from_json(flags))
        return Resource(place=place, definition=definition, config=object_from_json(config))

    def resources(self, app_id: str, environment: str) -> tuple[str, ...]:
        """Return the names of an environment's resources, sorted."""
        rows = self._database.rows(
            "SELECT name FROM resource WHERE app_id = ? AND environment = ? ORDER BY name",
            app_id,
            environment,
        )
        return tuple(name for (name,) in rows)

    def remove_resource(self, place: Place) -> None:
        """Remove the resource and its models."""
        self._database.change(
            "DELETE FROM resource WHERE app_id = ? AND environment = ? AND name = ?", *_key(place)
        )

    def put_models(self, place: Place, models: StoredModels) -> None:
        """Keep the models of a resource that is there, in place of those before."""
        self._database.change(
            "INSERT OR REPLACE INTO models VALUES (?, ?, ?, ?, ?, ?)",
            *_key(place),
            models.definition_id,
            models.datastore,
            models.introspection,
        )

    def models(self, place: Place) -> StoredModels | None:
        """Return the models of the resource at `place`, if they were ever made."""
        row = self._database.row(
            "SELECT definition_id, datastore, introspection FROM models"
            " WHERE app_id = ? AND environment = ? AND resource = ?",
            *_key(place),
        )
        if row is None:
            return None
        return StoredModels(definition_id=row[0], datastore=row[1], introspection=row[2])


def _key(place: Place) -> tuple[str, str, str]:
    return place.app_id, place.environment, place.resource
