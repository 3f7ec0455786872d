import { assertEquals, assertRejects } from "@std/assert";
import { type SearchOptions, searchTickets } from "../../lib/ticket/ticket_search.ts";
import { eventText, lines, withRoot, writeTicket } from "./_ticket_root.ts";

function writeSamples(root: string): void {
  writeTicket(root, "00001KT07NV00", {
    lines: lines({ title: "Cache the index" }),
    body: "\nThe parser is slow.\nREBUILD it.\n",
    thread: eventText("decision", "2026-06-01T00:00:00Z", "Use a B-tree."),
  });
  writeTicket(root, "00001KT07NV01", {
    lines: lines({ title: "Drop the parser", state: "closed" }),
    files: { "resolution.md": "Gone, with the cache.\n" },
  });
  writeTicket(root, "00001KT07NV02", { lines: lines({ title: "ÄRGER" }), body: "cache" });
}

Deno.test("searchTickets() finds tickets that hold all the words, in any of their texts", async () => {
  await withRoot(async (root) => {
    writeSamples(root);
    const found = async (words: string[], options: SearchOptions = {}) =>
      (await searchTickets(root, words, options)).tickets.map((it) => it.id.at(-1)).join("");
    assertEquals(await found(["CACHE"]), "021");
    assertEquals(await found(["cache", "parser"]), "10");
    assertEquals(await found(["b-tree"]), "0");
    assertEquals(await found(["ärger"]), "2");
    assertEquals(await found(["a\u0308rger"]), "2");
    assertEquals(await found(["cache", "nothing"]), "");
    assertEquals(await found(["cache"], { states: "active" }), "02");
    assertEquals(await found(["cache"], { limit: 1 }), "0");
  });
});

Deno.test("searchTickets() tells where the words are", async () => {
  await withRoot(async (root) => {
    writeSamples(root);
    const { tickets, total, truncated } = await searchTickets(
      root,
      ["index", "rebuild", "tree"],
    );
    assertEquals([total, truncated], [1, false]);
    assertEquals(tickets[0]?.matches, [
      { where: "title", event: null, text: "Cache the index" },
      { where: "body", event: null, text: "REBUILD it." },
      { where: "thread", event: "decision", text: "Use a B-tree." },
    ]);
  });
});

Deno.test("searchTickets() shows a line in its own case, however its letters are put together", async () => {
  await withRoot(async (root) => {
    writeTicket(root, "00001KT07NV00", {
      lines: lines({ title: "\u0130zmir\u0130: Fix the README" }),
      body: `\n${"Cafe\u0301 ".repeat(40)}\nThe Cafe\u0301 of ${"e\u0301".repeat(40)} HQ\n`,
    });
    const { tickets } = await searchTickets(root, ["readme", "hq"]);
    assertEquals(tickets[0]?.matches.map(({ text }) => text), [
      "\u0130zmir\u0130: Fix the README",
      `The Caf\u00e9 of ${"\u00e9".repeat(40)} HQ`,
    ]);
  });
});

Deno.test("searchTickets() needs a word, and tells what it could not read", async () => {
  await withRoot(async (root) => {
    writeSamples(root);
    await Deno.remove(`${root}/00001KT07NV02/thread.md`);
    await Deno.symlink("/etc/hostname", `${root}/00001KT07NV02/thread.md`);
    await assertRejects(() => searchTickets(root, [" "]), Error, "at least one word");
    const { problems } = await searchTickets(root, ["nowhere"]);
    assertEquals(problems.map((problem) => problem.path), ["00001KT07NV02/thread.md"]);
  });
});
