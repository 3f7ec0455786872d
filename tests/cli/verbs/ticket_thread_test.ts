import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TicketDetail, TicketEvent } from "../../../lib/ticket/ticket.ts";
import { Workspace } from "../_tickets.ts";

async function last(workspace: Workspace, id: string): Promise<TicketEvent> {
  const { events } = await workspace.json<TicketDetail>(["ticket", "show", id]);
  return events.at(-1)!;
}

Deno.test("yoi ticket comment appends an event of a role", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  await workspace.write("note.md", "From a file\n\n---\n\nall of it\n");
  assertEquals(
    await workspace.do(["ticket", "comment", id, "--message", "Hello"]),
    `appended\t${id}\tcomment\n`,
  );
  assertEquals(
    await workspace.do(["ticket", "comment", id, "--role=decision", "--file", "note.md"]),
    `appended\t${id}\tdecision\n`,
  );
  const event = await last(workspace, id);
  assertEquals([event.kind, event.author, event.body], [
    "decision",
    "alice",
    "From a file\n\n---\n\nall of it",
  ]);
  const said = await workspace.json<{ id: string; event: TicketEvent }>(
    ["ticket", "comment", id, "--message=--help", "--author", "bob"],
  );
  assertEquals([said.id, said.event.author, said.event.body], [id, "bob", "--help"]);
});

Deno.test("yoi ticket comment without USER is by unknown, and --message= is refused", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  for (const env of [{}, { USER: " " }]) {
    await workspace.do(["ticket", "comment", id, "--message", ""], { env });
    assertEquals((await last(workspace, id)).author, "unknown");
  }
  const { code, stderr } = await workspace.say(["ticket", "comment", id, "--message="]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "--message requires a value");
  const missing = await workspace.say(["ticket", "comment", id, "--file", "nothing.md"]);
  assertEquals(missing.code, 1);
  assert(missing.stderr.startsWith('yoi ticket: Cannot read "nothing.md": '));
});

Deno.test("yoi ticket review approves or asks for changes", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  assertEquals(
    await workspace.do(["ticket", "review", id, "--approve", "--message", "Fine."]),
    `reviewed\t${id}\tapprove\n`,
  );
  assertEquals(
    await workspace.do(["ticket", "review", id, "--request-changes", "--message", "Not yet."]),
    `reviewed\t${id}\trequest_changes\n`,
  );
  assertEquals((await last(workspace, id)).attributes.status, "request_changes");
});

Deno.test("yoi ticket state walks from planning to done, as the program", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  for (const state of ["ready", "queued", "inprogress", "done"]) {
    const line = await workspace.do(["ticket", "state", id, state]);
    assertEquals(line, `state\t${id}\t${state}\n`);
    const { author, attributes } = await last(workspace, id);
    assertEquals([author, attributes.to], ["yoi ticket", state]);
    assertEquals(attributes.reason, state === "queued" ? "queued" : "cli_state");
  }
  const { code, stderr } = await workspace.say(["ticket", "state", id, "planning"]);
  assertEquals(code, 1);
  assert(stderr.startsWith("yoi ticket: ticket conflict: "), stderr);
});

Deno.test("yoi ticket state names what blocks a ticket", async () => {
  await using workspace = await Workspace.create();
  const [first, second] = [await workspace.ticket("x"), await workspace.ticket("y")];
  await workspace.do(
    ["ticket", "relation", "add", "--ticket", first, "--kind", "depends_on", "--target", second],
  );
  await workspace.do(["ticket", "state", first, "ready", "--summary", "Clear."]);
  const { code, stderr } = await workspace.say(["ticket", "state", first, "queued"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, `${second} via depends_on (state: planning)`);
});

Deno.test("yoi ticket state warns of relations that it cannot read, and goes on", async () => {
  await using workspace = await Workspace.create();
  const [first, second] = [await workspace.ticket("x"), await workspace.ticket("y")];
  await workspace.do(
    ["ticket", "relation", "add", "--ticket", second, "--kind", "blocks", "--target", first],
  );
  await Deno.writeTextFile(`${workspace.root}/${second}/artifacts/relations.json`, "<<<<<<<\n");
  await workspace.do(["ticket", "state", first, "ready"]);
  for (const state of ["queued", "inprogress"]) {
    const { code, stderr } = await workspace.say(["ticket", "state", first, state]);
    assertEquals(code, 0);
    assertStringIncludes(stderr, `cannot read ${second}/artifacts/relations.json`);
  }
});

Deno.test("yoi ticket close and reopen keep the resolution", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const blank = await workspace.say(["ticket", "close", id, "--resolution", ""]);
  assertEquals([blank.code, blank.stdout], [1, ""]);
  assertStringIncludes(blank.stderr, "ticket conflict: resolution is blank");
  assertEquals(
    await workspace.do(["ticket", "close", id, "--resolution", "Done."]),
    `closed\t${id}\n`,
  );
  const closed = await workspace.json<TicketDetail>(["ticket", "show", id]);
  assertEquals([closed.state, closed.resolution], ["closed", "Done.\n"]);
  assert((await workspace.say(["ticket", "reopen", id])).stderr.includes("--reason is required"));
  assertEquals(
    await workspace.json(["ticket", "reopen", id, "--reason", "not fixed"]),
    { id, state: "planning" },
  );
  const open = await workspace.json<TicketDetail>(["ticket", "show", id]);
  assertEquals([open.state, open.resolution, open.artifacts.length], ["planning", null, 1]);
});

