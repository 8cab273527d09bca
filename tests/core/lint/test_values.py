from __future__ import annotations

import pytest

from amplify_modelgen.lint import lint_schema

# For each scalar, texts that Amplify accepts in @default and texts that it refuses.
DEFAULTS = {
    "Int": (["5", " -5", "+5", "5.5", "05", "0x10", "5x"], ["", "five", "-", ".5", "+ 5"]),
    "Float": (["5.", ".5", "-.5", "5,5", "-Infinity", "1e3"], ["", "x", ".", "NaN", "e5"]),
    "Boolean": (["true", "False", "TRUE"], ["", "yes", "0", " true"]),
    "String": (["", "x"], []),
    "ID": (["", "x"], []),
    "AWSTimestamp": (["1577836800", "-5", "1.5"], ["", "x"]),
    "AWSDate": (
        ["2020-02-29", "0000-01-01"],
        ["2021-02-29", "2020-13-01", "2020-1-1", "2020-01-01Z", " 2020-01-01"],
    ),
    "AWSTime": (
        ["12:30:00Z", "12:30:00.1Z", "12:30:00-14:00"],
        ["12:30", "12:30:00", "12:30Z", "24:00:00Z", "12:30:00.Z", "12:30:00+24:00"],
    ),
    "AWSDateTime": (
        ["2020-01-01T12:30:00Z", "2020-01-01T12:30:00.123456+02:00"],
        ["2020-01-01", "2020-01-01T12:30:00", "2020-02-30T12:30:00Z", "2020-01-01t12:30:00Z"],
    ),
    "AWSEmail": (
        ["a@b.co", "a@b", "a..b@c.de", ".a+b@127.0.0.1"],
        ["", "person", "a@", "@b.c", "a b@c.d", "a@-c.de", "a@c..de", "a@c_d.de"],
    ),
    "AWSJSON": (["5", "null", " {} ", "[1]"], ["", "{a", "NaN", "{'a': 1}", "[1,]"]),
    "AWSURL": (
        ["https://x", "ftp://x.y/z?q=1", "mailto:x@y.z", "https:x.com", "https://[::1]:8080/"],
        ["", "x.com", "//x.com", "http://", "1http://x", "https://x.com:99999", "https://[::1"],
    ),
    "AWSPhone": (
        ["+12065550100", "+1 (206) 555-0100", "+44 20 7183 8750", "+49 170 1234567 ext 5"],
        ["x", "+", "206-555-0100", "+15551234567", "+491", "+1206555010a", "+11111111111"],
    ),
    "AWSIPAddress": (
        ["1.2.3.4", "::1", "::ffff:1.2.3.4", "fe80::1%eth0"],
        ["", "1.2.3", "1.2.3.400", "01.2.3.4", "1.2.3.4/24", "fe80::zz"],
    ),
}

QUERY = "type Query { q: %s } type A @model { id: ID! }"
EVENT = '@function(name: "f", invocationType: Event)'
AI = '@generation(aiModel: "m", systemPrompt: "p", inferenceConfiguration: %s)'
FIELD = "type A @model { id: ID! x: %s }"


def refused(sdl: str) -> list[str]:
    return [entry.rule for entry in lint_schema(sdl) if entry.stage == "push"]


def field(scalar: str, text: str) -> str:
    return f'type A @model {{ id: ID! x: {scalar} @default(value: "{text}") }}'


@pytest.mark.parametrize(
    ("scalar", "text"),
    [(scalar, text) for scalar, (texts, _) in DEFAULTS.items() for text in texts],
)
def test_a_default_value_that_amplify_accepts(scalar: str, text: str) -> None:
    assert refused(field(scalar, text)) == []


@pytest.mark.parametrize(
    ("scalar", "text"),
    [(scalar, text) for scalar, (_, texts) in DEFAULTS.items() for text in texts],
)
def test_a_default_value_that_amplify_refuses(scalar: str, text: str) -> None:
    assert refused(field(scalar, text)) == ["default-value"]


