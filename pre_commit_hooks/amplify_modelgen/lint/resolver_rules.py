"""Rules of directives that resolve an operation: Lambda, HTTP, AI services, SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.naming import upper_first
from amplify_modelgen.modelgen.syntax import find_directive

from .model_rules import uses_sql
from .rule import schema_rule
from .schema_index import Problem, at_type
from .wording import type_text, with_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schema_index import SchemaIndex

_EVENT_TYPE = "EventInvocationResponse"
_MESSAGE_TYPE = "AmplifyAIConversationMessage"
_PARENTS = {
    "predictions": ("Query",),
    "generation": ("Query",),
    "conversation": ("Mutation",),
    "sql": ("Query", "Mutation"),
}
# What may follow an action of @predictions.
_NEXT_ACTIONS = {
    "identifyText": ("translateText",),
    "identifyLabels": ("translateText",),
    "translateText": ("convertTextToSpeech",),
}


@schema_rule(1, 2)
def resolver_parent(index: SchemaIndex) -> Iterator[Problem]:
    """`@predictions` and `@generation` belong to fields of Query.

    `@conversation` belongs to fields of Mutation, and `@sql` to fields of both.

    Wrong: type Mutation { translate: String @predictions(actions: [translateText]) }
    Right: type Query { translate: String @predictions(actions: [translateText]) }
    """
    is_first = index.version == 1
    parents_of = {"predictions": (index.roots["query"],)} if is_first else _PARENTS
    for directive, parents in parents_of.items():
        for use in index.uses[directive]:
            if use.owner.name not in parents:
                names = " or ".join(parents)
                message = f"{use.path} has @{directive}, but is not a field of {names}"
                yield use.problem(message, f"move the field to the type {parents[0]}")


@schema_rule(1, 2)
def http_url(index: SchemaIndex) -> Iterator[Problem]:
    """`@http` has a URL with http:// or https://, and no header is null.

    Transformer version 1 needs a path in the URL.

    Wrong: type Query { translate: String @http(url: "example.com/translate") }
    Right: type Query { translate: String @http(url: "https://example.com/translate") }
    """
    for use in index.uses["http"]:
        url = str(use.argument("url"))
        if not url.startswith(("http://", "https://")):
            message = "the URL of @http begins with neither http:// nor https://"
            yield use.problem(message, f'write url: "https://{url}"', "url")
        elif index.version == 1 and "/" not in url.split("//", 1)[1]:
            message = "the URL of @http has no path"
            yield use.problem(message, f'write url: "{url}/"', "url")
        headers = use.argument("headers")
        if isinstance(headers, list) and None in headers:
            position = headers.index(None)
            yield use.problem("a header of @http is null", "remove it", "headers", position)


@schema_rule(1)
def function_name(index: SchemaIndex) -> Iterator[Problem]:
    """The `name` in `@function` is not empty.

    Wrong: type Query { translate: String @function(name: "") }
    Right: type Query { translate: String @function(name: "translate") }
    """
    for use in index.uses["function"]:
        if use.argument("name") == "":
            yield use.problem("@function has no name of a function", "name one", "name")


@schema_rule(1)
def resolver_input(index: SchemaIndex) -> Iterator[Problem]:
    """The names of the input types that `@predictions` and `@http` add are not taken.

    Wrong:
        type Query { translate: String @predictions(actions: [translateText]) }
        input TranslateInput { text: String }
    Right:
        type Query { translate: String @predictions(actions: [translateText]) }
        input Text { text: String }
    """
    taken = dict.fromkeys(index.types, "a type of the schema")
    for use, field in index.field_uses("predictions", "http"):
        url, name = str(use.argument("url") or ""), f"{upper_first(field.name)}Input"
        if url:
            name = f"{use.owner.name}{upper_first(field.name)}ParamsInput"
            if not re.search(r"/:\w", url):
                continue
        if name in taken:
            message = f"@{use.directive.name} of {use.path} adds the type {name}, which is"
            yield use.problem(f"{message} {taken[name]}", "rename the field, or that type")
        taken[name] = f"that of {use.path}"


@schema_rule()
def several_resolvers(index: SchemaIndex) -> Iterator[Problem]:
    """An operation has either `@http` or `@function`.

    Wrong: type Query { text: String @function(name: "text") @http(url: "https://example.com") }
    Right: type Query { translate: String @function(name: "translate") @function(name: "shorten") }
    """
    for use, field in index.field_uses("http"):
        if find_directive(field.directives, "function"):
            message = f"{use.path} has both @http and @function"
            yield use.problem(message, "remove one of them")


@schema_rule()
def function_event(index: SchemaIndex) -> Iterator[Problem]:
    """A function that is invoked as an event returns `EventInvocationResponse`.

    Wrong: type Query { translate: String @function(name: "translate", invocationType: Event) }
    Right:
        type Query {
          send: EventInvocationResponse @function(name: "send", invocationType: Event)
        }
        type EventInvocationResponse { success: Boolean! }
    """
    definition = index.types.get(_EVENT_TYPE)
    fields = (
        [(field.name, type_text(field.type)) for field in definition.fields] if definition else []
    )
    for use, field in index.field_uses("function"):
        functions = [entry for entry in field.directives if entry.name == "function"]
        if use.directive != functions[-1] or use.argument("invocationType") != "Event":
            continue
        if type_text(field.type) != _EVENT_TYPE:
            message = f"{use.path} invokes its function as an event, but has another result"
            yield at_type(field, message, f"use the type {_EVENT_TYPE}")
        elif definition and fields != [("success", "Boolean!")]:
            message = f"{_EVENT_TYPE} differs from what a function invoked as an event returns"
            hint = f"define it as: type {_EVENT_TYPE} {{ success: Boolean! }}"
            yield Problem(definition.offset, message, hint)


@schema_rule()
def predictions_actions(index: SchemaIndex) -> Iterator[Problem]:
    """`@predictions` has actions that can follow one another.

    Wrong: type Query { speak: String @predictions(actions: [convertTextToSpeech, translateText]) }
    Right: type Query { speak: String @predictions(actions: [translateText, convertTextToSpeech]) }
    """
    for use in index.uses["predictions"]:
        actions = use.argument("actions")
        if not isinstance(actions, list):
            continue
        if not actions:
            hint = "add one, such as translateText"
            yield use.problem("@predictions has no action", hint, "actions")
        for place, action in enumerate(actions[1:], start=1):
            allowed = _NEXT_ACTIONS.get(str(actions[place - 1]), ())
            if action not in allowed:
                message = f"the action {action} cannot follow {actions[place - 1]}"
                hint = f"{allowed[0]} can follow it" if allowed else "make it the last action"
                yield use.problem(message, hint, "actions", place)
                break


@schema_rule()
def sql_statement(index: SchemaIndex) -> Iterator[Problem]:
    """`@sql` has a statement or a reference, and the API has an SQL database.

    Wrong: type Query { translate: String @sql }
    Right:
        input AMPLIFY { engine: String = "mysql" }
        type Query { translate: String @sql(reference: "texts") }
    """
    for use in index.uses["sql"]:
        statement, reference = use.argument("statement"), use.argument("reference")
        if not use.directive.arguments:
            hint = 'add statement: "SELECT ...", or reference with the name of a file'
            yield use.problem("@sql has neither a statement nor a reference", hint)
        elif not uses_sql(index):
            message = f"{use.path} has @sql, but the API has no SQL database"
            yield use.problem(message, "remove @sql, or import a database by `amplify import api`")
        elif statement and reference:
            message = "@sql has both a statement and a reference"
            yield use.problem(message, "remove one of them", "reference")


@schema_rule()
def ai_settings(index: SchemaIndex) -> Iterator[Problem]:
    """The settings of an AI model are in their ranges.

    Wrong:
        type Query { translate: String @generation(
          aiModel: "anthropic.claude-3-haiku-20240307-v1:0", systemPrompt: "Translate."
          inferenceConfiguration: { temperature: 2 }
        ) }
    Right:
        type Query { translate: String @generation(
          aiModel: "anthropic.claude-3-haiku-20240307-v1:0", systemPrompt: "Translate."
          inferenceConfiguration: { temperature: 0.5 }
        ) }
    """
    for use in (*index.uses["generation"], *index.uses["conversation"]):
        name = "inferenceConfiguration"
        settings = use.argument(name)
        if settings is None and name in use.directive.arguments:
            yield use.problem(f"`{name}` is null", "remove it", name)
        for key, most in (("maxTokens", None), ("temperature", 1), ("topP", 1)):
            value = settings.get(key) if isinstance(settings, dict) else None
            least = 0 if most else 1
            if isinstance(value, int | float) and not least <= value <= (most or value):
                expected = f"between {least} and {most}" if most else f"at least {least}"
                yield use.problem(f"`{key}` must be {expected}", f"correct {key}", name, key)


@schema_rule()
def ai_result(index: SchemaIndex) -> Iterator[Problem]:
    """`@generation` gives no union or interface, `@conversation` a message.

    Wrong:
        type Mutation { talk: String @conversation(
          aiModel: "anthropic.claude-3-haiku-20240307-v1:0", systemPrompt: "Help."
          auth: { strategy: owner, provider: userPools }
        ) }
    Right:
        type Mutation { talk: AmplifyAIConversationMessage @conversation(
          aiModel: "anthropic.claude-3-haiku-20240307-v1:0", systemPrompt: "Help."
          auth: { strategy: owner, provider: userPools }
        ) }
        type AmplifyAIConversationMessage { id: ID! }
    """
    for use, field in index.field_uses("generation"):
        kind = index.kind(field.type.name)
        if kind in ("union", "interface"):
            message = f"{use.path} generates {with_article(kind)}"
            yield at_type(field, message, "use an object type or a scalar")
    for use, field in index.field_uses("conversation"):
        if field.type.name != _MESSAGE_TYPE:
            message = f"the result of {use.path} is not a message of a conversation"
            yield at_type(field, message, f"use the type {_MESSAGE_TYPE}")
