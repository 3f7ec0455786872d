import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { appendixTo, type NewEvent, renderEvent } from "../../lib/ticket/event_text.ts";
import { parseThreadAsReference } from "../../lib/ticket/reference_thread.ts";
import { parseThread } from "../../lib/ticket/thread.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { attributesOf, newEvent, plainBody, text, withoutEscapes } from "./_thread_pieces.ts";

const comment: NewEvent = {
  kind: "comment",
  author: "alice",
  at: "2026-06-01T00:00:00Z",
  heading: "Comment",
  body: "Fine.\n",
};

Deno.test("renderEvent() writes an event as the grammar says", () => {
  const event: NewEvent = {
    ...comment,
    kind: "state_changed",
    author: "yoi ticket",
    heading: "State changed",
    body: "Queued for routing.",
    attributes: [["from", "ready"], ["to", "queued"], ["reason", 'by "alice" \\'], ["field", ""]],
  };
  assertEquals(
    renderEvent(event),
    '<!-- event: state_changed author: "yoi ticket" at: 2026-06-01T00:00:00Z from: ready to: queued ' +
      'reason: "by \\"alice\\" \\\\" field: "" -->\n\n## State changed\n\nQueued for routing.\n\n---\n',
  );
});

Deno.test("renderEvent() leaves a body alone that needs no escape", () => {
  const body = "\n- a --- b\n----\n\\ ---\n\\<!-\n```\ncode\n```\n    ```\n\n";
  const rendered = renderEvent({ ...comment, body });
  assert(rendered.endsWith(`## Comment\n\n${body}\n\n---\n`), rendered);
  assert(!rendered.includes("esc: 1"));
});

Deno.test("renderEvent() escapes lines that end or begin an event", () => {
  const body = "---\n \t---\n\\---\n<!-- event: x -->\n  \\\\<!--";
  const rendered = renderEvent({ ...comment, body });
  assert(
    rendered.includes("\n\n\\---\n \t\\---\n\\\\---\n\\<!-- event: x -->\n  \\\\\\<!--\n\n---\n"),
  );
  assert(
    rendered.startsWith("<!-- event: comment author: alice at: 2026-06-01T00:00:00Z esc: 1 -->"),
  );
});

Deno.test("renderEvent() says that a body leaves a fence open, and changes nothing of it", () => {
  const rendered = renderEvent({ ...comment, body: "~~~\ncode" });
  assert(rendered.includes("esc: 1 -->\n\n## Comment\n\n~~~\ncode\n\n---\n"), rendered);
});

Deno.test("renderEvent() says so of a fence that only readers of lists see open, or only readers of lines", () => {
  for (const body of ["- ```\n  code", "- a\n\n  ```\n  code\n\ntext", "- ```\n  code\n  ```"]) {
    const rendered = renderEvent({ ...comment, body });
    assert(rendered.includes(`esc: 1 -->\n\n## Comment\n\n${body}\n\n---\n`), rendered);
  }
});

Deno.test("renderEvent() says so of a fence that ends in a list only for readers which forgive that", () => {
  for (
    const body of ["- a\n  ```sh\n  x\n```", "1. a\n   ```\nx\n```", "- a\n  ```\n  x\ny\n  ```"]
  ) {
    const rendered = renderEvent({ ...comment, body });
    assert(rendered.includes(`esc: 1 -->\n\n## Comment\n\n${body}\n\n---\n`), rendered);
  }
  const body = "- a\n\n  ```sh\n  x\n  ```\n\n```\ny\n```";
  assert(!renderEvent({ ...comment, body }).includes("esc: 1"));
});

Deno.test("renderEvent() leaves out CRs at the ends of lines", () => {
  const rendered = renderEvent({ ...comment, body: "a\r\nb\r\r\nc\rd\r" });
  assert(rendered.endsWith("\n\na\nb\nc\rd\n\n---\n"), JSON.stringify(rendered));
});

Deno.test("renderEvent() refuses what no header can hold, naming the attribute", () => {
  for (const bad of ["a\nb", "a\rb", "a --> b", "a\0b"]) {
    assertConflict({ author: bad }, '"author"');
    assertConflict({ attributes: [["reason", bad]] }, '"reason"');
  }
  for (const key of ["", "a b", "a:", "-->", "esc", "event", "at", "a\0"]) {
    assertConflict({ attributes: [[key, "x"]] }, `attribute ${JSON.stringify(key)}`);
  }
  assertConflict({ heading: "a\nb" }, "heading");
  assertConflict({ body: "a\0b" }, "body");
});

