import { initContract } from "@ts-rest/core";

/** The ts-rest factory that all resources share. */
export const c = initContract();
