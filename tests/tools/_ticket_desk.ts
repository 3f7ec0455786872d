/** Ticket tools over a store in a temporary folder, for the tests of this room. @module */

import type { Tool, ToolOutput } from "../../lib/engine/tool.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { createTicketTools, type TicketToolsOptions } from "../../lib/tools/ticket_tools.ts";

/** What a test works with. */
export interface TicketDesk {
  root: string;
  store: TicketStore;
  tools: readonly Tool[];
  /** Calls a tool and reads its answer. */
  call(name: string, input: Record<string, unknown>): Promise<TicketAnswer>;
}

/** An answer, with its content as a value. */
export interface TicketAnswer {
  summary: string;
  // What a tool answers is looked at member by member in the tests.
  // deno-lint-ignore no-explicit-any
  content: any;
  text: string;
}

/** 2026-06-01T00:00:00Z, whose id is 00001KT07NV00. */
const START = Date.UTC(2026, 5, 1);

/** Runs `work` over a new store; its clock goes on by one second each time it is asked. */
export async function atDesk(
  work: (desk: TicketDesk) => Promise<void>,
  options: Partial<TicketToolsOptions> = {},
): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-tickets-" }));
  let time = START;
  const store = TicketStore.open(root, {
    now: () => {
      const now = time;
      time += 1_000;
      return now;
    },
    author: "dana",
    durable: false,
  });
  const tools = createTicketTools({ store, access: "lifecycle", ...options });
  try {
    await work({ root, store, tools, call: (name, input) => callTool(tools, name, input) });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Makes one call. */
export async function callTool(
  tools: readonly Tool[],
  name: string,
  input: Record<string, unknown>,
): Promise<TicketAnswer> {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`There is no tool "${name}"`);
  const { summary, content = "" }: ToolOutput = await tool.execute(input, {
    callId: "call-1",
    batchId: "tool-batch-1",
    index: 0,
    signal: new AbortController().signal,
  });
  if (summary.includes("\n")) throw new Error(`The summary of "${name}" has several lines`);
  return { summary, content: JSON.parse(content), text: content };
}
