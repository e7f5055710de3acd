import type { Fetch } from "@pandaprobe/sdk";

/** A `fetch` for a client, of a function that answers requests: what it is told makes one. */
export function requestFetch(answer: (request: Request) => Response | Promise<Response>): Fetch {
  return async (url, init) => answer(new Request(url, init));
}
