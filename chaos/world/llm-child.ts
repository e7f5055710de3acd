import { createHash } from "node:crypto";
import { zooCall } from "../../packages/server/test/support/gateway-zoo/behaviour.ts";
import { behaviours } from "../../packages/server/test/support/gateway-zoo/behaviours.ts";
import { rightAnswer } from "../../packages/server/test/support/llm-answer.ts";
import type { ChatBody } from "../../packages/server/test/support/llm-question.ts";
import {
  type Fault,
  type RecordedRequest,
  startLlmServer,
} from "../../packages/server/test/support/llm-server.ts";
import { type Random, seededRandom } from "../random.ts";
import type { LlmBehaviour, LlmCall } from "./llm-behaviour.ts";

/** The provider in a process of its own, so that it does not slow down the server and survives its kills. */
const behaviour = JSON.parse(process.argv[2] ?? "") as LlmBehaviour;
const random = seededRandom(behaviour.seed);
const faults = faultMix(random, behaviour.faultRate ?? 0);

type Noted = { -readonly [Key in keyof LlmCall]: LlmCall[Key] };
const calls = new Map<number, Noted>();

const llm = await startLlmServer({
  latencyMs: () => random.between(...behaviour.latencyMs),
  fault(request) {
    const fault = faults() ?? (behaviour.followsTraces ? behaviourOf(request) : undefined);
    note(request).fault = fault?.kind === "status" ? String(fault.status) : (fault?.kind ?? null);
    return fault;
  },
  answer(request) {
    if (request.path !== "/chat/completions") return undefined;
    const answer = JSON.stringify(rightAnswer(request.body));
    return answer.replaceAll(
      "An answer of the test server.",
      `The answer to question ${hashOf(request.body)}.`,
    );
  },
  onAnswered(request) {
    const call = note(request);
    if (call.fault === null) call.answeredAt = Date.now();
  },
  onReceived: note,
});

process.on("message", () => process.send?.({ calls: [...calls.values()], inFlight: llm.inFlight }));
process.on("disconnect", () => process.exit());
process.send?.({ baseUrl: llm.baseUrl });

/** The number of calls per behaviour, since some behaviours change with it. */
const callCounts = new Map<string, number>();

function behaviourOf(request: RecordedRequest): Fault | undefined {
  const name = /zoo:([\w-]+);/.exec(JSON.stringify(request.sent))?.[1] ?? "";
  const n = (callCounts.get(name) ?? 0) + 1;
  callCounts.set(name, n);
  return behaviours[name]?.(zooCall(request, n));
}

function note(request: RecordedRequest): Noted {
  const known = calls.get(request.n);
  if (known !== undefined) return known;
  const hash = request.path === "/chat/completions" ? hashOf(request.body) : "embedding";
  const call = { hash, receivedAt: Date.now(), answeredAt: null, fault: null };
  calls.set(request.n, call);
  return call;
}

function hashOf(question: ChatBody): string {
  const text = question.messages.map(({ content }) => content).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Returns faults of all kinds for a share `rate` of the calls, some of them in storms. */
function faultMix({ next, pick }: Random, rate: number): () => Fault | undefined {
  const kinds: readonly Fault[] = [
    { kind: "status", status: 429, headers: { "retry-after": "1" } },
    { kind: "status", status: 429 },
    { kind: "status", status: 500 },
    { kind: "status", status: 503 },
    { kind: "hang" },
    { kind: "drip", everyMs: 100 },
    { kind: "body", text: "<html>Bad gateway</html>" },
    { kind: "body", text: "" },
    { kind: "says", text: "I would rather not answer in JSON." },
    { kind: "reset" },
  ];
  let storm: { readonly fault: Fault; left: number } | undefined;
  return () => {
    if (storm !== undefined && storm.left > 0) {
      storm.left -= 1;
      return storm.fault;
    }
    if (next() >= rate) return undefined;
    const fault = pick(kinds);
    // Overload comes in storms: the next calls get the same fault.
    if (fault.kind === "status" && next() < 0.1) storm = { fault, left: 5 };
    return fault;
  };
}
