import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeAdmin } from "@pandaprobe/sdk/admin";
import { useEffect, useState } from "preact/hooks";
import { session } from "../data/session.ts";
import { errorText, Loading } from "../ui/states.tsx";

/** Removed from the address at once: it works only once, and must not stay in the history. */
const code = new URLSearchParams(location.hash.slice(1)).get("code");
if (code !== null) history.replaceState(null, "", location.pathname + location.search);

/** Asks for a key and a project. The link that a server prints at start supplies the key. */
export function SignIn() {
  const [apiKey, setApiKey] = useState("");
  const [project, setProject] = useState("");
  const [isKept, setKept] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(code !== null);
  const signIn = async (key: string) => {
    setBusy(true);
    try {
      session.value = {
        apiKey: key,
        project: await openableProject(key, project.trim()),
        isKept,
        reviewer: null,
      };
    } catch (reason) {
      setError(errorText(reason));
      setBusy(false);
    }
  };
  useEffect(() => {
    if (code === null) return;
    exchange(code).then(signIn, (reason) => {
      setError(errorText(reason));
      setBusy(false);
    });
  }, []);
  if (isBusy && code !== null && error === null) return <Loading />;
  return (
    <main class="sign-in">
      <h1>PandaProbe</h1>
      <p>See what your agents did, and why they got their scores.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn(apiKey.trim());
        }}
      >
        <label>
          API key
          <input
            name="key"
            type="password"
            autocomplete="off"
            required
            placeholder="sk_pp_…"
            value={apiKey}
            onInput={({ currentTarget }) => setApiKey(currentTarget.value)}
          />
        </label>
        <label>
          Project
          <input
            name="project"
            autocomplete="off"
            placeholder="The one with the latest trace"
            value={project}
            onInput={({ currentTarget }) => setProject(currentTarget.value)}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isKept}
            onChange={({ currentTarget }) => setKept(currentTarget.checked)}
          />
          Keep me signed in on this browser
        </label>
        {error !== null && (
          <p class="action-error" role="alert">
            {error}
          </p>
        )}
        <button type="submit" class="primary" disabled={isBusy}>
          Sign in
        </button>
      </form>
    </main>
  );
}

async function exchange(given: string): Promise<string> {
  const response = await fetch("/app/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: given }),
  });
  const answer = (await response.json()) as { api_key?: string; detail?: string };
  if (answer.api_key === undefined) throw new Error(answer.detail ?? "The link does not work.");
  return answer.api_key;
}

/** The named project, if the key has access to it; without a name, the one with the latest trace. */
async function openableProject(apiKey: string, name: string): Promise<string> {
  const options = { endpoint: location.origin, apiKey, retries: 0 };
  if (name !== "") {
    await new PandaProbe({ ...options, projectName: name }).listTraces({ limit: 1 });
    return name;
  }
  const { items } = await new PandaProbeAdmin(options).listProjects({ limit: 200 });
  const latest = items.toSorted((a, b) => (b.last_trace_at ?? "").localeCompare(a.last_trace_at ?? ""))[0];
  return latest?.name ?? "default";
}
