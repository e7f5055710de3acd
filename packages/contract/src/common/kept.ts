import type { SpanCreate } from "../spans.ts";
import type { TraceCreate } from "../traces.ts";
import { cutObjectTo } from "./cut-object.ts";
import { limits } from "./limits.ts";
import { withoutUnknown } from "./merge-trace.ts";
import { firstCharacters } from "./text.ts";

/** The part of a trace or of spans that is stored, and warnings about the rest. */
export interface Kept<Sent> {
  readonly kept: Sent;
  /** One sentence for each value that was cut or dropped. At most {@link limits.issues}. */
  readonly warnings: readonly string[];
}

/** Fields of a span that are cut if they are too large. */
const spanObjects = ["token_usage", "metadata", "model_parameters", "cost"] as const;

/** How many fields one warning names. */
const mostNamed = 5;

/**
 * The part of a trace that is stored. Too large metadata and too many tags are cut; a trace is not rejected
 * because of them.
 */
export function keptTrace(sent: TraceCreate): Kept<TraceCreate> {
  const warnings: string[] = [];
  let kept = withoutUnknown(sent);
  if (sent.tags !== undefined && sent.tags.length > limits.tags) {
    kept.tags = sent.tags.slice(0, limits.tags);
    warnings.push(
      `tags: the first ${limits.tags} were kept, and ${sent.tags.length - limits.tags} were dropped.`,
    );
  }
  kept = withCutFields(kept, ["metadata"], "", warnings);
  if (sent.spans !== undefined) {
    const spans = keptSpans(sent.spans);
    kept.spans = spans.kept;
    warnings.push(...spans.warnings.map((warning) => `spans.${warning}`));
  }
  return { kept, warnings: atMost(warnings) };
}

/** The part of spans that is stored. */
export function keptSpans(sent: SpanCreate[]): Kept<SpanCreate[]> {
  const warnings: string[] = [];
  const kept = sent.map((span, index) => withCutFields(span, spanObjects, `${index}.`, warnings));
  return { kept, warnings: atMost(warnings) };
}

/** The part of metadata that is stored after it was added to stored metadata. */
export function keptMetadata(merged: Record<string, unknown>): Record<string, unknown> {
  return cutObjectTo(merged, limits.objectBytes)?.value ?? merged;
}

/** Warnings for a response, which has the field only if there are any: at most {@link limits.issues}. */
export function sentWarnings(...warnings: readonly (readonly string[])[]): { warnings?: string[] } {
  const all = atMost(warnings.flat());
  return all.length === 0 ? {} : { warnings: all };
}

function withCutFields<
  Field extends string,
  Holder extends { readonly [F in Field]?: Readonly<Record<string, unknown>> | null | undefined },
>(sent: Holder, names: readonly Field[], place: string, warnings: string[]): Holder {
  let kept = sent;
  for (const name of names) {
    const object = sent[name];
    if (object == null) continue;
    const result = cutObjectTo(object, limits.objectBytes);
    if (result === null) continue;
    kept = { ...kept, [name]: result.value };
    warnings.push(`${place}${name}: ${whatWasCut(result)}.`);
  }
  return kept;
}

function whatWasCut({ cut, dropped }: { readonly cut: readonly string[]; readonly dropped: number }): string {
  const names = cut.slice(0, mostNamed).map((key) => firstCharacters(key, 100));
  const more = cut.length > mostNamed ? ` and ${cut.length - mostNamed} more` : "";
  return [
    `larger than ${limits.objectBytes} bytes of JSON`,
    ...(cut.length === 0 ? [] : [`the values of ${names.join(", ")}${more} were cut`]),
    ...(dropped === 0 ? [] : [`${dropped} ${dropped === 1 ? "field was" : "fields were"} dropped`]),
  ].join("; ");
}

function atMost(warnings: readonly string[]): string[] {
  if (warnings.length <= limits.issues) return [...warnings];
  const shown = warnings.slice(0, limits.issues - 1);
  return [...shown, `${warnings.length - shown.length} more warnings are left out.`];
}
