import type { Family } from "../attack.ts";
import { cpu } from "./cpu.ts";

/** All families of attacks. A new one: a file of its own, listed here. */
export const families: readonly Family[] = [cpu];
