import { assertEquals, assertStringIncludes } from "@std/assert";
import type { TicketStore } from "../../lib/ticket/store.ts";
import {
  assertRefused,
  type Clock,
  FIRST_ID,
  inStore,
  readFile,
  writeFile,
} from "./_written_root.ts";

const ITEM = `${FIRST_ID}/item.md`;

/** A ticket whose `item.md` was damaged by hand: its good text, and the damaged one. */
async function damaged(
  store: TicketStore,
  clock: Clock,
  damage: (text: string) => string,
): Promise<{ good: string; bad: string }> {
  await store.create({ title: "x", body: "old" });
  const good = readFile(store, ITEM);
  const bad = damage(good);
  writeFile(store.root, ITEM, bad);
  clock.set("08:00:00");
  return { good, bad };
}

const DAMAGES: readonly [name: string, damage: (text: string) => string][] = [
  ["a title that is no text", (text) => text.replace("'x'", "12")],
  ["a state that is no word", (text) => text.replace("'planning'", "'plannign'")],
  ["YAML that cannot be parsed", (text) => text.replace("'x'", "'x")],
  ["a frontmatter without a beginning", (text) => text.replace("---\n", "")],
  ["a frontmatter without an end", (text) => text.replace("null\n---\n", "null\n")],
  ["nothing in the file", () => ""],
  ["a time that is no text", (text) => text.replace(/^created_at.*$/m, "created_at: 2026")],
];

for (const [name, damage] of DAMAGES) {
  Deno.test(`TicketStore.replaceItem() repairs ${name}, with a record`, () =>
    inStore(async (store, clock) => {
      const { good, bad } = await damaged(store, clock, damage);
      const event = await store.replaceItem(FIRST_ID, good, { expected: bad, author: "bob" });
      const parts = bad === "" ? "body, frontmatter" : "frontmatter";
      assertEquals([event?.kind, event?.author, event?.at, event?.body], [
        "item_edit",
        "bob",
        "2026-06-01T08:00:00Z",
        `Item updated: ${parts}.`,
      ]);
      assertEquals(
        readFile(store, ITEM),
        good.replace(/^updated_at: .*$/m, "updated_at: '2026-06-01T08:00:00Z'"),
      );
      const { title, events } = await store.show(FIRST_ID);
      assertEquals([title, events.length], ["x", 2]);
    }));
}

Deno.test("TicketStore.replaceItem() repairs only what the editor was given, and only with what is valid", () =>
  inStore(async (store, clock) => {
    const { good, bad } = await damaged(store, clock, (text) => text.replace("'x'", "12"));
    const replace = (text: string, expected = bad) => () =>
      store.replaceItem(FIRST_ID, text, { expected });
    await assertRefused(store, replace(good, good), "conflict", "was changed while");
    await assertRefused(store, replace(bad.replace("12", "true")), "parse", "title");
    await assertRefused(store, replace(good.replace("'x'", "' '")), "conflict", "title is blank");
    await assertRefused(
      store,
      replace(good.replace("'planning'", "'done'")),
      "conflict",
      "the state cannot be changed by an edit: leave it planning",
    );
    await assertRefused(
      store,
      replace(good.replace("created_at: '2026", "created_at: '2025")),
      "conflict",
      "leave it 2026-06-01T00:00:00Z",
    );
    await assertRefused(
      store,
      replace(good.replace("assignee", "kind: 'task'\nassignee")),
      "conflict",
      "kind is a key of older tickets",
    );
    await replace(good)();
    await assertRefused(store, replace(good), "conflict", "was changed while");
  }));

Deno.test("TicketStore.replaceItem() leaves a lost state as the thread has it, else what the file names", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x" });
    await store.intakeReady(FIRST_ID, { summary: "Clear." });
    const good = readFile(store, ITEM);
    clock.set("08:00:00");
    const repair = (bad: string, state: string) => {
      writeFile(store.root, ITEM, bad);
      return () => store.replaceItem(FIRST_ID, good.replace("'ready'", state), { expected: bad });
    };
    const lost = good.replace("'ready'", "'rady'");
    await assertRefused(store, repair(lost, "queued"), "conflict", "leave it ready");
    await repair(lost, "ready")();
    const merged = good.replace(
      /^state: .*\n/m,
      "<<<<<<< ours\nstate: 'queued'\n=======\nstate: 'planning' # again\n>>>>>>> theirs\n",
    );
    await assertRefused(
      store,
      repair(merged, "done"),
      "conflict",
      "leave it queued or planning or ready",
    );
    await repair(merged, "planning")();
    assertEquals((await store.show(FIRST_ID)).state, "planning");
  }));

