"""Schemas that show one thing at a time, for the emitters of platforms."""

from __future__ import annotations

SCHEMAS = {
    "all scalars": """
        type A @model { id: ID! s: String i: Int f: Float b: Boolean d: AWSDate t: AWSTime
          dt: AWSDateTime ts: AWSTimestamp e: AWSEmail j: AWSJSON u: AWSURL p: AWSPhone
          ip: AWSIPAddress }
        type N { s: String! i: Int! f: Float! b: Boolean! d: AWSDate! t: AWSTime! dt: AWSDateTime!
          ts: AWSTimestamp! e: AWSEmail! j: AWSJSON! u: AWSURL! p: AWSPhone! ip: AWSIPAddress! }
    """,
    "lists": """
        enum Kind { A B }
        type N { a: [Int] b: [Int!] c: [Int]! d: [Int!]! e: [[Int]!] k: [Kind] n: [M!]! }
        type M { x: Int d: [AWSDate] t: [AWSTimestamp] }
        type A @model { a: [Int] b: [Int!] c: [Int]! d: [Int!]! k: [Kind!] n: [N] m: [M]! f: [Float]
          dates: [AWSDate] times: [AWSTime]! moments: [AWSDateTime!]! stamps: [AWSTimestamp] }
    """,
    "enums": """
        enum Kind { A fooBar foo_bar _1 b_2 _0 FooBar }
        type A @model { k: Kind r: Kind! l: [Kind] }
        type N { k: Kind r: Kind! }
    """,
    "custom types": """
        type Place { city: String! id: ID parent: Country tags: [String!] }
        type Country { code: String! places: [Place!]! }
        type A @model { at: Place! seen: [Place] home: Country }
    """,
    "names": """
        type blog_Post @model { my_code: Int! URL: String nameStep: NameStep name: String x1: Int
          a_B: [String] }
        type NameStep { name: String! number: Int }
        type A @model { name: String! step: NameStep URLText: String! }
    """,
    "declared id": "type A @model { title: String id: ID! } type B @model { x: Int id: ID }",
    "explicit id": "type A @model { title: String id: ID! @primaryKey }",
    "custom key": "type A @model { code: String! @primaryKey title: String! }",
    "composite key": """
        type A @model { x: Int code: String! @primaryKey(sortKeyFields: ["day", "n"]) day: AWSDate!
          n: Int! title: String bs: [B] @hasMany }
        type B @model { a: A @belongsTo one: A @hasOne }
    """,
    "id with sort key": """
        type A @model { id: ID! @primaryKey(sortKeyFields: ["n"]) n: Int! when: AWSTimestamp }
    """,
    "indexes": """
        type A @model { a: ID! @index(name: "byA", sortKeyFields: ["b", "c"]) b: Int
          c: String @index
          d: String @index(name: "byD", queryField: "listByD") }
    """,
    "literal keys": """
        type A @model @key(name: "byX", fields: ["x", "id"]) { x: String
          y: Int @index(name: "byY") }
    """,
    "timestamps": """
        type A @model(timestamps: {createdAt: "made", updatedAt: "changed"}) { x: Int }
        type B @model(timestamps: null) { x: Int }
        type C @model { createdAt: AWSDateTime! x: Int }
    """,
    "two way": """
        type Post @model { title: String! comments: [Remark] @hasMany }
        type Remark @model { body: String post: Post @belongsTo }
    """,
    "two way, required": """
        type Post @model { title: String! comments: [Remark!]! @hasMany }
        type Remark @model { body: String! post: Post! @belongsTo }
    """,
    "one way": """
        type P @model { ts: [T] @hasMany t: T @hasOne r: T! @hasOne } type T @model { n: Int }
    """,
    "one to one": """
        type User @model { profile: Profile @hasOne } type Profile @model { user: User! @belongsTo }
    """,
    "itself": "type N @model { children: [N] @hasMany parent: N @belongsTo }",
    "explicit fields": """
        type P @model { ts: [T] @hasMany(indexName: "byP", fields: ["id"]) }
        type T @model { pid: ID! @index(name: "byP", sortKeyFields: ["n"]) n: Int
          p: P @belongsTo(fields: ["pid"]) }
    """,
    "references": """
        type P @model { ts: [T] @hasMany(references: ["pid"]) u: U @hasOne(references: ["pid"]) }
        type T @model { pid: ID p: P @belongsTo(references: ["pid"]) }
        type U @model { pid: ID! p: P @belongsTo(references: ["pid"]) }
    """,
    "many to many": """
        type Post @model { title: String! tags: [Tag] @manyToMany(relationName: "postTags") }
        type Tag @model { label: String! posts: [Post] @manyToMany(relationName: "postTags") }
    """,
    "many to many, itself": """
        type U @model { a: [U] @manyToMany(relationName: "F")
          b: [U] @manyToMany(relationName: "F") }
    """,
    "many to many, composite": """
        type Post @model { code: Int! @primaryKey(sortKeyFields: ["day"]) day: AWSDate!
          tags: [APITag] @manyToMany(relationName: "PT") }
        type APITag @model { id: ID! posts: [Post] @manyToMany(relationName: "PT") }
    """,
    "auth": """
        type A @model @auth(rules: [{allow: owner}, {allow: groups, groups: ["Admin", "Staff"]},
          {allow: groups, groupsField: "editors", operations: [read]}, {allow: public},
          {allow: private, provider: iam, operations: [create, update]}, {allow: custom},
          {allow: public, provider: apiKey}, {allow: owner, ownerField: "author", provider: oidc,
          identityClaim: "sub", operations: [delete]}]) { x: Int }
    """,
    "auth of fields": """
        type A @model { x: Int @auth(rules: [{allow: owner, operations: [read]}, {allow: public}])
          y: [Int!] @auth(rules: [{allow: private}]) }
        type B @model @auth(rules: [{allow: custom}]) { x: Int @auth(rules: [{allow: custom}]) }
    """,
    "auth with empty texts": """
        type A @model @auth(rules: [{allow: owner, ownerField: "", identityClaim: ""},
          {allow: groups, groupClaim: "", groups: []}, {allow: groups, groups: ""},
          {allow: owner, ownerField: null}]) {
          x: Int @auth(rules: [{allow: private, provider: ""}]) }
    """,
    "names with an apostrophe": """
        type A @model @auth(rules: [{allow: groups, groups: ["Editor's"]}]) {
          x: Int @index(name: "by's") }
    """,
    "auth with an empty provider": """
        type A @model @auth(rules: [{allow: public, provider: ""}]) { x: Int }
    """,
    "key that does not name its fields": """
        type A @model @key(name: "k") { x: Int } type N @key(name: "n") { x: Int }
    """,
    "key without fields": """
        type A @model @key(name: "k", fields: []) { x: Int }
    """,
    "list as key": 'type A @model { k: [Int!]! @primaryKey(sortKeyFields: ["s"]) s: [String!]! }',
    "join model named like an annotation": """
        type A @model { bs: [B] @manyToMany(relationName: "AuthRule") }
        type B @model { as: [A] @manyToMany(relationName: "AuthRule") }
    """,
    "timestamp named like its model": """
        type C @model(timestamps: {createdAt: "c", updatedAt: "u"}) { x: Int }
    """,
    "models only": "type A @model",
    "enums only": "enum E { A }",
    "enum without a letter in its name": "enum _ { A } type M @model { x: _ }",
    "enum with an underscore": "enum _E { A } type M @model { x: _E }",
    "type with an underscore": "type _N { a: Int } type M @model { x: _N }",
    "model with an underscore": "type _M @model { x: Int }",
    "custom types only": "type N { x: Int }",
    "empty files": """
        schema { query: Root } type Root { x: Int } type A @model { x: Int }
        input AMPLIFY { x: Int } type Mutation { x: Int }
    """,
    "operations": """
        type A @model { x: Int } type Query { a(x: Int): A } type Mutation { b: Int }
        type Subscription { c: A @aws_subscribe(mutations: ["b"]) } input I { x: Int }
    """,
    "extensions": """
        type A @model @auth(rules: [{allow: owner}]) { x: Int }
        extend type A @auth(rules: [{allow: public}]) { y: Int }
        type N { x: Int } enum E { a } type B @model { x: Int }
    """,
}
