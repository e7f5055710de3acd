import { withoutUndefined } from "./store-trace.ts";

/** What a PATCH changes: what cannot be null counts as left out where it is. */
export function sentChanges<Update extends object, Field extends keyof Update & string>(
  update: Update,
  neverNull: readonly Field[],
): { [K in keyof Update]?: K extends Field ? NonNullable<Update[K]> : Exclude<Update[K], undefined> } {
  const names: readonly string[] = neverNull;
  const sent = Object.entries(withoutUndefined(update)).filter(
    ([name, value]) => value !== null || !names.includes(name),
  );
  return Object.fromEntries(sent) as ReturnType<typeof sentChanges<Update, Field>>;
}
