import type { ProviderInfo } from "@pandaprobe/sdk";
import type { ModelLimit, ModelPrice } from "@pandaprobe/sdk/admin";
import { useQuery } from "../../data/queries.ts";
import { admin, api } from "../../data/session.ts";
import { formatBytes, formatCount, formatDuration, formatMoney } from "../../ui/format.ts";
import { Row, Table } from "../../ui/rows.tsx";
import { Answered, isForbidden } from "../../ui/states.tsx";

/** The server's configuration; a key without the scope admin sees only the judges. */
export function ServerSettings() {
  const settings = useQuery(["settings"], (signal) => admin().getSettings({ signal }));
  if (isForbidden(settings.error)) return <JudgesAlone />;
  return (
    <Answered query={settings}>
      {({ judge, providers, model_limits, prices, requests, projects, retention, masking_rules }) => (
        <>
          <section class="block" aria-label="Judges">
            <h2>Judges</h2>
            <Facts
              facts={[
                ["Default", judge.model],
                ["Embeddings", judge.embedding_model ?? "none"],
                ["Allowed", judge.allowed_models?.join(", ") ?? "all models"],
                ["Calls at once", `${formatCount(judge.concurrent_calls)} for each model and process`],
                ["Call", `at most ${formatDuration(judge.call_timeout_seconds * 1000)}`],
                [
                  "Question",
                  `${judge.max_attempts} attempts in ${formatDuration(judge.question_timeout_seconds * 1000)}`,
                ],
                ["Model down", `runs wait ${formatDuration(judge.patience_seconds * 1000)}`],
              ]}
            />
            <ProviderTable providers={providers} />
          </section>
          {model_limits.length > 0 && <LimitTable limits={model_limits} />}
          {prices.length > 0 && <PriceTable prices={prices} />}
          <section class="block" aria-label="Limits">
            <h2>Limits</h2>
            <Facts
              facts={[
                ["Runs of a key", `${formatCount(requests.runs_per_minute)} a minute`],
                ["Triggers of a key", `${formatCount(requests.triggers_per_minute)} a minute`],
                [
                  "Requests of a key",
                  orNone(requests.requests_per_minute, (n) => `${formatCount(n)} a minute`),
                ],
                ["Request body", formatBytes(requests.body_bytes)],
                ["Traces of a project", orNone(projects.traces, formatCount)],
                ["Stored by a project", orNone(projects.bytes, formatBytes)],
                ["Monitors of a project", orNone(projects.monitors, formatCount)],
                ["Runs of a project", orNone(projects.runs_per_day, (n) => `${formatCount(n)} a day`)],
                ["Spent by a project", orNone(projects.usd_per_day, (n) => `${formatMoney(n)} a day`)],
                ["Monitor", `at most every ${formatDuration(projects.monitor_gap_seconds * 1000)}`],
                ["Judges' answers", `kept ${formatCount(retention.judge_answers_days)} days`],
                ["Masked in traces", masking_rules.join(", ") || "nothing"],
                ["Audit log", `kept ${formatCount(retention.audit_log_days)} days`],
              ]}
            />
          </section>
        </>
      )}
    </Answered>
  );
}

function orNone(value: number | null, format: (value: number) => string): string {
  return value === null ? "no limit" : format(value);
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl class="facts usage">
      {facts.map(([label, text]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function JudgesAlone() {
  const providers = useQuery(["providers"], (signal) => api().listProviders({ signal }));
  return (
    <section class="block" aria-label="Judges">
      <h2>Judges</h2>
      <Answered query={providers}>{(rows) => <ProviderTable providers={rows} />}</Answered>
      <p class="muted">Prices, limits and retention are visible only with a key that has the scope admin.</p>
    </section>
  );
}

function ProviderTable({ providers }: { providers: readonly ProviderInfo[] }) {
  return (
    <Table label="Providers">
      <thead>
        <tr>
          <th>Provider</th>
          <th>Models</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        {providers.map((provider) => (
          <Row key={provider.key}>
            <td class="name" title={provider.description}>
              {provider.name}
            </td>
            <td>
              <code>{provider.key}/…</code>
            </td>
            <td class="cell-reason">{provider.available ? "● Ready" : `○ ${provider.message}`}</td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function LimitTable({ limits }: { limits: readonly ModelLimit[] }) {
  return (
    <section class="block">
      <h2>Limits of models</h2>
      <Table label="Limits of models">
        <thead>
          <tr>
            <th>Model</th>
            <th class="number">Calls at once</th>
            <th class="number">Calls a minute</th>
            <th class="number">Tokens a minute</th>
          </tr>
        </thead>
        <tbody>
          {limits.map(({ model, concurrency, requests_per_minute, tokens_per_minute }) => (
            <Row key={model}>
              <td class="name">
                <code>{model.includes("/") ? model : `${model}/…`}</code>
              </td>
              <td class="number">{orNone(concurrency, formatCount)}</td>
              <td class="number">{orNone(requests_per_minute, formatCount)}</td>
              <td class="number">{orNone(tokens_per_minute, formatCount)}</td>
            </Row>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

function PriceTable({ prices }: { prices: readonly ModelPrice[] }) {
  return (
    <section class="block">
      <h2>Prices</h2>
      <Table label="Prices">
        <thead>
          <tr>
            <th>Model</th>
            <th class="number">Input, per million tokens</th>
            <th class="number">Output</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {prices.map(({ model, input_usd_per_mtok, output_usd_per_mtok, is_configured }) => (
            <Row key={model}>
              <td class="name">
                <code>{model}</code>
              </td>
              <td class="number">{formatMoney(input_usd_per_mtok)}</td>
              <td class="number">{formatMoney(output_usd_per_mtok)}</td>
              <td>{is_configured ? "JUDGE_PRICES" : "list price"}</td>
            </Row>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
