import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { appendixTo, type NewEvent, renderEvent } from "../../lib/ticket/event_text.ts";
import { formatThread, parseThread, type ThreadEvent } from "../../lib/ticket/thread.ts";
import { mergeThreads } from "../../lib/ticket/_thread_merge.ts";
import { line, newEvent, text } from "./_thread_pieces.ts";

const bodiesOf = (thread: string) => parseThread(thread).events.map(({ body }) => body);
const extend = (thread: string, ...events: NewEvent[]) => thread + appendixTo(thread, events);

function comment(author: string, second: number, body: string): NewEvent {
  const at = `2026-06-01T00:00:${String(second).padStart(2, "0")}Z`;
  return { kind: "comment", author, at, heading: "Comment", body };
}

function change(
  second: number,
  from: string,
  to: string,
  attributes: readonly (readonly [string, string])[],
): NewEvent {
  const words = [["from", from], ["to", to], ["reason", "r"], ...attributes] as const;
  return { ...comment("s", second, `to ${to}`), kind: "state_changed", attributes: words };
}

/** Changes of the state from each to the next, a second apart. */
function changes(second: number, first: string, ...next: string[]): NewEvent[] {
  return next.map((to, index) =>
    change(second + index, next[index - 1] ?? first, to, [["field", "state"]])
  );
}

const base = extend("", comment("alice", 1, "one"), comment("alice", 2, "two"));

Deno.test("mergeThreads() puts both tails behind the common events, by time, ours first", () => {
  const ours = extend(base, comment("o", 5, "o5"), comment("o", 7, "o7"));
  const theirs = extend(base, comment("t", 4, "t4"), comment("t", 5, "t5"), comment("t", 9, "t9"));
  const merged = mergeThreads({ base, ours, theirs });
  assertEquals(merged, {
    text: extend(
      base,
      comment("t", 4, "t4"),
      comment("o", 5, "o5"),
      comment("t", 5, "t5"),
      comment("o", 7, "o7"),
      comment("t", 9, "t9"),
    ),
    conflict: false,
  });
});

Deno.test("mergeThreads() keeps each side's order where its times say otherwise", () => {
  const ours = extend(base, comment("o", 9, "o9"), comment("o", 3, "o3"));
  const theirs = extend(base, comment("t", 5, "t5"), { ...comment("t", 0, "t?"), at: "later" });
  assertEquals(bodiesOf(mergeThreads({ base, ours, theirs }).text), [
    "one",
    "two",
    "t5",
    "t?",
    "o9",
    "o3",
  ]);
});

Deno.test("mergeThreads() has an event of both sides once, and two with equal bodies twice", () => {
  const picked = comment("alice", 6, "same");
  const ours = extend(base, comment("o", 5, "same"), picked);
  const theirs = extend(base, picked, comment("t", 7, "same"));
  const { text, conflict } = mergeThreads({ base, ours, theirs });
  assertEquals(conflict, false);
  assertEquals(parseThread(text).events.slice(2).map(({ author }) => author), ["o", "alice", "t"]);
  // A side may say the same twice.
  const twice = extend(ours, picked);
  assertEquals(bodiesOf(mergeThreads({ base, ours: twice, theirs }).text).length, 6);
});

Deno.test("mergeThreads() keeps what one side has before a shared event there, whatever its time", () => {
  const shared = comment("x", 6, "x");
  for (const second of [4, 9]) {
    const more = extend(base, comment("y", second, "y"), shared);
    const less = extend(base, shared);
    for (const [ours, theirs] of [[more, less], [less, more]] as const) {
      assertEquals(mergeThreads({ base, ours, theirs }), { text: more, conflict: false });
    }
  }
});

Deno.test("mergeThreads() goes on when the sides order shared events differently", () => {
  const [x, y] = [comment("x", 5, "x"), comment("y", 5, "y")];
  const ours = extend(base, x, y, comment("o", 6, "o"));
  const theirs = extend(base, y, x, comment("t", 7, "t"));
  const merged = mergeThreads({ base, ours, theirs });
  assertEquals(merged.conflict, false);
  assertEquals(bodiesOf(merged.text), ["one", "two", "x", "y", "o", "t"]);
});

