/** Every verb of the program. @module */

import { SUPERVISE_VERBS } from "./supervise_verbs.ts";
import { OBJECTIVE_FAMILY, OBJECTIVE_VERBS } from "./objective_verbs.ts";
import { TICKET_FAMILY, TICKET_VERBS } from "./ticket_verbs.ts";
import type { Flag, Operand, Verb, VerbFamily } from "./verb.ts";

const POD: Operand = { name: "NAME", completes: "pod" };
const JSON_FLAG: Flag = { name: "json", summary: "Prints JSON, for programs" };
const POD_FLAGS: readonly Flag[] = [
  {
    name: "model",
    value: "MODEL",
    summary: "builtin:offline or script:FILE; default $YOI_MODEL, else builtin:offline",
  },
  {
    name: "cwd",
    value: "DIR",
    summary: "Where the Pod works; default here",
    completes: "folder",
  },
  {
    name: "scope",
    value: "PATH[:read|:write]",
    isRepeatable: true,
    summary: "What it may touch; default its working directory, for writing",
    completes: "folder",
  },
  {
    name: "tickets",
    value: "read|lifecycle|none",
    words: ["read", "lifecycle", "none"],
    summary: "Tools over the tickets of its working directory; default none",
  },
  {
    name: "role",
    value: "ROLE",
    words: ["intake", "orchestrator", "coder", "reviewer", "none"],
    summary:
      "intake (ends with its ticket ready), orchestrator (gives notice), coder, reviewer, none",
  },
];
const CALLBACK: Flag = {
  name: "callback",
  value: "SOCKET",
  summary: "Socket of a Pod that is told when turns end",
  completes: "file",
};
const NEW_SESSION: Flag = {
  name: "new-session",
  summary: "Starts a new session; the old one stays on disk",
};

/** Verbs that begin with the same word, by that word. */
export const FAMILIES: readonly VerbFamily[] = [TICKET_FAMILY, OBJECTIVE_FAMILY];

