import { initContract } from "@ts-rest/core";

/** The ts-rest factory of all resources. */
export const c: ReturnType<typeof initContract> = initContract();
