import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeAdmin } from "@pandaprobe/sdk/admin";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { computed, effect, signal } from "@preact/signals";

/** Who is signed in, and to which project. */
export interface Session {
  readonly apiKey: string;
  readonly project: string;
  /** Whether the browser keeps it after the tab is closed. */
  readonly isKept: boolean;
  /** The author of this person's scores. Asked for when they first review. */
  readonly reviewer: string | null;
}

const storageKey = "pandaprobe.session";

export const session = signal<Session | null>(stored());

/** The page's queries retry, and show that they wait. */
const options = () => ({
  endpoint: location.origin,
  apiKey: session.value?.apiKey ?? "",
  retries: 0,
});

const clients = computed(() => {
  if (session.value === null) return null;
  const { project: projectName } = session.value;
  return {
    api: new PandaProbe({ ...options(), projectName }),
    admin: new PandaProbeAdmin(options()),
    review: new PandaProbeReview({ ...options(), projectName }),
  };
});

/** The options of a client of the project. */
export function projectOptions() {
  return { ...options(), projectName: session.value?.project ?? "" };
}

effect(() => {
  sessionStorage.removeItem(storageKey);
  localStorage.removeItem(storageKey);
  if (session.value === null) return;
  const storage = session.value.isKept ? localStorage : sessionStorage;
  storage.setItem(storageKey, JSON.stringify(session.value));
});

/** The client of the project. */
export function api(): PandaProbe {
  if (clients.value === null) throw new Error("A client is needed before signing in.");
  return clients.value.api;
}

/** The client for all projects. */
export function admin(): PandaProbeAdmin {
  if (clients.value === null) throw new Error("A client is needed before signing in.");
  return clients.value.admin;
}

/** The client for reviews, agreement and comparisons. */
export function review(): PandaProbeReview {
  if (clients.value === null) throw new Error("A client is needed before signing in.");
  return clients.value.review;
}

export function signOut(): void {
  session.value = null;
}

function stored(): Session | null {
  const text = sessionStorage.getItem(storageKey) ?? localStorage.getItem(storageKey);
  if (text === null) return null;
  try {
    const { apiKey, project, isKept, reviewer } = JSON.parse(text) as Partial<Session>;
    return typeof apiKey === "string" && typeof project === "string"
      ? { apiKey, project, isKept: isKept === true, reviewer: reviewer ?? null }
      : null;
  } catch {
    return null;
  }
}
