/** Of a call with more parameters, the first ones are compared. */
const MAX_PARAMETERS = 100;

/** Each parameter that is compared, with a number that stands for its value. */
export type ParameterPrint = ReadonlyMap<string, number>;

/** Prints of calls that are to be compared with each other: each value is written as JSON once, however often it is. */
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

/** The share of parameters in which two calls agree, over all names that either of them has; 1 for two empty ones. */
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
