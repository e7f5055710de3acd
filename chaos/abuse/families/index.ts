import type { Family } from "../attack.ts";
import { cpu } from "./cpu.ts";

/** All families of attacks. Each has a file of its own and is listed here. */
export const families: readonly Family[] = [cpu];
