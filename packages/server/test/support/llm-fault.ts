import type { ServerResponse } from "node:http";

/** What the test server does instead of answering. */
export type Fault =
  /** Answers with an error status. `body` may be any JSON. Default: an error in OpenAI's form. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Sends its headers, and then a character now and then, forever. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /** Answers with this body; "" for none. Default: status 200 and JSON's content type. */
  | {
      readonly kind: "body";
      readonly text: string;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Answers properly, but the model says this. */
  | { readonly kind: "says"; readonly text: string; readonly finishReason?: string }
  /** Cuts the connection. */
  | { readonly kind: "reset" };

/** Plays a fault, except those in which the model answers. */
export function playFault(fault: Exclude<Fault, { kind: "says" }>, response: ServerResponse): void {
  switch (fault.kind) {
    case "status": {
      const error = { message: `The test server answers ${fault.status}.`, type: "test_error", code: null };
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(JSON.stringify(fault.body ?? { error }));
      return;
    }
    case "hang":
      return;
    case "drip": {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("{");
      const timer = setInterval(() => response.write(" "), fault.everyMs);
      response.on("close", () => clearInterval(timer));
      return;
    }
    case "body":
      response.writeHead(fault.status ?? 200, { "content-type": "application/json", ...fault.headers });
      response.end(fault.text);
      return;
    case "reset":
      response.destroy();
  }
}
