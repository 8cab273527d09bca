// Compiles schemas with Amplify's transformer: reads and writes one JSON object per line.
// {"schema", "respect", "synthesize"} -> {"accepted": true, "schema"} or {"error"}
// `respect` is the flag respectPrimaryKeyAttributesOnConnectionField. Without `synthesize` no
// templates are written, which saves half of the time, and the response has no compiled `schema`.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { serve } = require('../../json_lines');

// Every mode of authorization is configured: no rule is refused for want of a provider.
function authorizationModes(cdk, stack) {
  const { aws_cognito: cognito, aws_iam: iam, aws_lambda: lambda } = cdk;
  const role = (name) => iam.Role.fromRoleArn(stack, name, `arn:aws:iam::123456789012:role/${name}`);
  const handler = 'arn:aws:lambda:us-east-1:123456789012:function:authorizer';
  return {
    defaultAuthorizationMode: 'API_KEY',
    apiKeyConfig: { expires: cdk.Duration.days(7) },
    userPoolConfig: { userPool: cognito.UserPool.fromUserPoolId(stack, 'Pool', 'us-east-1_abcdefghi') },
    identityPoolConfig: {
      identityPoolId: 'us-east-1:00000000-0000-0000-0000-000000000000',
      authenticatedUserRole: role('authenticated'),
      unauthenticatedUserRole: role('unauthenticated'),
    },
    oidcConfig: {
      oidcProviderName: 'provider',
      oidcIssuerUrl: 'https://example.com',
      clientId: 'client',
      tokenExpiryFromAuth: cdk.Duration.hours(1),
      tokenExpiryFromIssue: cdk.Duration.hours(1),
    },
    lambdaConfig: {
      function: lambda.Function.fromFunctionArn(stack, 'Authorizer', handler),
      ttl: cdk.Duration.minutes(5),
    },
  };
}

function compile(cdk, construct, request, outdir) {
  const app = new cdk.App({ outdir, analyticsReporting: false });
  const stack = new cdk.Stack(app, 'Stack');
  new construct.AmplifyGraphqlApi(stack, 'Api', {
    definition: construct.AmplifyGraphqlDefinition.fromString(request.schema),
    authorizationModes: authorizationModes(cdk, stack),
    translationBehavior: { respectPrimaryKeyAttributesOnConnectionField: request.respect },
    predictionsBucket: cdk.aws_s3.Bucket.fromBucketName(stack, 'Bucket', 'bucket'),
  });
  if (!request.synthesize) {
    return undefined;
  }
  app.synth();
  const name = fs.readdirSync(outdir).find((entry) => entry.endsWith('.graphql'));
  return fs.readFileSync(path.join(outdir, name), 'utf8');
}

function judge(cdk, construct, request) {
  try {
    const schema = compile(cdk, construct, request, path.join(os.tmpdir(), 'out'));
    return { accepted: true, schema };
  } catch (error) {
    return { error: `${(error && error.name) || 'Error'}: ${(error && error.message) || error}` };
  } finally {
    // The transformer leaves temporary files, too.
    for (const name of fs.readdirSync(os.tmpdir())) {
      fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
    }
    cdk.AssetStaging.clearAssetHashCache();
  }
}

serve(() => {
  // A separate directory, which is emptied after each schema.
  process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'push-judge-'));
  const cdk = require('aws-cdk-lib');
  const construct = require('@aws-amplify/graphql-api-construct');
  return (request) => judge(cdk, construct, request);
});
