/** What a worker's job slots are shared between. */
export interface ShareOwner {
  readonly projectId: string;
  /** As `provider/model`. */
  readonly model: string | null;
}

const modelPrefix = "model:";

/** A job's flags in the queue: one for its model, and one for its project and model together. A worker can skip jobs by flag. */
export function fairShareFlags({ projectId, model }: ShareOwner): string[] {
  return model === null ? [projectId] : [`${projectId} ${model}`, modelFlag(model)];
}

/** @param model as `provider/model`. */
export function modelFlag(model: string): string {
  return modelPrefix + model;
}

export function isModelFlag(flag: string): boolean {
  return flag.startsWith(modelPrefix);
}
