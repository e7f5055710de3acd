/** How many people passed a target, of those who scored it. */
export interface Ratings {
  readonly passed: number;
  readonly people: number;
}

/**
 * Krippendorff's α for passed or failed (Computing Krippendorff's Alpha-Reliability, 2011): how much people agree with
 * each other beyond chance, whichever of them scored a target. Targets with one person are left out. `null` if all ratings
 * are the same, or there are none.
 */
export function krippendorffAlpha(targets: Iterable<Ratings>): number | null {
  let [passed, failed, disagreements] = [0, 0, 0];
  for (const target of targets) {
    if (target.people < 2) continue;
    const against = target.people - target.passed;
    passed += target.passed;
    failed += against;
    disagreements += (target.passed * against) / (target.people - 1);
  }
  if (passed === 0 || failed === 0) return null;
  return 1 - ((passed + failed - 1) * disagreements) / (passed * failed);
}
