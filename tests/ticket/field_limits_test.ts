import { assertEquals } from "@std/assert";
import {
  checkAuthor,
  checkBody,
  checkReason,
  checkSingleLine,
  checkTitle,
  checkTransitionBody,
} from "../../lib/ticket/_field_limits.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";

function assertConflict(check: () => unknown, words: string): void {
  assertTicketError(check, "conflict", words);
}

Deno.test("checkTitle takes any line and refuses what would break the file", () => {
  assertEquals(checkTitle("  TUI: 'pick' a [pod] --> 手動  "), "  TUI: 'pick' a [pod] --> 手動  ");
  assertConflict(() => checkTitle(" \u3000"), "title is blank");
  for (const separator of ["\n", "\r", "\u0085", "\u2028", "\u2029"]) {
    assertConflict(() => checkTitle(`a${separator}state: y`), "title has to be one line");
  }
  assertConflict(() => checkTitle("a\u001b[31m"), "title holds the control character U+001B");
  assertConflict(() => checkTitle("a\tb"), "U+0009");
  assertConflict(() => checkTitle("a\u0000"), "U+0000");
  assertConflict(() => checkTitle("a\ud800"), "surrogate");
});

Deno.test("limits are counted in UTF-8 bytes, the limit itself is allowed", () => {
  checkTitle("あ".repeat(341) + "a");
  assertConflict(() => checkTitle("あ".repeat(341) + "ab"), "title has 1025 bytes");
  checkTitle("x".repeat(1024));
  assertConflict(() => checkTitle("x".repeat(1025)), "title has 1025 bytes");
  checkAuthor("a".repeat(256));
  assertConflict(() => checkAuthor("a".repeat(257)), "author has 257 bytes");
  checkReason("r".repeat(1024));
  assertConflict(() => checkReason("r".repeat(1025)), "at most 1024");
  checkTransitionBody("b".repeat(16_384));
  assertConflict(() => checkTransitionBody("b".repeat(16_385)), "at most 16384");
  checkBody("あ".repeat(349_525) + "a");
  assertConflict(() => checkBody("あ".repeat(349_526)), "at most 1048576");
  assertConflict(() => checkSingleLine("readiness", "12345", 4), "readiness has 5 bytes");
});

Deno.test("checkAuthor and checkReason refuse what ends a header", () => {
  assertEquals(checkAuthor("reviewer:alice"), "reviewer:alice");
  assertConflict(() => checkAuthor("a --> b"), 'author must not contain "-->"');
  assertConflict(() => checkReason("-->"), 'reason must not contain "-->"');
  assertConflict(() => checkReason(" "), "reason is blank");
  assertConflict(() => checkAuthor("a\nb"), "author has to be one line");
});

Deno.test("checkBody turns CRLF into LF and names the place of a control character", () => {
  assertEquals(checkBody("a\r\n\tb\n"), "a\n\tb\n");
  assertEquals(checkBody(""), "");
  assertConflict(() => checkBody("a\nb\u0000"), "body holds the control character U+0000 (line 2)");
  assertConflict(() => checkBody("a\rb"), "U+000D");
  assertConflict(() => checkBody("\u009b31m"), "U+009B");
  assertConflict(() => checkBody("\udc00"), "surrogate");
  assertConflict(() => checkBody("\u0001", "resolution"), "resolution holds");
});
