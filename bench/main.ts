const benchmarks = [
  "fairness",
  "judge-agreement",
  "judge-concurrency",
  "run-creation",
  "run-memory",
  "score-analytics",
  "sdk-call",
  "sdk-compile",
  "sdk-import",
];

const [name = ""] = process.argv.slice(2);
if (!benchmarks.includes(name)) {
  console.error(`usage: npm run bench -- <name>, with one of: ${benchmarks.join(", ")}`);
  process.exit(1);
}
await import(`./${name}.ts`);
