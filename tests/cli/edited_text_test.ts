import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import {
  checkNothingTakenBack,
  checkUpToDate,
  faultOfText,
  storeCommand,
} from "../../lib/cli/edited_text.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";

const NOW = "2026-06-02T00:00:00Z";

Deno.test("faultOfText() names the text and its line, and leaves other errors as they are", () => {
  const text = "---\nstate: 'x'\ntitle: 12\n---\n";
  const fault = (detail: string, line?: number) =>
    faultOfText(
      TicketError.parse("/w/00001KT07NV00/item.md", detail, line === undefined ? {} : { line }),
      text,
      "your text",
    );
  assertEquals(
    fault('field "title" is a number'),
    'your text is not valid (line 3): field "title" is a number',
  );
  assertEquals(fault("it is odd", 7), "your text is not valid (line 7): it is odd");
  assertEquals(
    fault("odd at line 7, column 1", 7),
    "your text is not valid: odd at line 7, column 1",
  );
  assertEquals(fault('field "gone" is odd'), 'your text is not valid: field "gone" is odd');
  for (
    const error of [
      TicketError.conflict("title is blank"),
      TicketError.parse("/w/00001KT07NV00/thread.md", "torn"),
    ]
  ) {
    assertEquals(faultOfText(error, text, "your text"), error.message);
  }
});

Deno.test("checkUpToDate() refuses a text of another time than the ticket's", () => {
  const text = (at: string) => `---\ntitle: x\n${at}\n---\n\nupdated_at: 1\n`;
  const now = text("updated_at: '2026-06-01T00:00:00Z'");
  for (
    const same of [
      text('updated_at: "2026-06-01T00:00:00Z"'),
      text("updated_at:   2026-06-01T00:00:00Z # then").replaceAll("\n", "\r\n"),
      `\ufeff${now}`,
      text("assignee: bob"),
      "no frontmatter",
    ]
  ) {
    checkUpToDate("ID", same, now, '"f"');
  }
  assertThrows(
    () => checkUpToDate("ID", text("updated_at: 2026-05-01T00:00:00Z"), now, '"f"'),
    CliError,
    'ID has changed since 2026-05-01T00:00:00Z, the updated_at of "f": ',
  );
});

Deno.test("storeCommand() is words of a shell", () => {
  assertEquals(
    storeCommand("ID", "/tmp/x's.md", "my root"),
    `yoi ticket edit ID --root 'my root' --file '/tmp/x'\\''s.md'`,
  );
});

Deno.test("checkNothingTakenBack() finds what a text would take back within one second", () => {
  const text = (fields: string) => `---\ntitle: 'A'\nupdated_at: '${NOW}'\n${fields}---\nBody.\n`;
  const change = (field: string, from: string, to: string, at = NOW) => ({
    kind: "state_changed",
    author: "kim",
    at,
    heading: "Changed",
    body: "",
    attributes: { field, from, to },
  });
  const current = text("priority: 'P1'\nassignee: bob\n");
  const check = (edited: string, ...events: ReturnType<typeof change>[]) => () =>
    checkNothingTakenBack("ID", { text: edited, current }, events);
  const changes = [change("priority", "null", "P1"), change("assignee", "null", "bob")];
  check(current, ...changes)();
  check(text("priority: 'P2'\nassignee: bob\n"), ...changes)();
  assertThrows(check(text("assignee: bob\n"), ...changes), CliError, "priority became P1");
  assertThrows(check(text("priority: P1\nassignee: null\n"), ...changes), CliError, "assignee");
  // An earlier change was there when the text was taken; what no field is called is none.
  check(text("assignee: bob\n"), change("priority", "null", "P1", "2026-06-01T00:00:00Z"))();
  check(text(""), change("(", "null", "x"))();
});
