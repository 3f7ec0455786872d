/** The flags with which a Pod is described. @module */

import { resolve } from "@std/path";
import type { TicketSettings } from "../fleet/manifest.ts";
import type { ScopeRule } from "../protocol/scope_rule.ts";
import { ScopeError } from "../scope/scope_error.ts";
import { parseScopeFlag } from "../scope/scope_flag.ts";
import { CliError } from "./cli_error.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/** What a person wants of a Pod; what is missing is as it was, or the default. */
export interface PodWishes {
  model?: string;
  /** Absolute. */
  cwd?: string;
  scope?: ScopeRule[];
  callback?: string;
  /** `null` when none are wanted any more. */
  tickets?: TicketSettings | null;
  /** `null` when it shall have none any more. */
  ticketRole?: string | null;
}

/** What `--tickets` takes, and the access that it means. */
const TICKET_WORDS: Readonly<Record<string, TicketSettings["access"] | null>> = {
  read: "read_only",
  lifecycle: "lifecycle",
  none: null,
};

/** What `--role` takes: the roles of the ticket configuration, and none. */
const ROLES = ["intake", "orchestrator", "coder", "reviewer", "none"];

/**
 * Reads `--model`, `--cwd`, `--scope`, `--tickets`, `--role` and `--callback`; paths start at `cwd`.
 * `--ticket-role` is what programs write for `--role`; it takes roles of other versions, too.
 *
 * @throws {CliError} `usage` for a scope that is none, and for words that mean nothing.
 */
export function readPodWishes(args: ParsedArguments, cwd: string): PodWishes {
  const model = args.text("model");
  const folder = args.text("cwd");
  const callback = args.text("callback");
  const scope = args.texts("scope").map((flag) => readScope(flag, cwd));
  const tickets = readTickets(args.text("tickets"));
  const role = readRole(args.text("role")) ?? args.text("ticket-role");
  return {
    ...(model === undefined ? {} : { model: absoluteModel(model, cwd) }),
    ...(folder === undefined ? {} : { cwd: resolve(cwd, folder) }),
    ...(scope.length === 0 ? {} : { scope }),
    ...(callback === undefined ? {} : { callback }),
    ...(tickets === undefined ? {} : { tickets }),
    ...(role === undefined ? {} : { ticketRole: role === "none" ? null : role }),
  };
}

/** The same wishes as flags of another start of this program. */
export function podFlags(wishes: PodWishes): string[] {
  return [
    ...(wishes.model === undefined ? [] : ["--model", wishes.model]),
    ...(wishes.cwd === undefined ? [] : ["--cwd", wishes.cwd]),
    ...(wishes.scope ?? []).flatMap((rule) => ["--scope", `${rule.target}:${rule.permission}`]),
    ...(wishes.callback === undefined ? [] : ["--callback", wishes.callback]),
    ...(wishes.tickets === undefined ? [] : ["--tickets", ticketWord(wishes.tickets)]),
    ...(wishes.ticketRole === undefined ? [] : ["--role", wishes.ticketRole ?? "none"]),
  ];
}

function readTickets(word: string | undefined): TicketSettings | null | undefined {
  if (word === undefined) return undefined;
  if (!Object.hasOwn(TICKET_WORDS, word)) {
    throw notAmong("tickets", word, Object.keys(TICKET_WORDS));
  }
  const access = TICKET_WORDS[word];
  return access ? { access, base: true, orchestration: true } : null;
}

function ticketWord(tickets: TicketSettings | null): string {
  if (!tickets) return "none";
  return tickets.access === "read_only" ? "read" : "lifecycle";
}

function readRole(word: string | undefined): string | undefined {
  if (word === undefined || ROLES.includes(word)) return word;
  throw notAmong("role", word, ROLES);
}

function notAmong(flag: string, word: string, words: readonly string[]): CliError {
  return new CliError("usage", `Cannot use --${flag} "${word}": it takes ${words.join(", ")}`);
}

/** A script's path is typed where the person is, not where the Pod works. */
function absoluteModel(model: string, cwd: string): string {
  const path = /^script:(.+)$/s.exec(model)?.[1];
  return path === undefined ? model : `script:${resolve(cwd, path)}`;
}

function readScope(flag: string, cwd: string): ScopeRule {
  try {
    return parseScopeFlag(flag, cwd);
  } catch (error) {
    if (error instanceof ScopeError) throw new CliError("usage", error.message, { cause: error });
    throw error;
  }
}
