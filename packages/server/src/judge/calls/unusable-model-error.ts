import { JudgeError } from "../../metrics/judge.ts";

/**
 * No question to this model would be answered, now and for a long while: the key is wrong, there is no credit, it is not
 * there. The run as a whole cannot go on.
 */
export class UnusableModelError extends JudgeError {}
