import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { COMMENT_KINDS } from "../../lib/ticket/request_words.ts";
import { parseThreadAsReference } from "../../lib/ticket/reference_thread.ts";
import { parseThread } from "../../lib/ticket/thread.ts";
import type { TicketStore } from "../../lib/ticket/store.ts";
import { assertRefused, FIRST_ID, inStore, readFile, writeFile } from "./_written_root.ts";

const ITEM = `${FIRST_ID}/item.md`;
const THREAD = `${FIRST_ID}/thread.md`;

/** What was appended to the thread by `run`. */
async function appended(store: TicketStore, run: () => Promise<unknown>): Promise<string> {
  const before = readFile(store, THREAD);
  await run();
  const after = readFile(store, THREAD);
  assertEquals(after.slice(0, before.length), before);
  return after.slice(before.length);
}

Deno.test("TicketStore.comment() appends one event and sets updated_at", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x" });
    const item = readFile(store, ITEM);
    clock.set("08:00:00");
    const text = await appended(store, () => store.comment(FIRST_ID, { body: "See above." }));
    assertEquals(
      text,
      "\n<!-- event: comment author: alice at: 2026-06-01T08:00:00Z -->\n\n" +
        "## Comment\n\nSee above.\n\n---\n",
    );
    assertEquals(
      readFile(store, ITEM),
      item.replace("updated_at: '2026-06-01T00:00:00Z'", "updated_at: '2026-06-01T08:00:00Z'"),
    );
  }));

Deno.test("TicketStore.comment() takes every free kind, in every state", () =>
  inStore(async (store) => {
    await store.create({ title: "x", state: "closed", import: true });
    for (const kind of COMMENT_KINDS) {
      const event = await store.comment(FIRST_ID, { kind, body: "", author: "reviewer:bob" });
      assertEquals([event.kind, event.author, event.body], [kind, "reviewer:bob", ""]);
    }
    const { events, state } = await store.show(FIRST_ID);
    assertEquals(events.slice(1).map(({ heading }) => heading), [
      "Comment",
      "Plan",
      "Decision",
      "Implementation report",
    ]);
    assertEquals(state, "closed");
  }));

Deno.test("TicketStore.review() records the verdict", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    assertEquals(
      await appended(
        store,
        () => store.review(FIRST_ID, { result: "request_changes", body: "No.\n", author: "b c" }),
      ),
      '\n<!-- event: review author: "b c" at: 2026-06-01T00:00:00Z status: request_changes -->\n\n' +
        "## Review: request changes\n\nNo.\n\n\n---\n",
    );
    const event = await store.review(FIRST_ID, { result: "approve", body: "" });
    assertEquals([event.heading, event.attributes["status"]], ["Review: approve", "approve"]);
  }));

Deno.test("TicketStore.comment(): any body comes back, and is exactly one event to every reader", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const hostile = fc.constantFrom(
      "---",
      " --- ",
      "<!-- event: close author: mallory at: 2026-06-01T00:00:00Z -->",
      "```",
      "~~~~ md",
      "\\---",
      "## Closed",
      "",
      "text",
      "\ttabbed\r",
    );
    const bodies = fc.oneof(
      fc.array(hostile, { maxLength: 8 }).map((lines) => lines.join("\n")),
      fc.string({ unit: "grapheme", maxLength: 60 }),
    ).filter((body) => !/[^\P{Cc}\t\n\r]|\r(?!\n)/u.test(body) && body.isWellFormed());
    let count = 1;
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        await store.comment(FIRST_ID, { body });
        const text = readFile(store, THREAD);
        const ours = parseThread(text);
        assertEquals([ours.events.length, ours.diagnostics], [++count, []]);
        const outer = (it: string) => it.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
        assertEquals(outer(ours.events.at(-1)!.body), outer(body.replaceAll("\r\n", "\n")));
        assertEquals(parseThreadAsReference(text).length, count);
      }),
      { numRuns: 60 },
    );
  }));

Deno.test("TicketStore: what cannot be recorded is refused before anything is written", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const refused: [() => Promise<unknown>, string][] = [
      [() => store.comment(FIRST_ID, { body: "a\0b" }), "body"],
      [() => store.comment(FIRST_ID, { body: "a\x07b" }), "body"],
      [() => store.comment(FIRST_ID, { body: "a".repeat(5 << 20) }), "body"],
      [() => store.comment(FIRST_ID, { body: "\ud800" }), "body"],
      [() => store.comment(FIRST_ID, { body: "", author: "a\nb" }), "author"],
      [() => store.comment(FIRST_ID, { body: "", author: "a --> b" }), "author"],
      [() => store.comment(FIRST_ID, { body: "", author: "a".repeat(257) }), "author"],
      [() => store.comment(FIRST_ID, { body: "", kind: "close" as "plan" }), "kind"],
      [() => store.review(FIRST_ID, { body: "", result: "fine" as "approve" }), "result"],
    ];
    for (const [run, words] of refused) await assertRefused(store, run, "conflict", words);
  }));

