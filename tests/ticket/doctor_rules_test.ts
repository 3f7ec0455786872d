import { assert, assertEquals } from "@std/assert";
import { runDoctor } from "../../lib/ticket/_doctor.ts";
import { TICKET_RULES } from "../../lib/ticket/_doctor_findings.ts";
import { GIT_RULES } from "../../lib/ticket/_doctor_git_rules.ts";
import { MIXUP_RULES } from "../../lib/ticket/_doctor_mixup_rules.ts";
import { EXTRA_LINK_RULES, LINK_RULES } from "../../lib/ticket/_doctor_relation_rules.ts";
import {
  BUCKET_RULES,
  EXTRA_ROOT_RULES,
  SURROUNDING_RULES,
} from "../../lib/ticket/_doctor_root_rules.ts";
import { appendixTo } from "../../lib/ticket/event_text.ts";
import {
  AT,
  changed,
  closed,
  created,
  event,
  ID,
  item,
  OTHER,
  plan,
  relations,
  SampleRoot,
  thread,
  ticket,
  type Tree,
  withoutMessage,
} from "./_doctor_samples.ts";

/** A store that breaks one rule once. */
interface Sample {
  code: string;
  name?: string;
  tree: Tree;
  severity: "error" | "warning";
  /** Relative to the root. */
  path: string;
  line?: number;
  /** Default {@linkcode ID}; `null` for findings about the root. */
  ticket?: string | null;
  /** Part of what the message says to do. */
  advice: string;
  /** Name of the root, default `store`. */
  root?: string;
}

const PRIORITY_SET = event(
  "state_changed",
  "author: kim at: 2026-06-03T00:00:00Z from: null to: P1 reason: priority field: priority",
);

