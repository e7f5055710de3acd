import { type JuryAggregate, judgingConflict } from "../../judging.ts";
import { invalidField } from "../problem.ts";

/** Who judges a run, and how often. */
export interface JudgedBy {
  /** The requested judge; `null`: the server's default, or a jury. */
  readonly model: string | null;
  readonly repeats: number;
  /** The jury; `null`: one judge. */
  readonly judges: readonly string[] | null;
  /** `null` without a jury. */
  readonly aggregate: JuryAggregate | null;
}

/** The fields of a request that say who judges. Missing ones have their defaults. */
export type JudgedByRequest = { readonly [Field in keyof JudgedBy]?: JudgedBy[Field] | null | undefined };

/** @throws ProblemError `validation_error` for fields that contradict each other. */
export function judgedBy({ model, repeats, judges, aggregate }: JudgedByRequest): JudgedBy {
  const conflict = judgingConflict({ model, judges, aggregate });
  if (conflict !== undefined) throw invalidField("validation_error", conflict.field, conflict.message);
  return {
    model: model ?? null,
    repeats: repeats ?? 1,
    judges: judges ?? null,
    aggregate: judges == null ? null : (aggregate ?? "mean"),
  };
}

/**
 * Applies the fields of a retry, or of a change of a monitor. `undefined` keeps a field and `null` clears it. A judge
 * replaces a jury, and a jury a judge.
 *
 * @throws ProblemError `validation_error` for fields that contradict each other.
 */
export function changedJudges(before: JudgedBy, change: JudgedByRequest): JudgedBy {
  const { model = change.judges == null ? before.model : null } = change;
  const { judges = change.model == null ? before.judges : null } = change;
  const { aggregate = judges === null ? null : before.aggregate, repeats = before.repeats } = change;
  return judgedBy({ model, judges, aggregate, repeats });
}

/** Who judges a retry: as the original, unless others are requested. @throws ProblemError `validation_error` */
export function retriedBy(original: JudgedBy, request: JudgedByRequest): JudgedBy {
  return changedJudges(original, {
    model: request.model ?? undefined,
    repeats: request.repeats ?? undefined,
    judges: request.judges ?? undefined,
    aggregate: request.aggregate ?? undefined,
  });
}

/** The resolved members of a jury. @throws ProblemError `validation_error` for two names of the same model. */
export function distinctJudges(resolved: readonly string[]): string[] {
  const twice = resolved.find((model, i) => resolved.indexOf(model) !== i);
  if (twice === undefined) return [...resolved];
  throw invalidField("validation_error", "judges", `must be different models: ${twice} is named twice`);
}
