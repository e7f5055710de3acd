import type { OperationName } from "../operation-name.ts";
import type { Fault, FaultScript } from "./fault.ts";

interface Planned {
  readonly operation: OperationName | "*";
  readonly fault: Fault;
  left: number;
}

/** The faults that are still to happen. */
export class FaultQueue implements FaultScript {
  #planned: Planned[] = [];

  next(operation: OperationName | "*", fault: Fault, times = 1): void {
    if (typeof fault === "object" && "status" in fault && !(fault.status >= 400 && fault.status <= 599)) {
      throw new RangeError(`A fault answers a status from 400 to 599, not ${fault.status}.`);
    }
    this.#planned.push({ operation, fault, left: times });
  }

  /** What this call of the operation is to suffer. */
  take(operation: OperationName): Fault | undefined {
    const planned = this.#planned.find(
      (candidate) => candidate.left > 0 && (candidate.operation === "*" || candidate.operation === operation),
    );
    if (planned === undefined) return undefined;
    planned.left -= 1;
    return planned.fault;
  }

  reset(): void {
    this.#planned = [];
  }
}
