import { type RunSettings, shownSettings } from "@pandaprobe/contract/rules";
import type { NewRow } from "../../db/schema.ts";
import { toJson } from "../../db/storable.ts";

/** The columns of a monitor that hold its settings. */
export function settingsColumns(settings: RunSettings) {
  const { filters, ...columns } = shownSettings(settings);
  return { ...columns, target_type: settings.target_type, filters: toJson(filters) } satisfies Partial<
    NewRow<"monitors">
  >;
}
