/**
 * The verbs of `yoi ticket`.
 *
 * Source: tickets specification, section 10; decisions 31, 35, 36.
 *
 * @module
 */

import { COMMENT_KINDS, PRIORITIES } from "../ticket/request_words.ts";
import { TICKET_STATES } from "../ticket/states.ts";
import { EXIT } from "./exit_code.ts";
import {
  AUTHOR,
  AUTHOR_OR_PROGRAM,
  COMMON,
  FILE,
  ID,
  MESSAGE,
  PRIORITY_WORDS,
  STATES,
  STATES_NOTE,
  TICKET_FLAG,
} from "./ticket_flags.ts";
import { RELATION_ROWS } from "./ticket_relation_verbs.ts";
import { ALWAYS, type Verb, type VerbFamily } from "./verb.ts";

/** Records of what is to be done. */
export const TICKET_FAMILY: VerbFamily = {
  name: "ticket",
  summary: "Keeps tickets: work items in plain files",
  notes: [
    "Tickets lie in the folder that .yoi/ticket.config.toml names, else in .yoi/tickets; --root PATH",
    "uses another one, of any generation. Verbs that only read also accept a unique id prefix, an old",
    "id and an old slug.",
  ],
  failureCode: EXIT.failed,
};

const ROWS: readonly Omit<Verb, "family">[] = [
  {
    name: "ticket init",
    summary: "Prepares this workspace: configuration, ticket root, merging by git",
    operands: [],
    flags: COMMON,
    notes: [
      "What is there already stays as it is. With --root only that folder is prepared. The setting",
      "for git belongs to this clone, so every clone needs it once; the rest is to be committed.",
    ],
    changes: ALWAYS,
  },
  {
    name: "ticket create",
    summary: "Creates a ticket and prints its id",
    alsoCalled: ["new", "add"],
    operands: [],
    flags: [
      { name: "title", value: "TEXT", summary: "One line that says what it is about" },
      { name: "body", value: "TEXT", summary: "What needs doing; - reads stdin" },
      { ...MESSAGE, summary: "The same as --body; - reads stdin" },
      FILE,
      {
        name: "state",
        value: "STATE",
        words: ["planning", "ready"],
        summary: "planning, the default, or ready, which needs --summary",
      },
      { name: "summary", value: "TEXT", summary: "Intake summary, required with --state ready" },
      {
        name: "priority",
        value: "P",
        words: PRIORITIES,
        summary: "P0, the most urgent, to P3",
      },
      { name: "assignee", value: "NAME", summary: "Who works on it" },
      { name: "readiness", value: "TEXT", summary: "Readiness, in a word of your own" },
      {
        name: "risk-flag",
        value: "TEXT",
        isRepeatable: true,
        summary: "What can go wrong with it",
      },
      AUTHOR_OR_PROGRAM,
      ...COMMON,
    ],
    needs: [["title"]],
    notes: [`Without a text it gets a template to fill in: "yoi ticket edit ID" opens an editor.`],
    examples: [
      `yoi ticket create --title "Cache the index" --priority P1`,
      `git log -1 --format=%B | yoi ticket create --title "Follow up" --body -`,
    ],
    changes: ALWAYS,
  },
  {
    name: "ticket list",
    summary: "Shows tickets",
    alsoCalled: ["ls"],
    operands: [],
    flags: [
      STATES,
      {
        name: "priority",
        value: "P",
        isList: true,
        words: PRIORITY_WORDS,
        summary: "Only these priorities",
      },
      { name: "assignee", value: "NAME", summary: "Only this assignee; none means unassigned" },
      { name: "text", value: "TEXT", summary: "Only titles or ids that contain TEXT" },
      {
        name: "sort",
        value: "KEY",
        words: ["id", "updated", "created", "priority", "state", "title"],
        summary: "id, the default: oldest first; updated, created, priority, state, title",
      },
      { name: "reverse", summary: "Reverses the order" },
      {
        name: "after",
        value: "ID",
        completes: "ticket",
        summary: "Starts after this ticket",
      },
      { name: "offset", value: "N", summary: "Skips the first N" },
      { name: "limit", value: "N", summary: "At most N; default 50" },
      { name: "all", summary: "No limit" },
      ...COMMON,
    ],
    notes: [STATES_NOTE],
    examples: [
      "yoi ticket list --state ready,queued --sort priority",
      "yoi ticket list --state active --sort updated --reverse --limit 10",
    ],
  },
  {
    name: "ticket show",
    summary: "Shows everything about a ticket",
    alsoCalled: ["view", "cat", "get"],
    operands: [ID],
    flags: [
      { name: "events", value: "N", summary: "Only the last N events of the thread" },
      ...COMMON,
    ],
    notes: ["A unique prefix of the id will do, and so will an old id or slug."],
  },
  {
    name: "ticket search",
    summary: "Finds tickets that contain all the words, anywhere in their text",
    alsoCalled: ["find", "grep"],
    operands: [{ name: "WORDS", isRest: true }],
    flags: [
      STATES,
      { name: "limit", value: "N", summary: "At most N; default 50" },
      { name: "all", summary: "No limit" },
      ...COMMON,
    ],
    notes: [
      "Titles, bodies, threads and resolutions are searched; case does not matter. Words in quotes are",
      "one phrase. Tickets with the most words in the title come first, then the newest.",
      STATES_NOTE,
    ],
    examples: ["yoi ticket search index cache --state active"],
  },
  {
    name: "ticket ready",
    summary: "Lists what can be worked on now, by priority, then age",
    operands: [],
    flags: COMMON,
    notes: [
      `These are tickets in state ready that no unresolved ticket blocks; "yoi ticket state ID ready"`,
      "takes one there.",
    ],
  },
  {
    name: "ticket next",
    summary: "Shows the ticket to work on next",
    operands: [],
    flags: COMMON,
    notes: [
      "Prints id, priority and title. If there is none, it prints nothing (null with --json) and exits",
      "with 1, as after any failure; with a store that cannot be read, it does not print null.",
    ],
    examples: ["yoi ticket show $(yoi ticket next | cut -f1)"],
  },
  {
    name: "ticket log",
    summary: "Shows what happened in all tickets, newest first",
    alsoCalled: ["history"],
    operands: [],
    flags: [
      {
        name: "since",
        value: "TIME",
        summary: "30s, 5m, 2h, 3d, 1w, or a time such as 2026-06-01 (UTC)",
      },
      { name: "limit", value: "N", summary: "At most N; default 50" },
      { name: "all", summary: "No limit" },
      ...COMMON,
    ],
    notes: [`"yoi ticket show ID" shows those of one ticket, in full.`],
    examples: ["yoi ticket log --since 1d --all"],
  },
  {
    name: "ticket board",
    summary: "Shows tickets in columns by state",
    operands: [],
    flags: [
      { ...STATES, summary: "These columns; default active, which is all but closed" },
      {
        name: "limit",
        value: "N",
        summary: "At most N tickets a column; default 20, with --json all",
      },
      ...COMMON,
    ],
    notes: [STATES_NOTE],
  },
  {
    name: "ticket graph",
    summary: "Prints the relations of tickets as a graph",
    operands: [],
    flags: [
      {
        name: "format",
        value: "FORMAT",
        words: ["mermaid", "dot"],
        summary: "mermaid, the default, or dot",
      },
      { ...TICKET_FLAG, summary: "Only tickets connected to this one" },
      ...COMMON,
    ],
    notes: ["Tickets without relations are left out."],
    examples: ["yoi ticket graph --format dot | dot -Tsvg > tickets.svg"],
  },
  {
    name: "ticket comment",
    summary: "Adds a comment to a ticket's thread",
    alsoCalled: ["note", "annotate"],
    operands: [ID],
    flags: [
      {
        name: "role",
        value: "ROLE",
        words: COMMENT_KINDS,
        summary: `${COMMENT_KINDS.join(", ")}; default comment`,
      },
      FILE,
      MESSAGE,
      AUTHOR,
      ...COMMON,
    ],
    needs: [["file", "message"]],
    examples: [`yoi ticket comment 00001KT07NV00 --role decision --message "Keep the format"`],
    changes: ALWAYS,
  },
  {
    name: "ticket review",
    summary: "Adds a review to a ticket's thread",
    operands: [ID],
    flags: [
      { name: "approve", summary: "Approves the work" },
      { name: "request-changes", summary: "Asks for changes" },
      FILE,
      MESSAGE,
      AUTHOR,
      ...COMMON,
    ],
    needs: [["approve", "request-changes"], ["file", "message"]],
    examples: [`yoi ticket review 00001KT07NV00 --approve --message "Reads well"`],
    changes: ALWAYS,
  },
  {
    name: "ticket state",
    summary: "Moves a ticket to another state",
    alsoCalled: ["status", "move", "start", "queue", "planning", "queued", "inprogress", "done"],
    operands: [ID, { name: "STATE", words: TICKET_STATES, refusedWords: ["closed"] }],
    flags: [
      {
        name: "summary",
        value: "TEXT",
        summary: "What intake found out, for ready; default a generated line",
      },
      {
        name: "reason",
        value: "TEXT",
        summary: "One line; default cli_state, or queued for queued",
      },
      { name: "message", value: "TEXT", summary: "Text of the event, with - from stdin" },
      AUTHOR_OR_PROGRAM,
      ...COMMON,
    ],
    notes: [
      "planning -> ready -> queued -> inprogress -> done; ready and queued can go back to planning.",
      `"yoi ticket close" and "yoi ticket reopen" do the rest.`,
    ],
    examples: [`yoi ticket state 00001KT07NV00 ready --summary "Every list reads all files"`],
    changes: ALWAYS,
  },
  {
    name: "ticket close",
    summary: "Closes a ticket",
    alsoCalled: ["delete", "rm", "remove", "resolve"],
    operands: [ID],
    flags: [
      { name: "resolution", value: "TEXT", summary: "How it was resolved; - reads stdin" },
      FILE,
      AUTHOR,
      ...COMMON,
    ],
    needs: [["file", "resolution"]],
    examples: [`yoi ticket close 00001KT07NV00 --resolution "The new columns are in"`],
    changes: ALWAYS,
  },
  {
    name: "ticket reopen",
    summary: "Takes a closed ticket back to planning; its resolution becomes an artifact",
    operands: [ID],
    flags: [
      { name: "reason", value: "TEXT", summary: "Why, in one line" },
      AUTHOR_OR_PROGRAM,
      ...COMMON,
    ],
    needs: [["reason"]],
    changes: ALWAYS,
  },
  {
    name: "ticket priority",
    summary: "Sets a ticket's priority",
    operands: [ID, { name: "PRIORITY", words: PRIORITY_WORDS }],
    flags: [AUTHOR_OR_PROGRAM, ...COMMON],
    notes: ["PRIORITY is P0, the most urgent, to P3, or none."],
    changes: ALWAYS,
  },
  {
    name: "ticket assign",
    summary: "Assigns a ticket, or unassigns it with --none",
    alsoCalled: ["claim", "take", "unassign"],
    operands: [ID, { name: "NAME", isOptional: true }],
    flags: [{ name: "none", summary: "Unassigns it" }, AUTHOR_OR_PROGRAM, ...COMMON],
    changes: ALWAYS,
  },
  {
    name: "ticket edit",
    summary: "Opens a ticket's item.md in $VISUAL or $EDITOR",
    alsoCalled: ["update", "modify"],
    operands: [ID],
    flags: [
      { ...FILE, summary: "Stores the text of a file, without an editor; - means stdin" },
      AUTHOR,
      ...COMMON,
    ],
    notes: [
      "Your text is stored if it is valid and nobody has changed the ticket meanwhile. Otherwise it is",
      "kept, and --file PATH stores it once it is corrected. State and times cannot be edited.",
    ],
    changes: ALWAYS,
  },
  ...RELATION_ROWS,
  {
    name: "ticket doctor",
    summary: "Checks the tickets for problems",
    alsoCalled: ["check", "lint", "fsck"],
    operands: [],
    flags: [
      { name: "fix", summary: "Repairs what can be repaired automatically" },
      ...COMMON,
    ],
    notes: ["Only errors make it fail. If there are only warnings, they go to stderr."],
    changes: (args) => args.has("fix"),
  },
  {
    name: "ticket migrate",
    summary: "Converts tickets of older generations to the newest one, in place",
    operands: [],
    flags: [{ name: "dry-run", summary: "Only says what would be done" }, ...COMMON],
    notes: [
      "Ids change; the old ones and the old slugs are still understood by verbs that read. A run that",
      "was interrupted is finished by the next one.",
    ],
    changes: (args) => !args.has("dry-run"),
  },
  {
    name: "ticket merge-driver",
    summary: "Merges one file of a ticket, for git",
    operands: [{ name: "BASE" }, { name: "OURS" }, { name: "THEIRS" }, { name: "PATH" }],
    flags: [],
    notes: [`"yoi ticket init" tells git about it. Fails when there is something to decide.`],
    isHidden: true,
  },
];

/** The verbs, in the order in which help lists them. */
export const TICKET_VERBS: readonly Verb[] = ROWS.map((row) => ({ ...row, family: TICKET_FAMILY }));
