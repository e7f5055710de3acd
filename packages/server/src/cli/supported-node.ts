/** As `engines` of the package says. */
export const oldestNode = "22.18.0";

export function isSupportedNode(version: string): boolean {
  return version.localeCompare(oldestNode, "en", { numeric: true }) >= 0;
}
