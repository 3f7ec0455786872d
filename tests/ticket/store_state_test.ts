import { assertEquals } from "@std/assert";
import { TICKET_STATES, type TicketState, transitionBetween } from "../../lib/ticket/states.ts";
import type { TicketStore } from "../../lib/ticket/store.ts";
import {
  assertRefused,
  type Clock,
  FIRST_ID,
  inStore,
  readFile,
  writeFile,
} from "./_written_root.ts";

/** A ticket of any state, made by importing it. */
function make(store: TicketStore, state: TicketState): Promise<string> {
  return store.create({
    title: "x",
    state,
    import: true,
    ...(state === "queued" ? { queuedBy: "carol", queuedAt: "2026-05-31T00:00:00Z" } : {}),
  });
}

/** Runs `test` for every pair of states, each with a new ticket in the first one. */
function forEachPair(
  store: TicketStore,
  test: (id: string, from: TicketState, to: TicketState) => Promise<void>,
): Promise<void> {
  return TICKET_STATES.flatMap((from) => TICKET_STATES.map((to) => [from, to] as const)).reduce(
    (before, [from, to]) => before.then(async () => await test(await make(store, from), from, to)),
    Promise.resolve(),
  );
}

async function lastEvent(store: TicketStore, id: string) {
  const { events } = await store.show(id);
  return events.at(-1)!;
}

Deno.test("TicketStore.transition(): the table of states, whole", () =>
  inStore(async (store) => {
    await forEachPair(store, async (id, from, to) => {
      const run = () => store.transition(id, { from, to, reason: "because", body: "B" });
      if (transitionBetween(from, to)?.operation !== "transition") {
        await assertRefused(store, run, "conflict", to);
        return;
      }
      await run();
      assertEquals((await store.show(id)).state, to);
      const event = await lastEvent(store, id);
      assertEquals([event.kind, event.heading, event.body], [
        "state_changed",
        "State changed",
        "B",
      ]);
      const { from: was, to: is, reason, field } = event.attributes;
      assertEquals([was, is, reason, field], [from, to, "because", "state"]);
    });
  }));

Deno.test("TicketStore.transition(): a state that is not the expected one is a conflict", () =>
  inStore(async (store) => {
    for (const state of TICKET_STATES) {
      const id = await make(store, state);
      for (const from of TICKET_STATES) {
        for (const to of TICKET_STATES) {
          if (from === state || transitionBetween(from, to)?.operation !== "transition") continue;
          const run = () => store.transition(id, { from, to, reason: "r" });
          await assertRefused(store, run, "conflict", `is ${state}, expected ${from}`);
        }
      }
    }
  }));

Deno.test("TicketStore: the way is judged before the ticket is looked up", () =>
  inStore(async (store) => {
    const run = () => store.transition("../x", { from: "planning", to: "done", reason: "r" });
    await assertRefused(store, run, "conflict", "cannot go from planning to done");
    await assertRefused(store, () => store.setState("../x", "closed"), "conflict", "close");
  }));

Deno.test("TicketStore.setState(): the table of states, whole", () =>
  inStore(async (store) => {
    await forEachPair(store, async (id, from, to) => {
      const way = transitionBetween(from, to)?.operation;
      const run = () => store.setState(id, to, { author: "yoi ticket" });
      if (way === undefined || way === "close" || way === "reopen") {
        const words = to === "closed" ? "use close" : way === "reopen" ? "use reopen" : "cannot go";
        await assertRefused(store, run, "conflict", words);
        return;
      }
      await run();
      const { state, events } = await store.show(id);
      assertEquals(state, to);
      assertEquals(events.slice(1).map(({ kind, author }) => [kind, author]), [
        ...(way === "intake_ready" ? [["intake_summary", "yoi ticket"]] : []),
        ["state_changed", "yoi ticket"],
      ]);
      const { reason } = events.at(-1)!.attributes;
      assertEquals(reason, way === "queue" ? "queued" : "cli_state");
    });
  }));

