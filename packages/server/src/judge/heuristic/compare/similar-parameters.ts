/** At most this many parameters of a call are compared. */
const MAX_PARAMETERS = 100;

/** The parameters of a call, with a number for each distinct value. */
export type ParameterPrint = ReadonlyMap<string, number>;

/** Creates comparable prints of calls. Each value is serialized once, however often it is compared. */
export function createParameterPrints(): (parameters: Readonly<Record<string, unknown>>) => ParameterPrint {
  const numbers = new Map<string, number>();
  return (parameters) => {
    const print = new Map<string, number>();
    for (const name in parameters) {
      if (print.size >= MAX_PARAMETERS) break;
      const json = JSON.stringify(parameters[name]) ?? "";
      const number = numbers.get(json) ?? numbers.size;
      numbers.set(json, number);
      print.set(name, number);
    }
    return print;
  };
}

/** The share of all parameter names of two calls under which both have the same value; 1 if both have none. */
export function parameterSimilarity(a: ParameterPrint, b: ParameterPrint): number {
  let shared = 0;
  let equal = 0;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined) continue;
    shared++;
    if (other === value) equal++;
  }
  const names = a.size + b.size - shared;
  return names === 0 ? 1 : equal / names;
}
