// The Node side of the peer and of the judges.
'use strict';

const readline = require('node:readline');

// Reads one JSON object per line and writes the response to each. `start` loads the libraries and
// returns the function of a request. They print warnings, which must not reach the pipe.
exports.serve = async function serve(start) {
  const write = process.stdout.write.bind(process.stdout);
  const nothing = () => true;
  process.stdout.write = nothing;
  process.stderr.write = nothing;
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
    console[name] = nothing;
  }
  const respond = start();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    write(`${JSON.stringify(await respond(JSON.parse(line)))}\n`);
  }
};
