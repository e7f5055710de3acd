import type { Trace } from "../trace.ts";

/** Caches a function of a trace, since several metrics read the same facts from one trace. */
export function oncePerTrace<Reading>(read: (trace: Trace) => Reading): (trace: Trace) => Reading {
  // Boxed, because the result may be undefined.
  const known = new WeakMap<Trace, { readonly reading: Reading }>();
  return (trace) => {
    const box = known.get(trace) ?? { reading: read(trace) };
    known.set(trace, box);
    return box.reading;
  };
}
