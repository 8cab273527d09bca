// Compiles schemas with version 1 of Amplify's transformer: reads and writes one JSON object per
// line. {"schema"} -> {"accepted": true, "schema"} or {"error"}
'use strict';

const Module = require('node:module');
const { serve } = require('../../json_lines');

// The transformer imports Amplify CLI, but only to compare a schema with the deployed one.
function replaceCli() {
  const load = Module._load;
  Module._load = (request, ...rest) =>
    request === '@aws-amplify/amplify-cli-core' ? {} : load(request, ...rest);
}

// Every mode that rules can name is configured: no rule is refused for want of a provider.
const AUTHORIZATION = {
  defaultAuthentication: { authenticationType: 'API_KEY', apiKeyConfig: { apiKeyExpirationDays: 7 } },
  additionalAuthenticationProviders: [
    { authenticationType: 'AMAZON_COGNITO_USER_POOLS', userPoolConfig: { userPoolId: 'us-east-1_abcdefghi' } },
    { authenticationType: 'AWS_IAM' },
    {
      authenticationType: 'OPENID_CONNECT',
      openIDConnectConfig: { name: 'provider', issuerUrl: 'https://example.com', clientId: 'client' },
    },
  ],
};

// In the order of Amplify CLI. They keep state: each schema needs its own ones.
const TRANSFORMERS = [
  ['graphql-dynamodb-transformer', 'DynamoDBModelTransformer'],
  ['graphql-versioned-transformer', 'VersionedModelTransformer'],
  ['graphql-function-transformer', 'FunctionTransformer'],
  ['graphql-http-transformer', 'HttpTransformer'],
  ['graphql-key-transformer', 'KeyTransformer'],
  ['graphql-connection-transformer', 'ModelConnectionTransformer'],
  ['graphql-predictions-transformer', 'PredictionsTransformer', { bucketName: 'bucket' }],
  ['graphql-elasticsearch-transformer', 'SearchableModelTransformer'],
  ['graphql-auth-transformer', 'ModelAuthTransformer', { authConfig: AUTHORIZATION }],
];

// Without feature flags, as in projects that are older than these.
const FLAGS = {
  getBoolean: (name, value) => Boolean(value),
  getNumber: (name, value) => value,
  getObject: () => ({}),
};

function judge(GraphQLTransform, request) {
  try {
    const transformers = TRANSFORMERS.map(([name, type, options]) => new (require(name)[type])(options));
    const transform = new GraphQLTransform({ transformers, featureFlags: FLAGS });
    return { accepted: true, schema: transform.transform(request.schema).schema };
  } catch (error) {
    return { error: `${(error && error.name) || 'Error'}: ${(error && error.message) || error}` };
  }
}

serve(() => {
  replaceCli();
  const { GraphQLTransform } = require('graphql-transformer-core');
  return (request) => judge(GraphQLTransform, request);
});