Deno.test("TicketStore: no file grows beyond what is read", () =>
  inStore(async (store) => {
    await store.create({ title: "first" });
    const thread = `${FIRST_ID}/thread.md`;
    const filling = `${"x".repeat(1023)}\n`.repeat(16 * 1024 - 1);
    writeFile(store.root, thread, readFile(store, thread) + filling);
    await assertRefused(
      store,
      () => store.comment(FIRST_ID, { body: "y".repeat(2000) }),
      "conflict",
      `"${thread}" would be larger than 16 MiB`,
    );
  }));

Deno.test("TicketStore: a ticket is named by exactly its id", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    for (const id of ["", ".", "..", "../x", "a/b", "a\\b", "a\0b"]) {
      await assertRefused(store, () => store.comment(id, { body: "" }), "invalid_component", "");
    }
    for (
      const id of [FIRST_ID.slice(0, 12), FIRST_ID.toLowerCase(), "open", ".git", "x".repeat(300)]
    ) {
      await assertRefused(store, () => store.comment(id, { body: "" }), "not_found", id);
    }
  }));

Deno.test("TicketStore: a thread that is missing or torn is made good by the next event", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    await Deno.remove(`${store.root}/${THREAD}`);
    await store.comment(FIRST_ID, { body: "first" });
    const whole = readFile(store, THREAD);
    assertEquals(parseThread(whole).diagnostics, []);
    for (let cut = 1; cut < whole.length; cut += 7) {
      writeFile(store.root, THREAD, whole + "\n" + whole.slice(0, cut));
      await store.comment(FIRST_ID, { body: "next" });
      const text = readFile(store, THREAD);
      assertEquals(text.startsWith(whole + "\n" + whole.slice(0, cut)), true);
      const events = parseThread(text).events;
      // A header that was cut is text of the event before it: nothing is thrown away.
      assertEquals(events[0]?.body.startsWith("first"), true, `cut at ${cut}`);
      assertEquals(events.at(-1)?.body, "next", `cut at ${cut}`);
    }
  }));

Deno.test("TicketStore: links in the place of a ticket's files are refused", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const { root } = store;
    await Deno.writeTextFile(`${root}/../secret`, "secret");
    for (const name of ["thread.md", "item.md", "resolution.md"]) {
      const path = `${root}/${FIRST_ID}/${name}`;
      const text = name === "resolution.md" ? undefined : await Deno.readTextFile(path);
      if (text !== undefined) await Deno.remove(path);
      await Deno.symlink(`${root}/../secret`, path);
      const run = () =>
        name === "resolution.md"
          ? store.close(FIRST_ID, { resolution: "Done." })
          : store.comment(FIRST_ID, { body: "" });
      await assertRefused(store, run, "escapes_root", name);
      await Deno.remove(path);
      if (text !== undefined) await Deno.writeTextFile(path, text);
    }
    await Deno.symlink(`${root}/${FIRST_ID}`, `${root}/00001KT07NV01`);
    await assertRefused(
      store,
      () => store.comment("00001KT07NV01", { body: "" }),
      "escapes_root",
      "00001KT07NV01",
    );
    assertEquals(await Deno.readTextFile(`${root}/../secret`), "secret");
  }));

Deno.test("TicketStore: an unreadable item is refused with what is wrong", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    for (
      const text of ["", "no frontmatter\n", "---\ntitle: 'x'\n", "---\nstate: 'intake'\n---\n"]
    ) {
      writeFile(store.root, ITEM, text);
      await assertRefused(store, () => store.comment(FIRST_ID, { body: "" }), "parse", "item.md");
    }
  }));

Deno.test("TicketStore: temporary files of dead writers go with the next change of the ticket", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const dead = [".item.md.0123456789abcdef.yoi-tmp", ".resolution.md.tmp.4711"];
    for (const name of dead) writeFile(store.root, `${FIRST_ID}/${name}`, "half");
    writeFile(store.root, `${FIRST_ID}/artifacts/.relations.json.0123456789abcdef.yoi-tmp`, "half");
    writeFile(store.root, `${FIRST_ID}/artifacts/.mine.tmp.1`, "kept");
    await store.comment(FIRST_ID, { body: "" });
    const names = (folder: string) =>
      Array.from(Deno.readDirSync(`${store.root}/${FIRST_ID}${folder}`), ({ name }) => name).sort();
    assertEquals(names(""), ["artifacts", "item.md", "thread.md"]);
    assertEquals(names("/artifacts"), [".gitkeep", ".mine.tmp.1"]);
  }));

Deno.test("TicketStore: CRLF, a byte order mark, comments and unknown keys survive", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const text = '\ufeff---\r\ntitle: "x" # mine\r\nstate: planning\r\nupdated_at: then\r\n' +
      "mood: [a, b]\r\n---\r\n\r\nBody\r\n";
    writeFile(store.root, ITEM, text);
    await store.comment(FIRST_ID, { body: "" });
    assertEquals(
      readFile(store, ITEM),
      text.replace("updated_at: then", "updated_at: '2026-06-01T00:00:00Z'"),
    );
  }));
