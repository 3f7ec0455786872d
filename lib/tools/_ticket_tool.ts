/** What all ticket tools have in common. @module */

import type { z } from "zod";
import type { Tool, ToolOutput } from "../engine/tool.ts";
import { TicketError } from "../ticket/ticket_error.ts";
import { inputError, parseInput, toInputSchema } from "./_input.ts";
import { ToolError } from "./tool_error.ts";

/** A ticket tool before it is a {@linkcode Tool}. */
export interface TicketToolParts<Shape extends z.ZodRawShape> {
  name: string;
  description: string;
  input: z.ZodObject<Shape>;
  /** Optional fields where `null` is an error. */
  strict?: readonly string[];
  /** What the input has to hold beyond its shape; a text says what is wrong. */
  check?(input: z.output<z.ZodObject<Shape>>): string | undefined;
  /** Does the work; the signal ends its wait for other writers. */
  run(
    input: z.output<z.ZodObject<Shape>>,
    options: { signal: AbortSignal },
  ): Promise<ToolOutput>;
}

/** Makes a tool that a registration can name the record language in. */
export type TicketToolMaker = (language: string | undefined) => Tool;

/**
 * Makes a ticket tool: checks its input, and puts failures of the store into the words that section
 * 11 of the tickets specification asks for. A call that has begun to write is not interrupted.
 */
export function ticketTool<Shape extends z.ZodRawShape>(
  parts: TicketToolParts<Shape>,
): TicketToolMaker {
  const { name, description, input: schema, strict = [], check, run } = parts;
  return (language) => ({
    name,
    description: language === undefined ? description : `${description}\n\n${inWords(language)}`,
    inputSchema: toInputSchema(schema),
    async execute(raw, { signal }) {
      const input = parseInput(name, schema, raw, { strict });
      const fault = check?.(input);
      if (fault !== undefined) throw inputError(name, fault);
      signal.throwIfAborted();
      try {
        return await run(input, { signal });
      } catch (cause) {
        if (!(cause instanceof TicketError)) throw cause;
        const message = `${name} failed: ${withoutControls(cause.message)}`;
        throw new ToolError("execution_failed", message, { cause });
      }
    },
  });
}

/** On one line, and without what a terminal could take for a command. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function inWords(language: string): string {
  return `Record language: ${language}. Write the durable text of tickets (titles, bodies, ` +
    `summaries, notes, resolutions) in ${language}, whatever the languages of the chat and of ` +
    "memory are. Leave identifiers, commands, paths, code and quoted literals as they are.";
}

/** The answer of a call that did something: short, and `ok` tells hooks so. */
export function doneWith(summary: string, content: Record<string, unknown>): ToolOutput {
  return { summary, content: JSON.stringify({ ...content, ok: true }, null, 2) };
}

/** A wanted number of rows within its bounds. */
export function clamp(
  wanted: number | undefined,
  bounds: { fallback: number; most: number },
): number {
  return Math.min(Math.max(wanted ?? bounds.fallback, 1), bounds.most);
}
