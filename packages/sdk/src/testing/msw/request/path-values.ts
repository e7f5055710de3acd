import { ProblemError } from "@pandaprobe/contract/rules";
import { storable } from "./storable.ts";

/** The values of a path's parameters, by name. The path may stand below one that the API is served at. */
export function pathValues(path: string, pathname: string): Readonly<Record<string, string>> {
  const names = path.split("/");
  const values = pathname.split("/").slice(-(names.length - 1));
  try {
    const pairs = names
      .slice(1)
      .flatMap((name, index) =>
        name.startsWith(":") ? [[name.slice(1), decodeURIComponent(values[index] ?? "")]] : [],
      );
    return storable(Object.fromEntries(pairs)) as Readonly<Record<string, string>>;
  } catch {
    const detail = "The path cannot be decoded: percent-encode each of its values as UTF-8.";
    throw new ProblemError("malformed_request", detail);
  }
}
