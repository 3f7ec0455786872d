import { assertEquals } from "@std/assert";
import { type CommandResult, runCommand } from "../../lib/process/run_command.ts";

/** Runs git in a folder, with nothing of this machine's configuration; gives its stdout. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await tryGit(cwd, ...args);
  assertEquals(status.code, 0, `git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The same for what may fail. */
export function tryGit(cwd: string, ...args: string[]): Promise<CommandResult> {
  const user = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  return runCommand({
    command: ["git", ...user, ...args],
    cwd,
    env: { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" },
  });
}
