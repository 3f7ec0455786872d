import { assert, assertEquals } from "@std/assert";
import { showDocument } from "../../lib/cli/show_document.ts";
import type { TicketDetail } from "../../lib/ticket/ticket.ts";

const NOTHING = { outgoing: [], incoming: [], blockers: [], notices: [] };

const TICKET: TicketDetail = {
  id: "00001KT07NV00",
  generation: "v3",
  v3Id: "00001KT07NV00",
  title: "Cache the index",
  state: "queued",
  frontmatter: {
    title: "Cache the index",
    state: "queued",
    created_at: "2026-06-01T00:00:00Z",
    updated_at: "2026-06-02T08:00:00Z",
    assignee: null,
    risk_flags: ["io", "format"],
    legacy_ticket: null,
    needs_preflight: true,
  },
  body: "\n## Background\n\nSlow.\n",
  events: [
    {
      kind: "create",
      author: "yoi ticket",
      at: "2026-06-01T00:00:00Z",
      heading: "Created",
      body: "Created by yoi.",
      attributes: {},
    },
    {
      kind: "review",
      author: "alice",
      at: "2026-06-02T08:00:00Z",
      heading: "Review: approve",
      body: "Fine.",
      attributes: { status: "approve" },
    },
  ],
  artifacts: [],
  relations: NOTHING,
  resolution: null,
  problems: [],
};

Deno.test("showDocument() prints the document that scripts know", () => {
  const at = "2026-06-01T00:00:00Z";
  const text = showDocument({
    ...TICKET,
    relations: {
      outgoing: [{
        ticketId: TICKET.id,
        kind: "depends_on",
        target: "00001KT07NV01",
        note: "schema first",
        author: "a",
        at,
      }],
      incoming: [{
        sourceTicket: "00001KT07NV02",
        inverseKind: "blocked_by",
        forwardKind: "blocks",
        note: null,
        author: "a",
        at,
      }],
      blockers: [{
        blockingTicket: "00001KT07NV01",
        reasonKind: "depends_on",
        relationKind: "depends_on",
        note: null,
        blockingState: "planning",
      }],
      notices: [{ relatedTicket: "00001KT07NV03", kind: "supersedes", message: "look first" }],
    },
    artifacts: ["review.md", "run/log.txt"],
    resolution: "Done.",
  });
  assertEquals(
    text,
    `# Cache the index

State: queued
ID: 00001KT07NV00
Updated: 2026-06-02T08:00:00Z

## item.md

---
assignee: null
created_at: 2026-06-01T00:00:00Z
risk_flags: ['io', 'format']
state: queued
title: Cache the index
updated_at: 2026-06-02T08:00:00Z
---


## Background

Slow.

## thread.md

- create by yoi ticket at 2026-06-01T00:00:00Z
  ## Created
Created by yoi.
- review [approve] by alice at 2026-06-02T08:00:00Z
  ## Review: approve
Fine.

## relations

### outgoing

- depends_on 00001KT07NV01 — schema first
### incoming / derived inverse

- blocked_by 00001KT07NV02 (forward: blocks)
### unresolved queue blockers

- 00001KT07NV01 via depends_on (state: planning)
### notices

- supersedes 00001KT07NV03: look first

## artifacts

- review.md
- run/log.txt

## resolution.md

Done.
`,
  );
});

Deno.test("showDocument() leaves empty parts out, but says that there are no events", () => {
  const text = showDocument({ ...TICKET, frontmatter: {}, body: "", events: [] });
  assertEquals(
    text,
    "# Cache the index\n\nState: queued\nID: 00001KT07NV00\n\n## item.md\n\n---\n---\n\n\n" +
      "## thread.md\n\n(no events)\n",
  );
});

Deno.test("showDocument() tells the generation of an old ticket, and shows the last events alone", () => {
  const text = showDocument({ ...TICKET, id: "20260601-000000-001", generation: "v2" }, 1);
  assert(text.includes("\nGeneration: v2\nID after migration: 00001KT07NV00\n"));
  assert(text.includes("## thread.md\n\n(1 earlier events)\n- review [approve]"));
});

Deno.test("showDocument() keeps what a record says in its line", () => {
  const text = showDocument({
    ...TICKET,
    title: "a\nState: closed",
    frontmatter: { note: "x\n---\ny", flags: ["it's"] },
    artifacts: ["a\n## b"],
  });
  assert(text.startsWith("# a State: closed\n"));
  assert(text.includes("\nflags: ['it''s']\nnote: x --- y\n---\n"));
  assert(text.endsWith("\n- a ## b\n"));
});

Deno.test("showDocument() keeps the blanks of a title", () => {
  const title = "全角\u3000and  two";
  const text = showDocument({ ...TICKET, title, frontmatter: { title } });
  assert(text.startsWith(`# ${title}\n`));
  assert(text.includes(`\ntitle: ${title}\n`));
});
