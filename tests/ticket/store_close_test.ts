import { assertEquals } from "@std/assert";
import { TICKET_STATES } from "../../lib/ticket/states.ts";
import { assertRefused, filesIn, FIRST_ID, inStore, readFile, writeFile } from "./_written_root.ts";

const FOLDER = FIRST_ID;

Deno.test("TicketStore.close() from every state writes resolution, thread and item", () =>
  inStore(async (store, clock) => {
    for (const state of TICKET_STATES.filter((it) => it !== "closed")) {
      clock.set("00:00:00");
      const id = await store.create({ title: "x", state, import: true });
      const before = readFile(store, `${id}/thread.md`);
      const item = readFile(store, `${id}/item.md`);
      clock.set("09:00:00");
      const event = await store.close(id, { resolution: "Done.\n", author: "bob" });
      assertEquals([event.kind, event.body], ["close", "Done."]);
      assertEquals(readFile(store, `${id}/resolution.md`), "Done.\n");
      assertEquals(
        readFile(store, `${id}/thread.md`).slice(before.length),
        `\n<!-- event: state_changed author: bob at: 2026-06-01T09:00:00Z from: ${state}` +
          " to: closed reason: closed field: state -->\n\n## State changed\n\n" +
          "The ticket is closed.\n\n---\n" +
          "\n<!-- event: close author: bob at: 2026-06-01T09:00:00Z status: closed -->\n\n" +
          "## Closed\n\nDone.\n\n\n---\n",
      );
      assertEquals(
        readFile(store, `${id}/item.md`),
        item.replace(`state: '${state}'`, "state: 'closed'")
          .replace("updated_at: '2026-06-01T00:00:00Z'", "updated_at: '2026-06-01T09:00:00Z'"),
      );
    }
  }));

Deno.test("TicketStore.close(): closing again keeps every earlier resolution", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x" });
    clock.set("09:00:00");
    await store.close(FOLDER, { resolution: "one" });
    const thread = readFile(store, `${FOLDER}/thread.md`);
    clock.set("10:00:00");
    await store.close(FOLDER, { resolution: "two" });
    await store.close(FOLDER, { resolution: "two" }); // the same words need no second copy
    await store.close(FOLDER, { resolution: "three" });
    const { resolution, artifacts, events, state } = await store.show(FOLDER);
    assertEquals([resolution, state], ["three", "closed"]);
    assertEquals(artifacts, ["resolution-20260601T090000Z.md", "resolution-20260601T100000Z.md"]);
    assertEquals(readFile(store, `${FOLDER}/artifacts/${artifacts[0]}`), "one");
    assertEquals(readFile(store, `${FOLDER}/artifacts/${artifacts[1]}`), "two");
    assertEquals(readFile(store, `${FOLDER}/thread.md`).startsWith(thread), true);
    assertEquals(events.map(({ kind }) => kind), [
      "create",
      "state_changed",
      "close",
      "close",
      "close",
      "close",
    ]);
  }));

Deno.test("TicketStore.reopen() records the reason and moves the resolution", () =>
  inStore(async (store, clock) => {
    await store.create({
      title: "x",
      state: "queued",
      import: true,
      queuedBy: "carol",
      queuedAt: "2026-05-31T00:00:00Z",
    });
    clock.set("09:00:00");
    await store.close(FOLDER, { resolution: "---\nDone.\r\n" });
    const thread = readFile(store, `${FOLDER}/thread.md`);
    clock.set("10:00:00");
    await store.reopen(FOLDER, { reason: "it broke again", author: "bob" });
    assertEquals(
      readFile(store, `${FOLDER}/thread.md`).slice(thread.length),
      "\n<!-- event: state_changed author: bob at: 2026-06-01T10:00:00Z from: closed to: planning" +
        ' reason: "it broke again" field: state -->\n\n## State changed\n\nit broke again\n\n' +
        "The earlier resolution is in `artifacts/resolution-20260601T090000Z.md`.\n\n---\n",
    );
    const { state, resolution, artifacts, frontmatter } = await store.show(FOLDER);
    assertEquals([state, resolution], ["planning", null]);
    assertEquals(artifacts, ["resolution-20260601T090000Z.md"]);
    assertEquals(readFile(store, `${FOLDER}/artifacts/${artifacts[0]}`), "---\nDone.\n");
    assertEquals("queued_by" in frontmatter, false);
  }));

Deno.test("TicketStore.reopen() twice within a second gives every resolution a name of its own", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    for (const resolution of ["one", "two", "three"]) {
      await store.close(FOLDER, { resolution });
      await store.reopen(FOLDER, { reason: "again" });
    }
    assertEquals((await store.show(FOLDER)).artifacts, [
      "resolution-20260601T000000Z-2.md",
      "resolution-20260601T000000Z-3.md",
      "resolution-20260601T000000Z.md",
    ]);
  }));

Deno.test("TicketStore: closing and reopening refuse what does not fit", () =>
  inStore(async (store) => {
    for (const state of TICKET_STATES.filter((it) => it !== "closed")) {
      const id = await store.create({ title: "x", state, import: true });
      await assertRefused(store, () => store.reopen(id, { reason: "r" }), "conflict", state);
    }
    for (const blank of ["", " \n\t\n"]) {
      await assertRefused(
        store,
        () => store.close(FOLDER, { resolution: blank }),
        "conflict",
        "resolution is blank",
      );
    }
    await store.close(FOLDER, { resolution: "r" });
    await assertRefused(store, () => store.reopen(FOLDER, { reason: " " }), "conflict", "reason");
    await assertRefused(
      store,
      () => store.reopen(FOLDER, { reason: "a\nb" }),
      "conflict",
      "reason",
    );
    const large = "a".repeat((1 << 20) + 1);
    await assertRefused(
      store,
      () => store.close(FOLDER, { resolution: large }),
      "conflict",
      "resolution",
    );
    await assertRefused(
      store,
      () => store.close(FOLDER, { resolution: "\0" }),
      "conflict",
      "resolution",
    );
  }));

Deno.test("TicketStore: a ticket closed by hand, without any record of it, can be reopened", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const item = readFile(store, `${FOLDER}/item.md`).replace("'planning'", "'closed'");
    writeFile(store.root, `${FOLDER}/item.md`, item);
    await store.reopen(FOLDER, { reason: "by mistake" });
    const { state, events } = await store.show(FOLDER);
    assertEquals([state, events.at(-1)?.body], ["planning", "by mistake"]);
    assertEquals(Object.keys(filesIn(`${store.root}/${FOLDER}/artifacts`)), [".gitkeep"]);
  }));

Deno.test("TicketStore.close(): a ticket that is closed again has a resolution at every moment", () => {
  let look: (() => void) | undefined;
  return inStore(async (store) => {
    const path = `${store.root}/${FOLDER}/resolution.md`;
    const seen = new Set<string>();
    await store.create({ title: "x" });
    await store.close(FOLDER, { resolution: "one" });
    await Deno.chmod(path, 0o600);
    look = () => void seen.add(Deno.readTextFileSync(path));
    await store.close(FOLDER, { resolution: "two" });
    assertEquals([...seen], ["one", "two"]);
    const { artifacts, resolution } = await store.show(FOLDER);
    assertEquals([artifacts.length, resolution], [1, "two"]);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }, { onWrite: () => look?.() });
});
