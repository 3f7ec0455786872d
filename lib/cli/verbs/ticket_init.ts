/** `yoi ticket init`. @module */

import { relative } from "@std/path";
import { MERGE_DRIVER } from "../../ticket/merge_driver_command.ts";
import { TICKET_CONFIG_PATH, TicketConfigError } from "../../ticket/ticket_config.ts";
import type { Context } from "../context.ts";
import { escapeCell } from "../escape_text.ts";
import type { ExitCode } from "../exit_code.ts";
import { setMergeDriver } from "../merge_driver_setting.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { knownPlace } from "../ticket_place.ts";
import { prepareConfig, prepareRoot } from "../ticket_setup.ts";

/**
 * Prepares a workspace for tickets. What is there stays; a second call changes nothing.
 *
 * Source: decision 31.
 */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stderr } = context.terminal;
  // Before anything is written: what leads out of the workspace is refused.
  const root = await configuredRoot(args, context);
  const config = args.text("root") === undefined ? await prepareConfig(context.cwd) : undefined;
  const ensured = root === undefined
    ? []
    : (await prepareRoot(root)).map((path) => relative(context.cwd, path) || ".");
  const driver = await setMergeDriver(root ?? context.cwd, context.env);
  if (driver.kind === "failed") {
    stderr.announce(`yoi ticket: git refuses the setting of the merge driver: ${driver.reason}\n`);
  }
  const mergeDriver = driver.kind === "set" ? driver.command : null;
  const lines = [
    ...(config === undefined ? [] : [tabbed(config, TICKET_CONFIG_PATH)]),
    ...ensured.map((path) => tabbed("ensured", path)),
    ...(mergeDriver === null ? [] : [tabbed("ensured", `git merge driver ${MERGE_DRIVER}`)]),
  ];
  const result = {
    config: config === undefined ? null : { path: TICKET_CONFIG_PATH, state: config },
    ensured,
    mergeDriver,
  };
  return await answer(args, context, result, lines.join(""));
}

/** The ticket root, `undefined` when the configuration that is there names none that can be used. */
async function configuredRoot(
  args: ParsedArguments,
  context: Context,
): Promise<string | undefined> {
  try {
    return (await knownPlace(args, context, { isMade: true })).root;
  } catch (error) {
    const isText = error instanceof TicketConfigError &&
      (error.code === "syntax" || error.code === "invalid");
    if (!isText) throw error;
    const advice = "it stays as it is: correct it, then init prepares its root";
    context.terminal.stderr.announce(`yoi ticket: ${escapeCell(error.message)}; ${advice}\n`);
    return undefined;
  }
}
