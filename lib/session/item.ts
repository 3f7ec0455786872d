/** What a conversation consists of. Source: sessions-and-pods specification, section A.5 to A.7. @module */

import type { PodEvent } from "../protocol/pod_event.ts";

/** One piece of a message. */
export type MessagePart = { kind: "text"; text: string } | { kind: "refusal"; refusal: string };

/** What somebody said. */
export interface MessageItem {
  /** What tells it from the other items. */
  kind: "message";
  /** Who said it. */
  role: "user" | "assistant" | "system";
  /** What was said, in order. */
  content: MessagePart[];
}

/** A call that the model wants made. */
export interface ToolCallItem {
  /** What tells it from the other items. */
  kind: "tool_call";
  /** Chosen by the provider; the result carries it too. */
  call_id: string;
  /** Name of the tool. */
  name: string;
  /** JSON text, never an object. */
  arguments: string;
}

/** What a call gave. */
export interface ToolResultItem {
  /** What tells it from the other items. */
  kind: "tool_result";
  /** The call that it answers. */
  call_id: string;
  /** One or two lines; survives pruning. */
  summary: string;
  /** The long part; the model sees `summary + "\n" + content`. */
  content?: string;
  /** Written only when true. */
  is_error?: boolean;
}

/** What the model thought; `encrypted_content` and `signature` go back to the provider unchanged. */
export interface ReasoningItem {
  /** What tells it from the other items. */
  kind: "reasoning";
  /** What the model thought, as far as the provider tells. */
  text: string;
  /** Summaries by the provider. */
  summary?: string[];
  /** The provider's own form of the thought. */
  encrypted_content?: string;
  /** The provider's proof that the text is its own. */
  signature?: string;
}

/** One item of a conversation's history. */
export type Item = MessageItem | ToolCallItem | ToolResultItem | ReasoningItem;

/** Text injected into the conversation by the Pod; `body` is exactly what the model saw. */
export type SystemItem =
  & { body: string }
  & (
    | { kind: "notification"; message: string }
    | { kind: "pod_event"; event: PodEvent }
    | { kind: "file_attachment"; path: string }
    | { kind: "knowledge"; slug: string }
    | { kind: "workflow"; slug: string }
    | { kind: "task_reminder"; source: "task_inactivity" }
    | { kind: "interrupt" }
  );

/** A message with one text part. */
export function textMessage(role: MessageItem["role"], text: string): MessageItem {
  return { kind: "message", role, content: [{ kind: "text", text }] };
}

/** The text parts of a message, joined without a separator. */
export function messageText(item: MessageItem): string {
  let text = "";
  for (const part of item.content) if (part.kind === "text") text += part.text;
  return text;
}
