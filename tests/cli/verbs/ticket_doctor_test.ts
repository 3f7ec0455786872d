import { assert, assertEquals, assertMatch } from "@std/assert";
import type { DoctorReport } from "../../../lib/ticket/doctor_report.ts";
import { Workspace } from "../_tickets.ts";

Deno.test("yoi ticket doctor says ok and nothing else of a store in order", async () => {
  await using workspace = await Workspace.create();
  const ok = { code: 0, stdout: "doctor: ok\n", stderr: "" };
  await Deno.mkdir(workspace.root, { recursive: true });
  assertEquals(await workspace.say("ticket doctor"), ok);
  await workspace.ticket("x");
  assertEquals(await workspace.say("ticket doctor"), ok);
  assertEquals(await workspace.json("ticket doctor"), { ok: true, diagnostics: [] });
});

Deno.test("yoi ticket doctor W12: warnings go to stderr and make nothing fail", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  await workspace.write(`.yoi/tickets/${id}/resolution.md`, "of another time\n");
  await workspace.write(".yoi/tickets/stray.txt", "");
  const { code, stdout, stderr } = await workspace.say("ticket doctor");
  assertEquals([code, stdout], [0, "doctor: ok\n"]);
  const lines = stderr.trimEnd().split("\n");
  assertEquals(lines.at(-1), "doctor: ok (2 warnings)");
  assertEquals((await workspace.say("ticket doctor", { columns: 80 })).stdout, "doctor: ok\n");
  const person = { columns: 80, isStderrTerminal: true };
  assertEquals(await workspace.say("ticket doctor", person), { code: 0, stdout: "", stderr });
  assert(lines.slice(0, -1).every((line) => line.startsWith("doctor: warning: ")), stderr);
});

Deno.test("yoi ticket doctor prints every finding with its place, counts errors and fails", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const thread = await workspace.read(`.yoi/tickets/${id}/thread.md`);
  await workspace.write(`.yoi/tickets/${id}/thread.md`, `${thread}\n<!-- event: comment\n`);
  await workspace.write(".yoi/tickets/not-an-id/item.md", "---\ntitle: x\n---\n");
  const { code, stdout, stderr } = await workspace.say("ticket doctor");
  assertEquals([code, stderr], [1, ""]);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.at(-1), "doctor: 2 error(s)");
  assert(lines.some((line) => /^doctor: error: .* \(.*\/thread\.md:\d+\)$/.test(line)), stdout);
  const report = await workspace.say("ticket doctor --json");
  assertEquals(report.code, 1);
  const { ok, diagnostics } = JSON.parse(report.stdout) as DoctorReport;
  assertEquals(ok, false);
  assertEquals(Object.keys(diagnostics[0]!).sort(), [
    ...["code", "line", "message", "path", "severity", "ticket"],
  ]);
});

Deno.test("yoi ticket doctor --fix says what it repaired", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  await Deno.remove(`${workspace.root}/${id}/artifacts`, { recursive: true });
  assertEquals((await workspace.say("ticket doctor")).code, 1);
  const text = await workspace.do("ticket doctor --fix");
  assertMatch(text, /^doctor: fixed: .* \(.*\)\ndoctor: ok\n$/);
  assertEquals(await workspace.do("ticket doctor"), "doctor: ok\n");
});