Deno.test("yoi ticket priority and assign change fields, and none takes them away", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  assertEquals(await workspace.do(["ticket", "priority", id, "P0"]), `priority\t${id}\tP0\n`);
  assertEquals(await workspace.do(["ticket", "assign", id, "bob"]), `assigned\t${id}\tbob\n`);
  const fields = async () => {
    const { frontmatter } = await workspace.json<TicketDetail>(["ticket", "show", id]);
    return [frontmatter.priority ?? null, frontmatter.assignee];
  };
  assertEquals(await fields(), ["P0", "bob"]);
  assertEquals(await workspace.json(["ticket", "priority", id, "none"]), { id, priority: null });
  assertEquals(await workspace.json(["ticket", "assign", id, "--none"]), { id, assignee: null });
  assertEquals(await fields(), [null, null]);
  for (const [verb, value] of [["priority", "none"], ["assign", "--none"]] as const) {
    const { code, stderr } = await workspace.say(["ticket", verb, id, value]);
    const name = verb === "assign" ? "assignee" : verb;
    assertEquals([code, stderr], [
      1,
      `yoi ticket: ticket conflict: ${id} has no ${name} already\n`,
    ]);
  }
  assertEquals((await workspace.say(["ticket", "priority", id, "P9"])).code, 1);
});

Deno.test("yoi ticket assign and create refuse none as a name: lists take it for nobody", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x", "--assignee", "bob");
  const assigned = await workspace.say(["ticket", "assign", id, "none"]);
  assertEquals([assigned.code, assigned.stderr.split("\n")[0]], [
    1,
    'yoi: Cannot assign to "none", which means nobody: use --none to unassign',
  ]);
  const created = await workspace.say("ticket create --title y --assignee none");
  assertEquals([created.code, created.stderr.split("\n")[0]], [
    1,
    'yoi: Cannot assign to "none", which means nobody: leave --assignee out',
  ]);
  const rows = async (assignee: string) =>
    (await workspace.json<{ total: number }>(["ticket", "list", "--assignee", assignee])).total;
  assertEquals([await rows("bob"), await rows("none")], [1, 0]);
  await workspace.do(["ticket", "assign", id, "--none"]);
  assertEquals([await rows("bob"), await rows("none")], [0, 1]);
});

Deno.test("yoi ticket: who writes to a ticket by a part of its id is told the whole", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const { code, stderr } = await workspace.say(
    ["ticket", "comment", id.slice(0, 10), "--message", "y"],
  );
  assertEquals([code, stderr], [
    1,
    `yoi ticket: ticket not found: ${id.slice(0, 10)} (its whole id is ${id})\n`,
  ]);
  const other = await workspace.ticket("z");
  const ambiguous = await workspace.say(["ticket", "comment", id.slice(0, 4), "--message", "y"]);
  assertEquals(
    ambiguous.stderr,
    `yoi ticket: ticket not found: ${id.slice(0, 4)} (it could be ${id}, ${other})\n`,
  );
});

Deno.test("yoi ticket: flags that would have no effect are refused", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  for (
    const words of [["list", "--all", "--limit", "1"], ["state", id, "planning", "--summary", "x"]]
  ) {
    const { code, stderr } = await workspace.say(["ticket", ...words]);
    assertEquals(code, 1, words.join(" "));
    assert(stderr.includes("usage: yoi ticket"), stderr);
  }
});

Deno.test("yoi ticket takes texts that are as long as they may be, and none that is longer", async () => {
  await using workspace = await Workspace.create();
  const mebibyte = "x".repeat(1024 * 1024);
  await workspace.write("whole.md", mebibyte);
  await workspace.write("windows.md", `${mebibyte.slice(3)}\r\ny`);
  await workspace.write("ended.md", `${mebibyte.slice(1)}\n`);
  await workspace.write("longer.md", `${mebibyte}y`);
  for (const file of ["whole.md", "windows.md", "ended.md"]) {
    const id = await workspace.ticket("x", "--file", file);
    await workspace.do(["ticket", "comment", id, "--file", file]);
    await workspace.do(["ticket", "close", id, "--file", file]);
    const detail = await workspace.json<TicketDetail>(["ticket", "show", id]);
    const text = (await workspace.read(file)).replace("\r", "").trim();
    // Compared without a report: it would be as long as they are.
    assert(detail.body.trim() === text, file);
    assert(detail.events[1]!.body === text, file);
    assert(detail.resolution === (file === "whole.md" ? text : `${text}\n`), file);
  }
  const id = await workspace.ticket("x");
  const { code } = await workspace.say(["ticket", "comment", id, "--file", "longer.md"]);
  assertEquals(code, 1);
  const summary = ["--summary", "s"];
  const message = "y".repeat(16 * 1024);
  const longer = await workspace.say([
    ...["ticket", "state", id, "ready", ...summary, "--message", `${message}y`],
  ]);
  assertStringIncludes(longer.stderr, "body has 16385 bytes or more, at most 16384 are allowed");
  await workspace.do(["ticket", "state", id, "ready", ...summary, "--message", message]);
  assertEquals((await last(workspace, id)).body, message);
  assert((await workspace.json<{ ok: boolean }>(["ticket", "doctor"])).ok);
});