Deno.test("TicketStore.setState() refuses an intake summary that it would not record", () =>
  inStore(async (store) => {
    const id = await store.create({ title: "x" });
    await store.setState(id, "ready", { summary: "Understood." });
    const run = () => store.setState(id, "planning", { summary: "Understood." });
    await assertRefused(store, run, "conflict", "makes a ticket ready, not planning");
  }));

Deno.test("TicketStore.intakeReady(): from planning only, summary and transition by one author", () =>
  inStore(async (store) => {
    for (const state of TICKET_STATES.slice(1)) {
      const id = await make(store, state);
      const run = () => store.intakeReady(id, { summary: "Worth it." });
      await assertRefused(store, run, "conflict", `is ${state}, expected planning`);
    }
    const id = await store.create({ title: "x" });
    const before = readFile(store, `${id}/thread.md`);
    await store.intakeReady(id, { summary: "Worth it.", author: "bob", reason: "checked" });
    assertEquals(
      readFile(store, `${id}/thread.md`).slice(before.length),
      "\n<!-- event: intake_summary author: bob at: 2026-06-01T00:00:00Z -->\n\n" +
        "## Intake summary\n\nWorth it.\n\n---\n" +
        "\n<!-- event: state_changed author: bob at: 2026-06-01T00:00:00Z from: planning to: ready" +
        " reason: checked field: state -->\n\n## State changed\n\n" +
        "Planning is finished; the ticket is ready.\n\n---\n",
    );
  }));

Deno.test("TicketStore.intakeReady(): a bad request leaves no summary behind", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const refused: [Parameters<TicketStore["intakeReady"]>[1], string][] = [
      [{ summary: " \n" }, "summary"],
      [{ summary: "s".repeat(16385) }, "summary"],
      [{ summary: "s", reason: "a\nb" }, "reason"],
      [{ summary: "s", reason: "a --> b" }, "reason"],
      [{ summary: "s", reason: " " }, "reason"],
      [{ summary: "s", reason: "r".repeat(1025) }, "reason"],
      [{ summary: "s", body: "b".repeat(16385) }, "body"],
    ];
    for (const [request, words] of refused) {
      await assertRefused(store, () => store.intakeReady(FIRST_ID, request), "conflict", words);
    }
  }));

Deno.test("TicketStore.queue() writes who queued the ticket, and when", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "ready");
    const before = readFile(store, `${id}/thread.md`);
    clock.set("09:00:00");
    await store.queue(id, { queuedBy: "yoi ticket" });
    assertEquals(
      readFile(store, `${id}/thread.md`).slice(before.length),
      '\n<!-- event: state_changed author: "yoi ticket" at: 2026-06-01T09:00:00Z from: ready' +
        " to: queued reason: queued field: state -->\n\n## State changed\n\n" +
        "Queued by `yoi ticket` for routing.\n\n---\n",
    );
    assertEquals(
      readFile(store, `${id}/item.md`).split("\n").slice(1, 9),
      [
        "title: 'x'",
        "state: 'queued'",
        "created_at: '2026-06-01T00:00:00Z'",
        "updated_at: '2026-06-01T09:00:00Z'",
        "assignee: null",
        "queued_by: 'yoi ticket'",
        "queued_at: '2026-06-01T09:00:00Z'",
        "---",
      ],
    );
    for (const state of TICKET_STATES.filter((it) => it !== "ready")) {
      const other = await make(store, state);
      await assertRefused(store, () => store.queue(other), "conflict", `is ${state}`);
    }
  }));

Deno.test("TicketStore: who queued a ticket goes when it is planned again, not when it goes on", () =>
  inStore(async (store) => {
    const id = await make(store, "queued");
    await store.transition(id, { from: "queued", to: "inprogress", reason: "begin" });
    assertEquals((await store.show(id)).frontmatter["queued_by"], "carol");
    const back = await make(store, "queued");
    await store.transition(back, { from: "queued", to: "planning", reason: "unclear" });
    const { frontmatter } = await store.show(back);
    assertEquals("queued_by" in frontmatter || "queued_at" in frontmatter, false);
  }));

