"""The engine: GraphQL SDL with Amplify's directives in, models out. No I/O, no plugin, no AWS.

It may import the standard library, graphql-core and `amplify_modelgen.errors`, nothing else.
"""
