import { assertEquals, assertRejects } from "@std/assert";
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
