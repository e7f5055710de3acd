import { isRecord } from "./reading/json.ts";

/** Shorter values are repeated as they are; a reference would save nothing. */
const MIN_CHARS = 400;

/** Replaces a value that was shown before by a reference to it, so that a rendering shows everything once. */
export interface RepeatFilter {
  /** The value, or a reference to where it was shown before. `place` names where it is about to be shown. */
  show(value: unknown, place: string): unknown;
}

interface ShownList {
  readonly items: readonly string[];
  readonly place: string;
}

/**
 * Traces repeat themselves: every model call contains the conversation so far, and its parent spans hold the same input again.
 * Without repetitions, most traces fit into a judge's context and cost a fraction.
 */
export function createRepeatFilter(): RepeatFilter {
  const shown = new Map<string, string>();
  const lists = new Map<string, ShownList>();

  /** Drops the beginning that a list shares with the last one shown under the same name. */
  function showList(list: readonly unknown[], name: string, place: string): readonly unknown[] {
    const items = list.map((item) => JSON.stringify(item));
    const before = lists.get(name);
    lists.set(name, { items, place });
    if (before === undefined) return list;
    const differs = items.findIndex((item, i) => item !== before.items[i]);
    const same = differs === -1 ? items.length : differs;
    const chars = items.slice(0, same).reduce((sum, item) => sum + item.length, 0);
    if (same < 2 || chars < MIN_CHARS) return list;
    return [`… [the first ${same} items are those of ${before.place}] …`, ...list.slice(same)];
  }

  return {
    show(value, place) {
      if (typeof value !== "string" && typeof value !== "object") return value;
      const json = JSON.stringify(value);
      if (json === undefined || json.length < MIN_CHARS) return value;
      const earlier = shown.get(json);
      if (earlier !== undefined) return `… [as ${earlier}] …`;
      shown.set(json, place);
      if (Array.isArray(value)) return showList(value, "", place);
      if (!isRecord(value) || !Object.values(value).some(Array.isArray)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          Array.isArray(item) ? showList(item, key, place) : item,
        ]),
      );
    },
  };
}
