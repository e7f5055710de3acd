const benchmarks: Readonly<Record<string, string>> = {
  fairness: "how long a small run takes beside a huge run of another project",
  "judge-agreement":
    "how well each metric distinguishes good from bad conversations, with the configured judge",
  "judge-concurrency": "how close a run comes to full concurrency, and the CPU time of a judge call",
  "list-pages": "how long pages of traces, sessions and users take in a project of 1,000,000 traces",
  "otlp-traces": "how fast 10,000 spans of OpenTelemetry are stored, beside bare inserts of the same rows",
  page: "how fast the page is in Chromium, and whether it scrolls a trace of 10,000 spans smoothly",
  "run-creation": "how long it takes to create a run of 100,000 traces",
  "run-memory": "whether memory stays flat during long runs",
  "score-analytics": "how much faster analytics is than plain aggregates, and what it costs each write",
  "score-comparison": "how long agreement and comparison of 100,000 scores take, and what waits for them",
  "sdk-call": "the CPU time of a call through the SDK",
  "sdk-compile": "the time and memory of compiling against the SDK",
  "sdk-import": "how long importing the SDK takes",
};

const usage = `Measures ratios within one run. The numbers do not depend much on the machine, but the machine should be idle.

Usage: npm run bench -- <name>

Benchmarks:
${Object.entries(benchmarks)
  .map(([name, title]) => `  ${name.padEnd(20)}${title}`)
  .join("\n")}

bench/README.md has the goals.`;

const [name] = process.argv.slice(2);
if (name === "--help" || name === "-h") console.log(usage);
else if (name !== undefined && Object.hasOwn(benchmarks, name)) await import(`./${name}.ts`);
else {
  console.error(name === undefined ? usage : `Unknown benchmark "${name}".\nUse --help to see the usage.`);
  process.exitCode = 1;
}
