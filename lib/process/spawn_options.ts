/** @module */

/** What is at the other end of one of the child's three standard streams. */
export type StdioKind = "null" | "piped" | "inherit";

/** How a process is started. */
export interface ProcessOptions {
  /** The program and its arguments; no shell looks at them. */
  command: readonly string[];
  /** Working directory, default ours. */
  cwd?: string;
  /** Variables added to our environment, or the whole environment with `clearEnv`. */
  env?: Record<string, string>;
  /** Whether the child sees nothing of our environment. Default `false`. */
  clearEnv?: boolean;
}

/** How a child is started. All three streams are `null` unless said otherwise. */
export interface SpawnOptions extends ProcessOptions {
  /** What the child reads. */
  stdin?: StdioKind;
  /** Where its output goes. */
  stdout?: StdioKind;
  /** Where its error output goes. */
  stderr?: StdioKind;
  /**
   * Whether the child leads a process group of its own (it also leaves our terminal), so that a stop
   * reaches the processes that it starts. Default `true`. With `false` signals go to the child alone,
   * and Ctrl-C in our terminal reaches it as it reaches us.
   */
  group?: boolean;
}

/** How a process ended. */
export interface ExitStatus {
  /** The exit code; 128 and the signal's number when a signal ended it. */
  code: number;
  /** The signal that ended it, or `null`. */
  signal: Deno.Signal | null;
}

/** How a stop goes. */
export interface StopOptions {
  /** The first, gentle signal. Default `SIGTERM`; `SIGKILL` skips the grace. */
  signal?: Deno.Signal;
  /** How long after it the group has before it is killed, in milliseconds. Default 5000. */
  graceMs?: number;
  /** How long a reader has to take what is left in the pipes, in milliseconds. Default 500. */
  drainMs?: number;
}
