import { assertEquals } from "@std/assert";
import type { TicketStore } from "../../lib/ticket/store.ts";
import {
  assertRefused,
  type Clock,
  FIRST_ID,
  inStore,
  readFile,
  writeFile,
} from "./_written_root.ts";

const SECOND_ID = "00001KT07NV01";

async function makeTwo(store: TicketStore, clock: Clock): Promise<void> {
  await store.create({ title: "first" });
  clock.ms++;
  await store.create({ title: "second" });
}

Deno.test("TicketStore.relate() writes the file of relations, and no event", () =>
  inStore(async (store, clock) => {
    await makeTwo(store, clock);
    const thread = readFile(store, `${FIRST_ID}/thread.md`);
    clock.set("08:00:00");
    await store.relate(FIRST_ID, { kind: "related", target: SECOND_ID, note: " " });
    const relation = await store.relate(FIRST_ID, {
      kind: "depends_on",
      target: ` ${SECOND_ID} `,
      note: "schema first",
      author: "intake",
    });
    assertEquals(relation, {
      ticketId: FIRST_ID,
      kind: "depends_on",
      target: SECOND_ID,
      note: "schema first",
      author: "intake",
      at: "2026-06-01T08:00:00Z",
    });
    assertEquals(
      readFile(store, `${FIRST_ID}/artifacts/relations.json`),
      `{
  "version": 1,
  "relations": [
    {
      "ticket_id": "${FIRST_ID}",
      "kind": "depends_on",
      "target": "${SECOND_ID}",
      "note": "schema first",
      "author": "intake",
      "at": "2026-06-01T08:00:00Z"
    },
    {
      "ticket_id": "${FIRST_ID}",
      "kind": "related",
      "target": "${SECOND_ID}",
      "author": "alice",
      "at": "2026-06-01T08:00:00Z"
    }
  ]
}
`,
    );
    assertEquals(readFile(store, `${FIRST_ID}/thread.md`), thread);
    const { frontmatter } = await store.show(FIRST_ID);
    assertEquals(frontmatter["updated_at"], "2026-06-01T08:00:00Z");
    assertEquals((await store.relations(SECOND_ID, { kind: "related" })).relations.length, 1);
  }));

Deno.test("TicketStore.relate() makes the folder that a hand-made ticket lacks", () =>
  inStore(async (store, clock) => {
    await makeTwo(store, clock);
    await Deno.remove(`${store.root}/${FIRST_ID}/artifacts`, { recursive: true });
    await store.relate(FIRST_ID, { kind: "blocks", target: SECOND_ID });
    assertEquals((await store.show(SECOND_ID)).relations.blockers.length, 1);
  }));

Deno.test("TicketStore.relate() refuses what is no relation", () =>
  inStore(async (store, clock) => {
    await makeTwo(store, clock);
    await store.relate(FIRST_ID, { kind: "depends_on", target: SECOND_ID });
    const relate = (target: string, kind = "depends_on", note = "") => () =>
      store.relate(FIRST_ID, { kind: kind as "related", target, note });
    await assertRefused(store, relate(SECOND_ID), "conflict", "already");
    await assertRefused(store, relate(FIRST_ID), "conflict", "itself");
    await assertRefused(store, relate("00001KT07NV02"), "not_found", "00001KT07NV02");
    await assertRefused(store, relate("../x"), "invalid_component", "x");
    await assertRefused(store, relate(" "), "conflict", "blank");
    await assertRefused(store, relate("a\nb"), "conflict", "target");
    await assertRefused(store, relate("a".repeat(1025)), "conflict", "target");
    await assertRefused(store, relate(SECOND_ID, "needs"), "conflict", "kind");
    await assertRefused(store, relate(SECOND_ID, "related", "a\0"), "conflict", "note");
    await assertRefused(store, relate(SECOND_ID, "related", "a".repeat(16385)), "conflict", "note");
    const unrelate = () => store.unrelate(FIRST_ID, { kind: "blocks", target: SECOND_ID });
    await assertRefused(store, unrelate, "conflict", "has no relation");
    writeFile(store.root, `${FIRST_ID}/artifacts/relations.json`, '{"version": 2}');
    await assertRefused(store, relate(SECOND_ID, "related"), "parse", "relations.json");
  }));

