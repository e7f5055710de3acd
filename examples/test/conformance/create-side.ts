import { randomUUID } from "node:crypto";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeAdmin } from "@pandaprobe/sdk/admin";
import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { type Ask, checkedFetch } from "./checked-fetch.ts";
import type { Side } from "./side.ts";
import type { Transcript } from "./transcript.ts";

interface Connection {
  readonly endpoint: string;
  readonly apiKey: string;
  /** Sends a request there. */
  readonly ask: Ask;
}

/** Creates a side. @param transcript records all requests and responses. @param rest what depends on the side */
export function createSide(
  { endpoint, apiKey, ask }: Connection,
  transcript: Transcript,
  rest: Pick<Side, "setJudgeBroken" | "setHeld"> & { newOrganization(): Promise<string> },
): Side {
  const send = checkedFetch(endpoint, ask, transcript);
  const sending = (url: string, init: RequestInit) => send(new Request(url, init));
  const projects = new WeakMap<PandaProbe, string>();
  return {
    client() {
      const projectName = `conformance-${randomUUID()}`;
      const options = { endpoint, apiKey, projectName, fetch: sending, retries: 0 };
      const client = new PandaProbe(options);
      projects.set(client, projectName);
      return Object.assign(client, {
        metrics: new PandaProbeMetrics(options),
        review: new PandaProbeReview(options),
      });
    },
    async send({ method, path, body, headers = {} }, client) {
      const projectName = (client && projects.get(client)) ?? `conformance-${randomUUID()}`;
      const sent = new Headers({ "x-api-key": apiKey, "x-project-name": projectName });
      if (body !== undefined) sent.set("content-type", "application/json");
      for (const [name, value] of Object.entries(headers)) {
        if (value === null) sent.delete(name);
        else sent.set(name, value);
      }
      const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const request = new Request(endpoint + path, {
        method,
        headers: sent,
        ...(text !== undefined && { body: text }),
      });
      const response = await send(request);
      const answered = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? JSON.parse(answered) : answered,
      };
    },
    async organization() {
      const adminKey = await rest.newOrganization();
      const as = { endpoint, fetch: sending, retries: 0 };
      return {
        admin: new PandaProbeAdmin({ ...as, apiKey: adminKey }),
        client({ key = adminKey, project = "first" }) {
          const client = new PandaProbe({ ...as, apiKey: key, projectName: project });
          return Object.assign(client, { admin: new PandaProbeAdmin({ ...as, apiKey: key }) });
        },
      };
    },
    ...rest,
  };
}
