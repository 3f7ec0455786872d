/** `yoi __complete`: what the completion scripts ask. @module */

import { type Candidate, completeWords, type WordSources } from "../complete_words.ts";
import type { Context } from "../context.ts";
import { escapeCell } from "../escape_text.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { ParsedArguments } from "../parsed_arguments.ts";
import { VERBS } from "../verb_table.ts";

/** Prints what the last of the words can become, one candidate a line, a tab before its meaning. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const candidates = await completeWords(args.operands, VERBS, sourcesOf(context));
  const text = candidates.map(({ word, meaning }) => `${word}\t${escapeCell(meaning)}\n`).join("");
  await context.terminal.stdout.write(text);
  return EXIT.done;
}

/** A question about Pods loads nothing about tickets, and the other way round. */
function sourcesOf(context: Context): WordSources {
  return {
    pods: async () => {
      const { locksDir, podsRoot } = await import("../../config/paths.ts");
      const { PodStore } = await import("../../fleet/pod_store.ts");
      const { data, runtime } = context.paths();
      return await new PodStore({ root: podsRoot(data), locks: locksDir(runtime) }).names();
    },
    tickets: async (root) => {
      const { TicketReader } = await import("../../ticket/ticket_reader.ts");
      const { ticketPlace } = await import("../ticket_place.ts");
      const values = new Map(root === undefined ? [] : [["root", [root]]]);
      // Not by way of what tells a person that there is no root.
      const place = await ticketPlace(new ParsedArguments([], new Set(), values), context);
      return (await new TicketReader(place.root).list({ limit: Infinity, reverse: true })).tickets
        .map(named);
    },
    objectives: async () => {
      const { openObjectives } = await import("../objective_place.ts");
      return (await (await openObjectives(context)).list()).objectives.map(named);
    },
  };
}

function named({ id, title }: { readonly id: string; readonly title: string }): Candidate {
  return { word: id, meaning: title };
}
