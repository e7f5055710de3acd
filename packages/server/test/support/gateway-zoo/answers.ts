import { type Behaviours, body, questions } from "./behaviour.ts";

/** Right answers in forms of their own. */
export const answers: Behaviours = {
  /** The usual answer, as the other models vary it. */
  usual: questions((_call, usual) => body(usual)),
};
