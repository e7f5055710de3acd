/** An answer whose JSON the test expects to be a `Body`. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}
