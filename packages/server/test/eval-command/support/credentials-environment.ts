/** Where a server is, and the key to it. */
export interface Credentials {
  readonly url: string;
  readonly apiKey: string;
}

/** What tells the command of a server; the project is the one that the test server's client speaks for. */
export const credentialsEnvironment = ({ url, apiKey }: Credentials): Record<string, string> => ({
  PANDAPROBE_ENDPOINT: url,
  PANDAPROBE_API_KEY: apiKey,
  PANDAPROBE_PROJECT_NAME: "test",
});
