/** @module */

import type { ChildStatus, ChildStatusState, LastExit } from "../supervisor/status.ts";
import { age } from "./age.ts";
import type { Style } from "./style.ts";
import { type Cell, table } from "./table.ts";
import type { Output } from "./terminal.ts";

const HEAD = ["NAME", "STATE", "PID", "STARTED", "RESTARTS", "LAST EXIT"];

/** The children of a supervisor as a table; `now` in milliseconds since the Unix epoch. */
export function superviseTable(
  children: readonly ChildStatus[],
  output: Pick<Output, "columns" | "style">,
  now: number,
): string {
  const rows = children.map(({ name, state, pid, startedAt, restarts, lastExit }): Cell[] => [
    { text: name },
    { text: state, paint: (text) => paintState(state, text, output.style) },
    { text: pid === undefined ? "—" : String(pid) },
    { text: startedAt === undefined ? "—" : age(now - startedAt) },
    { text: String(restarts) },
    { text: lastExit ? `${exitText(lastExit)}, ${age(now - lastExit.at)}` : "—" },
  ]);
  return table(HEAD, rows, output);
}

/** How a process ended, in a few words. */
export function exitText({ code, signal }: Pick<LastExit, "code" | "signal">): string {
  return signal === null ? `exit code ${code}` : signal;
}

function paintState(state: ChildStatusState, text: string, style: Style): string {
  switch (state) {
    case "running":
    case "ready":
      return style.green(text);
    case "starting":
    case "stopping":
    case "backoff":
      return style.yellow(text);
    case "given_up":
      return style.red(text);
    case "exited":
      return style.dim(text);
  }
}
