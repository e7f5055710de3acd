/** How one operation goes over the wire. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With `:name` where a parameter stands. */
  readonly path: string;
  /** The parameters' names, in the order they stand in the path. */
  readonly params: readonly string[];
  /** Of a successful answer. */
  readonly status: number;
  readonly answer: "json" | "none";
  /** Whether the request carries an `Idempotency-Key`, which makes it safe to send again. */
  readonly idempotencyKey: boolean;
}