@pytest.mark.parametrize(
    ("sdl", "rule"),
    [
        (FIELD % 'E @default(value: "a")' + " enum E { A }", "default-value"),
        (FIELD % 'B @default(value: "a")' + " type B { x: Int }", "default-type"),
        (FIELD % 'S @default(value: "a")' + " scalar S", "default-type"),
        (FIELD % 'BigInt @default(value: "5")', "default-type"),
        (FIELD % 'AuthStrategy @default(value: "owner")', "default-type"),
        (FIELD % '[Int]! @default(value: "5")', "default-type"),
        ('type Query { x: Int @default(value: "5") }', "default-owner"),
        ("type A @model { id: [ID!]! }", "model-stored-list"),
        ("type A @model(timestamps: null) { createdAt: [Int] }", "model-stored-list"),
        (
            "type A @model(subscriptions: { onDelete: [null] }) { x: Int }",
            "operation-name",
        ),
        ('type A @mapsTo(name: "B") { id: ID! }', "model-directive-owner"),
        ('type A { id: ID! @refersTo(name: "b") }', "model-directive-owner"),
        (FIELD % 'Int @refersTo(name: "y")', "refers-to-database"),
        ('type A @model @mapsTo(name: "") { id: ID! }', "maps-to-name"),
        ('type A @model @mapsTo(name: "A") { id: ID! }', "maps-to-name"),
        (
            'type A @model @mapsTo(name: "C") { x: Int } type B @model @mapsTo(name: "C")',
            "maps-to-name",
        ),
        (QUERY % 'Int @http(url: "https://x.example", headers: [null])', "http-url"),
        (QUERY % "Int @predictions(actions: [])", "predictions-actions"),
        (QUERY % "Int @predictions(actions: [identifyText, identifyText])", "predictions-actions"),
        (FIELD % "Int @predictions(actions: [translateText])", "resolver-parent"),
        (FIELD % 'Int @sql(statement: "select 1")', "resolver-parent"),
        (QUERY % 'Int @sql(statement: "select 1")', "sql-statement"),
        (QUERY % ("Int " + AI % "null"), "ai-settings"),
        (QUERY % ("Int " + AI % "{ maxTokens: 0 }"), "ai-settings"),
        (QUERY % ("Int " + AI % "{ topP: 1.5 }"), "ai-settings"),
        (QUERY % ("U " + AI % "{ topP: 1 }") + " union U = A", "ai-result"),
        (FIELD % '[Int] @validate(type: gt, value: "1")', "validate-field"),
        (FIELD % 'ID @validate(type: matches, value: "1")', "validate-field"),
        ('type A { x: Int @validate(type: gt, value: "1") }', "validate-field"),
        (FIELD % 'Int @validate(type: gt, value: "NaN")', "validate-value"),
        (FIELD % 'String @validate(type: maxLength, value: "-1")', "validate-value"),
    ],
)
def test_a_mistake(sdl: str, rule: str) -> None:
    assert rule in refused(sdl)


@pytest.mark.parametrize(
    "sdl",
    [
        FIELD % 'E @default(value: "B")' + " enum E { A } extend enum E { B }",
        "type A @model { id: ID! createdAt: [B] @hasMany } type B @model { id: ID! }",
        'type A @model(subscriptions: { onCreate: "x" }) { id: ID! }',
        'type A @model @mapsTo(name: "B") { id: ID! } enum B { x }',
        QUERY % f"EventInvocationResponse {EVENT}"
        + " type EventInvocationResponse { success: Boolean! }",
        QUERY % f'Int {EVENT} @function(name: "g")',
        QUERY % "Int @predictions(actions: [identifyLabels, translateText, convertTextToSpeech])",
        QUERY % "Int @predictions(actions: identifyText)",
        QUERY % ("Int " + AI % "{ maxTokens: 1, temperature: 0, topP: 1 }"),
        FIELD % 'Int @validate(type: gt, value: "5x") @validate(type: lte, value: " -.5")',
        FIELD % 'String @validate(type: minLength, value: "5.5")',
    ],
)
def test_what_amplify_accepts(sdl: str) -> None:
    assert refused(sdl) == []


@pytest.mark.parametrize("result", ["Int", "EventInvocationResponse!", "EventInvocationResponse"])
def test_the_result_of_an_event(result: str) -> None:
    sdl = QUERY % f"{result} {EVENT}" + " type EventInvocationResponse { success: Boolean }"
    assert refused(sdl) == ["function-event"]


def test_sql_with_a_statement_and_a_reference() -> None:
    sdl = 'input AMPLIFY { engine: String = "postgres" } type Query { q: Int @sql(%s) }'
    assert refused(sdl % 'statement: "x", reference: "y"') == ["sql-statement"]
    assert refused(sdl % 'reference: "y"') == []
