import type { z } from "zod";
import { judgeVariables } from "./judge-variables.ts";
import { limitVariables } from "./limit-variables.ts";
import { providerVariables } from "./provider-variables.ts";
import { serverVariables } from "./server-variables.ts";
import type { Variable } from "./variable.ts";

/** Every variable that the server reads, with its schema, help and default. `docs/configuration.md` lists the same. */
export const variables = { ...serverVariables, ...limitVariables, ...judgeVariables, ...providerVariables };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables have invalid values. The message names each of them. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Names = typeof variables;
type Values = { [Name in keyof Names]: z.output<Names[Name]["schema"]> | Names[Name]["default"] };

/** The value of each variable. An empty variable counts as not set. @throws ConfigError */
export function readVariables(environment: Environment): Values {
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries<Variable<z.ZodType>>(variables).map(([name, { schema, default: fallback }]) => {
      const text = environment[name];
      if (text === undefined || text === "") return [name, fallback];
      const result = schema.safeParse(text);
      if (!result.success) problems.push(`${name} ${result.error.issues[0]?.message ?? "is invalid"}.`);
      return [name, result.data];
    }),
  );
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return values as Values;
}
