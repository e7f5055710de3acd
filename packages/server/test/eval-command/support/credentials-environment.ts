/** Where a server is, and the key to it. */
export interface Credentials {
  readonly url: string;
  readonly apiKey: string;
}

/** The environment that points the command at a server, with the project of the test server's client. */
export const credentialsEnvironment = ({ url, apiKey }: Credentials): Record<string, string> => ({
  PANDAPROBE_ENDPOINT: url,
  PANDAPROBE_API_KEY: apiKey,
  PANDAPROBE_PROJECT_NAME: "test",
});
