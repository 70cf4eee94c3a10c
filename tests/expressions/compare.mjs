// Evaluates the cases of tests/expressions with the reference implementation of JSONata; see ./run.
//
//   node compare.mjs FOLDER
//
// FOLDER has a file of lines for each section. The library comes from the folder that NODE_PATH names.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const require = createRequire(join(process.env.NODE_PATH, "none.js"));
const jsonata = require("jsonata");

// What gives nothing, or a number that JSON has not, fails a state as an error does.
async function evaluate({ expression, variables }) {
  try {
    const value = await jsonata(expression).evaluate(undefined, variables);
    const text = JSON.stringify(value, (_, part) => {
      if (typeof part === "number" && !Number.isFinite(part)) throw new Error(`${part} is no JSON`);
      return part;
    });
    return text === undefined ? { fails: "nothing" } : { value: JSON.parse(text) };
  } catch (error) {
    return { fails: error.code ?? String(error) };
  }
}

function same(one, other) {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every(key => key in other && same(one[key], other[key]));
}

let passed = 0;
const differing = [];
for (const file of readdirSync(folder).filter(file => file.endsWith(".jsonl"))) {
  for (const line of readFileSync(join(folder, file), "utf8").trimEnd().split("\n")) {
    const wanted = JSON.parse(line);
    const found = await evaluate(wanted);
    const agrees = wanted.fails ? "fails" in found : "value" in found && same(wanted.expected, found.value);
    if (agrees) passed += 1;
    else differing.push({ ...wanted, found });
  }
}
for (const { rust, expression, variables, expected, fails, found } of differing.slice(0, 20)) {
  console.error(`${rust}\n  ${expression}\n  ${JSON.stringify({ variables, expected, fails, found })}`);
}
writeFileSync(join(folder, "differing.json"), JSON.stringify(differing, null, 1));
console.log(`${passed} passed, ${differing.length} failed`);
process.exit(differing.length === 0 && passed > 0 ? 0 : 1);