/** Runs an operation as if its writer had died right before the last write, that of the item. */
async function cutOff(store: TicketStore, id: string, run: () => Promise<unknown>): Promise<void> {
  const path = `${id}/item.md`;
  const item = readFile(store, path);
  await run();
  writeFile(store.root, path, item);
}

/** Two tickets, the first of which waits for the second. */
async function blocked(store: TicketStore, clock: Clock, state: TicketState) {
  const id = await make(store, state);
  clock.ms++;
  const other = await store.create({ title: "other" });
  await store.relate(id, { kind: "depends_on", target: other });
  return { id, other };
}

Deno.test("TicketStore.queue(): what blocks a ticket is told first, whatever its state is", () =>
  inStore(async (store, clock) => {
    for (const state of ["planning", "ready"] as const) {
      const { id, other } = await blocked(store, clock, state);
      const words = `${other} via depends_on (state: planning)`;
      await assertRefused(store, () => store.queue(id), "conflict", words);
      await assertRefused(store, () => store.setState(id, "queued"), "conflict", words);
      assertEquals((await store.dependencyCheck(id)).canQueue, false);
      await store.close(other, { resolution: "r" });
      if (state === "ready") assertEquals((await store.queue(id)).attributes["to"], "queued");
    }
  }));

Deno.test("TicketStore.dependencyCheck() refuses what queue() would: its own files cannot be read", () =>
  inStore(async (store, clock) => {
    for (const file of ["thread.md", "artifacts/relations.json"]) {
      const id = await make(store, "ready");
      clock.ms++;
      await Deno.writeFile(`${store.root}/${id}/${file}`, new Uint8Array([0xff, 0x0a]));
      await assertRefused(store, () => store.queue(id), "parse", file);
      const { canQueue, reasons, nextAction } = await store.dependencyCheck(id);
      assertEquals([canQueue, reasons.length], [false, 1], file);
      assertEquals(nextAction, `Repair "${id}/${file}" first.`);
    }
    const id = await make(store, "ready");
    const thread = `${store.root}/${id}/thread.md`;
    // What a cut write leaves is mended by the next writer.
    await Deno.writeFile(thread, new Uint8Array([0xe2, 0x82]), { append: true });
    assertEquals((await store.dependencyCheck(id)).canQueue, true);
    await store.queue(id);
  }));

Deno.test("TicketStore: a gate tells of relations of others that it cannot read, and goes on", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "ready");
    clock.ms++;
    const other = await store.create({ title: "other" });
    await store.relate(other, { kind: "blocks", target: id });
    writeFile(store.root, `${other}/artifacts/relations.json`, "<<<<<<< ours\n");
    const told: string[] = [];
    const onUnread = (problems: readonly { path: string }[]) =>
      void told.push(...problems.map(({ path }) => path));
    assertEquals((await store.dependencyCheck(id)).problems.length, 1);
    await store.queue(id, { onUnread });
    await store.setState(id, "planning");
    await store.setState(id, "ready");
    await store.setState(id, "queued", { onUnread });
    await store.transition(id, { from: "queued", to: "inprogress", reason: "r", onUnread });
    assertEquals(told, Array(3).fill(`${other}/artifacts/relations.json`));
  }));

Deno.test("TicketStore.transition(): a ticket that got blocked while queued is not begun", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "queued");
    clock.ms++;
    const other = await store.create({ title: "other" });
    await store.relate(other, { kind: "blocks", target: id });
    const run = () => store.transition(id, { from: "queued", to: "inprogress", reason: "r" });
    await assertRefused(store, run, "conflict", `${other} via blocked_by (state: planning)`);
    await store.unrelate(other, { kind: "blocks", target: id });
    await run();
  }));

Deno.test("TicketStore.queue(): relations that cannot be read could block", () =>
  inStore(async (store) => {
    const id = await make(store, "ready");
    writeFile(store.root, `${id}/artifacts/relations.json`, "{");
    await assertRefused(store, () => store.queue(id), "parse", "relations.json");
  }));

