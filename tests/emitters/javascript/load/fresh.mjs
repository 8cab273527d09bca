import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
for (const file of Object.keys(require.cache)) {
  if (file.includes("@aws-amplify/datastore/")) delete require.cache[file];
}

export const { initSchema } = require("@aws-amplify/datastore");
