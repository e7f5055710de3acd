import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Attack, Attacker, Family } from "../attack.ts";
import { countOf, inFullOnly, times } from "./evaluation.ts";

type Path = "/v1/traces" | "/v1/logs";

interface Shot {
  readonly path: Path;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const json = { "content-type": "application/json" };
const protobuf = { "content-type": "application/x-protobuf" };
const atOnce = 4;

/** An attack that sends each body as often as told, four at a time. */
function sending(name: string, title: string, rounds: number, shots: () => readonly Shot[]): Attack {
  return {
    name,
    title,
    async prepare(attacker) {
      const all = shots();
      const queue = times(countOf(rounds, attacker), () => all).flat();
      return async () => {
        const statuses = new Map<number, number>();
        await Promise.all(times(atOnce, () => send(attacker, queue, statuses)));
        return [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
      };
    },
  };
}

/** @throws if the server fails, or does not answer. */
async function send({ api, signal }: Attacker, queue: Shot[], statuses: Map<number, number>): Promise<void> {
  for (let shot = queue.shift(); shot !== undefined; shot = queue.shift()) {
    signal.throwIfAborted();
    const { status } = await api.send("POST", shot.path, shot.bytes, shot.headers);
    if (status === 0 || (status >= 500 && status !== 503))
      throw new Error(`${shot.path} answered ${status}.`);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
}

const shot = (path: Path, body: string | Uint8Array, headers: Shot["headers"] = json): Shot => ({
  path,
  bytes: typeof body === "string" ? Buffer.from(body) : body,
  headers,
});

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

function span(n: number, attributes: readonly object[] = []) {
  return {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: (n + 1).toString(16).padStart(16, "0"),
    name: "hostile",
    startTimeUnixNano: "1772355600000000000",
    endTimeUnixNano: "1772355601000000000",
    attributes,
  };
}

const inResource = (spans: readonly object[], attributes: readonly object[] = []) => ({
  resource: { attributes },
  scopeSpans: [{ spans }],
});

const traces = (...resourceSpans: readonly object[]) => JSON.stringify({ resourceSpans });

/** Fields within fields: each one holds the next. `tags` are repeated. */
function nested(tags: readonly number[], depth: number): Uint8Array {
  const heads: number[][] = [];
  let length = 0;
  for (let level = depth - 1; level >= 0; level -= 1) {
    const head = [tags[level % tags.length] ?? 0, ...varint(length)];
    heads.push(head);
    length += head.length;
  }
  return Uint8Array.from(heads.reverse().flat());
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

/** `AnyValue.array_value` and `ArrayValue.values` in turn, in an attribute of the resource. */
function nestedProtobuf(depth: number): Uint8Array {
  const field = (tag: number, content: Uint8Array) =>
    Uint8Array.from([tag, ...varint(content.length), ...content]);
  const attribute = field(0x0a, field(0x12, nested([0x2a, 0x0a], depth)));
  // Its resource, of the first of `resource_spans`.
  return field(0x0a, field(0x0a, attribute));
}

const nestedJson = (depth: number) =>
  `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${'{"arrayValue":{"values":['.repeat(depth)}{}${"]}}".repeat(depth)}}]}}]}`;

/** Attacks by what OpenTelemetry's receiver decodes. */
export const otlp: Family = {
  name: "otlp",
  title: "OpenTelemetry's traces and logs",
  attacks: [
    inFullOnly(
      sending("otlp-garbage", "40 bodies of 2 MB of garbage, in protobuf and JSON", 10, () => {
        const bytes = new Uint8Array(randomBytes(2_000_000));
        return [
          shot("/v1/traces", bytes, protobuf),
          shot("/v1/logs", bytes, protobuf),
          shot("/v1/traces", bytes),
          shot("/v1/logs", bytes),
        ];
      }),
    ),
    sending("otlp-nesting", "120 bodies of values in values, 100,000 deep", 40, () => [
      shot("/v1/traces", nestedProtobuf(100_000), protobuf),
      shot("/v1/traces", nestedJson(100_000)),
      shot("/v1/logs", nestedProtobuf(100_000), protobuf),
    ]),
    inFullOnly(
      sending("otlp-bomb", "60 bodies of 300 kB that inflate to 300 MB", 60, () => [
        shot("/v1/traces", new Uint8Array(gzipSync(Buffer.alloc(300_000_000))), {
          ...protobuf,
          "content-encoding": "gzip",
        }),
      ]),
    ),
    inFullOnly(
      sending("otlp-attributes", "30 bodies of 20 spans with 1,000 attributes each", 30, () => {
        const attributes = times(1_000, (i) => text(`gen_ai.request.k${i}.a.b`, "w ".repeat(20)));
        return [shot("/v1/traces", traces(inResource(times(20, (n) => span(n, attributes)))))];
      }),
    ),
    sending("otlp-json", "30 spans with 4 MB of brackets where a conversation should be", 30, () => {
      const brackets = `${"[".repeat(2_000_000)}${"]".repeat(2_000_000)}`;
      return [shot("/v1/traces", traces(inResource([span(0, [text("gen_ai.input.messages", brackets)])])))];
    }),
    sending("otlp-patterns", "40 spans with 300 kB of what patterns look for, and never find", 20, () => {
      const title = "\n\n---\n\n[TOOL RESULT: ".repeat(14_000);
      const model = { ...span(0, [text("new_context", title)]), name: "claude_code.llm_request" };
      const tags = span(1, [text("langsmith.span.tags", `a${" ".repeat(300_000)}b`)]);
      return [model, tags].map((each) => shot("/v1/traces", traces(inResource([each]))));
    }),
    sending("otlp-resources", "4 bodies of 10,000 resources, each with a project of its own", 4, () => {
      const resources = times(10_000, (n) => inResource([span(n)], [text("service.name", `p${n}`)]));
      return [shot("/v1/traces", traces(...resources), { ...json, "x-project-name": "" })];
    }),
    sending("otlp-messages", "15 bodies of messages for one span, put together again with each", 1, () => [
      shot("/v1/traces", traces(inResource([span(0)]))),
      ...times(15, () => {
        const logRecords = times(60, () => ({
          ...span(0),
          timeUnixNano: "1772355600000000000",
          eventName: "gen_ai.user.message",
          body: { stringValue: randomBytes(2_000).toString("hex") },
        }));
        const resourceLogs = [{ resource: { attributes: [] }, scopeLogs: [{ logRecords }] }];
        return shot("/v1/logs", JSON.stringify({ resourceLogs }));
      }),
    ]),
    inFullOnly(
      sending("otlp-events", "30 bodies of 5,000 evaluation results whose trace never comes", 30, () => {
        const logRecords = times(5_000, (n) => ({
          traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
          timeUnixNano: String(1_772_355_600_000_000_000n + BigInt(n)),
          eventName: "gen_ai.evaluation.result",
          attributes: [
            text("gen_ai.evaluation.name", `e${n}`),
            { key: "gen_ai.evaluation.score.value", value: { doubleValue: 0.5 } },
          ],
        }));
        const resourceLogs = [{ resource: { attributes: [] }, scopeLogs: [{ logRecords }] }];
        return [shot("/v1/logs", JSON.stringify({ resourceLogs }))];
      }),
    ),
  ],
};
