/** A query string of these pairs, in their order; a name may come more than once. */
export function queryText(pairs: readonly (readonly [string, string])[]): string {
  const search = new URLSearchParams();
  for (const [name, value] of pairs) search.append(name, value);
  return search.toString();
}
