/** The program under test, as processes. */

import { fromFileUrl, resolve } from "@std/path";
import {
  identify,
  isAlive,
  PERMISSION_FLAGS,
  type ProcessIdentity,
} from "../../lib/process/mod.ts";

/** Milliseconds that Pods in the background have to end with their home. */
const LEAVE_MS = 5_000;

/** What a finished process left. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a process is started. */
export interface StartOptions {
  stdin?: string;
  env?: Record<string, string>;
  cwd?: string;
}

/**
 * The words that start the program: `YOI_BIN` is a program file, a `.js` file (run with Deno), or a
 * JSON array of arguments; without it the source is run.
 */
export function programCommand(bin: string | undefined = Deno.env.get("YOI_BIN")): string[] {
  if (!bin) bin = fromFileUrl(new URL("../../cli.ts", import.meta.url));
  if (bin.startsWith("[")) return JSON.parse(bin) as string[];
  const path = resolve(bin);
  return /\.[jt]s$/.test(path) ? [Deno.execPath(), "run", ...PERMISSION_FLAGS, path] : [path];
}

/**
 * A home of its own for the program. Its end is the end of every process that was started in it,
 * Pods in the background included.
 */
export class Home implements AsyncDisposable {
  readonly #command = programCommand();
  readonly #started: Started[] = [];

  private constructor(
    /** `YOI_HOME`; short, since sockets lie in it. */
    readonly path: string,
    /** An empty folder to work in. */
    readonly workspace: string,
  ) {}

  static async create(): Promise<Home> {
    const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi" }));
    await Deno.mkdir(`${path}/work`);
    return new Home(path, `${path}/work`);
  }

  /** The socket of a Pod. */
  socket(name: string): string {
    return `${this.path}/run/${name}/sock`;
  }

  /** Writes a file into the workspace and gives its path. */
  async write(name: string, text: string): Promise<string> {
    await Deno.writeTextFile(`${this.workspace}/${name}`, text);
    return `${this.workspace}/${name}`;
  }

  /** Names of what lies in a folder of the home, sorted. */
  async list(folder: string): Promise<string[]> {
    return (await names(`${this.path}/${folder}`)).sort();
  }

  /** Runs the program to its end. */
  async run(args: readonly string[], options: StartOptions = {}): Promise<Finished> {
    const process = this.start(args, options);
    return await process.finished;
  }

