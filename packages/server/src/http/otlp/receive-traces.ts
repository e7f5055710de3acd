import { authorize, type OtlpReceipt, ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyRequest } from "fastify";
import type { DecodedTraces } from "../../compute/otlp/decode-traces.ts";
import type { OtlpBody } from "../../compute/otlp/read-body.ts";
import { isOrphaned } from "../../db/sql-state.ts";
import { ensureProject, findProject } from "../../features/projects/caller.ts";
import { checkStorage } from "../../features/quotas/check-quotas.ts";
import { storeOtlpTraces } from "../../features/traces/store-otlp-traces.ts";
import { keyOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

/** The project that a request names for all that it holds. @throws ProblemError if the key does not open it. */
export function namedProject(request: FastifyRequest): string | null {
  const sent = request.headers["x-project-name"];
  const name = Array.isArray(sent) ? sent[0] : sent;
  return name === undefined ? null : authorize(keyOf(request), "ingest", "header", name);
}

/** Stores the spans of a request, those of each resource in its project. They are durable when this returns. */
export async function receiveTraces(
  context: HttpContext,
  request: FastifyRequest,
  body: OtlpBody,
): Promise<OtlpReceipt> {
  const project = namedProject(request);
  const { apiKeyId } = keyOf(request);
  const decoded = await context.intake.decodeTraces({ ...body, project }, apiKeyId, request.gone);
  const reasons = [...decoded.reasons];
  let { rejected } = decoded;
  for (const { name, traces } of decoded.projects) {
    try {
      const leftOut = await storeInProject(context, request, name, traces);
      rejected += leftOut.spans;
      reasons.push(...leftOut.reasons);
    } catch (error) {
      // One project's refusal is no reason to send the others' spans again.
      if (decoded.projects.length === 1 && project !== null) throw error;
      if (!(error instanceof ProblemError) || error.status === 503) throw error;
      if (decoded.projects.length === 1 && error.code === "quota_exceeded") throw error;
      rejected += traces.reduce((sum, { spans }) => sum + spans, 0);
      reasons.push(error.message);
    }
  }
  return { rejected, reasons };
}

async function storeInProject(
  { db, quotas }: HttpContext,
  request: FastifyRequest,
  name: string,
  traces: DecodedTraces["projects"][number]["traces"],
) {
  const key = keyOf(request);
  authorize(key, "ingest", "header", name);
  const store = async () => {
    const projectId = await findProject(db, key.organizationId, name);
    await checkStorage(db, projectId, quotas, "traces");
    const caller = await ensureProject(db, { ...key, projectName: name, projectId });
    return storeOtlpTraces(db, caller.projectId, traces);
  };
  try {
    return await store();
  } catch (error) {
    // The project was deleted meanwhile. Its name now means a new one.
    if (!isOrphaned(error)) throw error;
    return store();
  }
}
