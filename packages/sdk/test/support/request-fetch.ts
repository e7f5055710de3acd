import type { Fetch } from "@pandaprobe/sdk";

/** Turns a function that answers requests into a `fetch` for a client. */
export function requestFetch(answer: (request: Request) => Response | Promise<Response>): Fetch {
  return async (url, init) => answer(new Request(url, init));
}
