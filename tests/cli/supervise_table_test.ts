import { assertEquals } from "@std/assert";
import { COLOURED, PLAIN } from "../../lib/cli/style.ts";
import { exitText, superviseTable } from "../../lib/cli/supervise_table.ts";
import type { ChildStatus } from "../../lib/supervisor/status.ts";

const web: ChildStatus = {
  name: "web",
  state: "ready",
  pid: 1234,
  incarnation: 3,
  restarts: 2,
  startedAt: 1_000,
  lastExit: { code: 3, signal: null, at: 500 },
};

Deno.test("superviseTable() shows each child in a line, and what is not known as a dash", () => {
  const killed = { code: 137, signal: "SIGKILL", at: 55_000 };
  const children: ChildStatus[] = [
    web,
    { name: "db", state: "starting", incarnation: 0, restarts: 0 },
    { ...web, name: "cache", state: "given_up", pid: 9, lastExit: killed },
  ];
  assertEquals(
    superviseTable(children, { columns: undefined, style: PLAIN }, 61_000),
    "NAME   STATE     PID   STARTED    RESTARTS  LAST EXIT\n" +
      "web    ready     1234  1 min ago  2         exit code 3, 1 min ago\n" +
      "db     starting  —     —          0         —\n" +
      "cache  given_up  9     1 min ago  2         SIGKILL, 6 s ago\n",
  );
});

Deno.test("superviseTable() paints states where colours are wanted", () => {
  const [, line = ""] = superviseTable([web], { columns: 80, style: COLOURED }, 1_000).split("\n");
  assertEquals(line, `web   ${COLOURED.green("ready")}  1234  now      2         exit code 3, now`);
});

Deno.test("exitText() names the signal, else the code", () => {
  assertEquals(exitText({ code: 143, signal: "SIGTERM" }), "SIGTERM");
  assertEquals(exitText({ code: 0, signal: null }), "exit code 0");
});
