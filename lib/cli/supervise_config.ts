/** @module */

import { resolve } from "@std/path";
import { readSuperviseFile, type SuperviseFile } from "../config/supervise_file.ts";
import { completeConfig } from "../supervisor/supervisor_config.ts";
import { SupervisorError } from "../supervisor/supervisor_error.ts";
import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";

/** The file that is read when none is named. */
const DEFAULT_FILE = "supervise.jsonc";

/** A configuration that a supervisor can be started with. */
export interface SuperviseConfig {
  /** Where it was read, absolute. */
  path: string;
  config: SuperviseFile;
}

/**
 * Reads a configuration file and checks all of it: its form, and what its children say of each other.
 *
 * @param file As the command line names it, if it does.
 * @throws {ConfigError} `bad_file`.
 * @throws {CliError} `configuration`, for the relations between children.
 */
export async function loadSuperviseConfig(
  file: string | undefined,
  { cwd }: Pick<Context, "cwd">,
): Promise<SuperviseConfig> {
  const path = resolve(cwd, file ?? DEFAULT_FILE);
  const config = await readSuperviseFile(path);
  try {
    completeConfig(config);
  } catch (cause) {
    if (!(cause instanceof SupervisorError)) throw cause;
    // It knows no file.
    const reason = cause.message.replace(/^Cannot use the configuration: /, "");
    throw new CliError("configuration", `Cannot use "${path}": ${reason}`, { cause });
  }
  return { path, config };
}
