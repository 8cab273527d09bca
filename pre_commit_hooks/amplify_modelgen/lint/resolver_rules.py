"""Rules of directives that resolve an operation: Lambda, HTTP, AI services, SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.naming import upper_first
from amplify_modelgen.modelgen.syntax import TypeReference

from .generated_names import root_types
from .model_option_rules import uses_sql
from .rule import Rule
from .schema_index import Problem
from .wording import type_text

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


def _parents(index: SchemaIndex) -> Iterator[Problem]:
    names = _PARENTS
    if index.version == 1:
        names = {"predictions": (root_types(index)["query"],)}
    for directive, parents in names.items():
        for use in index.uses[directive]:
            if use.owner.name not in parents:
                allowed = " and ".join(parents)
                message = f"{use.path} has @{directive}, but is not a field of {allowed}"
                hint = f"move the field to the type {parents[0]}"
                yield use.problem(message, hint)


def _urls(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["http"]:
        url = use.argument("url")
        if isinstance(url, str) and not url.startswith(("http://", "https://")):
            message = "the URL of @http begins with neither http:// nor https://"
            yield use.problem(message, f'write url: "https://{url}"', "url")
        elif isinstance(url, str) and index.version == 1 and "/" not in url.split("//", 1)[1]:
            message = "the URL of @http has no path"
            yield use.problem(message, f'write url: "{url}/"', "url")
        headers = use.argument("headers")
        if isinstance(headers, list) and None in headers:
            place = ("headers", headers.index(None))
            yield use.problem("a header of @http is null", "remove it", *place)


def _function_names(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["function"]:
        if use.argument("name") == "":
            yield use.problem("@function has no name of a function", "name one", "name")


def _argument_types(index: SchemaIndex) -> Iterator[Problem]:
    """Find the names of the input types of `@predictions` and `@http`, if they are taken."""
    taken = dict.fromkeys(index.types, "a type of the schema")
    for use in (*index.uses["predictions"], *index.uses["http"]):
        field, url = use.field, str(use.argument("url") or "")
        if field is None or (url and not re.search(r"/:\w", url)):
            continue
        name = f"{upper_first(field.name)}Input"
        if url:
            name = f"{use.owner.name}{upper_first(field.name)}ParamsInput"
        if name in taken:
            message = f"@{use.directive.name} of {use.path} adds the type {name}, which is"
            yield use.problem(f"{message} {taken[name]}", "rename the field, or that type")
        taken[name] = f"that of {use.path}"


def _several_resolvers(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["http"]:
        field = use.field
        others = [entry for entry in field.directives if entry.name == "function"] if field else []
        if others:
            message = f"{use.path} has both @http and @function"
            yield use.problem(message, "remove one of them")


def _event_functions(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["function"]:
        field = use.field
        is_last = field is not None and [
            entry for entry in field.directives if entry.name == "function"
        ][-1:] == [use.directive]
        if field is None or not is_last or use.argument("invocationType") != "Event":
            continue
        if type_text(field.type) != _EVENT_TYPE:
            message = f"{use.path} invokes its function as an event, but has another result"
            yield Problem(field.type.offset, message, f"use the type {_EVENT_TYPE}")
        elif not _is_event_type(index):
            message = f"{_EVENT_TYPE} differs from what a function invoked as an event returns"
            hint = f"define it as: type {_EVENT_TYPE} {{ success: Boolean! }}"
            yield Problem(index.types[_EVENT_TYPE].offset, message, hint)


def _is_event_type(index: SchemaIndex) -> bool:
    definition = index.types.get(_EVENT_TYPE)
    if definition is None:  # an unknown type, which is reported already
        return True
    fields = [(field.name, type_text(field.type)) for field in definition.fields]
    return fields == [("success", "Boolean!")]


def _prediction_actions(index: SchemaIndex) -> Iterator[Problem]:
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


def _sql_statements(index: SchemaIndex) -> Iterator[Problem]:
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


def _ai_settings(index: SchemaIndex) -> Iterator[Problem]:
    for use in (*index.uses["generation"], *index.uses["conversation"]):
        name = "inferenceConfiguration"
        settings = use.argument(name)
        if settings is None and name in use.directive.arguments:
            yield use.problem(f"`{name}` is null", "remove it", name)
        for key, least, most in (
            ("maxTokens", 1, float("inf")),
            ("temperature", 0, 1),
            ("topP", 0, 1),
        ):
            value = settings.get(key) if isinstance(settings, dict) else None
            if isinstance(value, int | float) and not least <= value <= most:
                expected = f"at least {least}" if most > 1 else f"between {least} and {most}"
                yield use.problem(f"`{key}` must be {expected}", f"correct {key}", name, key)


def _ai_results(index: SchemaIndex) -> Iterator[Problem]:
    for use in index.uses["generation"]:
        reference = use.field.type if use.field else TypeReference("", 0)
        if index.kind(reference.name) in ("union", "interface"):
            message = f"{use.path} generates a {index.kind(reference.name)}"
            yield Problem(reference.offset, message, "use an object type or a scalar")
    for use in index.uses["conversation"]:
        if use.field and use.field.type.name != _MESSAGE_TYPE:
            message = f"the result of {use.path} is not a message of a conversation"
            yield Problem(use.field.type.offset, message, f"use the type {_MESSAGE_TYPE}")


_QUERY = "type Query { translate: String %s }"
_RESULT = "type EventInvocationResponse { success: Boolean! }"
_PROMPT = 'aiModel: "anthropic.claude-3-haiku-20240307-v1:0", systemPrompt: "Translate."'
_TALK = (
    'type Mutation { talk: %s @conversation(aiModel: "anthropic.claude-3-haiku-20240307-v1:0",'
    ' systemPrompt: "Help.", auth: { strategy: owner, provider: userPools }) }'
)

RESOLVER_RULES = (
    Rule(
        id="resolver-parent",
        summary="`@predictions` and `@generation` belong to fields of Query, `@conversation` to"
        " those of Mutation, and `@sql` to those of both.",
        wrong="type Mutation { translate: String @predictions(actions: [translateText]) }",
        right=_QUERY % "@predictions(actions: [translateText])",
        find=_parents,
        versions=(1, 2),
    ),
    Rule(
        id="http-url",
        summary="`@http` has a URL with http:// or https://, and no header is null. Transformer"
        " version 1 needs a path in the URL.",
        wrong=_QUERY % '@http(url: "example.com/translate")',
        right=_QUERY % '@http(url: "https://example.com/translate")',
        find=_urls,
        versions=(1, 2),
    ),
    Rule(
        id="function-name",
        summary="The `name` in `@function` is not empty.",
        wrong=_QUERY % '@function(name: "")',
        right=_QUERY % '@function(name: "translate")',
        find=_function_names,
        versions=(1,),
    ),
    Rule(
        id="resolver-input",
        summary="The names of the input types that `@predictions` and `@http` add are not taken.",
        wrong=_QUERY % "@predictions(actions: [translateText])"
        + " input TranslateInput { text: String }",
        right=_QUERY % "@predictions(actions: [translateText])" + " input Text { text: String }",
        find=_argument_types,
        versions=(1,),
    ),
    Rule(
        id="several-resolvers",
        summary="An operation has either `@http` or `@function`.",
        wrong=_QUERY % '@function(name: "translate") @http(url: "https://example.com")',
        right=_QUERY % '@function(name: "translate") @function(name: "shorten")',
        find=_several_resolvers,
    ),
    Rule(
        id="function-event",
        summary="A function that is invoked as an event returns `EventInvocationResponse`.",
        wrong=_QUERY % '@function(name: "translate", invocationType: Event)',
        right='type Query { translate: EventInvocationResponse @function(name: "translate",'
        " invocationType: Event) } " + _RESULT,
        find=_event_functions,
    ),
    Rule(
        id="predictions-actions",
        summary="`@predictions` has actions that can follow one another.",
        wrong=_QUERY % "@predictions(actions: [convertTextToSpeech, translateText])",
        right=_QUERY % "@predictions(actions: [translateText, convertTextToSpeech])",
        find=_prediction_actions,
    ),
    Rule(
        id="sql-statement",
        summary="`@sql` has a statement or a reference, and the API has an SQL database.",
        wrong=_QUERY % "@sql",
        right='input AMPLIFY { engine: String = "mysql" } ' + _QUERY % '@sql(reference: "texts")',
        find=_sql_statements,
    ),
    Rule(
        id="ai-settings",
        summary="The settings of an AI model are in their ranges.",
        wrong=_QUERY % f"@generation({_PROMPT}, inferenceConfiguration: {{ temperature: 2 }})",
        right=_QUERY % f"@generation({_PROMPT}, inferenceConfiguration: {{ temperature: 0.5 }})",
        find=_ai_settings,
    ),
    Rule(
        id="ai-result",
        summary="`@generation` gives no union or interface, `@conversation` a message.",
        wrong=_TALK % "String",
        right=_TALK % "AmplifyAIConversationMessage"
        + " type AmplifyAIConversationMessage { id: ID! }",
        find=_ai_results,
    ),
)
