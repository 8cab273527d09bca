// Amplify's own generator as a program: node peer.js PEER_DIRECTORY SCHEMA TARGET...
'use strict';

const fs = require('node:fs');
const { createRequire } = require('node:module');

async function main([directory, path, ...targets]) {
  const { generateModels } = createRequire(`${directory}/`)('@aws-amplify/graphql-generator');
  const schema = fs.readFileSync(path, 'utf8');
  for (const target of targets) {
    const files = await generateModels({ schema, target });
    for (const text of Object.values(files)) process.stdout.write(text);
  }
}

main(process.argv.slice(2));
