/**
 * The main job in one command: starts a Pod, asks it about the files of this checkout, shows its
 * answer as it streams, and stops it. Arguments are the question; without any a question is asked
 * that every checkout can answer.
 */

import { fromFileUrl } from "@std/path";
import { spawnChild } from "../lib/process/child.ts";
import { PERMISSION_FLAGS } from "../lib/process/self_command.ts";

const QUESTION = "Where is JsonLineReader defined?";

const checkout = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");
const question = Deno.args.join(" ") || QUESTION;
const home = await Deno.makeTempDir({ prefix: "yoi-demo-" });

/** Runs `yoi` with these arguments on this terminal and says how it ended. */
async function yoi(...args: string[]): Promise<number> {
  await using child = spawnChild({
    command: [Deno.execPath(), "run", ...PERMISSION_FLAGS, `${checkout}/cli.ts`, ...args],
    env: { YOI_HOME: home },
    cwd: checkout,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  });
  return (await child.status).code;
}

async function show(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}

try {
  await show(`$ yoi run demo "${question}"\n`);
  const code = await yoi("run", "demo", "--model", "builtin:offline", question);
  await show("\n$ yoi stop demo\n");
  await yoi("stop", "demo");
  Deno.exitCode = code;
} finally {
  await Deno.remove(home, { recursive: true });
}
