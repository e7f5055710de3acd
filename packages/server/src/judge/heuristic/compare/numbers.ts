/** Numbers as people and machines write them: 1,200 · 49.90 · 49,90 · 07 */
const NUMBER = /\d+(?:[.,]\d+)*/g;
const MAX_CHARS = 200_000;

/** Every number in a text, in each way in which its separators can be read. */
export function numbersIn(text: string): Set<number> {
  const found = new Set<number>();
  for (const [written] of text.slice(0, MAX_CHARS).matchAll(NUMBER))
    for (const value of readings(written)) found.add(value);
  return found;
}

/** The numbers of `text`, as written, no reading of which is in `known`. Single digits say too little to count. */
export function unknownNumbers(text: string, known: ReadonlySet<number>): string[] {
  const written = [...text.matchAll(NUMBER)].map(([number]) => number);
  return [...new Set(written)].filter(
    (number) => number.length > 1 && !readings(number).some((value) => known.has(value)),
  );
}

function readings(written: string): number[] {
  const plain = written.replaceAll(/[.,]/g, "");
  const decimal = written.replaceAll(/[.,](?=.*[.,])/g, "").replace(",", ".");
  return [Number(plain), Number(decimal)];
}