Deno.test("TicketStore.relate(): links in artifacts are not followed", () =>
  inStore(async (store, clock) => {
    await makeTwo(store, clock);
    const outside = `${store.root}/../outside.json`;
    await Deno.writeTextFile(outside, '{"version":1,"relations":[]}');
    await Deno.symlink(outside, `${store.root}/${FIRST_ID}/artifacts/relations.json`);
    const run = () => store.relate(FIRST_ID, { kind: "related", target: SECOND_ID });
    await assertRefused(store, run, "escapes_root", "relations.json");
    await Deno.remove(`${store.root}/${FIRST_ID}/artifacts`, { recursive: true });
    await Deno.symlink(`${store.root}/..`, `${store.root}/${FIRST_ID}/artifacts`);
    await assertRefused(store, run, "escapes_root", "artifacts");
    assertEquals(await Deno.readTextFile(outside), '{"version":1,"relations":[]}');
  }));

Deno.test("TicketStore.relate(): a file in the place of artifacts is named for what it is", () =>
  inStore(async (store, clock) => {
    await makeTwo(store, clock);
    await Deno.remove(`${store.root}/${FIRST_ID}/artifacts`, { recursive: true });
    writeFile(store.root, `${FIRST_ID}/artifacts`, "x");
    const run = () => store.relate(FIRST_ID, { kind: "related", target: SECOND_ID });
    await assertRefused(store, run, "conflict", 'artifacts" is not a folder: move it');
  }));

Deno.test("TicketStore.unrelate() takes one relation away", () =>
  inStore(async (store, clock) => {
    await makeTwo(store, clock);
    const kept = await store.relate(FIRST_ID, { kind: "related", target: SECOND_ID });
    const gone = await store.relate(FIRST_ID, { kind: "depends_on", target: SECOND_ID });
    const named = { kind: gone.kind, target: gone.target };
    assertEquals(await store.unrelate(FIRST_ID, named), gone);
    assertEquals((await store.relations()).relations, [kept]);
  }));

Deno.test("TicketStore.plan() appends one line", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x" });
    const path = `${FIRST_ID}/artifacts/orchestration-plan.jsonl`;
    clock.set("08:00:00");
    const record = await store.plan(FIRST_ID, { kind: "after", relatedTicket: SECOND_ID });
    const line = `{"id":"orch-plan-20260601-080000-1","ticket_id":"${FIRST_ID}","kind":"after",` +
      `"related_ticket":"${SECOND_ID}","author":"alice","at":"2026-06-01T08:00:00Z"}\n`;
    assertEquals(readFile(store, path), line);
    writeFile(store.root, path, line.trimEnd()); // an editor dropped the last line end
    await store.plan(FIRST_ID, { kind: "accepted_plan", acceptedPlan: { summary: "so" } });
    assertEquals(readFile(store, path).startsWith(line), true);
    const { records } = await store.plans(FIRST_ID);
    assertEquals(records.map(({ id }) => id), [record.id, "orch-plan-20260601-080000-2"]);
    const { events, frontmatter } = await store.show(FIRST_ID);
    assertEquals([events.length, frontmatter["updated_at"]], [1, "2026-06-01T08:00:00Z"]);
  }));

