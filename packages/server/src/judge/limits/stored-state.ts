import { type ModelState, unknownModel } from "./model-state.ts";

/** A state as it was stored by any process, also by one of an older version. */
export function storedState(json: object): ModelState {
  return { ...unknownModel, ...json };
}
