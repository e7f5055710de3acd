import { ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance } from "fastify";

/**
 * Takes over what Node would answer by itself, with a bare status: a request without `Host` (the server must be told
 * `requireHostHeader: false`) is a problem like any other, and an `Expect` that nobody knows is not held against anyone.
 */
export function registerBareAnswers(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    if (request.raw.httpVersion === "1.1" && request.headers.host === undefined) {
      throw new ProblemError(
        "malformed_request",
        "An HTTP/1.1 request must name its host in the header Host.",
      );
    }
  });
  app.server.on("checkExpectation", (request, response) => app.routing(request, response));
}
