import { z } from "zod";
import { text } from "./text.ts";

/** Any 8-4-4-4-12 hexadecimal id, of whatever UUID version; answered in lower case. */
export const uuid = z
  .guid("must be a UUID (8-4-4-4-12 hexadecimal digits)")
  .toLowerCase()
  .meta({ format: "uuid" });

/** A session's id: the application's own string, compared exactly. */
export const sessionId = text(1, 255);