Deno.test("mergeThreads() takes the side that edited an event, body or header", () => {
  const ours = extend(base.replace("two", "two, edited"), comment("o", 5, "o"));
  const theirs = extend(
    base.replace("author: alice at: 2026-06-01T00:00:01Z", "author: bob at: 2026-06-01T00:00:01Z"),
    comment("t", 4, "t"),
  );
  const { text, conflict } = mergeThreads({ base, ours, theirs });
  assertEquals(conflict, false);
  assertEquals(bodiesOf(text), ["one", "two, edited", "t", "o"]);
  assertEquals(parseThread(text).events[0]!.author, "bob");
  // Both edited it in the same way.
  const same = mergeThreads({ base, ours, theirs: base.replace("two", "two, edited") });
  assertEquals(same, { text: ours, conflict: false });
});

Deno.test("mergeThreads() marks an event that both sides edited", () => {
  const ours = extend(base.replace("two", "mine"), comment("o", 5, "o"));
  const theirs = base.replace("two", "yours\nand more");
  const merged = mergeThreads({ base, ours, theirs });
  assertEquals(merged, {
    text: ours.replace(
      "mine\n",
      "<<<<<<< ours\nmine\n=======\nyours\nand more\n>>>>>>> theirs\n",
    ),
    conflict: true,
  });
});

Deno.test("mergeThreads() marks an event that one side removed", () => {
  const [first, second] = parseThread(base).events;
  const ours = extend(first!.raw.trimEnd() + "\n", comment("o", 5, "o"));
  const theirs = extend(base, comment("t", 6, "t"));
  const merged = mergeThreads({ base, ours, theirs });
  assertEquals(merged.conflict, true);
  assert(
    merged.text.includes(`<<<<<<< ours\n=======\n${second!.raw}\n>>>>>>> theirs\n`),
    merged.text,
  );
  assertEquals(bodiesOf(merged.text).slice(-2), ["o", "t"]);
  // What was added says the same elsewhere.
  const again = extend(first!.raw, comment("o", 5, "o"), comment("o", 6, "two"));
  assertEquals(mergeThreads({ base, ours: again, theirs }).conflict, true);
  // Both removed it.
  const both = mergeThreads({ base, ours, theirs: extend(first!.raw, comment("t", 6, "t")) });
  assertEquals([both.conflict, ...bodiesOf(both.text)], [false, "one", "o", "t"]);
});

Deno.test("mergeThreads() without an ancestor joins equal beginnings and marks two creations", () => {
  const create = { ...comment("alice", 1, "made"), kind: "create" };
  const [ours, theirs] = ["o", "t"].map((name) => extend("", create, comment(name, 2, name)));
  assertEquals(mergeThreads({ base: "", ours: ours!, theirs: theirs! }), {
    text: extend("", create, comment("o", 2, "o"), comment("t", 2, "t")),
    conflict: false,
  });
  const other = extend("", { ...create, body: "made elsewhere" }, comment("t", 2, "t"));
  const merged = mergeThreads({ base: "", ours: ours!, theirs: other });
  assert(merged.conflict);
  assertEquals(merged.text.match(/^(<{7}|={7}|>{7})/gm), ["<<<<<<<", "=======", ">>>>>>>"]);
});

Deno.test("mergeThreads() mends separators and fences where events get new neighbours", () => {
  const open = "<!-- event: plan -->\n\n```\ncode\n";
  const ours = `${base}\n${open}`;
  const theirs = extend(base, comment("t", 3, "t"));
  const merged = mergeThreads({ base, ours, theirs }).text;
  assertEquals(bodiesOf(merged), ["one", "two", "```\ncode\n```", "t"]);
  assertEquals(parseThread(merged).diagnostics, []);

  const unterminated = "<!-- event: a -->\n\ntext";
  const both = mergeThreads({
    base: unterminated,
    ours: extend(unterminated, comment("o", 3, "o")),
    theirs: extend(unterminated, comment("t", 3, "t")),
  });
  assertEquals(both, {
    text: extend(unterminated, comment("o", 3, "o"), comment("t", 3, "t")),
    conflict: false,
  });
});

