/** Command lines in a workspace of their own. */

import type { Context } from "../../lib/cli/context.ts";
import { runCli } from "../../lib/cli/run_cli.ts";
import { Output } from "../../lib/cli/terminal.ts";
import { MemorySink } from "./_sinks.ts";

/** What a command line came to. */
export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a command line is run. */
export interface SayOptions {
  env?: Record<string, string>;
  /** Columns of the terminal that stdout is. */
  columns?: number;
  /** Whether stderr is a terminal. */
  isStderrTerminal?: boolean;
  /** Where it is run; default the workspace. */
  cwd?: string;
  /** Whether stdout takes nothing. */
  isFull?: boolean;
}

/** An empty folder in which command lines are run. */
export class Workspace implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async create(): Promise<Workspace> {
    return new Workspace(await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-cli-" })));
  }

  /** The ticket root, as it is without a configuration. */
  get root(): string {
    return `${this.path}/.yoi/tickets`;
  }

  /** Runs a command line: a list of words, or words with blanks between. */
  async say(line: string | readonly string[], options: SayOptions = {}): Promise<Said> {
    const { columns, env = { USER: "alice" }, isFull = false, isStderrTerminal = false } = options;
    const stdout = new MemorySink({ isTerminal: columns !== undefined });
    stdout.isFull = isFull;
    const stderr = new MemorySink({ isTerminal: isStderrTerminal });
    const context: Context = {
      terminal: {
        stdout: new Output(stdout, { noColour: true, columns: () => columns }),
        stderr: new Output(stderr, { noColour: true }),
      },
      env: (name) => env[name],
      cwd: options.cwd ?? this.path,
      paths: () => ({ config: "/nowhere/config", data: "/nowhere", runtime: "/nowhere/run" }),
    };
    const code = await runCli(typeof line === "string" ? line.split(" ") : line, context);
    return { code, stdout: stdout.text, stderr: stderr.text };
  }

  /** As {@linkcode Workspace.say}; fails unless the program is content. */
  async do(line: string | readonly string[], options: SayOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.say(line, options);
    if (code !== 0) throw new Error(`${JSON.stringify(line)} ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** What a command line prints with `--json`. */
  async json<T>(line: string | readonly string[], options: SayOptions = {}): Promise<T> {
    const words = typeof line === "string" ? line.split(" ") : line;
    return JSON.parse(await this.do([...words, "--json"], options)) as T;
  }

  /** Creates a ticket and returns its id. */
  async ticket(title: string, ...flags: string[]): Promise<string> {
    const line = await this.do(["ticket", "create", "--title", title, ...flags]);
    return line.trimEnd().split("\t")[1]!;
  }

  /** Writes a file below the workspace. */
  async write(path: string, text: string): Promise<void> {
    const whole = `${this.path}/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(whole, text);
  }

  /** Reads a file below the workspace. */
  async read(path: string): Promise<string> {
    return await Deno.readTextFile(`${this.path}/${path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
