"""Pairs of tiny documents, one or more for every rule of the comparison."""

from __future__ import annotations

from typing import Any

from support.introspection_documents import (
    Json,
    attribute,
    auth,
    belongs_to,
    custom,
    document,
    enum,
    inputs,
    listed,
    model,
    post,
    query,
    to_many,
    value,
)

OWNER: Json = {"allow": "owner", "operations": ["create", "read"]}
READER: Json = {"allow": "owner", "operations": ["read"]}
PUBLIC: Json = {"allow": "public"}
HAS_ONE: Json = {"connectionType": "HAS_ONE", "associatedWith": ["id"], "targetNames": ["aId"]}
AUTHOR: Json = {"model": "Author"}


def index(name: str, /, *fields: str, **more: Any) -> Json:
    return attribute("key", name=name, fields=list(fields), **more)


def conversation(**answer: Any) -> Json:
    send = {**value({"model": "M"}), **answer}
    return document(conversations={"chat": {"message": {"send": send}}})


def comments(*fields: str) -> Json:
    """Posts with comments, whose belongs-to field `post` is stored in `postId`."""
    child = model({"postId": value("ID"), "post": belongs_to("postId")})
    return document({"Post": model({"comments": to_many(*fields)}), "Comment": child})


CASES: tuple[tuple[str, Json, Json], ...] = (
    ("model-added", document(), post()),
    ("model-removed", post(), document()),
    ("plural-changed", post(), post(pluralName="Posten")),
    ("model-detail-changed", post(), post(syncable=False)),
    (
        "model-renamed",
        document({"Todo": model()}),
        document({"Task": model({}, attribute("mapsTo", name="Todo"))}),
    ),
    ("operations-switched-off", post(), post({}, attribute("model", queries=None))),
    ("operations-switched-on", post({}, attribute("model", queries={"get": None})), post()),
    (
        "model-argument-changed",
        post({}, attribute("model", queries={"get": "a"})),
        post({}, attribute("model", queries={"get": "b"})),
    ),
    ("primary-key-changed", post(key=("id",)), post(key=("code",))),
    ("sort-keys-changed", post(key=("id",)), post(key=("id", "code"))),
    ("primary-key-spelling-changed", post(), post({}, attribute("key", fields=["id"]))),
    (
        "primary-key-detail-changed",
        post(),
        post(primaryKeyInfo={"primaryKeyFieldName": "id", "isCustomPrimaryKey": True}),
    ),
    ("index-added", post(), post({}, index("byA", "a"))),
    ("index-with-query-removed", post({}, index("byA", "a", queryField="q")), post()),
    ("index-removed", post({}, index("byA", "a")), post()),
    (
        "index-query-added",
        post({}, index("byA", "a")),
        post({}, index("byA", "a", queryField="q")),
    ),
    (
        "index-query-changed",
        post({}, index("byA", "a", queryField="q")),
        post({}, index("byA", "a")),
    ),
    (
        "index-with-query-rebuilt",
        post({}, index("byA", "a", queryField="q")),
        post({}, index("byA", "a", "b", queryField="q")),
    ),
    ("index-rebuilt", post({}, index("byA", "a")), post({}, index("byA", "b"))),
    ("implicit-index-added", post(), post({}, index("gsi-Blog.posts", "blogPostsId"))),
    ("implicit-index-removed", post({}, index("gsi-Blog.posts", "blogPostsId")), post()),
    (
        "index-detail-changed",
        post({}, index("byA", "a")),
        post({}, index("byA", "a", sparse=True)),
    ),
    (
        "implicit-index-changed",
        post({}, index("gsi-Blog.posts", "blogPostsId")),
        post({}, index("gsi-Blog.posts", "blogPostsCode")),
    ),
    ("search-added", post(), post({}, attribute("searchable"))),
    ("search-removed", post({}, attribute("searchable")), post()),
    (
        "search-changed",
        post({}, attribute("searchable")),
        post({}, attribute("searchable", queries={"search": "find"})),
    ),
    ("table-mapping-added", post(), post({}, attribute("mapsTo", name="Old"))),
    ("table-mapping-removed", post({}, attribute("refersTo", name="old")), post()),
    (
        "table-mapping-changed",
        post({}, attribute("refersTo", name="a")),
        post({}, attribute("refersTo", name="b")),
    ),
    ("api-access-added", post(), post({}, attribute("aws_iam"))),
    ("api-access-removed", post({}, attribute("aws_api_key")), post()),
    (
        "api-access-changed",
        post({}, attribute("aws_auth", cognito_groups=["a"])),
        post({}, attribute("aws_auth", cognito_groups=["b"])),
    ),
    ("directive-added", post(), post({}, attribute("versioned"))),
    ("directive-removed", post({}, attribute("versioned")), post()),
    (
        "directive-changed",
        post({}, attribute("versioned", a=1)),
        post({}, attribute("versioned", a=True)),
    ),
    ("access-granted", post({}, auth(OWNER)), post({}, auth(OWNER, PUBLIC))),
    ("access-widened", post({}, auth(READER)), post({}, auth(OWNER))),
    ("access-withdrawn", post({}, auth(OWNER, PUBLIC)), post({}, auth(OWNER))),
    ("access-narrowed", post({}, auth(OWNER)), post({}, auth(READER))),
    ("auth-introduced", post(), post({}, auth(OWNER))),
    ("auth-dropped", post({}, auth(OWNER)), post()),
    ("optional-field-added", post(), post({"title": value()})),
    ("optional-field-added", post(), post({"tags": listed(items=True)})),
    ("required-field-added", post(), post({"title": value(required=True)})),
    ("required-field-added", post(), post({"tags": listed(required=True)})),
    ("required-field-added", custom({}), custom({"street": value(required=True)})),
    ("relation-added", post(), post({"comments": to_many("postId", required=True)})),
    ("relation-added", post(), post({"author": belongs_to("authorId")})),
    ("required-relation-added", post(), post({"author": belongs_to("authorId", required=True)})),
    ("field-removed", post({"title": value()}), post()),
    ("relation-removed", post({"author": belongs_to("authorId")}), post()),
    ("type-changed", post({"n": value("Int")}), post({"n": value("Float")})),
    ("type-changed", post({"n": value({"enum": "A"})}), post({"n": value({"enum": "B"})})),
    ("id-and-string-swapped", post({"n": value("ID")}), post({"n": value("String")})),
    (
        "key-type-changed",
        post({"n": value("ID")}, index("byN", "n")),
        post({"n": value("String")}, index("byN", "n")),
    ),
    ("became-list", post({"n": value()}), post({"n": listed(required=True)})),
    ("list-became-single", post({"n": listed()}), post({"n": value(required=True)})),
    ("became-required", post({"n": value()}), post({"n": value(required=True)})),
    ("became-required", post({"n": listed()}), post({"n": listed(required=True)})),
    ("became-optional", post({"n": value(required=True)}), post({"n": value()})),
    ("items-became-required", post({"n": listed()}), post({"n": listed(items=True)})),
    ("items-became-optional", post({"n": listed(items=True)}), post({"n": listed()})),
    (
        "to-many-nullability-changed",
        post({"cs": to_many("postId")}),
        post({"cs": to_many("postId", required=True)}),
    ),
    (
        "relation-kind-changed",
        post({"author": value(AUTHOR, association=HAS_ONE)}),
        post({"author": belongs_to("aId", other="Author")}),
    ),
    (
        "relation-keys-changed",
        post({"author": belongs_to("aId")}),
        post({"author": belongs_to("authorId")}),
    ),
    ("relation-renamed", comments("postId"), comments("post")),
    ("became-read-only", post({"at": value()}), post({"at": value(isReadOnly=True)})),
    ("became-writable", post({"at": value(isReadOnly=True)}), post({"at": value()})),
    ("field-detail-changed", post({"n": value()}), post({"n": value(colour="red")})),
    (
        "field-detail-changed",
        post({"a": belongs_to("aId")}),
        post(
            {
                "a": value(
                    {"model": "Post"},
                    association={
                        "connectionType": "BELONGS_TO",
                        "targetNames": ["aId"],
                        "lazy": True,
                    },
                )
            }
        ),
    ),
    ("kind-changed", document({"Tag": model()}), document(nonModels={"Tag": {"fields": {}}})),
    ("custom-type-added", document(), custom({})),
    ("custom-type-removed", custom({}), document()),
    ("custom-type-detail-changed", custom({}), custom({}, colour="red")),
    ("enum-added", document(), enum("A")),
    ("enum-removed", enum("A"), document()),
    ("enum-value-added", enum("A"), enum("B", "A")),
    ("enum-value-removed", enum("A", "B"), enum("B")),
    ("enum-detail-changed", document(enums={"E": {}}), document(enums={"E": {"closed": True}})),
    ("input-added", document(), inputs({})),
    ("input-removed", inputs({}), document()),
    ("input-detail-changed", inputs({}), inputs({}, colour="red")),
    ("operation-added", document(), query()),
    ("operation-removed", query(), document()),
    ("operation-kind-changed", query(), document(generations={"echo": value()})),
    (
        "operation-detail-changed",
        document(conversations={"chat": {"enums": {}}}),
        document(conversations={"chat": {"enums": {"A": {}}}}),
    ),
    ("answer-type-changed", query(value("Int")), query(value("String"))),
    ("answer-id-and-string-swapped", query(value("ID")), query(value("String"))),
    ("answer-list-changed", query(value()), query(listed())),
    ("answer-became-optional", query(value(required=True)), query(value())),
    ("answer-became-required", conversation(), conversation(isRequired=True)),
    ("answer-items-became-optional", query(listed(items=True)), query(listed())),
    ("answer-items-became-required", query(listed()), query(listed(items=True))),
    ("answer-detail-changed", query(value()), query(value(colour="red"))),
    ("optional-argument-added", query(), query(text=value())),
    ("required-argument-added", query(), query(text=value(required=True))),
    ("required-argument-added", inputs({}), inputs({"text": value(required=True)})),
    ("argument-removed", query(text=value()), query()),
    ("argument-type-changed", query(text=value("ID")), query(text=value("String"))),
    ("argument-type-changed", inputs({"a": value("Int")}), inputs({"a": value("ID")})),
    ("input-id-and-string-swapped", inputs({"a": value("ID")}), inputs({"a": value("String")})),
    ("argument-list-changed", query(text=value()), query(text=listed())),
    ("argument-became-required", query(text=value()), query(text=value(required=True))),
    ("argument-became-optional", query(text=value(required=True)), query(text=value())),
    ("argument-items-became-required", query(t=listed()), query(t=listed(items=True))),
    ("argument-items-became-optional", query(t=listed(items=True)), query(t=listed())),
    ("argument-detail-changed", query(t=value()), query(t=value(colour="red"))),
    ("document-detail-changed", document(), {**document(), "unions": {}}),
)
