// Reads diagrams from stdin, a JSON object of texts by name, and writes what mermaid's parser
// understood of each: the boxes with their attributes, and the lines between them.
import mermaid from 'mermaid';

async function understood(text) {
  try {
    // Parsing makes mermaid load its diagrams, which the other call does not.
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const entities = Object.fromEntries(db.getEntities());
    const names = Object.fromEntries(Object.entries(entities).map(([name, { id }]) => [id, name]));
    return {
      boxes: Object.fromEntries(
        Object.entries(entities).map(([name, { attributes }]) => [name, attributes]),
      ),
      lines: db.getRelationships().map(({ entityA, entityB, roleA, relSpec }) => ({
        left: names[entityA],
        right: names[entityB],
        label: roleA,
        ...relSpec,
      })),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const diagrams = JSON.parse(Buffer.concat(chunks).toString());
const answers = {};
for (const [name, text] of Object.entries(diagrams)) answers[name] = await understood(text);
process.stdout.write(JSON.stringify(answers));
