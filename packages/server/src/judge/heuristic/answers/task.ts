import { trimText } from "../../../metrics/trim/text.ts";
import type { Evidence } from "../evidence/evidence.ts";

const MAX_TASK = 1_000;

/** The task is taken to be what the user asked, word for word. */
export function findTask({ request }: Evidence): string {
  return request === "" ? "The trace does not show what the user wanted." : trimText(request, MAX_TASK);
}