/** The verbs, in the order in which help lists them. */
export const VERBS: readonly Verb[] = [
  {
    name: "run",
    summary: "Gives a Pod something to do and streams its answer",
    operands: [POD, { name: "TEXT", isRest: true }],
    flags: [
      ...POD_FLAGS,
      { name: "no-start", summary: "Fails when the Pod is not running, in place of starting it" },
      { name: "timeout", value: "SECONDS", summary: "Cancels the turn when it takes longer" },
      { name: "json", summary: "Prints the wire's events of this run, one a line" },
    ],
    notes: [
      "The answer goes to stdout, tool calls and notices to stderr. TEXT is read from stdin when it",
      "is a single -. Ctrl-C cancels the turn, a second one leaves at once.",
    ],
    examples: [
      `yoi run demo "where is the exit code decided?"`,
      `git diff | yoi run demo --scope .:read -`,
    ],
  },
  {
    name: "list",
    summary: "Shows the Pods of this machine, running and stopped",
    operands: [],
    flags: [JSON_FLAG],
  },
  {
    name: "pod start",
    summary: "Starts a Pod, in the foreground or in the background",
    operands: [POD],
    flags: [
      { name: "detach", summary: "In the background; returns when the Pod answers" },
      ...POD_FLAGS,
      NEW_SESSION,
      CALLBACK,
      JSON_FLAG,
    ],
    notes: [
      "A Pod that has run before goes on where it was, with the settings it had. In the foreground",
      "Ctrl-C shuts it down in order, a second one at once.",
    ],
    examples: [
      "yoi pod start demo --detach",
      "yoi pod start docs --cwd ~/docs --scope ~/docs:read",
    ],
  },
  {
    name: "pod",
    summary: "Starts a Pod the way programs do",
    operands: [],
    flags: [
      { name: "pod", value: "NAME", summary: "Default: the last part of the workspace" },
      { name: "workspace", value: "DIR", summary: "Where a Pod works that has no folder yet" },
      { name: "session", value: "UUID", summary: "Goes on in this segment" },
      { name: "require-pod-state", summary: "Fails when the Pod has never run" },
      { name: "store", value: "DIR", summary: "Folder of all sessions" },
      ...POD_FLAGS,
      { name: "ticket-role", value: "ROLE", summary: "The same as --role, of any version" },
      NEW_SESSION,
      CALLBACK,
    ],
    isHidden: true,
  },
  {
    name: "attach",
    summary: "Shows a session and what happens in it; lines you type become runs",
    operands: [POD],
    flags: [{ name: "json", summary: "Prints the wire's events, one a line" }],
    notes: [
      "Ctrl-C pauses a running turn, else it detaches; a second one detaches. Ctrl-D detaches, too.",
      "Attaching and detaching change nothing in the Pod.",
    ],
  },
  {
    name: "events",
    summary: "Shows what happens in a Pod until it ends",
    operands: [POD],
    flags: [{ name: "json", summary: "Prints the wire's events as they come, one a line" }],
  },
  {
    name: "send",
    summary: "Sends one Method of the wire and shows what answers it",
    operands: [
      POD,
      { name: "METHOD", completes: "method" },
      { name: "JSON", isOptional: true },
    ],
    flags: [
      { name: "wait", value: "SECONDS", summary: "How long to wait for the answer" },
      { name: "json", summary: "Prints the answering events of the wire, one a line" },
    ],
    notes: ["JSON is the Method's parameters; it is checked before it is sent."],
    examples: [`yoi send demo list_completions '{"kind":"file","prefix":"src/"}'`],
  },
  {
    name: "pause",
    summary: "Interrupts the running turn, so that it can be gone on with",
    operands: [POD],
    flags: [JSON_FLAG],
  },
  {
    name: "resume",
    summary: "Goes on with a paused turn",
    operands: [POD],
    flags: [JSON_FLAG],
  },
  {
    name: "cancel",
    summary: "Ends the running turn, or a compaction",
    operands: [POD],
    flags: [JSON_FLAG],
  },
  {
    name: "compact",
    summary: "Shortens the session and waits for it",
    operands: [POD],
    flags: [JSON_FLAG],
  },
  {
    name: "rewind",
    summary: "Lists what a session can be taken back to, or takes it back to the N-th",
    operands: [POD, { name: "N", isOptional: true }],
    flags: [JSON_FLAG],
    notes: ["The newest is number 1. What tools have done to files is not taken back."],
  },
  {
    name: "notify",
    summary: "Tells a Pod something for its next turn, which an idle Pod then starts",
    operands: [POD, { name: "TEXT", isRest: true }],
    flags: [{ name: "no-run", summary: "Starts no turn" }, JSON_FLAG],
    notes: ["TEXT is read from stdin when it is a single -."],
  },
  {
    name: "stop",
    summary: "Shuts a Pod down and waits until it has gone",
    operands: [POD],
    flags: [
      { name: "timeout", value: "SECONDS", summary: "How long to wait; default 20" },
      JSON_FLAG,
    ],
  },
  ...SUPERVISE_VERBS,
  ...TICKET_VERBS,
  ...OBJECTIVE_VERBS,
  {
    name: "completions",
    summary: "Prints the script with which a shell completes command lines",
    operands: [{ name: "SHELL", completes: "shell" }],
    flags: [],
    notes: ["SHELL is bash, zsh or fish."],
    examples: ["source <(yoi completions bash)"],
  },
  {
    name: "help",
    summary: "Tells about one verb, or lists them all",
    operands: [{ name: "VERB", isOptional: true, isRest: true, completes: "verb" }],
    flags: [],
  },
  {
    name: "__complete",
    summary: "Completes a command line, for the scripts of the shells",
    operands: [{ name: "WORD", isOptional: true, isRest: true }],
    flags: [],
    isHidden: true,
  },
];
