/**
 * Marks a class of errors by name, for itself and what extends it. The mark is a registered symbol, so that it is known
 * to every copy of this package in a program, where `instanceof` knows its own copy alone.
 */
export function brand(type: { readonly prototype: object }, name: string): void {
  Object.defineProperties(type.prototype, {
    // On the prototype, where it is in time for the stack's first line.
    name: { value: name, configurable: true, writable: true },
    [symbol(name)]: { value: true },
  });
}

export function isBranded(error: unknown, name: string): boolean {
  return typeof error === "object" && error !== null && symbol(name) in error;
}

function symbol(name: string): symbol {
  return Symbol.for(`@pandaprobe/sdk/${name}`);
}
