import { assertEquals, assertThrows } from "@std/assert";
import { encodeRecordId } from "../../lib/ticket/record_id.ts";
import { TICKET_STATES } from "../../lib/ticket/states.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import {
  assertRefused,
  filesIn,
  FIRST_ID,
  inRoot,
  inStore,
  readFile,
  START,
  writeFile,
} from "./_written_root.ts";

Deno.test("TicketStore.create() writes a whole ticket", () =>
  inStore(async (store) => {
    assertEquals(await store.create({ title: "It's: #1", body: "## Why\n\nSpeed." }), FIRST_ID);
    assertEquals(filesIn(store.root), {
      [`${FIRST_ID}/`]: "",
      [`${FIRST_ID}/artifacts/`]: "",
      [`${FIRST_ID}/artifacts/.gitkeep`]: "",
      [`${FIRST_ID}/item.md`]: "---\n" +
        "title: 'It''s: #1'\n" +
        "state: 'planning'\n" +
        "created_at: '2026-06-01T00:00:00Z'\n" +
        "updated_at: '2026-06-01T00:00:00Z'\n" +
        "assignee: null\n" +
        "---\n\n## Why\n\nSpeed.\n",
      [`${FIRST_ID}/thread.md`]: "<!-- event: create author: alice at: 2026-06-01T00:00:00Z -->\n" +
        "\n## Created\n\nCreated by LocalTicketBackend.\n\n---\n",
    });
  }));

Deno.test("TicketStore writes nothing by a clock that counts in microseconds", () =>
  inStore(async (store) => {
    const id = await store.create({ title: "x" });
    const now = () => START * 1_000;
    const hasty = TicketStore.open(store.root, { author: "alice", durable: false, now });
    const words = `the clock does not give milliseconds since 1970: ${START * 1_000}`;
    await assertRefused(store, () => hasty.create({ title: "y" }), "conflict", words);
    await assertRefused(store, () => hasty.comment(id, { body: "y" }), "conflict", words);
    await assertRefused(store, () => hasty.close(id, { resolution: "y" }), "conflict", words);
  }));

Deno.test("TicketStore.create() writes every field in its order", () =>
  inStore(async (store) => {
    await store.create({
      title: "Cache",
      state: "queued",
      import: true,
      assignee: "bob",
      readiness: "implementation_ready",
      riskFlags: [" io ", "", "format"],
      queuedBy: "carol",
      queuedAt: "2026-05-31T00:00:00Z",
      priority: "P1",
    });
    assertEquals(
      readFile(store, `${FIRST_ID}/item.md`),
      "---\ntitle: 'Cache'\nstate: 'queued'\n" +
        "created_at: '2026-06-01T00:00:00Z'\nupdated_at: '2026-06-01T00:00:00Z'\n" +
        "assignee: 'bob'\nreadiness: 'implementation_ready'\nrisk_flags: ['io', 'format']\n" +
        "queued_by: 'carol'\nqueued_at: '2026-05-31T00:00:00Z'\npriority: 'P1'\n" +
        "---\n\n## Background\n\nThis ticket was created by LocalTicketBackend.\n\n" +
        "## Acceptance criteria\n\n- TBD\n",
    );
  }));

Deno.test("TicketStore.create() speaks the record language", () =>
  inStore(async (store) => {
    await store.create({ title: "索引" });
    assertEquals(readFile(store, `${FIRST_ID}/item.md`).includes("## 受け入れ条件"), true);
    assertEquals(readFile(store, `${FIRST_ID}/thread.md`).includes("## 作成\n"), true);
  }, { language: "ja" }));

Deno.test("TicketStore.create(): a ticket that begins as ready has the records of that", () =>
  inStore(async (store) => {
    await store.create({ title: "Cache", state: "ready", summary: "Worth it." });
    const { state, events } = await store.show(FIRST_ID);
    assertEquals(state, "ready");
    assertEquals(events.map(({ kind, author, body }) => [kind, author, body]), [
      ["create", "alice", "Created by LocalTicketBackend."],
      ["intake_summary", "alice", "Worth it."],
      ["state_changed", "alice", "Planning is finished; the ticket is ready."],
    ]);
    assertEquals(events[2]?.attributes, {
      event: "state_changed",
      author: "alice",
      at: "2026-06-01T00:00:00Z",
      from: "planning",
      to: "ready",
      reason: "planning_ready",
      field: "state",
    });
  }));

