/** What the score stages of the plan metrics are given. */
export interface Planned extends Readonly<Record<string, unknown>> {
  readonly task: string;
  readonly plan: readonly string[];
}

/** Stands in for it in previews. */
export const plannedPlaceholder: Planned = {
  task: "… the task, as an earlier stage found it …",
  plan: ["… the planned steps in order, as the stage before found them …"],
};
