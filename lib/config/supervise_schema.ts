/**
 * What can stand in the configuration file of a supervisor: one schema gives the type, the check and
 * the JSON Schema for editors. Relations between children (names that occur twice, circles) are the
 * supervisor's own to check.
 *
 * Source: supervisor specification, section 2.
 *
 * @module
 */

import { z } from "zod";

/** Longest time a timer of the runtime can wait, about 24 days. */
const MAX_MILLISECONDS = 2 ** 31 - 1;

/** Signals by name: what people stop programs with first, for lists of completions. */
const SIGNALS = [
  "SIGTERM",
  "SIGINT",
  "SIGQUIT",
  "SIGHUP",
  "SIGKILL",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGVTALRM",
  "SIGPROF",
  "SIGABRT",
  "SIGPIPE",
  "SIGWINCH",
  "SIGCONT",
  "SIGSTOP",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGCHLD",
  "SIGURG",
  "SIGIO",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGSEGV",
  "SIGSYS",
  "SIGTRAP",
  "SIGXCPU",
  "SIGXFSZ",
] as const;

/** What is said to be expected, in place of each kind of value. */
const FORM = {
  file: "an object with the list children",
  children: "a list of children, at least one",
  child: "an object with a name and a command",
  name: "a name that no other child has, of the form [a-z0-9][a-z0-9_-]{0,62}",
  command: "a list of texts, the program first",
  text: "a text",
  folder: "the path of a folder",
  env: "an object with a text for each variable",
  variable: "the name of a variable, without =",
  names: "a list of names of other children",
  otherName: "the name of another child",
  readyLine: "a text that is not empty and has no line break",
  milliseconds: `a whole number of milliseconds, 0 to ${MAX_MILLISECONDS}`,
  stopSignal: "the name of a signal such as SIGTERM",
  restart: "one of never, on-failure, always",
  backoff: "an object with the waits between restarts",
  factor: "a number, 1 or more",
  count: "a whole number, 0 or more",
  flag: "true or false",
} as const;

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const text = () => z.string(FORM.text).regex(/^[^\0]*$/, FORM.text);
const milliseconds = () =>
  z.int(FORM.milliseconds).min(0, FORM.milliseconds).max(MAX_MILLISECONDS, FORM.milliseconds);

/** An object with these keys and no other. */
function object<Shape extends z.ZodRawShape>(shape: Shape, form: string) {
  const keys = `one of ${Object.keys(shape).join(", ")}`;
  return z.strictObject(shape, {
    error: ({ code }) => code === "unrecognized_keys" ? keys : form,
  });
}

const backoff = object({
  initialMs: milliseconds()
    .meta({ description: "Wait before the first automatic restart.", default: 200 })
    .exactOptional(),
  maxMs: milliseconds()
    .meta({ description: "No wait is longer than this.", default: 10_000 })
    .exactOptional(),
  factor: z.number(FORM.factor).min(1, FORM.factor)
    .meta({ description: "Each wait is this many times as long as the one before.", default: 2 })
    .exactOptional(),
  resetAfterMs: milliseconds()
    .meta({
      description:
        "After running for so long a child counts as healthy: its failures are forgotten.",
      default: 30_000,
    })
    .exactOptional(),
}, FORM.backoff);

const child = object({
  name: z.string(FORM.name).regex(NAME, FORM.name)
    .meta({
      description: "What the child is called: in front of its lines, in status and restart.",
    }),
  command: z.array(text(), FORM.command).min(1, FORM.command)
    .meta({
      description: "Program and arguments, each a text of its own; no shell reads them.",
      examples: [["egress", "--port", "8080"]],
    }),
  cwd: z.string(FORM.folder).regex(/^[^\0]+$/, FORM.folder)
    .meta({ description: "Working directory, relative to the folder of this file.", default: "." })
    .exactOptional(),
  env: z.record(z.string().regex(/^[^=\0]+$/), text(), {
    error: ({ code }) => code === "invalid_key" ? FORM.variable : FORM.env,
  })
    .meta({
      description: "Environment variables, added to those of the supervisor.",
      default: {},
    })
    .exactOptional(),
  startAfter: z.array(z.string(FORM.otherName).regex(NAME, FORM.otherName), FORM.names)
    .meta({
      description:
        "Children that have to be started before this one, ready if they have a readyLine; they are " +
        "stopped after it.",
      default: [],
    })
    .exactOptional(),
  readyLine: z.string(FORM.readyLine).regex(/^[^\n]+$/, FORM.readyLine)
    .meta({ description: "The child is ready once a line that it prints contains this text." })
    .exactOptional(),
  readyTimeoutMs: milliseconds()
    .meta({ description: "A child that is not ready by then has failed.", default: 5_000 })
    .exactOptional(),
  stopSignal: z.enum(SIGNALS, FORM.stopSignal)
    .meta({
      description: "What the child's process group is asked to end with.",
      default: "SIGTERM",
    })
    .exactOptional(),
  stopTimeoutMs: milliseconds()
    .meta({ description: "What has not ended by then is killed.", default: 5_000 })
    .exactOptional(),
  restart: z.enum(["never", "on-failure", "always"], FORM.restart)
    .meta({
      description: "When a child that ended by itself is started again.",
      default: "on-failure",
    })
    .exactOptional(),
  backoff: backoff
    .meta({ description: "The waits between automatic restarts.", default: {} })
    .exactOptional(),
  maxRestarts: z.int(FORM.count).min(0, FORM.count)
    .meta({
      description: "Automatic restarts in a row; then the child is given up.",
      default: 10,
    })
    .exactOptional(),
  critical: z.boolean(FORM.flag)
    .meta({
      description: "Whether the whole supervisor shuts down when this child has ended for good.",
      default: false,
    })
    .exactOptional(),
}, FORM.child);

/** The schema of the whole file. */
export const SUPERVISE_SCHEMA = object({
  $schema: text()
    .meta({ description: "Where the JSON Schema of this file lies, for editors." })
    .exactOptional(),
  shutdownTimeoutMs: milliseconds()
    .meta({ description: "Bound on a whole shutdown; then the rest is killed.", default: 10_000 })
    .exactOptional(),
  children: z.array(child, FORM.children).min(1, FORM.children)
    .meta({ description: "The processes to keep alive." }),
}, FORM.file).meta({
  title: "Children of yoi supervise",
  description: "Which processes yoi supervise keeps alive, and how.",
});

/** The JSON Schema of the file, for editors. */
export function superviseJsonSchema(): Record<string, unknown> {
  // Draft 7 is what editors know best.
  return z.toJSONSchema(SUPERVISE_SCHEMA, { target: "draft-7", io: "input" });
}
