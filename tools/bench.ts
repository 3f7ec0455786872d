/** All benches, one after the other. Claims are ratios within one run; the rest is for orientation. */

import { benchFanOut, formatFanOut } from "./bench_fan_out.ts";
import { benchJsonLines, formatJsonLinesBench } from "./bench_json_lines.ts";
import { benchProtocol, formatProtocolBench } from "./bench_protocol.ts";
import { benchSupervisor, formatSupervisorBench } from "./bench_supervisor.ts";
import { benchTickets, formatTicketBench } from "./bench_tickets.ts";

const encoder = new TextEncoder();

async function print(text: string): Promise<void> {
  await Deno.stdout.write(encoder.encode(text));
}

await print("JSON lines\n");
await print(formatJsonLinesBench(await benchJsonLines()));
await print("\nProtocol: decode beside JSON.parse, encode beside JSON.stringify\n");
await print(formatProtocolBench(benchProtocol()));
await print("\nFan-out of one Pod\n");
await print(formatFanOut(await benchFanOut()));
await print("\nTickets: beside reading the same files\n");
await print(formatTicketBench(await benchTickets()));
await print("\nSupervisor: output of a child, beside sed\n");
await print(formatSupervisorBench(await benchSupervisor()));
