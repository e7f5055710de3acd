import { shortRoutes } from "../generated/routes.ts";
import type { Configuration } from "../options/configuration.ts";
import type { RequestOptions } from "../options/request-options.ts";
import type { Route } from "../route.ts";
import type { AnalyticsMethods } from "./analytics-methods.ts";
import type { MonitorMethods } from "./monitor-methods.ts";
import { Requests } from "./requests.ts";
import type { ScoreMethods } from "./score-methods.ts";
import type { ServerMethods } from "./server-methods.ts";
import type { SessionMethods } from "./session-methods.ts";
import type { SessionRunMethods } from "./session-run-methods.ts";
import type { TraceMethods } from "./trace-methods.ts";
import type { TraceRunMethods } from "./trace-run-methods.ts";

/**
 * Makes each method from its route: it takes the ids of its path, then its body, query or metric if it has one, then
 * options. Writing each one out would add 420 bytes to every bundle, and the client may have 8 kB.
 */
abstract class MadeMethods extends Requests {
  static {
    for (const [method, paths, takes] of shortRoutes) {
      for (const [name, path] of Object.entries(paths)) {
        // A name without `$` is made twice, with the same result.
        for (const target of ["Trace", "Session"]) {
          const operation = name.replace("$", target);
          const whole = path.replace("$", target.toLowerCase()).replace(/^(?!\/)/, "/evaluations/");
          const route = [method, whole, takes] as unknown as Route;
          Object.assign(MadeMethods.prototype, {
            [operation](this: MadeMethods, ...given: (object | string | undefined)[]) {
              const ids = given.splice(0, path.split(":").length - 1) as string[];
              const input = takes && takes !== "once" && takes !== "events" ? given.shift() : undefined;
              const options = given[0] as RequestOptions | undefined;
              if (takes === "events") return this.events(operation, route, ids, options);
              if (takes === "page") return this.page(operation, route, ids, input as object, options);
              return this.request(operation, route, ids, { [`${takes}`]: input }, options);
            },
          });
        }
      }
    }
  }
}

/** All methods of the API, with their types and documentation. */
export const ApiMethods = MadeMethods as unknown as abstract new (
  configuration: Configuration,
) => MadeMethods & AllMethods;

interface AllMethods
  extends AnalyticsMethods,
    MonitorMethods,
    ScoreMethods,
    ServerMethods,
    SessionMethods,
    SessionRunMethods,
    TraceMethods,
    TraceRunMethods {}
