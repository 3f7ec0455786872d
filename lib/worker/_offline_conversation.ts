/** What is expected of the offline model now, read from the prompt. @module */

import { type Evidence, readEvidence } from "./_offline_evidence.ts";
import type { ModelMessage } from "./model.ts";

/** What to react to. */
export type Occasion =
  | { kind: "question"; text: string; evidence: Evidence }
  /** Notes came in, and no question is open. */
  | { kind: "notes"; texts: string[] }
  | { kind: "nothing" };

/** Result of a call that was cut short by the person; the question before it is not open any more. */
const INTERRUPTED = "[Interrupted by user]";

/** Reads a prompt: the open question with what was found for it, or the notes since the last answer. */
export function readConversation(prompt: readonly ModelMessage[]): Occasion {
  const asked = prompt.findLastIndex((message) => message.role === "user");
  const since = prompt.slice(asked + 1);
  const question = prompt[asked];
  if (question?.role === "user" && !isClosed(since)) {
    const text = question.content.map((part) => part.type === "text" ? part.text : "").join("");
    return { kind: "question", text, evidence: readEvidence(since) };
  }
  const answered = since.findLastIndex((message) => message.role === "assistant");
  const notes = since.slice(answered + 1).flatMap((message) =>
    // The first message of a prompt is the system prompt, no note.
    message.role === "system" && message !== prompt[0] ? [message.content] : []
  );
  return notes.length > 0 ? { kind: "notes", texts: notes } : { kind: "nothing" };
}

/** How many tool calls the prompt holds: the next one gets the next number. */
export function countCalls(prompt: readonly ModelMessage[]): number {
  let count = 0;
  for (const message of prompt) {
    if (message.role !== "assistant") continue;
    for (const part of message.content) if (part.type === "tool-call") count++;
  }
  return count;
}

function isClosed(since: readonly ModelMessage[]): boolean {
  return since.some((message) => {
    if (message.role === "assistant") {
      return !message.content.some((part) => part.type === "tool-call");
    }
    return message.role === "tool" &&
      message.content.some((part) =>
        part.type === "tool-result" && part.output.type === "text" &&
        part.output.value === INTERRUPTED
      );
  });
}