  /** Starts the program and goes on. */
  start(args: readonly string[], options: StartOptions = {}): Started {
    const [program = "", ...words] = this.#command;
    const child = new Deno.Command(program, {
      args: [...words, ...args],
      cwd: options.cwd ?? this.workspace,
      env: {
        YOI_HOME: this.path,
        YOI_MODEL: "builtin:offline",
        YOI_CONFIG_DIR: "",
        YOI_DATA_DIR: "",
        YOI_RUNTIME_DIR: "",
        YOI_DEBUG: "",
        NO_COLOR: "1",
        ...options.env,
      },
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const started = new Started(child, options.stdin);
    this.#started.push(started);
    return started;
  }

  /** The process of a Pod, by what it says of itself. */
  async pod(name: string): Promise<ProcessIdentity> {
    const pid = Number(await Deno.readTextFile(`${this.path}/run/${name}/pid`));
    const identity = identify(pid);
    if (!identity) throw new Error(`Pod "${name}" does not run`);
    return identity;
  }

  /** The entries of the latest segment of the latest session. */
  async entries(): Promise<{ kind: string; [key: string]: unknown }[]> {
    const session = `sessions/${(await this.list("sessions")).at(-1)}`;
    const file = (await this.list(session)).at(-1);
    const text = await Deno.readTextFile(`${this.path}/${session}/${file}`);
    return text.trimEnd().split("\n").map((line) => JSON.parse(line));
  }

  /** Pids of all processes that work in this home. */
  async processes(): Promise<number[]> {
    // The runtime opens `/proc` only with every permission there is.
    const script = 'exec grep -lszxF -- "$1" /proc/[0-9]*/environ';
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", script, "sh", `YOI_HOME=${this.path}`],
    }).output();
    return [...new TextDecoder().decode(stdout).matchAll(/\d+/g)].map(([pid]) => Number(pid));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const started of this.#started) started.kill("SIGKILL");
    await Promise.all(this.#started.map(({ finished }) => finished));
    // In order first: a process that is killed while it leaves spoils what it measured for coverage.
    for (const name of await this.list("run")) {
      const pod = await this.pod(name).catch(() => undefined);
      if (pod) signalIfAlive(pod.pid, "SIGTERM");
    }
    const deadline = performance.now() + LEAVE_MS;
    for (const pid of await this.processes()) {
      const identity = identify(pid);
      while (identity && isAlive(identity)) {
        if (performance.now() > deadline) signalIfAlive(pid, "SIGKILL");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    await Deno.remove(this.path, { recursive: true });
  }
}

/** A process of the program. */
export class Started {
  /** Settles when the process has ended and all it said was read. */
  readonly finished: Promise<Finished>;
  readonly #child: Deno.ChildProcess;
  readonly #stdout: Said;
  readonly #stderr: Said;
  #hasEnded = false;

  constructor(child: Deno.ChildProcess, stdin: string | undefined) {
    this.#child = child;
    this.#stdout = new Said(child.stdout);
    this.#stderr = new Said(child.stderr);
    this.finished = this.#finish(stdin);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits until stdout holds a text; fails when it ends without. */
  async says(text: string): Promise<void> {
    await this.#stdout.until(text, () => this.#stderr.text);
  }

  /** Waits until stderr holds a text; fails when it ends without. */
  async warns(text: string): Promise<void> {
    await this.#stderr.until(text, () => this.#stdout.text);
  }

  /** What stdout has said so far. */
  get stdout(): string {
    return this.#stdout.text;
  }

  /** Reads no more of stdout, as if its reader had gone. */
  async closeStdout(): Promise<void> {
    await this.#stdout.close();
  }

  kill(signal: Deno.Signal): void {
    if (!this.#hasEnded) this.#child.kill(signal);
  }

  async #finish(stdin: string | undefined): Promise<Finished> {
    if (stdin !== undefined) {
      const writer = this.#child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(stdin));
      await writer.close();
    }
    const { code } = await this.#child.status;
    this.#hasEnded = true;
    await Promise.all([this.#stdout.ended, this.#stderr.ended]);
    return { code, stdout: this.#stdout.text, stderr: this.#stderr.text };
  }
}

/** What comes out of a pipe. */
class Said {
  text = "";
  readonly ended: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    this.ended = this.#read();
  }

  async until(text: string, other: () => string): Promise<void> {
    let looked = 0;
    while (!this.text.includes(text, looked)) {
      looked = Math.max(0, this.text.length - text.length);
      if (this.#hasEnded) {
        throw new Error(`ended without ${JSON.stringify(text)}: ${this.text} / ${other()}`);
      }
      await this.#changed.promise;
    }
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await this.#reader.read();
      this.text += decoder.decode(value, { stream: !done });
      this.#hasEnded = done;
      this.#changed.resolve();
      if (done) return;
      this.#changed = Promise.withResolvers();
    }
  }
}

/** A model script: each call answers with words, then hangs, fails or is done. */
export function script(
  ...calls: { text?: string; then?: "hang" | "fail"; waitMs?: number }[]
): string {
  return calls.flatMap(({ text = "", then, waitMs }) => [
    { call: {} },
    { type: "text-start", id: "1" },
    ...text.split(/(?<= )/).flatMap((delta) => [
      { type: "text-delta", id: "1", delta },
      ...(waitMs === undefined ? [] : [{ wait_ms: waitMs }]),
    ]),
    ...(then === "hang" ? [{ hang: true }] : []),
    ...(then === "fail" ? [{ fail: { status: 400, message: "no such model" } }] : []),
    { type: "text-end", id: "1" },
    {
      type: "finish",
      finishReason: { unified: "stop", raw: "end_turn" },
      usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
    },
  ]).map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A process may end at any moment. */
function signalIfAlive(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
