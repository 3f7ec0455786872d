/**
 * `deno task compile [PATH]`: the program as one executable, `dist/yoi` unless said otherwise, with
 * its permissions inside.
 */

import { join } from "@std/path";
import { PERMISSION_FLAGS } from "../lib/process/self_command.ts";
import { runCommand } from "../lib/process/run_command.ts";
import {
  complain,
  DenoFailedError,
  DIST,
  ROOT,
  runDeno,
  say,
  VERSION,
  withTempDir,
} from "./_project.ts";

/** Exit code for what is not possible on this machine. */
const NOT_POSSIBLE_HERE = 3;

/** How long the new executable may take to say its version, in milliseconds. */
const ANSWER_MS = 10_000;

/** How a compilation is done. */
export interface CompileOptions {
  /** Path of the runtime to compile with, default the variable `DENORT_BIN`, else Deno fetches it. */
  runtime?: string;
}

/** What came of a compilation. */
export interface Compiled {
  /** What was embedded, in Deno's words: see `parseEmbedded`. */
  report: string;
  /** Whether the result starts and says the version it should. */
  starts: boolean;
}

/**
 * Compiles the program into one executable. It appears at `path` whole or not at all.
 *
 * Deno puts the program behind a runtime made for that, which is in no package: it fetches it, or
 * takes the one that `DENORT_BIN` names. With the path of `deno` itself there, everything but the
 * start of the result can be tried.
 *
 * @param path Where the executable goes.
 * @throws {DenoFailedError} see {@linkcode isWithoutRuntime} for one reason.
 */
export async function compileProgram(
  path: string,
  { runtime }: CompileOptions = {},
): Promise<Compiled> {
  return await withTempDir(async (folder) => {
    // Named like the result, since the name is part of the program.
    const executable = join(folder, "yoi");
    const args = [
      "compile",
      ...PERMISSION_FLAGS,
      "--no-prompt",
      "--exclude-unused-npm",
      "--output",
      executable,
      `${ROOT}/lib/cli/whole_program.ts`,
    ];
    const { stderr } = await runDeno(args, { env: runtime ? { DENORT_BIN: runtime } : {} });
    const starts = await saysVersion(executable);
    await Deno.rename(executable, path);
    return { report: embeddedPart(stderr), starts };
  }, join(path, ".."));
}

/** Whether a compilation failed because the runtime to compile with is not to be had here. */
export function isWithoutRuntime(error: DenoFailedError): boolean {
  return /Setting up base binary|Could not find denort/.test(error.stderr);
}

async function saysVersion(executable: string): Promise<boolean> {
  const { stdout } = await runCommand({
    command: [executable, "--version"],
    timeoutMs: ANSWER_MS,
  });
  return stdout.trim() === `yoi ${VERSION}`;
}

function embeddedPart(output: string): string {
  return output.slice(Math.max(0, output.indexOf("Embedded Files"))).trimEnd();
}

if (import.meta.main) Deno.exitCode = await main(Deno.args[0] ?? `${DIST}/yoi`);

/** @returns The exit code. */
async function main(path: string): Promise<number> {
  try {
    const { report, starts } = await compileProgram(path);
    await say(report);
    if (starts) return 0;
    // Whoever finds it would take it for a good one.
    await Deno.remove(path);
    await complain(`yoi: ${describeDead(path, Deno.env.get("DENORT_BIN"))}`);
    return 1;
  } catch (error) {
    if (!(error instanceof DenoFailedError)) throw error;
    const withoutRuntime = isWithoutRuntime(error);
    if (!withoutRuntime || Deno.env.get("YOI_DEBUG") === "1") await complain(error.stderr);
    if (withoutRuntime) await complain(`yoi: ${describeMissing(Deno.env.get("DENORT_BIN"))}`);
    return withoutRuntime ? NOT_POSSIBLE_HERE : 1;
  }
}

function describeDead(path: string, named: string | undefined): string {
  const dead = `Cannot compile: the program does not start, so "${path}" was removed again`;
  const wanted = `the runtime "denort" of Deno ${Deno.version.deno}`;
  return named ? `${dead}; DENORT_BIN names "${named}", which is not ${wanted}` : dead;
}

function describeMissing(named: string | undefined): string {
  const wanted = `the runtime "denort" of Deno ${Deno.version.deno}`;
  return named
    ? `Cannot compile: DENORT_BIN names "${named}", where ${wanted} cannot be read`
    : `Cannot compile: ${wanted} cannot be fetched here; let DENORT_BIN name the file of one`;
}
