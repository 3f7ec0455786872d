/** @module */

import type { Tool, ToolOutput } from "../engine/tool.ts";

/**
 * A tool that makes no call twice. A call that has begun to write goes on to its end when its turn is
 * paused, but its result comes too late for the turn, which makes the call again when it is resumed:
 * then the call gets the result that is there already. Calls of other ids or inputs are others, and
 * what the next batch does not ask for again is forgotten.
 *
 * @param tool Whatever it does is either done when it gives a result, or not at all.
 */
export function finishingCalls(tool: Tool): Tool {
  let batchId: string | undefined;
  let earlier: ReadonlyMap<string, Promise<ToolOutput>> = new Map();
  let current = new Map<string, Promise<ToolOutput>>();
  return {
    ...tool,
    async execute(input, context) {
      if (context.batchId !== batchId) {
        earlier = current;
        current = new Map();
        batchId = context.batchId;
      }
      const calls = current;
      const key = JSON.stringify([context.callId, input]);
      const make = () => tool.execute(input, context);
      // One that failed, or was ended while it waited, has done nothing yet.
      const work = earlier.get(key)?.catch(make) ?? make();
      calls.set(key, work);
      try {
        return await work;
      } finally {
        // Nobody takes a result after the abort.
        if (!context.signal.aborted) calls.delete(key);
      }
    },
  };
}