Deno.test("TicketStore: relations and plans keep the line ends of their file", () =>
  inStore(async (store, clock) => {
    await makeTwo(store, clock);
    const files = ["relations.json", "orchestration-plan.jsonl"]
      .map((name) => `${FIRST_ID}/artifacts/${name}`);
    const change = async () => {
      await store.relate(FIRST_ID, { kind: "related", target: SECOND_ID });
      await store.plan(FIRST_ID, { kind: "after", relatedTicket: SECOND_ID });
    };
    await change();
    const before = files.map((path) => readFile(store, path));
    for (const [index, path] of files.entries()) {
      writeFile(store.root, path, before[index]!.replaceAll("\n", "\r\n"));
    }
    await store.unrelate(FIRST_ID, { kind: "related", target: SECOND_ID });
    await change();
    for (const path of files) {
      const text = readFile(store, path);
      assertEquals(text.split("\n").length, text.split("\r\n").length, path);
    }
    assertEquals((await store.relations()).relations.length, 1);
    assertEquals((await store.plans()).records.length, 2);
  }));

Deno.test("TicketStore.plan() refuses what is no record", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const plan = (request: Parameters<TicketStore["plan"]>[1]) => () =>
      store.plan(FIRST_ID, request);
    await assertRefused(store, plan({ kind: "after" }), "conflict", "related_ticket");
    // @ts-expect-error No kind of records.
    await assertRefused(store, plan({ kind: "later" }), "conflict", "kind");
    await assertRefused(store, plan({ kind: "waiting_capacity_note" }), "conflict", "note");
    writeFile(store.root, `${FIRST_ID}/artifacts/orchestration-plan.jsonl`, "{}\n");
    const run = plan({ kind: "waiting_capacity_note", note: "wait" });
    await assertRefused(store, run, "parse", "orchestration-plan.jsonl");
  }));

Deno.test("TicketStore.setPriority() and assign() change a field and record it", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x" });
    const item = readFile(store, `${FIRST_ID}/item.md`);
    clock.set("08:00:00");
    const steps = [
      () => store.setPriority(FIRST_ID, "P1"),
      () => store.setPriority(FIRST_ID, "P0", { author: "bob" }),
      () => store.assign(FIRST_ID, "carol"),
      () => store.assign(FIRST_ID, null),
      () => store.setPriority(FIRST_ID, null),
    ];
    const changes: string[] = [];
    for (const step of steps) {
      const { attributes, author } = await step();
      changes.push([attributes["field"], attributes["from"], attributes["to"], author].join(" "));
    }
    assertEquals(changes, [
      "priority null P1 alice",
      "priority P1 P0 bob",
      "assignee null carol alice",
      "assignee carol null alice",
      "priority P0 null alice",
    ]);
    assertEquals(
      readFile(store, `${FIRST_ID}/item.md`),
      item.replace("updated_at: '2026-06-01T00:00:00Z'", "updated_at: '2026-06-01T08:00:00Z'")
        .replace("assignee: null\n", "assignee: null\npriority: null\n"),
    );
    // @ts-expect-error No priority.
    await assertRefused(store, () => store.setPriority(FIRST_ID, "P9"), "conflict", "P3");
    await assertRefused(store, () => store.assign(FIRST_ID, null), "conflict", "already");
    await assertRefused(store, () => store.assign(FIRST_ID, "a\nb"), "conflict", "one line");
    const text = readFile(store, `${FIRST_ID}/item.md`);
    writeFile(
      store.root,
      `${FIRST_ID}/item.md`,
      text.replace("assignee: null", "assignee: |\n  a"),
    );
    const words = "the present assignee (`yoi ticket edit` can change it) has to be one line";
    await assertRefused(store, () => store.assign(FIRST_ID, "carol"), "conflict", words);
  }));

