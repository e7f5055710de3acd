import { formatModelName, type ModelName, parseModelName } from "@pandaprobe/contract/rules";

/** Whether `JUDGE_MODELS` holds a model; null holds all. */
export function isAllowed(models: readonly string[] | null, name: ModelName): boolean {
  if (models === null) return true;
  const model = formatModelName(name);
  return models
    .map(canonical)
    .some(({ text, isPrefix }) => (isPrefix ? model.startsWith(text) : model === text));
}

/** @throws ModelError for an entry of `JUDGE_MODELS` that no model can match. */
export function checkAllowedModels(models: readonly string[] | null): void {
  for (const entry of models ?? []) canonical(entry);
}

/** An entry under the name that its provider goes by here. */
function canonical(entry: string): { readonly text: string; readonly isPrefix: boolean } {
  if (!entry.endsWith("*")) return { text: formatModelName(parseModelName(entry)), isPrefix: false };
  // Anything that may stand for the star.
  const model = formatModelName(parseModelName(`${entry.slice(0, -1)}x`));
  return { text: model.slice(0, -1), isPrefix: true };
}
