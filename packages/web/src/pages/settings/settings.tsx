import type { ApiKeyInfo, QuotaUsage } from "@pandaprobe/sdk/admin";
import { useQuery } from "../../data/queries.ts";
import { admin, session } from "../../data/session.ts";
import { formatBytes, formatCount, formatMoney } from "../../ui/format.ts";
import { Ago } from "../../ui/marks.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import { Answered, isForbidden } from "../../ui/states.tsx";
import { ServerSettings } from "./server-settings.tsx";

export function Settings() {
  return (
    <div class="page">
      <header class="page-head">
        <h1>Settings</h1>
      </header>
      <Usage />
      <ServerSettings />
      <Keys />
    </div>
  );
}

function Usage() {
  const project = session.value?.project ?? "";
  const usage = useQuery(["usage"], (signal) => admin().getProjectUsage(project, { signal }));
  return (
    <section class="block" aria-label="Usage">
      <h2>Usage of {project}</h2>
      {usage.error !== null && usage.data === undefined ? (
        <p class="muted">The project is created by the first write to it.</p>
      ) : (
        <Answered query={usage}>
          {({ traces, bytes, monitors, runs_today, usd_today, resets_at }) => (
            <dl class="facts usage">
              <Quota label="Traces" usage={traces} format={formatCount} />
              <Quota label="Stored" usage={bytes} format={formatBytes} />
              <Quota label="Monitors" usage={monitors} format={formatCount} />
              <Quota label="Runs today" usage={runs_today} format={formatCount} />
              <Quota label="Spent today" usage={usd_today} format={formatMoney} />
              <div>
                <dt>Resets</dt>
                <dd>
                  <Ago time={resets_at} />
                </dd>
              </div>
            </dl>
          )}
        </Answered>
      )}
    </section>
  );
}

function Quota({
  label,
  usage: { used, limit },
  format,
}: {
  label: string;
  usage: QuotaUsage;
  format: (n: number) => string;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {format(used)} {limit !== null && <span class="muted">of {format(limit)}</span>}
      </dd>
    </div>
  );
}

function Keys() {
  const keys = useQuery(["keys"], (signal) => admin().listApiKeys({ limit: 200 }, { signal }));
  return (
    <section class="block">
      <h2>API keys</h2>
      {isForbidden(keys.error) ? (
        <p class="muted">Keys are visible only with a key that has the scope admin.</p>
      ) : (
        <Answered query={keys}>{({ items }) => <KeyTable items={items} />}</Answered>
      )}
    </section>
  );
}

function KeyTable({ items }: { items: readonly ApiKeyInfo[] }) {
  return (
    <Table label="API keys">
      <thead>
        <tr>
          <th>Name</th>
          <th>Key</th>
          <th>Id</th>
          <th>Scopes</th>
          <th>Projects</th>
          <th class="number">Last used</th>
          <th class="number">Expires</th>
        </tr>
      </thead>
      <tbody>
        {items.map((key) => (
          <Row key={key.id}>
            <td class="name">{key.name}</td>
            <td>
              <code>{key.hint}…</code>
            </td>
            <td>
              <code title={key.id}>{key.id.slice(0, 8)}</code>
            </td>
            <td>{key.scopes.join(", ")}</td>
            <td>{key.projects?.join(", ") ?? "all"}</td>
            <td class="number">
              <Ago time={key.last_used_at} />
            </td>
            <td class="number">{key.revoked_at !== null ? "revoked" : <Ago time={key.expires_at} />}</td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
