// Generates both documents of a schema: reads and writes one JSON object per line.
// {"schema", "options"}           -> {"introspection": result, "datastore": result}
// {"schema", "options", "target"} -> {"files": {path: text}} or {"error"}
// {"words"}                       -> {"plurals": [...]}
// where a result is {"text"} or {"error"}.
'use strict';

const { serve } = require('../json_lines');

function introspectionText(files) {
  return files['model-introspection.json'];
}

// `export const schema = {...};` -> `{...}`
function literalText(files) {
  const text = files['schema.js'];
  return text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
}

// The directive definitions that Amplify CLI passes to the generator in a project that uses
// transformer version 1. In other projects it passes the generator's own defaults.
function directivesOf({ transformerVersion, useExperimentalPipelinedTransformer }) {
  if (transformerVersion === 2 || useExperimentalPipelinedTransformer) return {};
  const { AppSyncDirectives, V1Directives } = require('@aws-amplify/graphql-directives');
  const definitions = [...AppSyncDirectives, ...V1Directives].map((entry) => entry.definition);
  return { directives: definitions.join('\n') };
}

async function result(generateModels, { schema, options }, target, textOf) {
  try {
    const directives = directivesOf(options);
    const files = await generateModels({ ...options, ...directives, schema, target });
    return { text: textOf(files) };
  } catch (error) {
    return { error: String((error && error.message) || error) };
  }
}

async function generate(generateModels, request) {
  return {
    introspection: await result(generateModels, request, 'introspection', introspectionText),
    datastore: await result(generateModels, request, 'javascript', literalText),
  };
}

async function platformFiles(generateModels, request) {
  try {
    const directives = directivesOf(request.options);
    return { files: await generateModels({ ...request.options, ...directives, ...request }) };
  } catch (error) {
    return { error: String((error && error.message) || error) };
  }
}

async function response(request, generateModels, pluralize) {
  if (request.words) {
    return { plurals: request.words.map((word) => pluralize(word)) };
  }
  return request.target
    ? platformFiles(generateModels, request)
    : generate(generateModels, request);
}

serve(() => {
  const { generateModels } = require('@aws-amplify/graphql-generator');
  const pluralize = require('pluralize');
  return (request) => response(request, generateModels, pluralize);
});
