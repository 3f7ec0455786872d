import { assert, assertEquals } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { describeError } from "../../lib/cli/describe_error.ts";
import { ClientError } from "../../lib/client/error.ts";
import { ConfigError } from "../../lib/config/config_error.ts";
import { HostError } from "../../lib/host/host_error.ts";
import { PodError } from "../../lib/pod/pod_error.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { WorkerError } from "../../lib/worker/worker_error.ts";

const quiet = () => undefined;

Deno.test("describeError() gives each kind of error its exit code", () => {
  const codes: [unknown, number][] = [
    [new CliError("usage", ""), 2],
    [new CliError("failed", ""), 1],
    [new CliError("output_closed", ""), 141],
    [new ConfigError("no_directory", ""), 78],
    [new ConfigError("bad_pod_name", ""), 2],
    [new HostError("bad_workspace", ""), 78],
    [new HostError("no_state", ""), 1],
    [new PodError("already_running", ""), 1],
    [new PodError("invalid", ""), 78],
    [new WorkerError("unknown_model", ""), 78],
    [new ClientError("timeout", ""), 1],
    [new TypeError("a mistake of ours"), 1],
    ["no error at all", 1],
  ];
  for (const [error, code] of codes) assertEquals(describeError(error, quiet).exitCode, code);
});

Deno.test("describeError() is one line, and with YOI_DEBUG every stack", () => {
  const cause = new TypeError("the reason");
  const error = new CliError("failed", "Cannot do it: no", { cause });
  assertEquals(describeError(error, quiet).message, "yoi: Cannot do it: no\n");
  const { message } = describeError(error, (name) => name === "YOI_DEBUG" ? "1" : undefined);
  assert(message.startsWith("yoi: Cannot do it: no\nCliError: Cannot do it: no\n    at "));
  assert(message.includes("\nTypeError: the reason\n    at "));
  const quoted = new CliError("usage", 'no flag "--a\x1b[2J\nb"\nusage: yoi list');
  assertEquals(
    describeError(quoted, quiet).message,
    'yoi: no flag "--a\\x1b[2J b"\nusage: yoi list\n',
  );
});

Deno.test("describeError() tells failures of a family under its name, all with its one code", () => {
  const family = { name: "ticket", summary: "", notes: [], failureCode: 1 } as const;
  const report = (error: unknown) => describeError(error, quiet, family);
  const usage = report(new CliError("usage", "--title is required\nusage: yoi ticket create"));
  assertEquals(usage, {
    message: "yoi: --title is required\nusage: yoi ticket create\n",
    exitCode: 1,
  });
  const failure = report(new Error("ticket not found: x"));
  assertEquals(failure, { message: "yoi ticket: ticket not found: x\n", exitCode: 1 });
  assertEquals(report(new Error("no \x1b[2J")).message, "yoi ticket: no \\x1b[2J\n");
  assertEquals(report(new Error("bad line 'a =\r\n'")).message, "yoi ticket: bad line 'a = '\n");
  assertEquals(report(new Error('no "a\nb"')).message, 'yoi ticket: no "a b"\n');
  const quoted = report(new CliError("usage", 'no "a\nb"\nusage: yoi ticket list'));
  assertEquals(quoted.message, 'yoi: no "a b"\nusage: yoi ticket list\n');
  assertEquals(report(new CliError("output_closed", "")).exitCode, 141);
  assertEquals(report(new CliError("interrupted", "")).exitCode, 130);
});

Deno.test("describeError() says of a locked store what to do, and what not", () => {
  const family = { name: "ticket", summary: "", notes: [], failureCode: 1 } as const;
  const { message } = describeError(TicketError.locked("/w/lock", "process 7"), quiet, family);
  assertEquals(
    message,
    "yoi ticket: ticket backend is locked: /w/lock (held by process 7); try again when it is free, " +
      "and leave the file where it is\n",
  );
});
