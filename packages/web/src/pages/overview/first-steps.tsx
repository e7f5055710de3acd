import { session } from "../../data/session.ts";

/** Code that fills an empty project, ready to paste. */
export function FirstSteps() {
  const { apiKey = "", project = "" } = session.value ?? {};
  const code = `import { PandaProbe } from "@pandaprobe/sdk";

const client = new PandaProbe({
  endpoint: ${JSON.stringify(location.origin)},
  apiKey: ${JSON.stringify(apiKey)},
  projectName: ${JSON.stringify(project)},
});
const started_at = new Date().toISOString();
await client.createTrace({ name: "weather", input: "Rain in Oslo?", output: "Yes, all day.", started_at });
await client.evaluateTraces({ metrics: ["task_completion", "coherence"] });`;
  return (
    <div class="page first-steps">
      <header class="page-head headline">
        <h1>{project} has no traces yet</h1>
        <p class="muted">This sends one and evaluates it. The page shows it as soon as it arrives.</p>
      </header>
      <pre class="json">npm install @pandaprobe/sdk</pre>
      <pre class="json">{code}</pre>
      <button type="button" onClick={() => navigator.clipboard?.writeText(code)}>
        Copy
      </button>
    </div>
  );
}
