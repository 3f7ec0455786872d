/** What the tools found so far, read back from the prompt. Part of the offline model. @module */

import type { ModelMessage } from "./model.ts";

/** One line that a search found. */
export interface Hit {
  path: string;
  /** 1-based. */
  line: number;
  text: string;
}

/** One search in contents. */
export interface Search {
  pattern: string;
  hits: Hit[];
  /** Whether there was more than the search gave. */
  isCut: boolean;
}

/** One search by name. */
export interface Listing {
  pattern: string;
  files: string[];
  isCut: boolean;
}

/** A piece of a file. */
export interface Excerpt {
  path: string;
  lines: { number: number; text: string }[];
}

/** Everything found since the question. */
export interface Evidence {
  /** Responses with tool calls since the question. */
  rounds: number;
  searches: Search[];
  listings: Listing[];
  excerpts: Excerpt[];
  /** What tools said when they failed. */
  failures: string[];
}

type ToolCallPart = { toolCallId: string; toolName: string; input: unknown };
type AssistantPart = Extract<ModelMessage, { role: "assistant" }>["content"][number];

/** Reads the tool results among messages that came after the question. */
export function readEvidence(messages: readonly ModelMessage[]): Evidence {
  const evidence: Evidence = { rounds: 0, searches: [], listings: [], excerpts: [], failures: [] };
  const calls = new Map<string, ToolCallPart>();
  for (const message of messages) {
    if (message.role === "assistant") {
      const made = message.content.filter(isCall);
      if (made.length > 0) evidence.rounds++;
      for (const call of made) calls.set(call.toolCallId, call);
    }
    if (message.role !== "tool") continue;
    for (const part of message.content) {
      if (part.type !== "tool-result") continue;
      const call = calls.get(part.toolCallId);
      if (call) addResult(evidence, call, part.output);
    }
  }
  return evidence;
}

/** Whether nothing at all was found. */
export function isEmpty(evidence: Evidence): boolean {
  return evidence.searches.every((search) => search.hits.length === 0) &&
    evidence.listings.every((listing) => listing.files.length === 0) &&
    evidence.excerpts.length === 0;
}

function isCall(part: AssistantPart): part is Extract<AssistantPart, { type: "tool-call" }> {
  return part.type === "tool-call";
}

function addResult(
  evidence: Evidence,
  call: ToolCallPart,
  output: { type: string; value?: unknown },
): void {
  const text = typeof output.value === "string" ? output.value : "";
  const lines = text.split("\n");
  const summary = lines.shift() ?? "";
  if (output.type !== "text") {
    evidence.failures.push(`${call.toolName}: ${summary}`);
    return;
  }
  const isCut = /truncated/iu.test(summary) || /\[truncated: \d+ bytes/u.test(text);
  switch (call.toolName) {
    case "Grep": {
      const hits = lines.flatMap(readHit);
      evidence.searches.push({ pattern: inputText(call, "pattern"), hits, isCut });
      break;
    }
    case "Glob": {
      const files = lines.filter((line) => line !== "" && !line.startsWith("["));
      evidence.listings.push({ pattern: inputText(call, "pattern"), files, isCut });
      break;
    }
    case "Read":
      evidence.excerpts.push({
        path: inputText(call, "file_path"),
        lines: lines.flatMap(readNumberedLine),
      });
  }
}

function inputText({ input }: ToolCallPart, field: string): string {
  if (typeof input !== "object" || input === null || !(field in input)) return "";
  const value = (input as Record<string, unknown>)[field];
  return typeof value === "string" ? value : "";
}

function readHit(line: string): Hit[] {
  const [, path, number, text] = /^(.+?):(\d+):(.*)$/u.exec(line) ?? [];
  if (path === undefined || text === undefined) return [];
  return [{ path, line: Number(number), text }];
}

function readNumberedLine(line: string): Excerpt["lines"] {
  const [, number, text] = /^ *(\d+)\t(.*)$/u.exec(line) ?? [];
  return text === undefined ? [] : [{ number: Number(number), text }];
}