Deno.test("TicketStore.setField() changes what has no operation of its own", () =>
  inStore(async (store) => {
    await store.create({ title: "x", readiness: "draft" });
    const set = (field: string, to: string | null, from?: string | null) =>
      store.setField(FIRST_ID, { field, to, from, reason: "refined" });
    await set("readiness", "ready", "draft");
    assertEquals((await store.show(FIRST_ID)).frontmatter["readiness"], "ready");
    const refused: [() => Promise<unknown>, string][] = [
      [() => set("readiness", "x", "draft"), 'is "ready", expected "draft"'],
      [() => set("readiness", "x", null), "expected not set"],
      [() => set("readiness", "ready"), "already"],
      ...["state", "workflow_state", "status", "title", "created_at", "updated_at"].map((
        field,
      ): [() => Promise<unknown>, string] => [() => set(field, "closed"), field]),
      ...["", " ", "a b", "a:b", "a--b", "a\nb"].map((field): [() => Promise<unknown>, string] => [
        () => set(field, "x"),
        "field name",
      ]),
      [() => set("labels", "x"), "older"],
      [() => set("risk_flags", "x"), "unreadable"],
      [() => set("readiness", "a --> b"), "-->"],
    ];
    for (const [run, words] of refused) await assertRefused(store, run, "conflict", words);
  }));

Deno.test("TicketStore.setField() refuses a field that holds a list", () =>
  inStore(async (store) => {
    await store.create({ title: "first", riskFlags: ["io"] });
    const change = { field: "risk_flags", to: "disk", reason: "found" };
    await assertRefused(store, () => store.setField(FIRST_ID, change), "conflict", "is a list");
  }));

Deno.test("TicketStore.editItem() replaces title and body and says so", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x", body: "old" });
    const thread = readFile(store, `${FIRST_ID}/thread.md`);
    clock.set("08:00:00");
    await store.editItem(FIRST_ID, { title: "y", body: "---\nnew" });
    assertEquals(
      readFile(store, `${FIRST_ID}/thread.md`).slice(thread.length),
      "\n<!-- event: item_edit author: alice at: 2026-06-01T08:00:00Z -->\n\n" +
        "## Item updated\n\nItem updated: title, body.\n\n---\n",
    );
    const { title, body } = await store.show(FIRST_ID);
    assertEquals([title, body], ["y", "\n---\nnew\n"]);
    await assertRefused(store, () => store.editItem(FIRST_ID, {}), "conflict", "title or a body");
    await assertRefused(
      store,
      () => store.editItem(FIRST_ID, { title: "y" }),
      "conflict",
      "does not change",
    );
    await assertRefused(
      store,
      () => store.editItem(FIRST_ID, { title: "a\nb" }),
      "conflict",
      "title",
    );
    await assertRefused(store, () => store.editItem(FIRST_ID, { body: "\0" }), "conflict", "body");
  }));

Deno.test("TicketStore.replaceItem() stores an edited text, if nobody was faster", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x", body: "old" });
    const expected = readFile(store, `${FIRST_ID}/item.md`);
    clock.set("08:00:00");
    const replace = (text: string, against = expected) => () =>
      store.replaceItem(FIRST_ID, text, { expected: against });
    const refused: [string, "conflict" | "parse", string][] = [
      [expected.replace("'planning'", "'closed'"), "conflict", "state"],
      [expected.replace("created_at: '2026", "created_at: '2025"), "conflict", "creation"],
      [expected.replace("'x'", "''"), "conflict", "title"],
      [expected.replace("'x'", "12"), "parse", "title"],
      [expected.replace("---\n", ""), "parse", "item.md"],
      ["", "parse", "item.md"],
      [`${expected}\0`, "conflict", "body"],
    ];
    for (const [text, code, words] of refused) {
      await assertRefused(store, replace(text), code, words);
    }
    const edited = expected.replace("'x'", "y # why").replace("old", "new")
      .replace("assignee: null", "assignee: bob\nmood: fine");
    const event = await replace(edited)();
    assertEquals(event?.body, "Item updated: title, body, frontmatter.");
    assertEquals(
      readFile(store, `${FIRST_ID}/item.md`),
      edited.replace("updated_at: '2026-06-01T00:00:00Z'", "updated_at: '2026-06-01T08:00:00Z'"),
    );
    await assertRefused(store, replace(edited), "conflict", "was changed while");
  }));
