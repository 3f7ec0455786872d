import { assertEquals } from "@std/assert";
import { PLAIN } from "../../lib/cli/style.ts";
import { SuperviseNotices } from "../../lib/cli/supervise_notices.ts";
import { Output } from "../../lib/cli/terminal.ts";
import type { ControlEvent } from "../../lib/supervisor/control_protocol.ts";
import { MemorySink } from "./_sinks.ts";

const EVENTS: ControlEvent[] = [
  { event: "child_started", data: { child: "web", pid: 7, incarnation: 1 } },
  { event: "child_exited", data: { child: "web", pid: 7, code: 3, signal: null } },
  { event: "child_restarting", data: { child: "web", reason: "exited", delayMs: 200 } },
  { event: "child_ready", data: { child: "web", pid: 8, incarnation: 2 } },
  { event: "child_restarting", data: { child: "web", reason: "requested", delayMs: 0 } },
  { event: "child_exited", data: { child: "web", pid: 8, code: 137, signal: "SIGKILL" } },
  { event: "child_given_up", data: { child: "web" } },
  { event: "error", data: { message: 'Cannot start child "web": no such program' } },
];

Deno.test("SuperviseNotices tells people what is not as it should be", async () => {
  const sink = new MemorySink();
  const notices = new SuperviseNotices(new Output(sink), { now: () => 2_000 });
  for (const event of EVENTS) notices.tell(event);
  notices.tellShutdown("SIGTERM");
  notices.tellStatus({ children: [{ name: "web", state: "exited", incarnation: 2, restarts: 1 }] });
  const end = { code: 3, signal: null, isGivenUp: true };
  notices.tellEnd({ code: 0, reason: { kind: "asked" } });
  notices.tellEnd({ code: 3, reason: { kind: "critical_child", child: "web", end } });
  await notices.written();
  assertEquals(
    sink.text,
    `yoi: web has ended: exit code 3
yoi: web is restarted in 200 ms
yoi: web is restarted
yoi: web has ended: SIGKILL
yoi: web is given up: it has failed too often
yoi: Cannot start child "web": no such program
yoi: shutting down (SIGTERM); once more kills at once
NAME  STATE   PID  STARTED  RESTARTS  LAST EXIT
web   exited  —    —        1         —
yoi: has shut down: web is critical and has ended for good
`,
  );
});

Deno.test("SuperviseNotices with asJson writes the events, and nothing that is none", async () => {
  const sink = new MemorySink();
  const notices = new SuperviseNotices(new Output(sink), { asJson: true });
  for (const event of EVENTS) notices.tell(event);
  notices.tellShutdown("SIGTERM");
  notices.tellStatus({ children: [] });
  await notices.written();
  const told = sink.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(told, [...EVENTS, { event: "status", data: { children: [] } }]);
});

Deno.test("SuperviseNotices drops what finds no reader, and keeps within its bound", async () => {
  const taking: PromiseWithResolvers<void>[] = [];
  let size = 0;
  const output = {
    write(text: string) {
      size += text.length;
      taking.push(Promise.withResolvers<void>());
      return taking.at(-1)!.promise;
    },
    columns: undefined,
    style: PLAIN,
  };
  const notices = new SuperviseNotices(output);
  const message = "x".repeat(1_000);
  for (let count = 0; count < 1_000; count++) notices.tell({ event: "error", data: { message } });
  assertEquals([taking.length, size <= 65_536], [65, true]);
  for (const { resolve } of taking.splice(1)) resolve();
  taking[0]!.reject(new Error("closed"));
  await Promise.allSettled([taking[0]!.promise]);
  await notices.written();
  notices.tell({ event: "error", data: { message } });
  assertEquals(taking.length, 2);
  taking[1]!.resolve();
  await notices.written();
});

Deno.test("SuperviseNotices tells programs of a fault as of any error", async () => {
  const sink = new MemorySink();
  const notices = new SuperviseNotices(new Output(sink), { asJson: true });
  notices.tellEnd({ code: 70, reason: { kind: "fault", error: new Error("no space") } });
  await notices.written();
  assertEquals(JSON.parse(sink.text), { event: "error", data: { message: "no space" } });
});
