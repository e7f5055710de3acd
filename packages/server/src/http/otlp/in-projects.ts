import { authorize, type OtlpReceipt, ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyRequest } from "fastify";
import { isOrphaned } from "../../db/sql-state.ts";
import { ensureProject, findProject } from "../../features/projects/caller.ts";
import { checkStorage } from "../../features/quotas/check-quotas.ts";
import { keyOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

/** The project that a request names for all its items. @throws ProblemError if the key has no access to it. */
export function namedProject(request: FastifyRequest): string | null {
  const sent = request.headers["x-project-name"];
  const name = Array.isArray(sent) ? sent[0] : sent;
  return name === undefined ? null : authorize(keyOf(request), "ingest", "header", name);
}

/** How a request's items for a project are stored. */
export interface Storing<Share> {
  /** The quota that it uses. */
  readonly quota: "traces" | "bytes";
  /** How many spans or log records it stands for. */
  count(share: Share): number;
  store(projectId: string, share: Share): Promise<OtlpReceipt>;
}

/**
 * Stores each project's share of a request. If one of several projects refuses its items, only these are rejected.
 *
 * @param read the items of the request that could not be read.
 */
export async function storeInProjects<Share extends { readonly name: string }>(
  context: HttpContext,
  request: FastifyRequest,
  shares: readonly Share[],
  storing: Storing<Share>,
  read: OtlpReceipt,
): Promise<OtlpReceipt> {
  const reasons = [...read.reasons];
  let { rejected } = read;
  for (const share of shares) {
    try {
      const leftOut = await storeShare(context, request, share, storing);
      rejected += leftOut.rejected;
      reasons.push(...leftOut.reasons);
    } catch (error) {
      // If one project refuses its items, the others' must not be sent again.
      if (shares.length === 1 && namedProject(request) !== null) throw error;
      if (!(error instanceof ProblemError) || error.status === 503) throw error;
      if (shares.length === 1 && error.code === "quota_exceeded") throw error;
      rejected += storing.count(share);
      reasons.push(error.message);
    }
  }
  return { rejected, reasons };
}

async function storeShare<Share extends { readonly name: string }>(
  { db, quotas }: HttpContext,
  request: FastifyRequest,
  share: Share,
  storing: Storing<Share>,
): Promise<OtlpReceipt> {
  const key = keyOf(request);
  authorize(key, "ingest", "header", share.name);
  const store = async () => {
    const projectId = await findProject(db, key.organizationId, share.name);
    await checkStorage(db, projectId, quotas, storing.quota);
    const caller = await ensureProject(db, { ...key, projectName: share.name, projectId });
    return storing.store(caller.projectId, share);
  };
  try {
    return await store();
  } catch (error) {
    // The project was deleted meanwhile. Its name now means a new one.
    if (!isOrphaned(error)) throw error;
    return store();
  }
}
