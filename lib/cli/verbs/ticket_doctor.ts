/** `yoi ticket doctor`. @module */

import type { DoctorReport } from "../../ticket/doctor_report.ts";
import type { Diagnostic } from "../../ticket/ticket.ts";
import type { Context } from "../context.ts";
import { escapeCell } from "../escape_text.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { tellSound } from "../tell_sound.ts";
import { answer } from "../ticket_output.ts";

/** Looks for what is wrong with the tickets, and repairs it when asked; only errors make it fail. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const store = await openStore(args, context);
  const report = await store.doctor({ fix: args.has("fix") });
  await (args.has("json") ? answer(args, context, report, "") : tell(report, context.terminal));
  return report.ok ? EXIT.done : EXIT.failed;
}

async function tell(
  { ok, diagnostics, fixed = [] }: DoctorReport,
  terminal: Context["terminal"],
): Promise<void> {
  const fixes = fixed
    .map(({ message, path }) => line("fixed", message, path))
    .join("");
  const findings = diagnostics.map(findingLine);
  if (ok) return await tellSound(findings, terminal, fixes);
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  await terminal.stdout.write(`${fixes}${findings.join("")}doctor: ${errors} error(s)\n`);
}

function findingLine({ severity, message, path, line: number }: Diagnostic): string {
  const place = path === null || number === null ? path : `${path}:${number}`;
  return line(severity, message, place);
}

function line(word: string, message: string, path: string | null): string {
  const place = path === null ? "" : ` (${escapeCell(path)})`;
  return `doctor: ${word}: ${escapeCell(message)}${place}\n`;
}
