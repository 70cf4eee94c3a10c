// Runs what tests/differential generated on other interpreters, and compares; see ./run.
//
//   node compare.mjs FOLDER MINISTACK-PORT
//
// FOLDER has machines.jsonl and expressions.jsonl. Libraries come from the folder that NODE_PATH names.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// The library wants Node 22 for this alone.
Promise.withResolvers ??= () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

const [folder, port] = process.argv.slice(2);
const require = createRequire(join(process.env.NODE_PATH, "none.js"));
const jsonata = require("jsonata");
const { StateMachine } = require("aws-local-stepfunctions");
const known = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "known.json")));
const lines = file => readFileSync(join(folder, file), "utf8").trimEnd().split("\n").map(line => JSON.parse(line));

// --- JSONata expressions, by the reference implementation.

async function reference({ expression, input }) {
  let parsed;
  try {
    parsed = jsonata(expression);
  } catch (error) {
    return { refused: error.code };
  }
  try {
    const value = await parsed.evaluate(undefined, { states: { input } });
    if (value === undefined) return { nothing: true };
    if (typeof value === "function" || value?._jsonata_lambda || value?._jsonata_function) return { error: "function" };
    // What is no number of JSON is a text in Step Functions.
    const text = JSON.stringify(value, (_, part) => (typeof part === "number" && !Number.isFinite(part) ? String(part) : part));
    return text === undefined ? { nothing: true } : { value: JSON.parse(text) };
  } catch (error) {
    return { error: error.code ?? String(error), message: error.message };
  }
}

// --- JSONPath machines, by aws-local-stepfunctions.

function everyState(flow, found = []) {
  for (const [name, state] of Object.entries(flow.States)) {
    found.push([name, state]);
    for (const branch of state.Branches ?? []) everyState(branch, found);
    for (const inner of [state.Iterator, state.ItemProcessor]) if (inner) everyState(inner, found);
  }
  return found;
}

async function local({ definition, input, mocks }) {
  const overrides = { taskResourceLocalHandlers: {}, waitTimeOverrides: {}, retryIntervalOverrides: {} };
  for (const [name, state] of everyState(definition)) {
    if (state.Type === "Wait") overrides.waitTimeOverrides[name] = 0;
    if (state.Retry) overrides.retryIntervalOverrides[name] = 0;
    let calls = 0;
    if (mocks[name]) {
      overrides.taskResourceLocalHandlers[name] = async () => {
        const { Return, Throw } = mocks[name][Math.min(calls++, mocks[name].length - 1)];
        if (!Throw) return structuredClone(Return);
        throw Object.assign(new Error(Throw.Cause), { name: Throw.Error });
      };
    }
  }
  try {
    const machine = new StateMachine(structuredClone(definition), { validationOptions: { noValidate: true } });
    const run = machine.run(structuredClone(input), { overrides, context: { Execution: { Input: structuredClone(input) } } });
    return { status: "SUCCEEDED", output: JSON.parse(JSON.stringify(await run.result)) };
  } catch (error) {
    return { status: "FAILED", error: (error.cause ?? error).name, cause: (error.cause ?? error).message };
  }
}

// --- JSONata machines, by MiniStack.

async function call(operation, body) {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `AWSStepFunctions.${operation}`,
      authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00",
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function ministack({ name, definition, input }, attempt) {
  let arn;
  try {
    const body = { name, definition: JSON.stringify(definition), roleArn: "arn:aws:iam::123456789012:role/r" };
    arn = (await call("CreateStateMachine", body)).stateMachineArn;
  } catch (error) {
    return { status: "REFUSED", error: String(error) };
  }
  const { executionArn } = await call("StartExecution", { stateMachineArn: `${arn}#Generated`, name: `${name}-${attempt}`, input: JSON.stringify(input) });
  for (let turn = 0; turn < 300; turn++) {
    await new Promise(resolve => setTimeout(resolve, 100));
    const { status, output, error, cause } = await call("DescribeExecution", { executionArn });
    if (status === "RUNNING") continue;
    return status === "SUCCEEDED" ? { status, output: JSON.parse(output) } : { status, error, cause };
  }
  return { status: "RUNNING" };
}

// --- Comparing.

function same(one, other) {
  if (one === other) return true;
  if (typeof one === "number" && typeof other === "number") return Math.abs(one - other) <= 1e-12 * Math.max(Math.abs(one), Math.abs(other));
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object") return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  // Causes are prose.
  const keys = value => Object.keys(value).filter(key => key !== "Cause");
  return keys(one).length === keys(other).length && keys(one).every(key => key in other && same(one[key], other[key]));
}

const agree = (ours, theirs) =>
  ours.status === theirs.status && ours.error === theirs.error && ours.refused === theirs.refused &&
  ours.nothing === theirs.nothing && same(ours.output, theirs.output) && same(ours.value, theirs.value);

const counts = { passed: 0, explained: {}, failed: 0 };
const differing = [];

function judge(peer, item, theirs) {
  if (agree(item.ours, theirs)) {
    counts.passed++;
    return;
  }
  const of = { case: JSON.stringify(item.definition ?? item.expression), ours: JSON.stringify(item.ours), theirs: JSON.stringify(theirs) };
  const rule = known.find(rule => rule.peer === peer && Object.entries(rule.when).every(([what, pattern]) => new RegExp(pattern, "s").test(of[what])));
  if (rule) {
    counts.explained[rule.name] = (counts.explained[rule.name] ?? 0) + 1;
    return;
  }
  counts.failed++;
  differing.push({ peer, ...item, theirs });
  if (counts.failed <= 20) console.log(`${peer} differs at ${item.name}: ${of.case}\n  input  ${JSON.stringify(item.input)}\n  mocks  ${JSON.stringify(item.mocks)}\n  ours   ${of.ours}\n  theirs ${of.theirs}`);
}

for (const item of lines("expressions.jsonl")) judge("jsonata", item, await reference(item));
const machines = lines("machines.jsonl");
for (const item of machines.filter(item => item.language === "JSONPath")) judge("aws-local-stepfunctions", item, await local(item));
const waiting = machines.filter(item => item.language === "JSONata");
await Promise.all(Array.from({ length: 8 }, async () => {
  for (let item; (item = waiting.shift()); ) {
    let theirs = await ministack(item, "a");
    // Its branches are threads that write down their state in one place: a difference has to come again.
    for (const again of ["b", "c"]) if (!agree(item.ours, theirs)) theirs = await ministack(item, again);
    judge("ministack", item, theirs);
  }
}));

writeFileSync(join(folder, "differing.json"), JSON.stringify(differing, null, 1));
for (const [name, count] of Object.entries(counts.explained)) console.log(`explained ${count}: ${name}`);
console.log(`${counts.passed + Object.values(counts.explained).reduce((a, b) => a + b, 0)} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);
