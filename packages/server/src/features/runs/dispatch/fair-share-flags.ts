/** What the places of a worker are shared out by. */
export interface ShareOwner {
  readonly projectId: string;
  /** `provider/model` */
  readonly model: string | null;
}

const modelPrefix = "model:";

/** The flags of a job in the queue, by which a worker leaves it to others: for its model, and for what a project asks of that. */
export function fairShareFlags({ projectId, model }: ShareOwner): string[] {
  return model === null ? [projectId] : [`${projectId} ${model}`, modelFlag(model)];
}

/** @param model `provider/model` */
export function modelFlag(model: string): string {
  return modelPrefix + model;
}

export function isModelFlag(flag: string): boolean {
  return flag.startsWith(modelPrefix);
}