Deno.test("TicketStore.replaceItem() adds a time of creation that was missing", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const good = readFile(store, ITEM);
    const expected = good.replace(/^created_at: .*\n/m, "");
    writeFile(store.root, ITEM, expected);
    await store.replaceItem(FIRST_ID, good, { expected });
    assertStringIncludes(readFile(store, ITEM), "created_at: '2026-06-01T00:00:00Z'");
  }));

Deno.test("TicketStore.replaceItem() takes a new priority that is known, and leaves an odd old one", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const replace = (edit: (text: string) => string) => () => {
      const expected = readFile(store, ITEM);
      return store.replaceItem(FIRST_ID, edit(expected), { expected });
    };
    const set = (priority: string) =>
      replace((text) =>
        text.replace(/^(?:priority: .*\n)?assignee/m, `priority: ${priority}\nassignee`)
      );
    await assertRefused(store, set("P9"), "conflict", 'priority "P9" is unknown (known: P0, P1');
    await set("P2")();
    await set("null")();
    const odd = readFile(store, ITEM).replace("priority: null", "priority: urgent");
    writeFile(store.root, ITEM, odd);
    await replace((text) => text.replace("'x'", "'y'"))();
    assertStringIncludes(readFile(store, ITEM), "priority: urgent\n");
    writeFile(store.root, ITEM, odd.replace("'x'", "12"));
    await replace((text) => text.replace("12", "'z'"))();
    assertStringIncludes(readFile(store, ITEM), "priority: urgent\n");
    await assertRefused(store, set("P9"), "conflict", 'priority "P9" is unknown');
    await set("P0")();
  }));

Deno.test("TicketStore.replaceItem() looks only at a title and a body that are new", () =>
  inStore(async (store) => {
    await store.create({ title: "x", body: "[31mpasted[0m" });
    const odd = readFile(store, ITEM).replace("'x'", "|\n  several\n  lines")
      .replace("[31mpasted[0m", "\x1b[31mpasted\x1b[0m");
    const replace = (from: string, to: string) =>
      store.replaceItem(FIRST_ID, odd.replace(from, to), { expected: odd });
    const edit = (from: string, to: string) => {
      writeFile(store.root, ITEM, odd);
      return replace(from, to);
    };
    assertEquals(await edit("", ""), null);
    assertEquals(readFile(store, ITEM), odd);
    assertEquals((await edit("|\n  several\n  lines", "'y'"))?.body, "Item updated: title.");
    assertEquals((await edit("\x1b[31mpasted\x1b[0m", "new"))?.body, "Item updated: body.");
    writeFile(store.root, ITEM, odd);
    const words = ["title has to be one line", "body holds the control character U+001B"] as const;
    await assertRefused(store, () => replace("lines", "more"), "conflict", words[0]);
    await assertRefused(store, () => replace("pasted", "more"), "conflict", words[1]);
    const broken = odd.replace("|\n  several\n  lines", "12");
    writeFile(store.root, ITEM, broken);
    const repaired = broken.replace("12", "'12'");
    const event = await store.replaceItem(FIRST_ID, repaired, { expected: broken });
    assertEquals(event?.body, "Item updated: frontmatter.");
  }));

Deno.test("TicketStore.replaceItem() writes nothing for a text that says the same", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x" });
    const expected = readFile(store, ITEM);
    clock.set("08:00:00");
    for (
      const same of [
        expected,
        expected.replaceAll("\n", "\r\n"),
        `\ufeff${expected}`,
        expected.replace(/^updated_at: .*$/m, "updated_at: 2020-01-01T00:00:00Z"),
      ]
    ) {
      assertEquals(await store.replaceItem(FIRST_ID, same, { expected }), null);
      assertEquals(readFile(store, ITEM), expected);
    }
    const commented = expected.replace("'planning'", "planning # since June");
    const event = await store.replaceItem(FIRST_ID, commented, { expected });
    assertEquals(event?.body, "Item updated: frontmatter.");
    assertStringIncludes(readFile(store, ITEM), "planning # since June\n");
  }));

