import type { FastifyInstance } from "fastify";

/** An answer is data: it is neither run, nor shown inside another page, nor taken for something else than it says. */
const headers = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** Tells browsers what they may do with an answer. The reference says otherwise for itself. */
export function registerSecurityHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(headers);
  });
}
