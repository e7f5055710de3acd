import { describeProvider } from "@pandaprobe/contract/rules";
import type { Provider } from "./provider.ts";

export const heuristic: Provider = { ...describeProvider("heuristic"), isConfigured: () => true };
