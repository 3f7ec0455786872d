/** The kernel's process table: `/proc/<pid>/stat` and `/proc/<pid>/cmdline`. @module */

/** What one row of the process table says. */
export interface ProcessRow {
  pid: number;
  /** One letter; `Z` is a zombie, `X` is dead. */
  state: string;
  /** Id of the process group. */
  group: number;
  /** Clock ticks between boot and the start of the process. */
  startTime: number;
}

/** Whether this system has a process table that can be read. */
export function hasProcessTable(): boolean {
  return Deno.build.os === "linux";
}

/** The row of one process, `undefined` when there is none. */
export function readProcess(pid: number): ProcessRow | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const path = `/proc/${pid}/stat`;
  try {
    return parseRow(Deno.readTextFileSync(path));
  } catch (error) {
    if (isGone(error)) return undefined;
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return parseRow(outputOf("cat", [path]));
  }
}

/** Every row. Processes that end while it is read may be missing or present. */
export function readProcesses(): ProcessRow[] {
  try {
    const pids = Array.from(Deno.readDirSync("/proc"), (entry) => Number(entry.name));
    return pids.map(readProcess).filter((row) => row !== undefined);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const rows = outputOf("sh", ["-c", "exec cat /proc/[0-9]*/stat"]).split("\n").map(parseRow);
    return rows.filter((row) => row !== undefined);
  }
}

/** The words that a process was started with; none when it is gone, or they cannot be read. */
export function readWords(pid: number): string[] {
  try {
    return outputOf("cat", [`/proc/${pid}/cmdline`]).split("\0").slice(0, -1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return []; // there is no such command
    throw error;
  }
}

/**
 * Reads a row. The name, the second field, stands in parentheses and may itself hold spaces and
 * parentheses (the kernel escapes newlines), so the fields are counted from the last parenthesis.
 */
export function parseRow(text: string): ProcessRow | undefined {
  const pid = parseInt(text);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, , group] = fields;
  const startTime = fields[19]; // field 22 of the line, which counts the pid as 1
  if (!(pid > 0) || !state || group === undefined || startTime === undefined) return undefined;
  return { pid, state, group: Number(group), startTime: Number(startTime) };
}

/** Whether the row is that of a process that still runs (a stopped one does, a zombie does not). */
export function isRunning(row: ProcessRow): boolean {
  return row.state !== "Z" && row.state !== "X";
}

/**
 * The runtime opens `/proc` only with every permission there is; with the named ones that this
 * program asks for, two commands of the system read it for us.
 */
function outputOf(program: string, args: string[]): string {
  const { stdout } = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).outputSync();
  return new TextDecoder().decode(stdout);
}

/**
 * A process that ends between the opening and the reading of its file gives ESRCH, for which the
 * runtime has neither a class nor, here, a code.
 */
function isGone(error: unknown): boolean {
  if (error instanceof Deno.errors.NotFound) return true;
  return error instanceof Error && error.message.includes("(os error 3)");
}
