import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { newObjectiveText } from "../../lib/ticket/objective.ts";
import { ObjectiveStore, type ObjectiveStoreOptions } from "../../lib/ticket/objective_store.ts";
import { TicketError, type TicketErrorCode } from "../../lib/ticket/ticket_error.ts";

const NOW = 1_780_272_000_000;
const FIRST = "00001KT07NV00";
const SECOND = "00001KT07NV01";
const TICKET = "00001KSRM16T0";
const AT = "2026-06-01T00:00:00Z";

/** A workspace with one ticket, and a store that thinks it is always the same moment. */
class Workspace implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync();
  readonly root = `${this.path}/.yoi/objectives`;

  constructor() {
    Deno.mkdirSync(`${this.path}/.yoi/tickets/${TICKET}`, { recursive: true });
    Deno.writeTextFileSync(`${this.path}/.yoi/tickets/${TICKET}/item.md`, "---\n---\n");
  }

  store(options: ObjectiveStoreOptions = {}): ObjectiveStore {
    return ObjectiveStore.open(this.root, { now: () => NOW, durable: false, ...options });
  }

  write(name: string, text: string): void {
    Deno.mkdirSync(`${this.root}/${name}`, { recursive: true });
    Deno.writeTextFileSync(`${this.root}/${name}/item.md`, text);
  }

  names(): string[] {
    return [...Deno.readDirSync(this.root)].map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

async function assertTicketRejection(
  run: () => Promise<unknown>,
  code: TicketErrorCode,
  words: string,
): Promise<void> {
  const error = await assertRejects(run);
  assert(error instanceof TicketError, String(error));
  assertEquals(error.code, code);
  assertStringIncludes(error.message, words);
}

Deno.test("ObjectiveStore.create() writes a whole file, trimmed, links in order", async () => {
  await using workspace = new Workspace();
  const store = workspace.store({ durable: true });
  const id = await store.create({ title: "  Faster search ", tickets: [TICKET, TICKET] });
  assertEquals(id, FIRST);
  assertEquals(workspace.names(), [FIRST]);
  assertEquals(
    await Deno.readTextFile(`${workspace.root}/${FIRST}/item.md`),
    newObjectiveText("Faster search", [TICKET, TICKET], AT),
  );
  assertEquals(await store.doctor().then(({ ok }) => ok), true);
});

Deno.test("ObjectiveStore.create() takes a clock that counts parts of milliseconds", async () => {
  await using workspace = new Workspace();
  const id = await workspace.store({ now: () => NOW + 0.5 }).create({ title: "a" });
  assertEquals([id, (await workspace.store().show(id)).createdAt], [FIRST, AT]);
});

Deno.test("ObjectiveStore.create() probes upward past whatever has the id", async () => {
  await using workspace = new Workspace();
  const store = workspace.store();
  await Deno.mkdir(workspace.root, { recursive: true });
  await Deno.writeTextFile(`${workspace.root}/${FIRST}`, "");
  await Deno.symlink("nowhere", `${workspace.root}/${SECOND}`);
  assertEquals(await store.create({ title: "a" }), "00001KT07NV02");
  const ids = await Promise.all(["b", "c", "d", "e"].map((title) => store.create({ title })));
  assertEquals(new Set(ids).size, 4);
  for (const [index, id] of ids.entries()) {
    assertEquals((await store.show(id)).title, "bcde"[index]);
  }
});

Deno.test("ObjectiveStore.create() gives up after 1,000 ids and leaves nothing behind", async () => {
  await using workspace = new Workspace();
  const store = workspace.store();
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (let index = 0; index < 1_024; index++) {
    const id = `00001KT07NV${digits[index >> 5]}${digits[index & 31]}`;
    await Deno.mkdir(`${workspace.root}/${id}`, { recursive: true });
  }
  await assertTicketRejection(() => store.create({ title: "a" }), "conflict", "no free record id");
  assertEquals(workspace.names().length, 1_024);
});

Deno.test("ObjectiveStore.create() checks everything before it writes", async () => {
  await using workspace = new Workspace();
  const store = workspace.store();
  const refused = (title: string, tickets: string[], code: TicketErrorCode, words: string) =>
    assertTicketRejection(() => store.create({ title, tickets }), code, words);
  await refused(" \n", [], "conflict", "title");
  await refused("a\nb", [], "conflict", "title");
  await refused("a\x1b[0m", [], "conflict", "title");
  await refused("あ".repeat(342), [], "conflict", "title");
  await refused("a", ["../x"], "conflict", "linked ticket");
  await refused("a", [TICKET.toLowerCase()], "conflict", "linked ticket");
  await refused("a", [TICKET, SECOND], "not_found", SECOND);
  await Deno.symlink(TICKET, `${workspace.path}/.yoi/tickets/${SECOND}`);
  await refused("a", [SECOND], "not_found", SECOND);
  for (const link of [[TICKET], { toString: () => TICKET }, null]) {
    // What a program without types may give.
    const tickets = [link as unknown as string];
    await assertRejects(() => store.create({ title: "a", tickets }), TypeError, "not a string");
  }
  const early = workspace.store({ now: () => -1 });
  await assertTicketRejection(() => early.create({ title: "a" }), "conflict", "1970");
  assertEquals((await store.list()).objectives, []);
});

Deno.test("ObjectiveStore.create() takes old ids and slugs of tickets, and stores the ids of today", async () => {
  await using workspace = new Workspace();
  const tickets = `${workspace.path}/.yoi/tickets`;
  const map = {
    version: 1,
    ids: { "20260601-000000-zz": TICKET },
    slugs: { zz: [TICKET], both: [TICKET, SECOND] },
  };
  await Deno.writeTextFile(`${tickets}/.ticket-ids.json`, JSON.stringify(map));
  await Deno.mkdir(`${tickets}/${SECOND}`);
  await Deno.writeTextFile(`${tickets}/${SECOND}/item.md`, "");
  await Deno.mkdir(`${tickets}/20260601-000000-001`);
  await Deno.writeTextFile(`${tickets}/20260601-000000-001/item.md`, "");
  const store = workspace.store();
  const refused = (link: string, code: TicketErrorCode, words: string) =>
    assertTicketRejection(() => store.create({ title: "a", tickets: [link] }), code, words);
  await refused("both", "not_found", `it could be ${TICKET}, ${SECOND}`);
  await refused("20260601-000000-001", "conflict", "yoi ticket migrate");
  const id = await store.create({ title: "a", tickets: ["zz", "20260601-000000-zz"] });
  assertEquals((await store.show(id)).linkedTickets, [TICKET, TICKET]);
});

Deno.test("ObjectiveStore.list() shows the newest change first, then ids, and filters", async () => {
  await using workspace = new Workspace();
  const text = (state: string, day: string) =>
    newObjectiveText("a", [], AT).replace('"active"', `"${state}"`)
      .replace(/updated_at: .*/, `updated_at: "2026-06-${day}T00:00:00Z"`);
  workspace.write(SECOND, text("active", "02"));
  workspace.write(FIRST, text("paused", "02"));
  workspace.write("00001KT07NV02", text("someday", "03"));
  const store = workspace.store();
  const ids = async (state?: "all" | "active") =>
    (await store.list(state ? { state } : {})).objectives.map(({ id }) => id);
  assertEquals(await ids(), ["00001KT07NV02", FIRST, SECOND]);
  assertEquals(await ids("all"), ["00001KT07NV02", FIRST, SECOND]);
  assertEquals(await ids("active"), [SECOND]);
  assertEquals(await workspace.store().list(), await store.list());
});

Deno.test("ObjectiveStore.list() tells of bad records beside the good ones", async () => {
  await using workspace = new Workspace();
  workspace.write(FIRST, newObjectiveText("a", [], AT));
  workspace.write(SECOND, "---\ntitle: secret\n---\n");
  workspace.write("notes", "");
  await Deno.mkdir(`${workspace.root}/00001KT07NV02`);
  await Deno.symlink(FIRST, `${workspace.root}/00001KT07NV03`);
  await Deno.mkdir(`${workspace.root}/00001KT07NV04`);
  await Deno.symlink("/etc/passwd", `${workspace.root}/00001KT07NV04/item.md`);
  workspace.write("00001KT07NV05", "");
  await Deno.writeFile(`${workspace.root}/00001KT07NV05/item.md`, new Uint8Array([0xff]));
  await Deno.writeTextFile(`${workspace.root}/.gitkeep`, "");
  const { objectives, problems } = await workspace.store().list({ state: "active" });
  assertEquals(objectives.map(({ id }) => id), [FIRST]);
  assertEquals(problems.map(({ path }) => path), [
    SECOND,
    "00001KT07NV02",
    "00001KT07NV03",
    "00001KT07NV04",
    "00001KT07NV05",
    "notes",
  ]);
  assertEquals(problems.some(({ reason }) => reason.includes("secret")), false);
  assertStringIncludes(problems[1]!.reason, "missing");
  assertStringIncludes(problems[3]!.reason, "link");
});

Deno.test("ObjectiveStore.show() takes a whole id, or the beginning of exactly one", async () => {
  await using workspace = new Workspace();
  const store = workspace.store();
  await assertTicketRejection(
    () => store.show(FIRST),
    "not_found",
    `objective not found: ${FIRST}`,
  );
  await store.create({ title: 'Say "hi"\\' });
  await Deno.writeTextFile(`${workspace.root}/00001KT07NV-notes`, "");
  for (const query of [FIRST, FIRST.slice(0, 8), "0"]) {
    assertEquals((await store.show(query)).title, 'Say "hi"\\');
  }
  await store.create({ title: "another" });
  await assertTicketRejection(
    () => store.show(FIRST.slice(0, 8)),
    "not_found",
    `objective not found: 00001KT0 (it could be ${FIRST}, ${SECOND})`,
  );
  assertEquals((await store.show(SECOND)).title, "another");
  for (const name of ["00001KT07NV-notes", FIRST.toLowerCase()]) {
    await assertTicketRejection(() => store.show(name), "not_found", "objective not found");
  }
  for (const name of ["", ".", "..", "../tickets", "a\\b", "a\0"]) {
    await assertTicketRejection(() => store.show(name), "invalid_component", "component");
  }
});

Deno.test("ObjectiveStore.doctor() finds nothing in a missing folder", async () => {
  await using workspace = new Workspace();
  assertEquals(await workspace.store().doctor(), { ok: true, diagnostics: [] });
});

Deno.test("ObjectiveStore.doctor() is content with warnings alone", async () => {
  await using workspace = new Workspace();
  const store = workspace.store();
  await store.create({ title: "a", tickets: [TICKET, TICKET] });
  await Deno.writeTextFile(`${workspace.root}/README.md`, "");
  const staging = `.${crypto.randomUUID()}.new`;
  await Deno.mkdir(`${workspace.root}/${staging}`);
  const { ok, diagnostics } = await store.doctor();
  assertEquals(ok, true);
  assertEquals(diagnostics.map(({ code, severity, objective }) => [code, severity, objective]), [
    ["leftover_staging", "warning", staging],
    ["repeated_link", "warning", FIRST],
    ["stray_entry", "warning", "README.md"],
  ]);
});

Deno.test("ObjectiveStore.doctor() names every error with its file", async () => {
  await using workspace = new Workspace();
  workspace.write(
    FIRST,
    `---\ntitle: ' '\nstate: "someday"\ncreated_at: ""\nupdated_at: "${AT}"\n` +
      `linked_tickets: ["${TICKET}", "${SECOND}", "x", "${SECOND}"]\n---\n\n## Goal\n` +
      "\n## Decision context\n### Motivation / background\n",
  );
  workspace.write(SECOND, "");
  workspace.write("notes", "");
  const { ok, diagnostics } = await workspace.store().doctor();
  assertEquals(ok, false);
  const item = `${workspace.root}/${FIRST}/item.md`;
  assertEquals(
    diagnostics.map(({ code, severity, objective, path }) => [code, severity, objective, path]),
    [
      ["blank_title", "error", FIRST, item],
      ["unknown_state", "error", FIRST, item],
      ["blank_timestamp", "error", FIRST, item],
      ["missing_section", "error", FIRST, item],
      ["missing_section", "error", FIRST, item],
      ["missing_section", "error", FIRST, item],
      ["bad_link", "error", FIRST, item],
      ["dangling_link", "error", FIRST, item],
      ["repeated_link", "warning", FIRST, item],
      ["unreadable_objective", "error", SECOND, `${workspace.root}/${SECOND}/item.md`],
      ["unreadable_objective", "error", "notes", `${workspace.root}/notes`],
    ],
  );
  assertEquals(diagnostics[9]?.line, 1);
  assert(diagnostics.every(({ ticket, message }) => ticket === null && !/[\n\t]/.test(message)));
});