Deno.test("mergeThreads() asks for the state where one side ends where it began and the other does not", () => {
  const root = extend(base, ...changes(3, "planning", "ready"));
  const ours = extend(root, ...changes(4, "ready", "planning", "ready"));
  const theirs = extend(root, comment("t", 4, "t"), ...changes(6, "ready", "queued"));
  const merged = mergeThreads({ base: root, ours, theirs });
  assertEquals([merged.conflict, merged.states], [true, { ours: "ready", theirs: "queued" }]);
  const { events, diagnostics } = parseThread(merged.text);
  assertEquals(events.flatMap(({ attributes: { to } }) => to ?? []), [
    "ready",
    "planning",
    "ready",
    "queued",
  ]);
  assertEquals(diagnostics, []);
  const turned = mergeThreads({ base: root, ours: theirs, theirs: ours });
  assertEquals(turned.states, { ours: "queued", theirs: "ready" });
});

Deno.test("mergeThreads() asks for the state of a ticket that one side closed again and one reopened", () => {
  const close = (second: number, body: string): NewEvent => ({
    ...comment("c", second, body),
    kind: "close",
    attributes: [["status", "closed"]],
  });
  const root = extend(base, ...changes(3, "planning", "closed"), close(3, "First."));
  const again = extend(root, close(5, "Second."));
  const reopened = extend(root, ...changes(4, "closed", "planning"));
  const { conflict, states } = mergeThreads({ base: root, ours: again, theirs: reopened });
  assertEquals([conflict, states], [true, { ours: "closed", theirs: "planning" }]);
  // The ancestor need not say that it was closed, nor a side that anything else was.
  const bare = mergeThreads({
    base,
    ours: extend(base, close(5, "Second.")),
    theirs: extend(base, close(4, "Other."), ...changes(6, "closed", "planning", "ready")),
  });
  assertEquals(bare.states, { ours: "closed", theirs: "ready" });
  const closedBoth = extend(
    root,
    ...changes(6, "closed", "planning", "closed"),
    close(8, "Third."),
  );
  const agreed = mergeThreads({ base: root, ours: again, theirs: closedBoth });
  assertEquals([agreed.conflict, "states" in agreed], [false, false]);
});

Deno.test("mergeThreads() leaves states alone that only one side changed, or that item.md shows", () => {
  const root = extend(base, ...changes(3, "planning", "ready"));
  const moved = extend(root, ...changes(4, "ready", "queued"));
  const quiet: Record<string, NewEvent[]> = {
    comment: [comment("t", 5, "t")],
    "another field": [change(5, "P1", "P2", [["field", "priority"]])],
    elsewhere: [change(5, "ready", "done", [["field", "state"], ["applied", "elsewhere"]])],
    "no word": [change(5, "ready", " ", [["field", "state"]])],
    "both are new": changes(5, "ready", "planning"),
    "the same end": changes(5, "ready", "planning", "ready", "queued"),
  };
  for (const [name, events] of Object.entries(quiet)) {
    const merged = mergeThreads({ base: root, ours: moved, theirs: extend(root, ...events) });
    assertEquals([merged.conflict, merged.states], [false, undefined], name);
  }
  // Both sides have the first change: what came after it is the business of one.
  const shared = extend(moved, ...changes(6, "queued", "inprogress"));
  const merged = mergeThreads({
    base: root,
    ours: shared,
    theirs: extend(moved, comment("t", 7, "t")),
  });
  assertEquals(merged.conflict, false);
  // Beyond it the sides differ, and item.md began before it.
  const back = extend(moved, ...changes(7, "queued", "planning", "ready"));
  assertEquals(mergeThreads({ base: root, ours: shared, theirs: back }).states, {
    ours: "inprogress",
    theirs: "ready",
  });
});

