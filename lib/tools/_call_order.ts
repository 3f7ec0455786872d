/** @module */

import type { Tool } from "../engine/tool.ts";

/**
 * Keeps calls that read behind the calls before them that write. A model gets the results of one
 * batch in the order of its calls, so what it reads behind a change has to show the change, although
 * all of them begin at once. Those that write wait for each other by themselves.
 */
export class CallOrder {
  #writes: Promise<void> = Promise.resolve();

  /** The tool, for calls that change something. */
  writing(tool: Tool): Tool {
    return {
      ...tool,
      execute: (input, context) => {
        const work = tool.execute(input, context);
        this.#writes = Promise.allSettled([this.#writes, work]).then(() => {});
        return work;
      },
    };
  }

  /** The tool, for calls that change nothing. */
  reading(tool: Tool): Tool {
    return {
      ...tool,
      execute: async (input, context) => {
        await this.#writes;
        return await tool.execute(input, context);
      },
    };
  }
}
