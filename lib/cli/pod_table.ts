/** @module */

import type { PodRow, PodState } from "../fleet/pod_list.ts";
import { age } from "./age.ts";
import { oneLine } from "./short_text.ts";
import type { Style } from "./style.ts";
import { type Cell, table } from "./table.ts";
import type { Output } from "./terminal.ts";

const HEAD = ["NAME", "STATE", "MODEL", "UPDATED", "LAST WORDS"];

/** The Pods as a table that fits the terminal; `now` in milliseconds since the Unix epoch. */
export function podTable(
  rows: readonly PodRow[],
  output: Pick<Output, "columns" | "style">,
  now: number,
): string {
  const cells = rows.map((row): Cell[] => [
    { text: oneLine(row.name, 32) },
    { text: row.state, paint: (text) => paintState(row.state, text, output.style) },
    { text: oneLine(row.model ?? "—", 32) },
    { text: row.updatedAt === null ? "—" : age(now - row.updatedAt) },
    { text: oneLine(row.preview ?? "", 80) },
  ]);
  return table(HEAD, cells, output);
}

function paintState(state: PodState, text: string, style: Style): string {
  switch (state) {
    case "idle":
    case "live":
      return style.green(text);
    case "running":
      return style.cyan(text);
    case "paused":
      return style.yellow(text);
    case "corrupt":
    case "unreachable":
      return style.red(text);
    case "stopped":
      return style.dim(text);
  }
}
