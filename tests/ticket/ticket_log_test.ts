import { assertEquals, assertRejects } from "@std/assert";
import { encodeRecordId } from "../../lib/ticket/record_id.ts";
import { type LogOptions, recentEvents } from "../../lib/ticket/ticket_log.ts";
import { eventText, lines, withRoot, writeTicket } from "./_ticket_root.ts";

Deno.test("recentEvents() gives events of all tickets, the newest first", async () => {
  await withRoot(async (root) => {
    const at = (second: number) => `2026-06-01T00:00:0${second}Z`;
    writeTicket(root, "00001KT07NV00", {
      lines: lines({ title: "First" }),
      thread: [
        eventText("create", at(1), "a"),
        eventText("comment", at(3), "b"),
        eventText("plan", at(3), "c"),
        "<!-- event: fix -->\n\nd\n\n---\n",
      ].join("\n"),
    });
    writeTicket(root, "00001KT07NV01", { thread: eventText("comment", at(2), "e") });
    writeTicket(root, "00001KT07NV02", { thread: null });
    await Deno.mkdir(`${root}/00001KT07NV02/thread.md`);
    const bodies = async (options: LogOptions) =>
      (await recentEvents(root, options)).events.map((event) => event.body).join("");
    assertEquals(await bodies({}), "cbead");
    assertEquals(await bodies({ limit: 2 }), "cb");
    assertEquals(await bodies({ since: at(2) }), "cbe");
    assertEquals(await bodies({ kinds: ["comment"] }), "be");
    const { events, problems } = await recentEvents(root, { limit: 1 });
    assertEquals(events, [{
      ticket: "00001KT07NV00",
      title: "First",
      kind: "plan",
      author: "alice",
      at: at(3),
      heading: "Heading",
      body: "c",
      attributes: { event: "plan", author: "alice", at: at(3) },
    }]);
    assertEquals(problems.map((problem) => problem.path), ["00001KT07NV02/thread.md"]);
    await assertRejects(() => recentEvents(root, { limit: -1 }), RangeError);
    await assertRejects(() => recentEvents(root, { since: "yesterday" }), RangeError, "since");
  });
});

Deno.test("recentEvents() finds the same newest events among many as among all", async () => {
  await withRoot(async (root) => {
    for (let ticket = 0; ticket < 40; ticket++) {
      // Neither tickets nor threads are in the order of time, and each second has several events.
      const thread = Array.from({ length: 40 }, (_, index) => {
        const second = String((ticket * 7 + index * 11) % 60).padStart(2, "0");
        return eventText("comment", `2026-06-01T00:00:${second}Z`, `${ticket}.${index}`);
      });
      writeTicket(root, encodeRecordId(1_780_272_000_000 + ticket), { thread: thread.join("\n") });
    }
    const { events: all } = await recentEvents(root, { limit: Infinity });
    assertEquals(all.length, 1600);
    for (const limit of [0, 50, 700]) {
      const { events, total, truncated } = await recentEvents(root, { limit });
      assertEquals([events, total, truncated], [all.slice(0, limit), 1600, true]);
    }
  });
});

Deno.test("recentEvents() orders by moments, however they are written; what is none comes last", async () => {
  await withRoot(async (root) => {
    const written = [
      ["2026-06-01T00:00:03Z", "c"],
      ["garbage", "f"],
      ["2026-06-01T09:00:02+09:00", "b"],
      ["2026-06-01T00:00:04.500Z", "d"],
      ["2026", "g"],
      ["2026-05-31T20:00:01-04:00", "a"],
    ] as const;
    writeTicket(root, "00001KT07NV00", {
      thread: written.map(([at, body]) => eventText("comment", at, body)).join("\n"),
    });
    const bodies = async (options: LogOptions) =>
      (await recentEvents(root, options)).events.map((event) => event.body).join("");
    assertEquals(await bodies({}), "dcbagf");
    assertEquals(await bodies({ since: "2026-06-01T00:00:02Z" }), "dcb");
    assertEquals((await recentEvents(root)).events.at(-1)?.at, "garbage");
  });
});
