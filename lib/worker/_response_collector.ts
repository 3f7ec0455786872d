/** The parts of one model response on their way to clients and log. @module */

import type { EngineEvent } from "../engine/engine.ts";
import type { MessageItem, ReasoningItem, ToolCallItem } from "../session/item.ts";
import { textMessage } from "../session/item.ts";
import { readRoundTrip, type RoundTrip } from "./_reasoning_metadata.ts";
import { normalizeArguments } from "./_tool_arguments.ts";
import type { ModelStreamPart } from "./model.ts";

/** One complete response, in the order its items are committed. */
export interface CollectedResponse {
  reasoning: ReasoningItem[];
  /** All text blocks, joined; absent when the response has no text. */
  message?: MessageItem;
  calls: ToolCallItem[];
  /** Why the model stopped, when it said so. */
  finishReason?: string;
}

interface TextBlock {
  text: string;
  open: boolean;
}

interface ReasoningBlock extends TextBlock {
  roundTrip: RoundTrip;
}

interface CallBlock {
  id: string;
  name: string;
  arguments: string;
  /** Whether the deltas are JSON text; raw text deltas are not shown as arguments. */
  json: boolean;
  state: "open" | "ended" | "done";
}

/**
 * Turns the stream parts of **one** response into live events and, at the end, into items. A new
 * response gets a new collector: what an interrupted one had gathered goes away with it (W2).
 */
export class ResponseCollector {
  readonly #emit: (event: EngineEvent) => void;
  readonly #texts = new Map<string, TextBlock>();
  readonly #reasonings = new Map<string, ReasoningBlock>();
  readonly #calls = new Map<string, CallBlock>();
  /** Calls the provider makes itself; their parts are its own business. */
  readonly #foreignCalls = new Set<string>();
  #finishReason: string | undefined;

  constructor(emit: (event: EngineEvent) => void) {
    this.#emit = emit;
  }

  /** Takes the next part. Parts that carry nothing for log or clients are passed over. */
  take(part: ModelStreamPart): void {
    switch (part.type) {
      case "text-start":
        this.#text(part.id);
        break;
      case "text-delta":
        this.#addText(part.id, part.delta);
        break;
      case "text-end":
        this.#endText(this.#text(part.id));
        break;
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        this.#takeReasoning(part);
        break;
      case "tool-input-start":
        if (part.providerExecuted) this.#foreignCalls.add(part.id);
        else this.#call(part.id, part.toolName).json = part.inputEncoding !== "text";
        break;
      case "tool-input-delta":
        this.#addArguments(part.id, part.delta);
        break;
      case "tool-input-end": {
        const call = this.#calls.get(part.id);
        if (call?.state === "open") call.state = "ended";
        break;
      }
      case "tool-call":
        if (part.providerExecuted) break;
        this.#completeCall(this.#call(part.toolCallId, part.toolName), part.input);
        break;
      case "finish":
        this.#finishReason = part.finishReason.unified;
        break;
    }
  }

  /**
   * Ends the response: closes what is still open and gives the items. A call whose arguments never
   * ended is dropped: half of its arguments is not what the model asked for.
   */
  finish(): CollectedResponse {
    for (const block of this.#reasonings.values()) this.#endReasoning(block);
    for (const block of this.#texts.values()) this.#endText(block);
    for (const call of this.#calls.values()) {
      if (call.state === "ended") this.#completeCall(call, call.json ? call.arguments : "");
    }

    const text = [...this.#texts.values()].map((block) => block.text).join("");
    return {
      reasoning: [...this.#reasonings.values()].flatMap(reasoningItem),
      ...(text !== "" && { message: textMessage("assistant", text) }),
      calls: [...this.#calls.values()].filter((call) => call.state === "done").map(callItem),
      ...(this.#finishReason !== undefined && { finishReason: this.#finishReason }),
    };
  }

  #text(id: string): TextBlock {
    let block = this.#texts.get(id);
    if (!block) this.#texts.set(id, block = { text: "", open: true });
    return block;
  }

  #addText(id: string, text: string): void {
    if (text === "") return;
    const block = this.#text(id);
    block.text += text;
    block.open = true;
    this.#emit({ event: "text_delta", data: { text } });
  }

  #endText(block: TextBlock): void {
    if (!block.open) return;
    block.open = false;
    if (block.text !== "") this.#emit({ event: "text_done", data: { text: block.text } });
  }

  #takeReasoning(
    part: Extract<
      ModelStreamPart,
      { type: "reasoning-start" | "reasoning-delta" | "reasoning-end" }
    >,
  ): void {
    let block = this.#reasonings.get(part.id);
    if (!block) {
      this.#reasonings.set(part.id, block = { text: "", open: true, roundTrip: {} });
      this.#emit({ event: "thinking_start" });
    }
    // The proof may come with any part of the block, often with an empty last delta.
    Object.assign(block.roundTrip, readRoundTrip(part.providerMetadata));
    if (part.type === "reasoning-delta" && part.delta !== "") {
      block.text += part.delta;
      this.#emit({ event: "thinking_delta", data: { text: part.delta } });
    }
    if (part.type === "reasoning-end") this.#endReasoning(block);
  }

  #endReasoning(block: ReasoningBlock): void {
    if (!block.open) return;
    block.open = false;
    this.#emit({ event: "thinking_done", data: { text: block.text } });
  }

  #call(id: string, name: string): CallBlock {
    let call = this.#calls.get(id);
    if (!call) {
      this.#calls.set(id, call = { id, name, arguments: "", json: true, state: "open" });
      this.#emit({ event: "tool_call_start", data: { id, name } });
    }
    return call;
  }

  #addArguments(id: string, json: string): void {
    if (json === "" || this.#foreignCalls.has(id)) return;
    const call = this.#calls.get(id);
    if (call?.state !== "open") return;
    call.arguments += json;
    if (call.json) this.#emit({ event: "tool_call_args_delta", data: { id, json } });
  }

  /** A call that comes a second time under its id is the same call: the first counts. */
  #completeCall(call: CallBlock, input: string): void {
    if (call.state === "done") return;
    call.state = "done";
    call.arguments = normalizeArguments(input);
    const { id, name } = call;
    this.#emit({ event: "tool_call_done", data: { id, name, arguments: call.arguments } });
  }
}

/** Reasoning is kept when its provider wants it back; without proof nobody would accept it. */
function reasoningItem(block: ReasoningBlock): ReasoningItem[] {
  const { signature, encrypted_content } = block.roundTrip;
  if (signature === undefined && encrypted_content === undefined) return [];
  return [{ kind: "reasoning", text: block.text, ...block.roundTrip }];
}

function callItem(call: CallBlock): ToolCallItem {
  return { kind: "tool_call", call_id: call.id, name: call.name, arguments: call.arguments };
}
