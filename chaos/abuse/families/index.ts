import type { Family } from "../attack.ts";
import { cpu } from "./cpu.ts";
import { masking } from "./masking.ts";
import { otlp } from "./otlp.ts";
import { ownMetrics } from "./own-metrics.ts";
import { reviews } from "./reviews.ts";

/** All families of attacks. Each has a file of its own and is listed here. */
export const families: readonly Family[] = [cpu, masking, otlp, ownMetrics, reviews];