Deno.test("TicketStore.create() refuses what would not be a good ticket", () =>
  inStore(async (store) => {
    await store.create({ title: "here" });
    const refused: [Parameters<TicketStore["create"]>[0], string][] = [
      [{ title: "" }, "title"],
      [{ title: " \t" }, "title"],
      [{ title: "a\n---\nb" }, "title"],
      [{ title: "a\nstate: closed" }, "title"],
      [{ title: "a\0b" }, "title"],
      [{ title: "a\x1b[31m" }, "title"],
      [{ title: "é".repeat(513) }, "title"],
      [{ title: "t", author: "a\nb" }, "author"],
      [{ title: "t", author: " " }, "author"],
      [{ title: "t", author: "a --> b" }, "author"],
      [{ title: "t", body: "a\0b" }, "body"],
      [{ title: "t", body: "a".repeat(5 * 1024 * 1024) }, "body"],
      [{ title: "t", assignee: "a\nb" }, "assignee"],
      [{ title: "t", readiness: "a\nb" }, "readiness"],
      // No event could name it as the value that another one takes the place of.
      [{ title: "t", assignee: "a --> b" }, "assignee"],
      [{ title: "t", readiness: "a --> b" }, "readiness"],
      [{ title: "t", queuedBy: "a --> b" }, "queued_by"],
      [{ title: "t", riskFlags: ["a\nb"] }, "risk flag"],
      // @ts-expect-error No priority.
      [{ title: "t", priority: "urgent" }, "priority"],
      [{ title: "t", state: "ready" }, "summary"],
      [{ title: "t", state: "ready", summary: " \n" }, "summary"],
      [{ title: "t", state: "planning", summary: "s" }, "summary"],
      [{ title: "t", state: "open" as "ready" }, "unknown"],
      ...TICKET_STATES.slice(2).map((state): [{ title: string; state: typeof state }, string] => [
        { title: "t", state },
        state,
      ]),
    ];
    for (const [request, words] of refused) {
      await assertRefused(store, () => store.create(request), "conflict", words);
    }
  }));

Deno.test("TicketStore.create(): titles that look like anything come back as they are", () =>
  inStore(async (store, clock) => {
    const titles = [
      "it's --> fine",
      "[x] {y}: #z",
      "---",
      "null",
      "12",
      "  padded  ",
      "日本語 🧪",
      'a\\b"c"',
      "é".repeat(512),
    ];
    for (const title of titles) {
      clock.ms++;
      assertEquals((await store.show(await store.create({ title }))).title, title);
    }
  }));

Deno.test("TicketStore.create() takes the next millisecond that is free", () =>
  inStore(async (store) => {
    await store.create({ title: "first" });
    writeFile(store.root, encodeRecordId(START + 1), "not even a folder");
    await Deno.symlink("nowhere", `${store.root}/${encodeRecordId(START + 2)}`);
    assertEquals(await store.create({ title: "second" }), encodeRecordId(START + 3));
  }));

Deno.test("TicketStore.create(): the ids of a second are used up after 1,000 probes", () =>
  inStore(async (store) => {
    for (let probe = 0; probe < 1000; probe++) {
      await Deno.mkdir(`${store.root}/${encodeRecordId(START + probe)}`, { recursive: true });
    }
    assertEquals(await store.create({ title: "last" }), encodeRecordId(START + 1000));
    await assertRefused(store, () => store.create({ title: "x" }), "conflict", "1000 ms");
  }));

Deno.test("TicketStore.create(): a clock before 1970 gives no id", () =>
  inStore(async (store, clock) => {
    clock.ms = -1;
    await assertRefused(store, () => store.create({ title: "x" }), "conflict", "clock");
  }));

Deno.test("TicketStore.create() at once gives each its own id", () =>
  inStore(async (store) => {
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.create({ title: `ticket ${index}` })),
    );
    assertEquals(new Set(ids).size, 50);
    const { tickets, problems } = await store.list({ limit: Infinity });
    assertEquals([tickets.length, problems], [50, []]);
  }));

Deno.test("TicketStore.open() touches nothing, and a refused change makes no root", () =>
  inRoot(async (root) => {
    const store = TicketStore.open(root, { author: "alice" });
    await assertRefused(store, () => store.create({ title: "" }), "conflict", "title");
    await assertRefused(store, () => store.comment(FIRST_ID, { body: "" }), "not_found", FIRST_ID);
    assertEquals(filesIn(`${root}/..`), {});
    assertThrows(() => TicketStore.open(""), Error, "escapes configured root");
    assertThrows(() => TicketStore.open(" "), Error, "escapes configured root");
  }));

Deno.test("TicketStore: what a killed creation left goes when the next one comes", () =>
  inStore(async (store) => {
    writeFile(store.root, ".00001KT07NV0Z.new/item.md", "half");
    writeFile(store.root, `.${FIRST_ID}.new/item.md`, "half");
    writeFile(store.root, ".mine.new/notes.md", "kept");
    writeFile(store.root, ".ticket-backend.holder", "");
    await store.create({ title: "x" });
    assertEquals(Object.keys(filesIn(store.root)).filter((path) => path.startsWith(".")), [
      ".mine.new/",
      ".mine.new/notes.md",
    ]);
  }));
