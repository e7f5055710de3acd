/** What the jobs of a worker are counted by, so that none of it takes all places. */
export interface PlaceOwner {
  readonly projectId: string;
  /** `provider/model` */
  readonly model: string | null;
}

const projectPrefix = "project:";
const modelPrefix = "model:";

/** The flags of a job in the queue, by which a worker leaves it to others. */
export function placeFlags({ projectId, model }: PlaceOwner): string[] {
  return [projectPrefix + projectId, ...(model === null ? [] : [modelFlag(model)])];
}

/** @param model `provider/model` */
export function modelFlag(model: string): string {
  return modelPrefix + model;
}

export function isModelFlag(flag: string): boolean {
  return flag.startsWith(modelPrefix);
}
