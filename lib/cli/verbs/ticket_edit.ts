/** `yoi ticket edit`. @module */

import { resolve } from "@std/path";
import type { TicketStore } from "../../ticket/store.ts";
import type { TicketEvent } from "../../ticket/ticket.ts";
import { TicketError } from "../../ticket/ticket_error.ts";
import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import { Draft, draftsNotice } from "../draft.ts";
import { checkNothingTakenBack, checkUpToDate, faultOfText } from "../edited_text.ts";
import { editorCommand, openInEditor } from "../editor.ts";
import { escapeCell } from "../escape_text.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { announceTyping } from "../read_text.ts";
import { itemTextOf } from "../text_source.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption } from "../ticket_place.ts";

/**
 * Opens a ticket's `item.md` in an editor, or takes its text from a file. What is stored was validated
 * before; what cannot be stored stays in its temporary file.
 */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const id = args.operands[0]!;
  const changed = await (args.text("file") === undefined ? edit : storeFile)(id, args, context);
  return await answer(args, context, { id, changed }, tabbed(changed ? "edited" : "unchanged", id));
}

async function edit(id: string, args: ParsedArguments, context: Context): Promise<boolean> {
  const editor = editorCommand(context.env);
  const store = await openStore(args, context);
  const author = authorOption(args);
  const expected = await store.itemText(id, author);
  const place = { id, env: context.env, root: args.text("root"), folder: store.root };
  const left = draftsNotice(place, await Draft.left(place, expected));
  if (left !== undefined) context.terminal.stderr.announce(`yoi ticket: ${escapeCell(left)}\n`);
  const draft = await Draft.create(place, expected);
  const changed = await edited(draft, editor, context, {
    store: async (text) => await store.replaceItem(id, text, { expected, ...author }) !== null,
    isStale: async () => await store.itemText(id, author) !== expected,
  });
  await draft.remove();
  return changed;
}

async function storeFile(id: string, args: ParsedArguments, context: Context): Promise<boolean> {
  const changed = await storeText(id, args, context);
  await Draft.removeStored({ id, env: context.env }, resolve(context.cwd, args.text("file")!));
  return changed;
}

async function storeText(id: string, args: ParsedArguments, context: Context): Promise<boolean> {
  const file = args.text("file")!;
  const author = authorOption(args);
  const text = await itemTextOf(file, context, {
    beforeTyping: async () => {
      // Also of a ticket that is to be made readable.
      await (await openStore(args, context)).itemText(id, author);
      announceTyping(context, "yoi ticket");
    },
  });
  const name = file === "-" ? "stdin" : `"${file}"`;
  const store = await openStore(args, context);
  const expected = await store.itemText(id, author);
  if (text === expected) return false;
  checkUpToDate(id, text, expected, name);
  checkNothingTakenBack(id, { text, current: expected }, await eventsOf(store, id));
  try {
    return await store.replaceItem(id, text, { expected, ...author }) !== null;
  } catch (error) {
    throw isAboutText(error) ? aboutText(error, text, name) : error;
  }
}

/** The events of a ticket; of one that is to be made readable, none. */
async function eventsOf(store: TicketStore, id: string): Promise<readonly TicketEvent[]> {
  try {
    return (await store.show(id)).events;
  } catch (error) {
    if (isUnreadable(error)) return [];
    throw error;
  }
}

/** Has the draft edited until it could be stored, or nobody wants to go on; whether it says more now. */
async function edited(
  draft: Draft,
  editor: string,
  context: Context,
  { store, isStale }: Target,
): Promise<boolean> {
  for (;;) {
    try {
      await openInEditor(editor, draft.path);
    } catch (error) {
      throw await draft.keptUnlessUntouched(error);
    }
    const text = await draft.read();
    if (text === draft.original) return false;
    if (text === undefined) {
      const what = `editor "${editor}" removed the file that it was given`;
      throw new CliError("failed", `Cannot edit: ${what}, so nothing is stored`);
    }
    if (text.trim() === "") {
      await draft.remove();
      throw new CliError("failed", "Cannot edit: your text is empty, so nothing is stored");
    }
    try {
      return await store(text);
    } catch (error) {
      if (!isAboutText(error)) throw draft.kept(error);
      const fault = aboutText(error, text, "your text");
      if (!await canBeMended(isStale)) throw draft.kept(fault);
      if (!canAsk(context)) throw draft.keptToMend(`${fault.message}; `, fault);
      if (!wantsToGoOn(fault, draft, context)) throw draft.keptToMend("", fault);
    }
  }
}

/** Where the text belongs. */
interface Target {
  /** Gives whether it says something else than what is stored already. */
  readonly store: (text: string) => Promise<boolean>;
  /** Whether somebody else has changed the ticket since the text was taken from it. */
  readonly isStale: () => Promise<boolean>;
}

/** No edit helps a text whose ticket has changed, or is gone. */
async function canBeMended(isStale: () => Promise<boolean>): Promise<boolean> {
  try {
    return !await isStale();
  } catch (error) {
    if (error instanceof TicketError) return false;
    throw error;
  }
}

/** A text that another edit can make good; a lock or a full disk is something else. */
function isAboutText(error: unknown): error is TicketError {
  return error instanceof TicketError && (error.code === "parse" || error.code === "conflict");
}

function isUnreadable(error: unknown): boolean {
  return error instanceof TicketError && error.code === "parse";
}

/** The error in words about the text; the file that it would become is sound. */
function aboutText(error: TicketError, text: string, name: string): CliError {
  return new CliError("failed", faultOfText(error, text, name), { cause: error });
}

function canAsk({ terminal }: Context): boolean {
  return terminal.stdout.isTerminal && Deno.stdin.isTerminal();
}

function wantsToGoOn(error: CliError, { path }: Draft, { terminal }: Context): boolean {
  terminal.stderr.announce(`yoi ticket: ${escapeCell(error.message)}\n`);
  // Ctrl-C at the question ends the program: where the text is has to be said before.
  return confirm(`The text is in "${path}". Edit it again?`);
}