Deno.test("TicketStore.itemText() tells before an edit what would be told after it", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const text = `\ufeff${readFile(store, ITEM).replaceAll("\n", "\r\n")}`;
    writeFile(store.root, ITEM, text);
    assertEquals(await store.itemText(FIRST_ID), text);
    await assertRefused(
      store,
      () => store.itemText(FIRST_ID.slice(0, 8)),
      "not_found",
      `its whole id is ${FIRST_ID}`,
    );
    const author = "a\nb";
    await assertRefused(store, () => store.itemText(FIRST_ID, { author }), "conflict", "author");
    await Deno.truncate(`${store.root}/${ITEM}`, 17 * 1024 * 1024);
    await assertRefused(store, () => store.itemText(FIRST_ID), "parse", "larger than 16 MiB");
  }));

Deno.test("TicketStore.replaceItem() stores a comment behind the time that every change sets", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "x", body: "old" });
    const expected = readFile(store, ITEM);
    clock.set("08:00:00");
    const text = expected.replace(/^updated_at: .*$/m, "$& # mine");
    assertEquals((await store.replaceItem(FIRST_ID, text, { expected }))?.kind, "item_edit");
    assertStringIncludes(readFile(store, ITEM), "updated_at: '2026-06-01T08:00:00Z' # mine\n");
    const now = readFile(store, ITEM);
    const other = now.replace("08:00", "09:00");
    assertEquals(await store.replaceItem(FIRST_ID, other, { expected: now }), null);
  }));

Deno.test("TicketStore.replaceItem() closes no ticket, and takes nothing of a body for its state", () =>
  inStore(async (store, clock) => {
    const body = "\nstate: closed\ncreated_at: 2020-01-01T00:00:00Z\n";
    const { good, bad } = await damaged(
      store,
      clock,
      (text) => text.replace("null\n---\n", "null\n") + body,
    );
    const run = (text: string) => () => store.replaceItem(FIRST_ID, text, { expected: bad });
    const closed = (good + body).replace("'planning'", "'closed'");
    await assertRefused(store, run(closed), "conflict", "leave it planning");
    const older = (good + body).replace(/^created_at: .*$/m, "created_at: '2020-01-01T00:00:00Z'");
    await assertRefused(store, run(older), "conflict", "time of creation");
    const unknown = bad.replace("'planning'", "plannign");
    writeFile(store.root, ITEM, unknown);
    const close = () => store.replaceItem(FIRST_ID, closed, { expected: unknown });
    await assertRefused(store, close, "conflict", "use close");
  }));

Deno.test("TicketStore.replaceItem() repairs bytes that are no UTF-8, which the editor is shown", () =>
  inStore(async (store, clock) => {
    await store.create({ title: "木 café", body: "木, \ufffd and a naïve\n" });
    const path = `${store.root}/${ITEM}`;
    const good = readFile(store, ITEM);
    const damage = async (from: string, ...bytes: number[]) => {
      const [head = "", tail = ""] = good.split(from);
      const parts = [head, Uint8Array.from(bytes), tail];
      await Deno.writeFile(path, await new Blob(parts).bytes());
    };
    const cases: [from: string, bytes: number[], shown: string, parts: string][] = [
      ["café", [0x63, 0x61, 0x66, 0xe9], "caf\\xe9", "frontmatter"],
      ["naïve", [0x6e, 0x61, 0xef, 0x76, 0x65], "na\\xefve", "body"],
      ["naïve", [0xed, 0xa0, 0x80, 0xc0, 0x80], "\\xed\\xa0\\x80\\xc0\\x80", "body"],
      ["naïve", [0xe6, 0x9c, 0xf0, 0x9f, 0x90], "\\xe6\\x9c\\xf0\\x9f\\x90", "body"],
    ];
    for (const [from, bytes, shown, parts] of cases) {
      await damage(from, ...bytes);
      const before = await Deno.readFile(path);
      await assertRefused(
        store,
        () => store.comment(FIRST_ID, { body: "x" }),
        "parse",
        "not UTF-8",
      );
      const expected = await store.itemText(FIRST_ID);
      assertEquals(expected, good.replace(from, shown));
      // Who changes nothing has not put anything in the place of these bytes.
      assertEquals(await store.replaceItem(FIRST_ID, expected, { expected }), null);
      assertEquals(await Deno.readFile(path), before);
      clock.set("08:00:00");
      const event = await store.replaceItem(FIRST_ID, good, { expected });
      assertEquals(event?.body, `Item updated: ${parts}.`);
      assertEquals((await store.show(FIRST_ID)).title, "木 café");
    }
  }));
