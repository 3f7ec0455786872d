/**
 * The verbs of `yoi supervise`.
 *
 * Source: supervisor specification, sections 2 and 5; decisions 42, 48.
 *
 * @module
 */

import type { Flag, Verb } from "./verb.ts";

const JSON_FLAG: Flag = { name: "json", summary: "Prints one JSON document, for programs" };
const CONTROL: Flag = {
  name: "control",
  value: "PATH",
  summary: "The socket that the running supervisor was given",
  completes: "file",
};
const TIMEOUT: Flag = {
  name: "timeout",
  value: "SECONDS",
  summary: "How long to wait; default as long as it takes, for status 5",
};

/** The rows of the verb table, in the order in which help lists them. */
export const SUPERVISE_VERBS: readonly Verb[] = [
  {
    name: "supervise",
    summary: "Keeps the processes of a configuration file alive until it is told to end",
    operands: [{ name: "FILE", isOptional: true, completes: "file" }],
    flags: [
      {
        name: "control",
        value: "PATH",
        summary: "Listens on a Unix socket for status, restart and stop",
        completes: "file",
      },
      { name: "check", summary: "Only reads the file and says whether it can be used" },
      { name: "schema", summary: "Only prints the JSON Schema of the file, for editors" },
      { name: "json", summary: "Prints each line as JSON, and what happens as JSON on stderr" },
    ],
    notes: [
      "FILE is supervise.jsonc if not given. Lines of a child appear as NAME | LINE, those of its",
      "stderr on stderr. What a killed supervisor of the same file or socket left running is ended",
      "first.",
      "",
      "SIGTERM, SIGINT  shuts down: every child is stopped, in the reverse order; twice: kills them",
      "SIGHUP           restarts every child",
      "SIGUSR2          prints the table of children on stderr",
      "",
      "Ends with 0 when it was told to, with the code of a critical child that ended for good, with 1",
      "when all others have ended and one has failed, with 78 when FILE cannot be used.",
    ],
    examples: [
      "yoi supervise --check",
      "yoi supervise services.jsonc --control /run/services.sock",
      "yoi supervise --schema > supervise.schema.json",
    ],
  },
  {
    name: "supervise status",
    summary: "Shows the children of a running supervisor",
    operands: [],
    flags: [CONTROL, TIMEOUT, JSON_FLAG],
    examples: ["yoi supervise status --control /run/services.sock"],
  },
  {
    name: "supervise restart",
    summary: "Restarts one child of a running supervisor, or all, and waits until they are up",
    operands: [{ name: "NAME", isOptional: true }],
    flags: [CONTROL, TIMEOUT, JSON_FLAG],
    notes: ["A child that was given up, or has ended for good, is started again."],
    examples: ["yoi supervise restart egress --control /run/services.sock"],
  },
  {
    name: "supervise stop",
    summary: "Shuts a running supervisor down and waits until it has gone",
    operands: [],
    flags: [CONTROL, TIMEOUT, JSON_FLAG],
    examples: ["yoi supervise stop --control /run/services.sock"],
  },
];
