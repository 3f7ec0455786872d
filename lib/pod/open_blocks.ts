/** @module */

import type { Event } from "../protocol/event.ts";
import type { LogEntry } from "../session/entry.ts";

type Block =
  | { kind: "text"; text: string; done: boolean }
  | { kind: "thinking"; text: string; done: boolean }
  | { kind: "tool_call"; id: string; name: string; json: string; done: string | undefined };

/**
 * The blocks of the running response that clients have seen and the log has not: what a client that
 * attaches in the middle of a response is told after its snapshot.
 *
 * A block stays open until the entry that holds it is committed, or until its model call is over.
 *
 * Source: protocol specification, P5; controller specification, W36.
 */
export class OpenBlocks {
  #blocks: Block[] = [];

  /** Takes an event that was just published. */
  observe(event: Event): void {
    switch (event.event) {
      case "thinking_start":
        this.#blocks.push({ kind: "thinking", text: "", done: false });
        break;
      case "thinking_delta":
        this.#open("thinking").text += event.data.text;
        break;
      case "thinking_done": {
        const block = this.#open("thinking");
        block.text = event.data.text || block.text;
        block.done = true;
        break;
      }
      case "text_delta":
        this.#open("text").text += event.data.text;
        break;
      case "text_done": {
        const block = this.#open("text");
        block.text = event.data.text;
        block.done = true;
        break;
      }
      case "tool_call_start": {
        const { id, name } = event.data;
        this.#blocks.push({ kind: "tool_call", id, name, json: "", done: undefined });
        break;
      }
      case "tool_call_args_delta": {
        const block = this.#call(event.data.id);
        if (block) block.json += event.data.json;
        break;
      }
      case "tool_call_done": {
        const block = this.#call(event.data.id);
        if (block) block.done = event.data.arguments;
        break;
      }
      case "llm_call_start":
      case "llm_continuation":
      case "run_end":
        this.clear();
        break;
    }
  }

  /** Closes the blocks whose content `entry` has put into the log. */
  closeFor(entry: LogEntry): void {
    if (entry.kind !== "assistant_item" || this.#blocks.length === 0) return;
    const { item } = entry;
    switch (item.kind) {
      case "message":
        // All text blocks of a response become one message.
        this.#blocks = this.#blocks.filter((block) => block.kind !== "text");
        break;
      case "reasoning": {
        const first = this.#blocks.findIndex((block) => block.kind === "thinking");
        if (first >= 0) this.#blocks.splice(first, 1);
        break;
      }
      case "tool_call":
        this.#blocks = this.#blocks.filter((block) =>
          block.kind !== "tool_call" || block.id !== item.call_id
        );
        break;
    }
  }

  /** Forgets every block: the response is over or void. */
  clear(): void {
    this.#blocks = [];
  }

  /** The events that show the open blocks to a client that has seen none of them. */
  replay(): Event[] {
    const events: Event[] = [];
    for (const block of this.#blocks) {
      switch (block.kind) {
        case "thinking":
          events.push({ event: "thinking_start" });
          if (block.text) events.push({ event: "thinking_delta", data: { text: block.text } });
          if (block.done) events.push({ event: "thinking_done", data: { text: block.text } });
          break;
        case "text":
          if (block.text) events.push({ event: "text_delta", data: { text: block.text } });
          if (block.done) events.push({ event: "text_done", data: { text: block.text } });
          break;
        case "tool_call": {
          const { id, name, json, done } = block;
          events.push({ event: "tool_call_start", data: { id, name } });
          if (json) events.push({ event: "tool_call_args_delta", data: { id, json } });
          if (done !== undefined) {
            events.push({ event: "tool_call_done", data: { id, name, arguments: done } });
          }
          break;
        }
      }
    }
    return events;
  }

  /** The unfinished block of a kind; deltas carry no id, so a finished one begins the next. */
  #open(kind: "text" | "thinking"): { text: string; done: boolean } {
    const last = this.#blocks.findLast((block) => block.kind === kind);
    if (last && last.kind === kind && !last.done) return last;
    const block = { kind, text: "", done: false };
    this.#blocks.push(block);
    return block;
  }

  #call(id: string): Extract<Block, { kind: "tool_call" }> | undefined {
    const block = this.#blocks.find((candidate) =>
      candidate.kind === "tool_call" && candidate.id === id
    );
    return block?.kind === "tool_call" ? block : undefined;
  }
}