Deno.test("TicketStore.recordStateChange() and recordIntakeSummary() leave the state as it is", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "queued");
    clock.set("10:00:00");
    const change = { from: "intake", to: "queued", reason: "imported" };
    const { attributes } = await store.recordStateChange(id, {
      ...change,
      field: "workflow_state",
    });
    assertEquals([attributes["to"], attributes["field"]], ["queued", "workflow_state"]);
    assertEquals((await store.recordStateChange(id, change)).attributes["field"], "state");
    const summary = await store.recordIntakeSummary(id, { summary: "Clear." });
    assertEquals([summary.kind, summary.body], ["intake_summary", "Clear."]);
    await store.comment(id, { body: "going on" });
    const { state, frontmatter } = await store.show(id);
    assertEquals([state, frontmatter["updated_at"]], ["queued", "2026-06-01T10:00:00Z"]);
    for (const [name, value] of [["from", " "], ["to", "a\nb"], ["reason", "-->"], ["field", ""]]) {
      const run = () => store.recordStateChange(id, { ...change, [name!]: value });
      await assertRefused(store, run, "conflict", name!);
    }
    const blank = () => store.recordIntakeSummary(id, { summary: " " });
    await assertRefused(store, blank, "conflict", "blank");
  }));

Deno.test("TicketStore.recordStateChange(): no later change applies it, nor does a repair", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "planning");
    clock.set("10:00:00");
    const told = { from: "planning", to: "ready", reason: "told" };
    await cutOff(store, id, () => store.recordStateChange(id, told));
    const { diagnostics } = await store.doctor({ fix: true });
    assertEquals(diagnostics.map(({ code }) => code), []);
    await store.comment(id, { body: "going on" });
    assertEquals((await store.show(id)).state, "planning");
  }));

Deno.test("TicketStore.relate() passes over targets that are no name of a folder", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "planning");
    clock.ms++;
    const other = await store.create({ title: "other" });
    await store.relate(id, { kind: "related", target: other });
    const path = `${id}/artifacts/relations.json`;
    writeFile(store.root, path, readFile(store, path).replace(other, "../x"));
    assertEquals((await store.relate(id, { kind: "related", target: other })).target, other);
  }));

Deno.test("TicketStore.itemText() is what a change will find, also after a crash", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "queued");
    clock.set("10:00:00");
    const begin = { from: "queued", to: "inprogress", reason: "begin" } as const;
    await cutOff(store, id, () => store.transition(id, begin));
    const expected = await store.itemText(id);
    assertEquals(expected.includes("'inprogress'"), true);
    const event = await store.replaceItem(id, expected.replace("'x'", "'y'"), { expected });
    assertEquals(event?.kind, "item_edit");
  }));

Deno.test("TicketStore: a state that a crash kept from the item is written first", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "queued");
    clock.set("10:00:00");
    const begin = { from: "queued", to: "inprogress", reason: "begin" } as const;
    await cutOff(store, id, () => store.transition(id, begin));
    clock.set("11:00:00");
    await store.comment(id, { body: "going on" });
    const { state, frontmatter } = await store.show(id);
    assertEquals([state, frontmatter["updated_at"]], ["inprogress", "2026-06-01T11:00:00Z"]);
  }));

Deno.test("TicketStore: a field that a crash kept from the item is written first", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "queued");
    clock.set("10:00:00");
    await cutOff(store, id, () => store.setPriority(id, "P1"));
    clock.set("11:00:00");
    await store.comment(id, { body: "going on" });
    assertEquals((await store.show(id)).frontmatter["priority"], "P1");
  }));

Deno.test("TicketStore: a state that somebody wrote by hand is left alone", () =>
  inStore(async (store, clock) => {
    const id = await make(store, "queued");
    clock.set("10:00:00");
    await store.transition(id, { from: "queued", to: "inprogress", reason: "begin" });
    const item = readFile(store, `${id}/item.md`).replace("'inprogress'", "queued");
    writeFile(store.root, `${id}/item.md`, item);
    clock.set("11:00:00");
    await store.comment(id, { body: "going on" });
    assertEquals((await store.show(id)).state, "queued");
  }));
