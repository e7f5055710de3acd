import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import { ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { SignInCode } from "./sign-in-code.ts";

/** Makes the browser enforce that the page loads nothing from other hosts, sends nothing to them, and runs no inline code. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Images in traces are shown from their base64, and only when asked for.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const pageHeaders = {
  "content-security-policy": pagePolicy,
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

const SignIn = z.object({ code: z.string().max(100) });

export interface PageSettings {
  /** The code of the sign-in link; `null` if this start created no key. */
  readonly signInCode: SignInCode | null;
  /** Whether `/docs` is on this port. */
  readonly hasDocs: boolean;
}

/** Serves the page under `/app/`, from the files that `packages/web` builds into this package. */
export function registerPage(app: FastifyInstance, { signInCode, hasDocs }: PageSettings): void {
  const manifest = createRequire(import.meta.url).resolve("@pandaprobe/server/package.json");
  const root = path.join(path.dirname(manifest), "web");
  const html = existsSync(path.join(root, "index.html"))
    ? readFileSync(path.join(root, "index.html"), "utf8")
    : null;
  const sendPage = async (_request: FastifyRequest, reply: FastifyReply) => {
    if (html === null)
      throw new ProblemError(
        "not_found",
        "The page has not been built. Run `npm run build`, then start again.",
      );
    return reply
      .headers({ ...pageHeaders, "cache-control": "no-cache" })
      .type("text/html; charset=utf-8")
      .send(html);
  };
  app.get("/app", sendPage);
  app.get("/app/*", sendPage);
  if (html !== null) {
    app.register(fastifyStatic, {
      root: path.join(root, "assets"),
      prefix: "/app/assets/",
      decorateReply: false,
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: "365d",
    });
  }
  app.post("/app/sign-in", async (request, reply) => {
    const sent = SignIn.safeParse(request.body);
    const apiKey = sent.success ? (signInCode?.exchange(sent.data.code) ?? null) : null;
    if (apiKey === null)
      throw new ProblemError(
        "not_found",
        "This link has been used, or belongs to an earlier start. Sign in with an API key.",
      );
    return reply.header("cache-control", "no-store").send({ api_key: apiKey });
  });
  app.get("/", async (request, reply) => {
    reply.header("vary", "accept");
    if (request.headers.accept?.includes("text/html")) return reply.redirect("/app/", 302);
    return { page: "/app/", ...(hasDocs ? { docs: "/docs", openapi: "/openapi.json" } : {}) };
  });
}
