import { assertEquals } from "@std/assert";
import { podTable } from "../../lib/cli/pod_table.ts";
import { PLAIN } from "../../lib/cli/style.ts";
import type { PodRow } from "../../lib/fleet/pod_list.ts";

const row: PodRow = {
  name: "demo",
  state: "idle",
  model: "builtin:offline",
  cwd: "/work",
  socket: "/run/demo/sock",
  updatedAt: 1_000,
  preview: "user: hello\x1b[2J",
  attachable: true,
  restorable: false,
};

Deno.test("podTable() shows each Pod in a line, and what is not known as a dash", () => {
  const rows = [
    row,
    { ...row, name: "x", state: "corrupt", model: null, updatedAt: null, preview: null } as const,
  ];
  assertEquals(
    podTable(rows, { columns: undefined, style: PLAIN }, 61_000),
    "NAME  STATE    MODEL            UPDATED    LAST WORDS\n" +
      "demo  idle     builtin:offline  1 min ago  user: hello\n" +
      "x     corrupt  —                —\n",
  );
});
