import { assert, assertEquals } from "@std/assert";
import {
  closeBody,
  createBody,
  defaultItemBody,
  EVENT_KINDS,
  fieldChangeBody,
  headingOf,
  intakeReadyBody,
  intakeSummaryBody,
  itemEditBody,
  meaningOfKind,
  queueBody,
  recordLanguage,
  reopenBody,
  transitionBody,
} from "../../lib/ticket/event_kinds.ts";

const LANGUAGES = ["english", "japanese"] as const;

Deno.test("recordLanguage() is Japanese for every name of it, else English", () => {
  const japanese = [
    "japanese",
    "Japanese",
    "ja",
    "JA",
    "ja-JP",
    " ja-jp ",
    "日本語",
    "敬体の日本語で",
  ];
  for (const name of japanese) assertEquals(recordLanguage(name), "japanese", name);
  const english = [undefined, "", "english", "jam", "ja-", "German", "日本"];
  for (const name of english) assertEquals(recordLanguage(name), "english", name);
});

Deno.test("headingOf() localizes create, close, status_changed and item_edit only", () => {
  assertEquals(
    [...EVENT_KINDS.keys()].filter((kind) =>
      headingOf(kind, "english") !== headingOf(kind, "japanese")
    ),
    ["create", "close", "closed", "status_changed", "item_edit"],
  );
  assertEquals(headingOf("create", "japanese"), "作成");
  assertEquals(headingOf("implementation_report", "japanese"), "Implementation report");
  assertEquals(headingOf("item_edit", "english"), "Item updated");
});

Deno.test("headingOf() names a review's result and unknown kinds", () => {
  assertEquals(headingOf("review", "japanese", { reviewResult: "approve" }), "Review: approve");
  assertEquals(
    headingOf("review", "english", { reviewResult: "request_changes" }),
    "Review: request changes",
  );
  assertEquals(headingOf("late_fix", "english"), "Late fix");
  assertEquals(headingOf("constructor", "english"), "Constructor");
});

Deno.test("meaningOfKind() takes closed for close and others as they are", () => {
  assertEquals(["closed", "close", "fix", "toString"].map(meaningOfKind), [
    "close",
    "close",
    "fix",
    "toString",
  ]);
});

Deno.test("defaultItemBody() has both sections, one sentence and one list item", () => {
  const english = defaultItemBody("yoi ticket", "english");
  assert(
    /^## Background\n\n[^\n]*yoi ticket[^\n]*\n\n## Acceptance criteria\n\n- TBD\n$/.test(english),
  );
  const japanese = defaultItemBody("yoi ticket", "japanese");
  assert(/^## 背景\n\n[^\n]*yoi ticket[^\n]*\n\n## 受け入れ条件\n\n- 未定\n$/.test(japanese));
});

Deno.test("generated bodies are one line in both languages and name what they are about", () => {
  for (const language of LANGUAGES) {
    const bodies: [body: string, ...words: string[]][] = [
      [createBody("LocalTicketBackend", language), "LocalTicketBackend"],
      [queueBody("alice", language), "`alice`"],
      [intakeReadyBody(language), "ready"],
      [intakeSummaryBody("yoi ticket", language), "`yoi ticket`"],
      [transitionBody("queued", "inprogress", language), "queued", "inprogress"],
      [closeBody(language), "closed"],
      [itemEditBody(["title", "body"], language), "title, body"],
      [fieldChangeBody("priority", "P2", "P0", language), "`priority`", "`P2`", "`P0`"],
      [fieldChangeBody("assignee", null, "bob", language), "`assignee`", "`bob`"],
      [fieldChangeBody("assignee", "bob", null, language), "`assignee`"],
      [reopenBody("Came back.", undefined, language), "Came back."],
    ];
    for (const [body, ...words] of bodies) {
      assert(!body.includes("\n"), body);
      for (const word of words) assert(body.includes(word), `${body} / ${word}`);
    }
  }
  assert(queueBody("a`b", "english").includes("`` a`b ``"));
});

Deno.test("reopenBody() says where the earlier resolution is", () => {
  for (const language of LANGUAGES) {
    const body = reopenBody("Came back.", "artifacts/resolution-1.md", language);
    assert(body.startsWith("Came back.\n\n"));
    assert(body.includes("`artifacts/resolution-1.md`"));
  }
});
