import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are, and reads answers until the server closes the connection. */
export async function sendBytes(url: string, bytes: string | Buffer): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    // A server that has answered may close while we still send.
    socket.on("error", () => resolve());
  });
  socket.write(bytes);
  await closed;
  return readAnswers(Buffer.concat(chunks));
}

/** A request's bytes that ask the server to close the connection after its answer. */
export function requestBytes(
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): string {
  const all = { Host: "localhost", Connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line}\r\n${lines.join("")}\r\n${body}`;
}

function readAnswers(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const end = rest.indexOf("\r\n\r\n");
    if (end === -1) throw new Error(`No whole answer: ${rest.toString("latin1")}`);
    const [statusLine = "", ...lines] = rest.subarray(0, end).toString("latin1").split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    );
    const start = end + 4;
    const length = Number(headers["content-length"] ?? rest.length - start);
    answers.push({
      status: Number(statusLine.split(" ")[1]),
      headers,
      body: rest.subarray(start, start + length).toString("utf8"),
    });
    rest = rest.subarray(start + length);
  }
  return answers;
}