const SAMPLES: readonly Sample[] = [
  {
    code: "legacy_bucket",
    tree: { "open/.gitkeep": "" },
    severity: "error",
    path: "open",
    ticket: null,
    advice: "yoi ticket migrate",
  },
  {
    code: "invalid_record_id",
    name: "of v2, without a day that there is",
    tree: ticket("20260230-010200-001"),
    severity: "error",
    path: "20260230-010200-001",
    ticket: "20260230-010200-001",
    advice: "rename the folder so that it begins with a valid date and time",
  },
  {
    code: "invalid_record_id",
    tree: { "notes/item.md": item() },
    severity: "error",
    path: "notes",
    ticket: "notes",
    advice: "rename",
  },
  {
    code: "thread_missing",
    tree: ticket(ID, { "thread.md": undefined }),
    severity: "error",
    path: ID,
    advice: "version control",
  },
  {
    code: "thread_missing",
    name: "thread.md is a folder",
    tree: ticket(ID, { "thread.md": "FOLDER" }),
    severity: "error",
    path: ID,
    advice: "move it away",
  },
  {
    code: "thread_unreadable",
    name: "thread.md is a link",
    tree: ticket(ID, { "thread.md": { link: "item.md" } }),
    severity: "error",
    path: `${ID}/thread.md`,
    advice: "repair the file",
  },
  {
    code: "thread_unreadable",
    name: "thread.md is a FIFO",
    tree: ticket(ID, { "thread.md": "FIFO" }),
    severity: "error",
    path: `${ID}/thread.md`,
    advice: "repair the file",
  },
  {
    code: "artifacts_missing",
    tree: ticket(ID, { "artifacts/.gitkeep": undefined }),
    severity: "error",
    path: ID,
    advice: "doctor --fix",
  },
  {
    code: "item_unreadable",
    name: "unknown state",
    tree: ticket(ID, { "item.md": item({ state: "'intake'" }) }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 3,
    advice: "correct the file",
  },
  {
    code: "item_unreadable",
    name: "a field of any name",
    tree: ticket(ID, { "item.md": item({ "x-y.Z": "{a: b}" }) }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 7,
    advice: "correct the file",
  },
  {
    code: "item_unreadable",
    name: "no mapping",
    tree: ticket(ID, { "item.md": "---\n- a\n---\n" }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 1,
    advice: "correct the file",
  },
  {
    code: "item_unreadable",
    name: "empty file",
    tree: ticket(ID, { "item.md": "" }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 1,
    advice: "correct the file",
  },
  {
    code: "item_unreadable",
    name: "item.md is a FIFO",
    tree: ticket(ID, { "item.md": "FIFO" }),
    severity: "error",
    path: `${ID}/item.md`,
    advice: "correct the file",
  },
  {
    code: "item_unreadable",
    name: "an unfinished merge, told once",
    tree: ticket(ID, {
      "item.md": item({ state: "'ready'\n=======\nstate: 'done'\n>>>>>>> theirs" })
        .replace("state:", "<<<<<<< ours\nstate:"),
    }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 3,
    advice:
      "an unfinished merge at line 3; decide between the sides, with one line for each key, and",
  },
  {
    code: "item_unreadable",
    name: "both versions of an item, told once",
    tree: ticket(ID, { "item.md": `<<<<<<< ours\n${item()}=======\n${item()}>>>>>>> theirs\n` }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 1,
    advice: "decide between the sides",
  },
  {
    code: "required_key_missing",
    tree: ticket(ID, { "item.md": item({ updated_at: undefined }) }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 1,
    advice: "add it",
  },
  {
    code: "required_key_missing",
    name: "empty text",
    tree: ticket(ID, { "item.md": item({ title: "''" }) }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 2,
    advice: "give it one",
  },
  {
    code: "required_key_missing",
    name: "state: null",
    tree: ticket(ID, { "item.md": item({ state: "null" }) }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 3,
    advice: "give it one",
  },
  {
    code: "obsolete_key",
    tree: ticket(ID, { "item.md": item({ labels: "['a']" }) }),
    severity: "error",
    path: `${ID}/item.md`,
    line: 7,
    advice: "remove the line",
  },
  {
    code: "resolution_missing",
    tree: ticket(ID, {
      "item.md": item({ state: "'closed'" }),
      "thread.md": thread(created(), closed()),
    }),
    severity: "warning",
    path: `${ID}/resolution.md`,
    advice: "yoi ticket close",
  },
  {
    code: "resolution_missing",
    name: "after a reopening that was cut off",
    tree: ticket(ID, {
      "item.md": item({ state: "'closed'" }),
      "thread.md": thread(created(), closed()),
      "artifacts/resolution-20260601T000000Z.md": "Done.\n",
    }),
    severity: "warning",
    path: `${ID}/resolution.md`,
    advice: 'its last one is "artifacts/resolution-20260601T000000Z.md"',
  },
  ...([
    ["a header that is not closed", `<!-- event: comment author: kim ${AT}\n\nText.\n\n---\n`, 9],
    ["an event without time", event("comment", "author: kim"), 9],
    ["a blank time", event("comment", 'author: kim at: " "'), 9],
    ["a change without reason", event("state_changed", `author: kim ${AT} from: a to: b`), 9],
    ["a summary without author", event("intake_summary", AT), 9],
    ["a summary without text", event("intake_summary", `author: kim ${AT}`, ""), 9],
    [
      "a header in a code sample",
      event("comment", `author: kim ${AT}`, "```\n\n<!-- event: x -->\n```"),
      15,
    ],
  ] as const).map(([name, text, line]): Sample => ({
    code: "event_malformed",
    name,
    tree: ticket(ID, { "thread.md": thread(created(), text) }),
    severity: "error",
    path: `${ID}/thread.md`,
    line,
    advice: name.includes("not closed")
      ? "end the line"
      : name.includes("text")
      ? "write"
      : "add it",
  })),
  {
    code: "review_status",
    tree: ticket(ID, { "thread.md": thread(created(), event("review", `author: kim ${AT}`)) }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 9,
    advice: "status: approve",
  },
  {
    code: "relations_unreadable",
    tree: ticket(ID, { "artifacts/relations.json": '{"version": 2}' }),
    severity: "error",
    path: `${ID}/artifacts/relations.json`,
    advice: "correct the file",
  },
  {
    code: "relations_unreadable",
    name: "not valid JSON",
    tree: ticket(ID, {
      "artifacts/relations.json": '{\n  "version": 1\n  "relations": []\n}\n',
    }),
    severity: "error",
    path: `${ID}/artifacts/relations.json`,
    line: 3,
    advice: "correct the file",
  },
  {
    code: "relations_unreadable",
    name: "the second of them",
    tree: ticket(ID, {
      "artifacts/relations.json": relations([["related", OTHER], ["depends_on", ID]]),
    }),
    severity: "error",
    path: `${ID}/artifacts/relations.json`,
    line: 11,
    advice: "must not be the ticket itself",
  },
  {
    code: "relations_unreadable",
    name: "the markers of a merge",
    tree: ticket(ID, {
      "artifacts/relations.json": relations([["related", OTHER]])
        .replace(/^.*"author".*$/m, "<<<<<<< ours\n$&\n=======\n>>>>>>> theirs"),
    }),
    severity: "error",
    path: `${ID}/artifacts/relations.json`,
    line: 8,
    advice: "remove the markers",
  },
  {
    code: "plan_unreadable",
    name: "the markers of a merge",
    tree: ticket(ID, {
      "artifacts/orchestration-plan.jsonl": "\n<<<<<<< ours\n{}\n=======\n>>>>>>> theirs\n",
    }),
    severity: "error",
    path: `${ID}/artifacts/orchestration-plan.jsonl`,
    line: 2,
    advice: "remove the markers",
  },
  {
    code: "plan_unreadable",
    tree: ticket(ID, { "artifacts/orchestration-plan.jsonl": "\nnonsense\n" }),
    severity: "error",
    path: `${ID}/artifacts/orchestration-plan.jsonl`,
    line: 2,
    advice: "correct the file",
  },
  {
    code: "relation_target_missing",
    tree: ticket(ID, { "artifacts/relations.json": relations([["related", OTHER]]) }),
    severity: "error",
    path: `${ID}/artifacts/relations.json`,
    line: 7,
    advice: "yoi ticket relation remove",
  },
  {
    code: "relation_target_missing",
    name: "the ticket itself, by an old id",
    tree: {
      ...ticket(ID, {
        "artifacts/relations.json": relations([["related", "20260601-000000-001"]]),
      }),
      ".ticket-ids.json": `{"version":1,"ids":{"20260601-000000-001":"${ID}"},"slugs":{}}\n`,
    },
    severity: "error",
    path: `${ID}/artifacts/relations.json`,
    line: 7,
    advice: "names the ticket itself by another of its names: remove it",
  },
  {
    code: "dependency_cycle",
    tree: {
      ...ticket(ID, { "artifacts/relations.json": relations([["depends_on", OTHER]]) }),
      ...ticket(OTHER, { "artifacts/relations.json": relations([["depends_on", ID]], OTHER) }),
    },
    severity: "error",
    path: `${ID}/artifacts/relations.json`,
    line: 7,
    advice: `${ID} -> ${OTHER} -> ${ID}; remove one`,
  },
  {
    code: "dependency_cycle",
    name: "owned by the other ticket",
    tree: {
      ...ticket(ID),
      ...ticket(OTHER, {
        "artifacts/relations.json": relations([["depends_on", ID], ["blocks", ID]], OTHER),
      }),
    },
    severity: "error",
    path: `${OTHER}/artifacts/relations.json`,
    line: 14,
    advice: `${ID} -> ${OTHER} -> ${ID}; remove one`,
  },
  {
    code: "legacy_todo",
    tree: { "../TODO.md": "# To do\n\n- see tickets/cache.md\n" },
    severity: "error",
    path: "../TODO.md",
    line: 3,
    ticket: null,
    advice: "make tickets of",
  },
  {
    code: "legacy_record",
    tree: { "../tickets/cache.md": "Old.\n" },
    severity: "error",
    path: "../tickets/cache.md",
    ticket: null,
    advice: "yoi ticket create",
  },
  {
    code: "legacy_record",
    name: "in a root of that name",
    tree: { "cache.md": "Old.\n" },
    root: "tickets",
    severity: "error",
    path: "cache.md",
    ticket: null,
    advice: "yoi ticket create",
  },
  {
    code: "required_key_null",
    tree: ticket(ID, { "item.md": item({ title: "null" }) }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 2,
    advice: "give it a value",
  },
  {
    code: "state_lags_thread",
    tree: ticket(ID, {
      "item.md": item({ state: "'queued'" }),
      "thread.md": thread(created(), changed("queued", "inprogress", "at: 2026-06-03T00:00:00Z")),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 3,
    advice: "doctor --fix",
  },
  {
    code: "field_lags_thread",
    tree: ticket(ID, {
      "item.md": `${item()}\npriority: what comes first\n`,
      "thread.md": thread(created(), PRIORITY_SET),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 1,
    advice: "doctor --fix",
  },
  {
    code: "field_differs_from_thread",
    tree: ticket(ID, {
      "item.md": item({ updated_at: "'2026-06-03T00:00:00Z'" }),
      "thread.md": thread(created(), PRIORITY_SET),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 1,
    advice: "set it with `yoi ticket priority`",
  },
  {
    code: "field_differs_from_thread",
    name: "a field without a command",
    tree: ticket(ID, {
      "item.md": item({ updated_at: "'2026-06-03T00:00:00Z'", readiness: "'high'" }),
      "thread.md": thread(created(), PRIORITY_SET.replaceAll("priority", "readiness")),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 7,
    advice: "write it with `yoi ticket edit`",
  },
  {
    code: "edit_lags_thread",
    tree: ticket(ID, {
      "thread.md": thread(
        created(),
        event("item_edit", "author: kim at: 2026-06-03T00:00:00Z", "Edited: body."),
      ),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 5,
    advice: "check whether the edit is there",
  },
  {
    code: "state_differs_from_thread",
    tree: ticket(ID, {
      "item.md": item({ state: "'inprogress'" }),
      "thread.md": thread(created(), changed("ready", "done")),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 3,
    advice: "use `yoi ticket state ID done`",
  },
  ...([
    ["to closed", "ready", ["inprogress", "closed"], "use `yoi ticket close`"],
    ["where no way leads", "done", ["ready", "queued"], "write queued there"],
    ["to what is no state", "ready", ["inprogress", "paused"], "the next change of state records"],
  ] as const).map(([name, state, [from, to], advice]): Sample => ({
    code: "state_differs_from_thread",
    name,
    tree: ticket(ID, {
      "item.md": item({ state: `'${state}'` }),
      "thread.md": thread(created(), changed(from, to)),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 3,
    advice,
  })),
  {
    code: "closed_without_event",
    tree: ticket(ID, { "item.md": item({ state: "'closed'" }), "resolution.md": "Done.\n" }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 3,
    advice: "yoi ticket close",
  },
  {
    code: "resolution_on_open_ticket",
    tree: ticket(ID, { "resolution.md": "Done.\n" }),
    severity: "warning",
    path: `${ID}/resolution.md`,
    advice: 'move the file into "artifacts"',
  },
  {
    code: "timestamp_malformed",
    tree: ticket(ID, { "item.md": item({ created_at: "'1 June 2026'" }) }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 4,
    advice: "correct it",
  },
  {
    code: "updated_before_created",
    tree: ticket(ID, { "item.md": item({ created_at: "'2026-06-03T00:00:00Z'" }) }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 5,
    advice: "doctor --fix",
  },
  {
    code: "updated_before_last_event",
    tree: ticket(ID, {
      "thread.md": thread(created(), event("comment", "author: kim at: 2026-06-09T00:00:00Z")),
    }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 5,
    advice: "doctor --fix",
  },
  {
    code: "byte_order_mark",
    tree: ticket(ID, { "item.md": `\ufeff${item()}` }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 1,
    advice: "doctor --fix",
  },
  {
    code: "byte_order_mark",
    name: "in the thread",
    tree: ticket(ID, { "thread.md": `\ufeff${thread(created())}` }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 1,
    advice: "doctor --fix",
  },
  {
    code: "merge_conflict",
    tree: ticket(ID, { "item.md": `${item()}<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n` }),
    severity: "warning",
    path: `${ID}/item.md`,
    line: 12,
    advice: "one line for each key",
  },
  {
    code: "merge_conflict",
    name: "of two resolutions",
    tree: ticket(ID, {
      "item.md": item({ state: "'closed'" }),
      "thread.md": thread(created(), closed()),
      "resolution.md": "<<<<<<< a\nOne.\n=======\nTwo.\n>>>>>>> b\n",
    }),
    severity: "warning",
    path: `${ID}/resolution.md`,
    line: 1,
    advice: "keep the right text",
  },
  {
    code: "temporary_left",
    tree: ticket(ID, { ".item.md.tmp.1234": "" }),
    severity: "warning",
    path: `${ID}/.item.md.tmp.1234`,
    advice: "doctor --fix",
  },
  {
    code: "temporary_left",
    name: "of nobody who writes tickets",
    tree: ticket(ID, { "artifacts/.build.tmp.3": "" }),
    severity: "warning",
    path: `${ID}/artifacts/.build.tmp.3`,
    advice: "remove or rename it",
  },
  {
    code: "temporary_left",
    name: "our own, among the artifacts",
    tree: ticket(ID, { "artifacts/.relations.json.0123456789abcdef.yoi-tmp": "" }),
    severity: "warning",
    path: `${ID}/artifacts/.relations.json.0123456789abcdef.yoi-tmp`,
    advice: "doctor --fix",
  },
  {
    code: "temporary_left",
    name: "in the root",
    tree: { ".map.json.0123456789abcdef.yoi-tmp": "" },
    severity: "warning",
    path: ".map.json.0123456789abcdef.yoi-tmp",
    ticket: null,
    advice: "doctor --fix",
  },
  {
    code: "staging_left",
    tree: { [`.${ID}.new/item.md`]: "" },
    severity: "warning",
    path: `.${ID}.new`,
    ticket: null,
    advice: "doctor --fix",
  },
  {
    code: "symbolic_link",
    name: "among the artifacts, around in a circle",
    tree: ticket(ID, { "artifacts/deep/loop": { link: ".." } }),
    severity: "warning",
    path: `${ID}/artifacts/deep/loop`,
    advice: "put the file itself",
  },
  {
    code: "symbolic_link",
    name: "in place of the artifacts",
    tree: ticket(ID, { "artifacts/.gitkeep": undefined, artifacts: { link: "/" } }),
    severity: "warning",
    path: `${ID}/artifacts`,
    advice: "put the file itself",
  },
  {
    code: "symbolic_link",
    name: "in the root",
    tree: { [ID]: { link: "." } },
    severity: "warning",
    path: ID,
    ticket: null,
    advice: "put the file itself",
  },
  {
    code: "stray_file",
    tree: ticket(ID, { "notes.txt": "" }),
    severity: "warning",
    path: `${ID}/notes.txt`,
    advice: "move it into",
  },
  {
    code: "stray_file",
    name: "a FIFO among the artifacts",
    tree: ticket(ID, { "artifacts/pipe": "FIFO" }),
    severity: "warning",
    path: `${ID}/artifacts/pipe`,
    advice: "remove it",
  },
  {
    code: "stray_file",
    name: "in the root",
    tree: { "README.txt": "" },
    severity: "warning",
    path: "README.txt",
    ticket: null,
    advice: "move it away",
  },
  {
    code: "stray_folder",
    tree: ticket(ID, { notes: "FOLDER" }),
    severity: "warning",
    path: `${ID}/notes`,
    advice: "move it into",
  },
  {
    code: "stray_folder",
    name: "in the root, with a ticket's name",
    tree: { [ID]: "FOLDER" },
    severity: "warning",
    path: ID,
    ticket: null,
    advice: "restore that file",
  },
  {
    code: "stray_folder",
    name: "in the root, with tickets in it",
    tree: ticket(`archive/${ID}`),
    severity: "warning",
    path: "archive",
    ticket: null,
    advice: "move such tickets into the root",
  },
  {
    code: "event_unseparated",
    tree: ticket(ID, {
      "thread.md": created().replace("---\n", "") + changed("ready", "planning"),
    }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 1,
    advice: "add a `---` line",
  },
  {
    code: "event_unterminated",
    tree: ticket(ID, { "thread.md": created().replace("\n---\n", "") }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 1,
    advice: "doctor --fix",
  },
  {
    code: "thread_preamble",
    tree: ticket(ID, { "thread.md": `# Thread\n\n${created()}` }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 1,
    advice: "yoi ticket comment",
  },
  {
    code: "event_header_misspelled",
    tree: ticket(ID, {
      "thread.md": event("create", `author: kim ${AT}`, "<!-- event: note-->"),
    }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 5,
    advice: "put a blank",
  },
  {
    code: "event_header_misspelled",
    name: "a blank at its end",
    tree: ticket(ID, {
      "thread.md": thread(created(), event("comment", `author: kim ${AT}`)).replace(
        / -->\n(?!.*-->)/s,
        " --> \n",
      ),
    }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 9,
    advice: "none after it",
  },
  {
    code: "event_lost_to_reference",
    tree: ticket(ID, {
      "thread.md": event("create", `author: kim ${AT}`, "One.\n\n ---\n\nTwo.\nThree."),
    }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 7,
    advice: "2 lines",
  },
  {
    code: "event_timestamp_malformed",
    tree: ticket(ID, { "thread.md": event("create", "author: kim at: yesterday") }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 1,
    advice: "correct it",
  },
  {
    code: "duplicate_create",
    tree: ticket(ID, { "thread.md": thread(created(), created()) }),
    severity: "warning",
    path: `${ID}/thread.md`,
    line: 9,
    advice: "create one of them again",
  },
  {
    code: "plan_unknown_ticket",
    tree: ticket(ID, { "artifacts/orchestration-plan.jsonl": plan(ID) + plan(OTHER, 2) }),
    severity: "warning",
    path: `${ID}/artifacts/orchestration-plan.jsonl`,
    line: 2,
    advice: "remove the line",
  },
  {
    code: "plan_id_repeated",
    tree: ticket(ID, { "artifacts/orchestration-plan.jsonl": `${plan(ID)}\n${plan(ID)}` }),
    severity: "warning",
    path: `${ID}/artifacts/orchestration-plan.jsonl`,
    line: 3,
    advice: "another number",
  },
  {
    code: "resolution_unreadable",
    tree: ticket(ID, {
      "item.md": item({ state: "'closed'" }),
      "thread.md": thread(created(), changed("planning", "closed"), closed()),
      "resolution.md": "FIFO",
    }),
    severity: "warning",
    path: `${ID}/resolution.md`,
    advice: "repair it",
  },
  {
    code: "lock_unusable",
    tree: { ".ticket-backend.lock": "FIFO" },
    severity: "warning",
    path: ".ticket-backend.lock",
    ticket: null,
    advice: "remove it",
  },
  {
    code: "id_map_unreadable",
    tree: { ".ticket-ids.json": "{}" },
    severity: "warning",
    path: ".ticket-ids.json",
    ticket: null,
    advice: "restore the file",
  },
];

for (const sample of SAMPLES) {
  const { code, name, advice } = sample;
  Deno.test(`runDoctor() finds ${code}${name ? `: ${name}` : ""}, and changes nothing`, async () => {
    using root = SampleRoot.of(sample.tree, sample.root);
    const before = root.read();
    const { ok, diagnostics } = await runDoctor(root.path);
    assertEquals(root.read(), before);
    const ticket = sample.ticket === undefined ? ID : sample.ticket;
    const path = normalized(`${root.path}/${sample.path}`);
    assertEquals(diagnostics.map(withoutMessage), [
      { code, severity: sample.severity, path, line: sample.line ?? null, ticket },
    ]);
    const { message } = diagnostics[0]!;
    assert(message.includes(advice), `the message does not say "${advice}": ${message}`);
    assertEquals(ok, sample.severity === "warning");
  });
}

Deno.test("runDoctor() takes the first marker of a merge for no text before the first event", async () => {
  const both = `<<<<<<< a\n${thread(created())}=======\n${thread(created())}>>>>>>> b\n`;
  using root = SampleRoot.of(ticket(ID, { "thread.md": both }));
  const codes = (await runDoctor(root.path)).diagnostics.map(({ code }) => code);
  assert(codes.includes("merge_conflict"));
  assert(!codes.includes("thread_preamble"));
});

Deno.test("runDoctor() finds an intake summary in a body without text, with and without a heading", async () => {
  for (const heading of ["", "## Intake summary\n\n"]) {
    const header = `<!-- event: intake_summary author: a ${AT} -->`;
    const body = `~~~\n${header}\n\n${heading}---\n~~~`;
    using root = SampleRoot.of(
      ticket(ID, { "thread.md": event("create", `author: kim ${AT}`, body) }),
    );
    const { diagnostics } = await runDoctor(root.path);
    const found = diagnostics.filter(({ code }) => code === "event_malformed");
    assertEquals(found.map(({ line }) => line), [6], heading);
  }
});

Deno.test("runDoctor() takes the end of a code fence, which the next event has set, for no lost text", async () => {
  const open = thread(created(), event("comment", `author: kim ${AT}`, "~~~\ncode"));
  const next = { kind: "comment", author: "kim", at: AT.slice(4), heading: "Comment", body: "b" };
  const text = open + appendixTo(open, [next]);
  assert(text.includes("---\n~~~"));
  using root = SampleRoot.of(ticket(ID, { "thread.md": text }));
  assertEquals((await runDoctor(root.path)).diagnostics, []);
});

Deno.test("runDoctor() says what to write before the key goes that a state is read from", async () => {
  const messageFor = async (text: string) => {
    using root = SampleRoot.of(ticket(ID, { "item.md": text }));
    const { diagnostics } = await runDoctor(root.path);
    return diagnostics.find(({ code }) => code === "obsolete_key")?.message ?? "";
  };
  const old = item().replace(/^state: .*$/m, "workflow_state: 'ready'");
  assert((await messageFor(old)).includes("write `state: ready`"));
  const both = item({ workflow_state: "'ready'" });
  assert((await messageFor(both)).includes("`state` says it now"));
});

Deno.test("runDoctor() finds an intake summary whose text begins behind a separator, as the reference does", async () => {
  const cut = event("intake_summary", `author: kim ${AT}`, "---\n\nText.");
  using root = SampleRoot.of(ticket(ID, { "thread.md": thread(created(), cut) }));
  const { diagnostics } = await runDoctor(root.path);
  const found = diagnostics.filter(({ code }) => code === "event_malformed");
  assertEquals(found.map(({ line }) => line), [9]);
});

Deno.test({
  name:
    "runDoctor() finds folder_unreadable, and the rest of the root (needs a user who is not root)",
  ignore: Deno.uid() === 0,
  async fn() {
    using root = SampleRoot.of({ ...ticket(ID), ...ticket(OTHER) });
    const hidden = [`${root.path}/${ID}`, `${root.path}/${OTHER}/artifacts`];
    for (const path of hidden) await Deno.chmod(path, 0);
    const { diagnostics } = await runDoctor(root.path);
    for (const path of hidden) await Deno.chmod(path, 0o700);
    const found = diagnostics.filter(({ code }) => code === "folder_unreadable");
    assertEquals(found.map(({ path }) => path), hidden);
    assert(!diagnostics.some(({ code }) => code === "thread_missing"));
  },
});

Deno.test("runDoctor(): every rule has a sample that breaks it", () => {
  const codes = [
    ...[BUCKET_RULES, TICKET_RULES, LINK_RULES, SURROUNDING_RULES].flat(),
    ...[EXTRA_LINK_RULES, MIXUP_RULES, EXTRA_ROOT_RULES, GIT_RULES].flat(),
  ].map(({ code }) => code);
  const shown = new Set(SAMPLES.map(({ code }) => code));
  // These have tests of their own: they need more than one fault, many tickets, git, bytes that are
  // no text, or a user from whom something can be hidden.
  const apart = [
    "bucket_differs",
    "duplicate_id",
    "event_of_another_ticket",
    "folder_unreadable",
    "more_dependency_cycles",
    "git_refuses",
    "merge_driver_broken",
    "merge_driver_missing",
    "merge_driver_unused",
    "merge_unfinished",
    "id_without_time",
    "migration_unfinished",
    "name_not_utf8",
    "records_ignored",
    "thread_cut",
  ];
  assertEquals([...new Set(codes)].filter((code) => !shown.has(code)).sort(), apart.sort());
});

function normalized(path: string): string {
  return path.replace(/[^/]+\/\.\.\//, "");
}
