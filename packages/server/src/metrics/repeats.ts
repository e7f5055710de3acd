import { isRecord } from "./reading/is-record.ts";

/** Shorter values stay where they are: a reference would be no gain. */
const MIN_CHARS = 400;

/** Replaces what was shown before by a reference to it, for a rendering that tells everything once. */
export interface RepeatFilter {
  /** The value, or a reference to where the same was shown; `place` is where it is about to be shown. */
  show(value: unknown, place: string): unknown;
}

interface ShownList {
  readonly items: readonly string[];
  readonly place: string;
}

/**
 * Traces repeat themselves: every model call is sent the conversation so far, and the spans around it hold the same
 * input again. Told once, most traces fit a judge's context whole, and cost a fraction.
 */
export function createRepeatFilter(): RepeatFilter {
  const shown = new Map<string, string>();
  const lists = new Map<string, ShownList>();

  /** A list that begins like the one shown last under the same name: what is new in it. */
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
