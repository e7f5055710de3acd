/** Each may have to be created, and a request must not keep the database busy for minutes. */
const mostProjects = 100;

/** Why items of too many projects are rejected. */
export const tooManyProjects = `A request may contain at most ${mostProjects} projects. Name one in x-project-name, or send smaller batches.`;

/**
 * What a request holds of each project.
 *
 * @returns the project's share, or undefined if the request holds too many others.
 */
export function shareOf<Share>(
  shares: Map<string, Share>,
  project: string,
  create: () => Share,
): Share | undefined {
  const known = shares.get(project);
  if (known !== undefined || shares.size >= mostProjects) return known;
  const share = create();
  shares.set(project, share);
  return share;
}
