// Runs a script of this repository on a machine that has only git, npm and some Node.js:
//
//   node scripts/bootstrap.mjs <script.ts | program> [arguments …]
//
// It installs the packages if they do not match the lockfile (npx fetches pnpm), then runs the script on the Node.js of
// node_modules, which may be newer than the one that runs this file. It has no dependencies, and needs no network once
// everything is installed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const oldestNode = 20;
const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const onWindows = process.platform === "win32";
const newNode = join(root, "node_modules", "node", "bin", onWindows ? "node.exe" : "node");
const stampFile = join(root, "node_modules", ".installed-by-bootstrap");

await main(process.argv.slice(2));

async function main([target, ...args]) {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    fail(
      `This needs Node.js ${oldestNode} or newer, and this is ${process.versions.node}. See https://nodejs.org/`,
    );
  }
  if (target === undefined) fail("usage: node scripts/bootstrap.mjs <script.ts | program> [arguments …]");
  await ensureInstalled();
  const path = `${bin}${delimiter}${process.env.PATH ?? ""}`;
  const isScript = /\.[cm]?[jt]s$/.test(target);
  const [program, programArgs] = isScript
    ? [newNode, ["--conditions=@pandaprobe/source", target, ...args]]
    : [join(bin, onWindows ? `${target}.cmd` : target), args];
  await runInForeground(program, programArgs, { ...process.env, PATH: path });
}

/** Installs the packages, unless they were last installed from the same manifests on the same kind of machine. */
async function ensureInstalled() {
  const wanted = fingerprint();
  if (existsSync(newNode) && readIfThere(stampFile) === wanted && manifests().every(isLinked)) return;
  const { packageManager, devDependencies } = readJson("package.json");
  say(
    `Installing the packages, including Node.js ${devDependencies.node}, with ${packageManager} through npx.`,
  );
  say("This needs the network once, and a minute or two.");
  rmSync(stampFile, { force: true });
  const started = Date.now();
  // CI keeps pnpm from asking questions, which nothing here could answer.
  const env = { ...process.env, ...homeIfNone(), CI: "true" };
  // npx already runs the right pnpm, so keep it from switching its own version.
  const args = ["--yes", packageManager, "install", "--frozen-lockfile", "--config.pm-on-fail=ignore"];
  const { code, output } = await runQuietly("npx", args, env);
  if (code !== 0 || !existsSync(newNode)) {
    process.stderr.write(`${output}\n`);
    fail(`Installing the packages failed (exit code ${code}); see the output above.`);
  }
  writeFileSync(stampFile, wanted);
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/** Changes when a new installation would give a different result, and not with every edit of a manifest. */
function fingerprint() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)));
  for (const file of manifests()) {
    const {
      name,
      bin,
      packageManager,
      dependencies,
      devDependencies,
      optionalDependencies,
      peerDependencies,
    } = readJson(file);
    hash.update(
      JSON.stringify([
        file,
        name,
        bin,
        packageManager,
        dependencies,
        devDependencies,
        optionalDependencies,
        peerDependencies,
      ]),
    );
  }
  return hash.digest("hex");
}

function manifests() {
  const packages = readdirSync(join(root, "packages")).map((name) => join("packages", name));
  return ["", "examples", "bench", "chaos", ...packages.sort()]
    .map((folder) => join(folder, "package.json"))
    .filter((file) => existsSync(join(root, file)));
}

/** Whether a package's own node_modules still exists: `git clean` in a folder removes it. */
function isLinked(manifest) {
  const { dependencies, devDependencies } = readJson(manifest);
  const needsAny = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  return !needsAny || existsSync(join(root, dirname(manifest), "node_modules"));
}

/** npm and pnpm keep caches in the home folder. If it is not writable, they get one in this checkout. */
function homeIfNone() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const place = join(root, ".tools");
    mkdirSync(place, { recursive: true });
    return {
      npm_config_cache: join(place, "npm"),
      XDG_CACHE_HOME: join(place, "cache"),
      XDG_DATA_HOME: join(place, "data"),
      XDG_STATE_HOME: join(place, "state"),
    };
  }
}

/** Collects the output, to show it on failure. A terminal shows pnpm's progress. */
function runQuietly(program, args, env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      shell: onWindows,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (chunk) => {
        output += chunk;
        const progress = /^Progress: (.*)$/m.exec(chunk)?.[1];
        if (progress !== undefined && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${progress}`);
      });
    }
    const finish = (code, text) => {
      if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
      resolve({ code, output: text });
    };
    child.once("error", (error) => finish(error.code, error.message));
    child.once("close", (code, signal) => finish(code ?? signal, output.trim()));
  });
}

/** Exits like the program: with its exit code, or by the signal that ended it. */
function runInForeground(program, args, env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: "inherit",
      shell: onWindows && !program.endsWith(".exe"),
    });
    const forward = (signal) => {
      // A terminal's Ctrl-C has already reached the program; a second one would make it stop at once.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    // On SIGTERM npm ends the shell that we run in, and we get no signal: watch for a new parent.
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      child.kill("SIGTERM");
    }, 500);
    child.once("error", (error) => fail(`${program} could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      clearInterval(watch);
      for (const each of signals) process.off(each, forward);
      if (signal === null) process.exitCode = code;
      else process.kill(process.pid, signal);
      resolve();
    });
  });
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