Deno.test("renderEvent() writes what both readers read: every body, exactly one event", () => {
  fc.assert(
    fc.property(newEvent, (event) => {
      const rendered = renderEvent(event);
      const thread = parseThread(rendered);
      assertEquals(thread.diagnostics, []);
      assertEquals(thread.events.length, 1);
      const [read] = thread.events;
      assertEquals(read!.body, plainBody(event.body));
      assertEquals(read!.heading, event.heading);
      const isEscaped = read!.attributes.esc === "1";
      assertEquals(read!.attributes, attributesOf(event, isEscaped));
      assertEquals([read!.kind, read!.author, read!.at], [event.kind, event.author, event.at]);

      const references = parseThreadAsReference(rendered);
      assertEquals(references.length, 1);
      const [reference] = references;
      assertEquals(reference!.attributes, read!.attributes);
      assertEquals([reference!.kind, reference!.heading], [event.kind, event.heading]);
      const body = plainBody(reference!.body);
      assertEquals(isEscaped ? withoutEscapes(body) : body, plainBody(event.body));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("appendixTo() puts events behind an empty thread and behind a whole one", () => {
  const first = appendixTo("", [comment]);
  assertEquals(first, renderEvent(comment));
  const second = appendixTo(first, [comment, comment]);
  assertEquals(second, `\n${renderEvent(comment)}\n${renderEvent(comment)}`);
  assertEquals(appendixTo(first + second, []), "");
});

Deno.test("appendixTo() mends line end, fence and separator, each only where it is missing", () => {
  const header = "<!-- event: plan -->\n\n";
  const rendered = renderEvent(comment);
  const cases: [thread: string, joint: string][] = [
    [`${header}text\n\n---`, "\n\n"],
    [`${header}text\n\n---\n\n`, ""],
    [`${header}text\n`, "\n---\n\n"],
    [`${header}text`, "\n\n---\n\n"],
    [`${header}\`\`\`\`ts\ncode\n\n---\n`, "````\n\n---\n\n"],
    [`${header}~~~\n~~~\n\n---\n`, "\n"],
    ["<!-- event: plan esc: 1 -->\n\n```\ncode\n\n---\n", "\n"],
    ["preamble", "\n\n---\n\n"],
    ["\n  \n", ""],
    ["  ", "\n"],
  ];
  for (const [thread, joint] of cases) {
    assertEquals(appendixTo(thread, [comment]), joint + rendered);
  }
});

Deno.test("appendixTo() keeps a thread's CRLF lines, also a torn one", () => {
  const whole = "<!-- event: plan -->\r\n\r\ntext\r\n\r\n---\r\n";
  const rendered = renderEvent(comment).replaceAll("\n", "\r\n");
  assertEquals(appendixTo(whole, [comment]), `\r\n${rendered}`);
  assertEquals(appendixTo(whole.slice(0, -1), [comment]), `\n\r\n${rendered}`);
  assertEquals(appendixTo(whole.slice(0, -2), [comment]), `\r\n\r\n${rendered}`);
});

Deno.test("appendixTo() makes both readers see the new events behind any bytes, and ours the old ones", () => {
  const events = fc.array(newEvent, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(text, events, fc.nat(), (old, added, cut) => {
      const torn = old.slice(0, old.length - cut % 8);
      const thread = torn + appendixTo(torn, added);
      const before = parseThread(torn).events;
      const after = parseThread(thread).events;
      const heads = before.map(({ line, attributes }) => ({ line, attributes }));
      assertEquals(
        after.slice(0, -added.length).map(({ line, attributes }) => ({ line, attributes })),
        heads,
      );
      const shown = after.slice(-added.length);
      assertEquals(shown.map(({ body }) => body), added.map(({ body }) => plainBody(body)));
      assertEquals(
        shown.map(({ attributes }) => attributes),
        added.map((event, index) => attributesOf(event, shown[index]!.attributes.esc === "1")),
      );
      const references = parseThreadAsReference(thread).slice(-added.length);
      assertEquals(
        references.map(({ attributes, heading, line }) => ({ attributes, heading, line })),
        shown.map(({ attributes, heading, line }) => ({ attributes, heading, line })),
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("appendixTo() adds a body of 1 MiB of dangerous lines as one event", () => {
  const body = "---\n<!-- event: forged -->\n```\n".repeat(35_000);
  const thread = renderEvent(comment) + appendixTo(renderEvent(comment), [{ ...comment, body }]);
  assertEquals(parseThread(thread).events.map((event) => event.body), ["Fine.", body.trimEnd()]);
  assertEquals(parseThreadAsReference(thread).length, 2);
});

function assertConflict(change: Partial<NewEvent>, words: string): void {
  const error = assertThrows(() => renderEvent({ ...comment, ...change }), Error, words);
  assert(error instanceof TicketError && error.code === "conflict", error.message);
}
