import { z } from "zod";
import { canonicalUuid, lenient } from "./lenient.ts";
import { text } from "./text.ts";

/**
 * Any 8-4-4-4-12 hexadecimal id, of any UUID version; returned in lower case. Requests may also leave out the hyphens,
 * add braces, or write it as `urn:uuid:`.
 */
export const uuid = lenient(
  canonicalUuid,
  z.guid("must be a UUID (8-4-4-4-12 hexadecimal digits)").meta({ format: "uuid" }),
).meta({ format: "uuid" });

/** A session's id: the application's own string, compared exactly. */
export const sessionId = text(1, 255);
