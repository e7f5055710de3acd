/** About how many tokens so many characters are; what was wrong is put right once the provider has counted. */
export function tokensOf(chars: number): number {
  return Math.ceil(chars / 4);
}
