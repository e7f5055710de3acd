import { isIP } from "node:net";
import { z } from "zod";

/** An environment variable that the server reads. */
export interface Variable<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** Shown by `--help`. */
  readonly help: string;
  /** The value if the variable is not set. */
  readonly default: z.output<Schema> | null;
}

export type Variables = Readonly<Record<string, Variable<z.ZodType>>>;

export function variable<Schema extends z.ZodType, Default extends z.output<Schema> | null>(
  schema: Schema,
  help: string,
  fallback: Default,
): Variable<Schema> & { readonly default: Default } {
  return { schema, help, default: fallback };
}

export const text = z.string().trim().min(1);

/** Values separated by commas. */
export const list = text.transform((values) => values.split(",").map((value) => value.trim()));

export function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);
}

/** Written in seconds, kept in milliseconds. */
export function seconds(min: number, max: number) {
  return integer(min, max).transform((value) => value * 1000);
}

export const port = integer(0, 65_535);

export const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http(s) URL", abort: true })
  // Credentials in a URL are not sent, and the provider's 401 would not say why.
  .refine((url) => new URL(url).username === "", "must not contain a user name; use the provider's key");

/** IP addresses and ranges in CIDR notation, separated by commas. */
export const addressRanges = list.refine(
  (addresses) => addresses.every(isAddressRange),
  "must be IP addresses or ranges such as 10.0.0.0/8, separated by commas",
);

function isAddressRange(value: string): boolean {
  const [address = "", bits, ...more] = value.split("/");
  const version = isIP(address);
  const isMask = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
  return version !== 0 && isMask && more.length === 0;
}
