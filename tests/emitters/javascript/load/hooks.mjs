// DataStore takes one schema in its life: whoever imports it here gets one that was just born.
export async function resolve(specifier, context, next) {
  if (specifier !== "@aws-amplify/datastore") return next(specifier, context);
  const fresh = new URL("./fresh.mjs", import.meta.url);
  fresh.search = new URL(context.parentURL).search;
  return { url: fresh.href, shortCircuit: true };
}
