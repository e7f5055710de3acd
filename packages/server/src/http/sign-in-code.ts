import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** How long a link that signs in works after the start. */
const lifetimeMs = 3_600_000;

/** The code of the link that the server prints at start. It is exchanged for the key once, within an hour. */
export class SignInCode {
  /** 256 bits, so guesses need no limit. */
  readonly value = randomBytes(32).toString("base64url");
  #apiKey: string | null;
  readonly #expiresAt = performance.now() + lifetimeMs;

  constructor(apiKey: string) {
    this.#apiKey = apiKey;
  }

  /** @returns the key for the right code, once; otherwise `null`. */
  exchange(code: string): string | null {
    const isRight = timingSafeEqual(sha256(code), sha256(this.value));
    if (!isRight || performance.now() > this.#expiresAt) return null;
    const apiKey = this.#apiKey;
    this.#apiKey = null;
    return apiKey;
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
