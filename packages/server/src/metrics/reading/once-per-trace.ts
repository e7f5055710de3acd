import type { Trace } from "../trace.ts";

/** A reading of traces that is done once for each, whoever asks: several metrics read the same off one trace. */
export function oncePerTrace<Reading>(read: (trace: Trace) => Reading): (trace: Trace) => Reading {
  // In a box, since what is read may be undefined.
  const known = new WeakMap<Trace, { readonly reading: Reading }>();
  return (trace) => {
    const box = known.get(trace) ?? { reading: read(trace) };
    known.set(trace, box);
    return box.reading;
  };
}
