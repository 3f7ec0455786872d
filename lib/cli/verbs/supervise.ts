/** `yoi supervise`. @module */

import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { SuperviseSignals } from "../supervise_signals.ts";

/** Keeps the processes of a configuration file alive, or only looks at the file. */
export async function run(args: ParsedArguments, context: Context): Promise<number> {
  const [file] = args.operands;
  if (args.has("schema") && args.has("check")) {
    throw new CliError("usage", "Cannot use --check and --schema together");
  }
  if (args.has("schema")) return await printSchema(context);
  if (args.has("check")) return await check(file, args.has("json"), context);
  // Before anything is loaded or read: from here on no signal leaves children behind.
  using signals = new SuperviseSignals();
  const { superviseProcess } = await import("../supervise_process.ts");
  const control = args.text("control");
  return await superviseProcess({ file, control, asJson: args.has("json") }, signals, context);
}

async function printSchema({ terminal }: Context): Promise<number> {
  const { superviseJsonSchema } = await import("../../config/supervise_schema.ts");
  await terminal.stdout.write(`${JSON.stringify(superviseJsonSchema(), null, 2)}\n`);
  return EXIT.done;
}

async function check(
  file: string | undefined,
  asJson: boolean,
  context: Context,
): Promise<number> {
  const { loadSuperviseConfig } = await import("../supervise_config.ts");
  const { path, config } = await loadSuperviseConfig(file, context);
  const children = config.children.map(({ name }) => name);
  const count = children.length === 1 ? "1 child" : `${children.length} children`;
  await context.terminal.stdout.write(
    asJson ? `${JSON.stringify({ ok: true, file: path, children })}\n` : `ok: ${count}\n`,
  );
  return EXIT.done;
}
