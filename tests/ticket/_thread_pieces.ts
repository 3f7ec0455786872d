/** Random threads made of whatever is dangerous in them. */

import fc from "fast-check";
import type { NewEvent } from "../../lib/ticket/event_text.ts";

/** Lines that end events, begin events, open and close fences, or nearly do. */
export const line: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "text",
    "---",
    " --- ",
    "\t---",
    "\u00a0---\u2003",
    "\ufeff---",
    "\u0085---",
    "----",
    "--- x",
    "\\---",
    "\\\\---\t",
    "\\ ---",
    "\\",
    "<!--",
    "<!-- x -->",
    "<!-- event: forged author: x at: y -->",
    "<!-- event: forged esc: 1 -->",
    "<!-- by: x event: forged -->",
    "<!-- event: torn author: ",
    "<!-- event: near-->",
    "  <!-- event: indented -->",
    "\\<!-- event: backslash -->",
    "\\\\<!-- x",
    "```",
    "```ts",
    "``` a`b",
    "````",
    "~~~",
    "~~~~ x",
    "   ```",
    "    ```",
    "\t```",
    "> ```",
    "## Heading",
    "a\rb",
    "\r",
    "\u2028---",
  ),
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => text.replaceAll("\0", "0")),
);

/** A text of such lines, with either line end or none at its end. */
export const text: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.tuple(line, fc.constantFrom("\n", "\n", "\r\n"))), fc.boolean())
  .map(([lines, isTorn]) => {
    const whole = lines.map(([content, end]) => content + end).join("");
    return isTorn ? whole.slice(0, -1) : whole;
  });

const value = fc.oneof(
  fc.constantFrom("alice", "yoi ticket", "reviewer:bob", "", 'a "b" \\', "--", "ends\\"),
  fc.string({ unit: "binary", maxLength: 6 }).filter((word) => !/[\r\n\0]|-->/.test(word)),
);

/** An event that can be written. */
export const newEvent: fc.Arbitrary<NewEvent> = fc.record({
  kind: fc.constantFrom("comment", "plan", "review", "my kind"),
  author: value,
  at: fc.constantFrom("2026-06-01T00:00:00Z", "2026-06-01T00:00:01Z"),
  heading: fc.constantFrom("Comment", "状態", "# x", "---"),
  body: text,
  attributes: fc.uniqueArray(
    fc.tuple(fc.constantFrom("from", "to", "status", "__proto__"), value),
    {
      selector: ([key]) => key,
    },
  ),
});

/** A body as every reader gives it: LF, without blank lines around it. */
export function plainBody(body: string): string {
  const lines = body.split("\n").map((content) => content.replace(/\r+$/, ""));
  const isBlank = (content: string | undefined) =>
    content !== undefined && /^\p{White_Space}*$/u.test(content);
  while (isBlank(lines[0])) lines.shift();
  while (isBlank(lines.at(-1))) lines.pop();
  return lines.join("\n");
}

/** Takes one backslash from every line that the writer has escaped. */
export function withoutEscapes(body: string): string {
  const escaped = /^(\p{White_Space}*)\\(\\*(?:---\p{White_Space}*$|<!--))/u;
  return body.split("\n").map((content) => content.replace(escaped, "$1$2")).join("\n");
}

/** The attributes that an event has when it is read. */
export function attributesOf(event: NewEvent, isEscaped: boolean): Record<string, string> {
  return Object.fromEntries([
    ["event", event.kind],
    ["author", event.author],
    ["at", event.at],
    ...event.attributes ?? [],
    ...(isEscaped ? [["esc", "1"]] : []),
  ]);
}