Deno.test("mergeThreads() takes older words of states and changes without a field for what they mean", () => {
  const older = (second: number, from: string, to: string) =>
    change(second, from, to, [["field", "workflow_state"]]);
  const root = extend(base, older(3, "ready", "intake"));
  const ours = extend(root, older(4, "intake", "ready"), older(5, "ready", "planning"));
  const theirs = extend(root, change(6, "planning", "ready", []));
  assertEquals(mergeThreads({ base: root, ours, theirs }).states, {
    ours: "planning",
    theirs: "ready",
  });
});

Deno.test("mergeThreads() leaves the text of common events as it is", () => {
  const odd =
    "notes\n\n<!-- event: a -->\n\nno separator\n<!-- event: b -->\n\ntext\n\n\n---\n\n---\n\n\n" +
    renderEvent(comment("alice", 1, "one"));
  const merged = mergeThreads({
    base: odd,
    ours: extend(odd, comment("o", 3, "o")),
    theirs: extend(odd, comment("t", 2, "t")),
  });
  assertEquals(merged.text, extend(odd, comment("t", 2, "t"), comment("o", 3, "o")));
});

Deno.test("mergeThreads() leaves odd separators of a side's edited events as they are", () => {
  const odd = "<!-- event: a -->\n\nno separator\n<!-- event: b -->\n\ntext\n\n\n---\n";
  const edited = extend(odd.replace("no sep", "still no sep"), comment("e", 3, "e"));
  const grown = extend(odd, comment("g", 2, "g"));
  const expected = extend(
    odd.replace("no sep", "still no sep"),
    comment("g", 2, "g"),
    comment("e", 3, "e"),
  );
  assertEquals(mergeThreads({ base: odd, ours: edited, theirs: grown }), {
    text: expected,
    conflict: false,
  });
  assertEquals(mergeThreads({ base: odd, ours: grown, theirs: edited }), {
    text: expected,
    conflict: false,
  });
});

Deno.test("mergeThreads() tells events with equal headers apart", () => {
  const [a, b] = [comment("alice", 1, "a"), comment("alice", 1, "b")];
  const root = extend("", a, b);
  const ours = extend("", { ...a, body: "a2" }, { ...b, body: "b2" });
  const theirs = extend("", a, { ...b, body: "b2" }, comment("t", 3, "t"));
  const merged = mergeThreads({ base: root, ours, theirs });
  assertEquals([merged.conflict, ...bodiesOf(merged.text)], [false, "a2", "b2", "t"]);
});

Deno.test("mergeThreads() takes converted line ends for no edit", () => {
  const crlf = base.replaceAll("\n", "\r\n");
  const merged = mergeThreads({
    base,
    ours: extend(base.replace("two", "edited"), comment("o", 3, "o")),
    theirs: extend(crlf, comment("t", 4, "t")),
  });
  assertEquals([merged.conflict, ...bodiesOf(merged.text)], [false, "one", "edited", "o", "t"]);
  assertEquals(parseThread(merged.text).diagnostics, []);
});

Deno.test("mergeThreads() keeps the lines that a conflict does not touch out of its markers", () => {
  const [ours, theirs] = ["two\nx\nx", "two\nx"].map((body) => base.replace("two", body + "\nend"));
  const merged = mergeThreads({ base, ours: ours!, theirs: theirs! });
  assertEquals(
    merged.text,
    base.replace("two", "two\nx\n<<<<<<< ours\nx\n=======\n>>>>>>> theirs\nend"),
  );
});

Deno.test("mergeThreads() merges preambles as wholes", () => {
  const ours = `ours\n\n${base}`;
  const theirs = extend(base, comment("t", 3, "t"));
  assertEquals(mergeThreads({ base, ours, theirs }), {
    text: `ours\n\n${theirs}`,
    conflict: false,
  });
  const added = comment("t", 3, "t");
  const torn = mergeThreads({ base: "notes", ours: "notes\n", theirs: extend("notes", added) });
  assertEquals(torn.text, extend("notes", added));
  const both = mergeThreads({ base, ours, theirs: `theirs\n\n${base}` });
  assert(both.conflict);
  assertEquals(bodiesOf(both.text), ["one", "two"]);
});

