import type { Socket } from "node:net";
import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { v4 as uuidv4 } from "uuid";
import { type AuthSettings, registerAuth } from "./auth.ts";
import { registerCompression } from "./compression.ts";
import { registerConnections } from "./connections.ts";
import type { HttpContext } from "./context.ts";
import { registerCors } from "./cors.ts";
import { registerDocs } from "./docs.ts";
import { registerHeaders, requestId } from "./headers.ts";
import { type BodySettings, registerJsonBodies } from "./json-body.ts";
import type { OperationsSettings } from "./operations-server.ts";
import { sendError } from "./otlp/otlp-errors.ts";
import { registerBearerKeys, registerOtlp } from "./otlp/otlp-routes.ts";
import { registerPage } from "./page.ts";
import { rawProblem, registerProblems, sendProblem } from "./problems.ts";
import { registerAudit } from "./register-audit.ts";
import { type GateSettings, registerGates } from "./register-gates.ts";
import { registerQuotas } from "./register-quotas.ts";
import { type RateLimits, registerRateLimits } from "./register-rate-limits.ts";
import { agreementRoutes } from "./routes/agreements.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { auditLogRoutes } from "./routes/audit-log.ts";
import { comparisonRoutes } from "./routes/comparisons.ts";
import { metricRoutes } from "./routes/metrics.ts";
import { monitorRoutes } from "./routes/monitors.ts";
import { operationRoutes } from "./routes/operations.ts";
import { ownMetricRoutes } from "./routes/own-metrics.ts";
import { projectRoutes } from "./routes/projects.ts";
import { reviewItemRoutes, reviewQueueRoutes } from "./routes/review-queues.ts";
import { scoreAnalyticsRoutes } from "./routes/score-analytics.ts";
import { sessionRunRoutes } from "./routes/session-runs.ts";
import { sessionScoreRoutes } from "./routes/session-scores.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { settingsRoutes } from "./routes/settings.ts";
import { spanScoreRoutes } from "./routes/span-scores.ts";
import { spanRoutes } from "./routes/spans.ts";
import { traceAnalyticsRoutes } from "./routes/trace-analytics.ts";
import { traceBatchRoutes } from "./routes/trace-batches.ts";
import { traceRunRoutes } from "./routes/trace-runs.ts";
import { traceScoreRoutes } from "./routes/trace-scores.ts";
import { traceRoutes } from "./routes/traces.ts";
import type { SignInCode } from "./sign-in-code.ts";
import { registerStorableParameters } from "./storable-parameters.ts";

interface HttpSettings extends AuthSettings, BodySettings, GateSettings, OperationsSettings {
  /** The addresses of proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  readonly bodyLimitBytes: number;
  /** How long a client may take to send a request. */
  readonly requestTimeoutMs: number;
  readonly corsOrigins: readonly string[];
  readonly rateLimits: RateLimits;
}

/** Known only to this start. */
interface StartSettings {
  /** The code of the sign-in link to the page; `null` if this start created no key. */
  readonly signInCode: SignInCode | null;
}

/** 255 characters of up to four bytes, each percent-encoded as three characters. */
const maxParamLength = 255 * 4 * 3;

/** The HTTP server, ready to listen. */
export async function buildApp(
  context: HttpContext,
  settings: HttpSettings & StartSettings,
  logger: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    // A line per request belongs into the access log of a proxy.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: settings.requestTimeoutMs,
    routerOptions: { maxParamLength, ignoreTrailingSlash: true },
    frameworkErrors: sendProblem,
    clientErrorHandler: answerClientError,
    forceCloseConnections: "idle",
    // Requests that arrive while draining are answered as usual: Fastify's own refusal is not a problem document.
    return503OnClosing: false,
    http: {
      requireHostHeader: false,
      // If the timeout of requests is shorter than that of headers (60 s), Node enforces it on headers alone.
      headersTimeout: Math.min(60_000, settings.requestTimeoutMs),
      // Node checks every 30 s by default, whatever the timeout.
      connectionsCheckingInterval: Math.min(30_000, Math.ceil(settings.requestTimeoutMs / 4)),
    },
  });
  const closedPaths = [
    ...(settings.metricsPort === null ? [] : ["/metrics"]),
    ...(settings.docsPort === null ? [] : ["/docs", "/openapi.json"]),
  ];
  registerHeaders(app);
  registerProblems(app, { closed: closedPaths, send: sendError });
  registerConnections(app, context.draining);
  context.metrics.observe(app);
  await registerCors(app, settings.corsOrigins);
  await registerCompression(app);
  registerJsonBodies(app, context.masking, settings);
  registerStorableParameters(app);
  registerBearerKeys(app);
  registerAuth(app, context.db, context.keyUses, settings);
  registerRateLimits(app, context.db, settings.rateLimits);
  registerGates(app, settings);
  registerQuotas(app, context.db, context.quotas);
  registerAudit(app, context.db);
  if (settings.docsPort === null) registerDocs(app, { sendsRequests: true });
  registerPage(app, { signInCode: settings.signInCode, hasDocs: settings.docsPort === null });
  registerClosedPaths(app, closedPaths);
  const router = initServer().router(contract, {
    traces: traceRoutes(context),
    spans: spanRoutes(context),
    traceBatches: traceBatchRoutes(context),
    traceAnalytics: traceAnalyticsRoutes(context),
    sessions: sessionRoutes(context),
    metrics: metricRoutes(context),
    ownMetrics: ownMetricRoutes(context),
    traceRuns: traceRunRoutes(context),
    traceScores: traceScoreRoutes(context),
    sessionRuns: sessionRunRoutes(context),
    scoreAnalytics: scoreAnalyticsRoutes(context),
    sessionScores: sessionScoreRoutes(context),
    spanScores: spanScoreRoutes(context),
    agreements: agreementRoutes(context),
    comparisons: comparisonRoutes(context),
    reviewQueues: reviewQueueRoutes(context),
    reviewItems: reviewItemRoutes(context),
    monitors: monitorRoutes(context),
    projects: projectRoutes(context),
    apiKeys: apiKeyRoutes(context),
    auditLog: auditLogRoutes(context),
    settings: settingsRoutes(context),
    operations: operationRoutes(context),
  });
  await registerOtlp(app, context, { values: settings.bodyLimitValues });
  await app.register(initServer().plugin(router), {
    logInitialization: false,
    jsonQuery: false,
    responseValidation: false,
    requestValidationErrorHandler: sendProblem,
  });
  return app;
}

/** Answers these paths 404. */
function registerClosedPaths(app: FastifyInstance, paths: readonly string[]): void {
  app.addHook("onRequest", async (request, reply) => {
    if (paths.includes(request.routeOptions.url ?? "")) reply.callNotFound();
  });
}

/** Answers bytes that Node could not parse as a request. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  socket.end(rawProblem(status, uuidv4()));
}
