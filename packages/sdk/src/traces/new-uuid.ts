/** A random UUID (version 4). Not `crypto.randomUUID`: browsers have that on secure pages alone. */
export function newUuid(): string {
  const digits = Array.from(randomBytes(), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
}

function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(16);
  try {
    return crypto.getRandomValues(bytes);
  } catch {
    // Cloudflare Workers refuse outside of a request.
    return bytes.map(() => Math.random() * 256);
  }
}