Deno.test("mergeThreads() takes the changed side byte by byte when only one changed", () => {
  fc.assert(fc.property(text, text, (one, other) => {
    assertEquals(mergeThreads({ base: one, ours: other, theirs: other }), {
      text: other,
      conflict: false,
    });
    assertEquals(mergeThreads({ base: one, ours: one, theirs: other }), {
      text: other,
      conflict: false,
    });
    assertEquals(mergeThreads({ base: one, ours: other, theirs: one }), {
      text: other,
      conflict: false,
    });
  }));
});

Deno.test("mergeThreads() loses no event of texts that grew in any way, and is deterministic", () => {
  const tail = fc.array(fc.oneof(text, newEvent.map((event) => `\n${renderEvent(event)}`)), {
    maxLength: 4,
  }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, tail, tail, (root, mine, yours) => {
      const merged = mergeThreads({ base: root, ours: root + mine, theirs: root + yours });
      assertEquals(merged, mergeThreads({ base: root, ours: root + mine, theirs: root + yours }));
      if (merged.conflict) return;
      const known = new Set(parseThread(root).events.map(contentOf));
      const result = merged.text.replaceAll("\r\n", "\n");
      for (
        const event of [...parseThread(root + mine).events, ...parseThread(root + yours).events]
      ) {
        const content = contentOf(event);
        assert(known.has(content) || result.includes(content), JSON.stringify(content));
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("mergeThreads() has every event of random tails once, in each side's order and by time", () => {
  const tail = (author: string) =>
    fc.array(
      fc.tuple(newEvent, fc.nat(20), fc.oneof(line, fc.constant("same"))),
      { maxLength: 6 },
    ).map((events) =>
      events.map(([event, second, body], index) => ({
        ...event,
        ...comment(author, second, `${body}\n`),
        attributes: [["number", String(index)]],
      } satisfies NewEvent))
    );
  fc.assert(
    fc.property(text, tail("o"), tail("t"), fc.boolean(), (root, mine, yours, isSorted) => {
      if (isSorted) {
        for (const events of [mine, yours]) events.sort((a, b) => a.at < b.at ? -1 : 1);
      }
      const [ours, theirs] = [extend(root, ...mine), extend(root, ...yours)];
      const merged = mergeThreads({ base: root, ours, theirs });
      assertEquals(merged.conflict, false);
      const { events, diagnostics } = parseThread(merged.text);
      const old = parseThread(root).events.length;
      const added = events.slice(old);
      assertEquals(added.length, mine.length + yours.length);
      for (const [author, expected] of [["o", mine], ["t", yours]] as const) {
        const numbers = added.filter((event) => event.author === author)
          .map(({ attributes }) => attributes.number);
        assertEquals(numbers, expected.map(({ attributes }) => attributes[0]![1]));
      }
      if (isSorted) {
        assertEquals(added.map(({ at }) => at), added.map(({ at }) => at).toSorted());
      }
      // What is wrong with the result was wrong before.
      const allowed = parseThread(mine.length > 0 ? ours : theirs).diagnostics;
      assertEquals(diagnostics, allowed);
      assertEquals(formatThread(parseThread(merged.text)), merged.text);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("mergeThreads() merges 10,000 events of each side in one pass", () => {
  const many = (author: string) =>
    Array.from({ length: 10_000 }, (_, index) => comment(author, index % 60, `${index}`));
  const merged = mergeThreads({
    base,
    ours: extend(base, ...many("o")),
    theirs: extend(base, ...many("t")),
  });
  assertEquals(parseThread(merged.text).events.length, 20_002);
});

/** An event's text without blank lines and separators at its end. */
function contentOf({ raw }: ThreadEvent): string {
  const lines = raw.split("\n").map((content) => content.replace(/\r$/, ""));
  while (/^\p{White_Space}*(---\p{White_Space}*)?$/u.test(lines.at(-1) ?? "x")) lines.pop();
  return lines.join("\n");
}
