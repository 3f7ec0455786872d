/** `yoi rewind`. @module */

import type { PodClient } from "../../client/pod_client.ts";
import type { EventOf, RewindTarget } from "../../protocol/event.ts";
import { age } from "../age.ts";
import { CliError } from "../cli_error.ts";
import { withClientSignals } from "../client_signals.ts";
import { connectTo } from "../connect.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { request } from "../request.ts";
import { oneLine } from "../short_text.ts";
import { type Cell, table } from "../table.ts";
import { wireText } from "../wire_text.ts";

/** Milliseconds for each of the two questions. */
const LIMIT_MS = 15_000;

/** Lists the submissions a session can be taken back to, or takes it back to the N-th of them. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [name = "", number] = args.operands;
  const position = number === undefined ? undefined : readPosition(number);
  const { stdout, stderr } = context.terminal;
  const asJson = args.has("json");
  return await withClientSignals(async ({ signal }) => {
    await using client = await connectTo(name, context, { signal });
    const listed = await listTargets(client, signal);
    const { targets } = listed.data;
    if (position === undefined) {
      if (asJson) await stdout.write(wireText(listed));
      else if (targets.length > 0) await stdout.write(targetTable(targets, stdout, Date.now()));
      else stderr.announce(`There is nothing in Pod "${name}" to go back to\n`);
      return EXIT.done;
    }
    const target = targets[position - 1];
    if (!target) {
      const message = `Cannot rewind to ${position}: the list ends at ${targets.length}`;
      throw new CliError("failed", message);
    }
    const applied = await rewindTo(client, target, signal);
    if (asJson) await stdout.write(wireText(applied));
    else await stdout.write(`${appliedText(target, applied)}\n`);
    return EXIT.done;
  });
}

/** The targets as a table, the newest first, numbered from 1. */
export function targetTable(
  targets: readonly RewindTarget[],
  output: Parameters<typeof table>[2],
  now: number,
): string {
  const rows = targets.map((target, index): Cell[] => [
    { text: String(index + 1) },
    { text: target.timestamp_ms === null ? "—" : age(now - target.timestamp_ms) },
    { text: target.eligible ? target.warning ?? "" : target.disabled_reason ?? "not possible" },
    { text: oneLine(target.preview, 120) },
  ]);
  return table(["N", "SENT", "NOTE", "BEFORE THIS MESSAGE"], rows, output);
}

function readPosition(text: string): number {
  const position = Number(text);
  if (Number.isSafeInteger(position) && position > 0) return position;
  throw new CliError("usage", `Cannot rewind to "${text}": it takes a number of the list, from 1`);
}

async function listTargets(
  client: PodClient,
  signal: AbortSignal,
): Promise<EventOf<"rewind_targets">> {
  const listed = await request(client, { method: "list_rewind_targets" }, {
    timeoutMs: LIMIT_MS,
    signal,
    judge: (event) => event.event === "rewind_targets" ? event : undefined,
  });
  return listed ?? noAnswer();
}

async function rewindTo(
  client: PodClient,
  { id: target, expected_head_entries }: RewindTarget,
  signal: AbortSignal,
): Promise<EventOf<"rewind_applied">> {
  const method = { method: "rewind_to", params: { target, expected_head_entries } } as const;
  const applied = await request(client, method, {
    timeoutMs: LIMIT_MS,
    signal,
    judge: (event) => event.event === "rewind_applied" ? event : undefined,
  });
  return applied ?? noAnswer();
}

function noAnswer(): never {
  throw new CliError("failed", `The Pod has not answered within ${LIMIT_MS / 1000} s`);
}

function appliedText(
  target: RewindTarget,
  { data: { summary } }: EventOf<"rewind_applied">,
): string {
  const warning = summary.tool_side_effect_warning
    ? "; what tools have done to files stays done"
    : "";
  const count = summary.discarded_entries;
  return `Taken back to before "${oneLine(target.preview, 60)}": ${count} entries gone${warning}`;
}
