import { isRecord } from "../reading/json.ts";
import type { Trace } from "../trace.ts";

/**
 * The value at a path of the trace's metadata: a key, or keys joined by dots. A key that itself contains the dots comes
 * first. `undefined` if there is none, or it is null.
 */
export function atMetadataPath({ metadata }: Pick<Trace, "metadata">, path: string): unknown {
  return ownValue(metadata, path) ?? path.split(".").reduce<unknown>(ownValue, metadata) ?? undefined;
}

function ownValue(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
