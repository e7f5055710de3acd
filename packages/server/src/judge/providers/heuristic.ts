import type { Provider } from "./provider.ts";

export const heuristic: Provider = {
  key: "heuristic",
  name: "Heuristic",
  description:
    "The built-in offline judge: rules on the trace itself, no model and no network. For tries, CI and tests.",
  missing: () => null,
};
