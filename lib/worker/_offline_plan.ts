/** Which tools the offline model calls next for a question. @module */

import type { Evidence } from "./_offline_evidence.ts";
import { isEmpty } from "./_offline_evidence.ts";
import {
  braces,
  definitionPattern,
  EXPORT_PATTERN,
  literalPattern,
  nameGlob,
  pathGlob,
  TEST_PATTERN,
} from "./_offline_patterns.ts";
import type { Question, Term } from "./_offline_question.ts";
import { bestOfFiles, rankFiles, rankPlaces } from "./_offline_rank.ts";

/** A call to make. */
export interface PlannedCall {
  tool: "Glob" | "Grep" | "Read";
  input: Record<string, unknown>;
}

/** One batch of calls and what it is for, in a sentence. */
export interface PlannedRound {
  purpose: string;
  calls: PlannedCall[];
}

/** What a plan depends on beside the question. */
export interface PlanContext {
  tools: ReadonlySet<string>;
  /** The path of a result as a person writes it. */
  shorten(path: string): string;
  /** The path of a result as `Read` wants it. */
  absolute(path: string): string;
}

/** Rounds of tool calls for one question, whatever happens. */
const MAX_ROUNDS = 3;
/** Matching lines of one search; enough to rank, little enough for a huge workspace. */
const HEAD_LIMIT = 200;
/** Places that are read. */
const MAX_READS = 3;
/** Lines read from a place on, and before it, where its comment may stand. */
const EXCERPT_LINES = 20;
const LINES_BEFORE = 12;
/** A place this much worse than the best one is not read. */
const MAX_DISTANCE = 45;
/** Lines read of a file that is asked for, or that introduces a project. */
const WHOLE_LINES = 120;

/** The next round, or nothing when it is time to answer. */
export function planRound(
  question: Question,
  evidence: Evidence,
  context: PlanContext,
): PlannedRound | undefined {
  const round = chooseRound(question, evidence, context);
  const calls = round?.calls.filter((call) => context.tools.has(call.tool)) ?? [];
  return round && calls.length > 0 ? { ...round, calls } : undefined;
}

function chooseRound(
  question: Question,
  evidence: Evidence,
  context: PlanContext,
): PlannedRound | undefined {
  if (evidence.rounds === 0) return searchRound(question, context);
  if (evidence.rounds >= MAX_ROUNDS || evidence.excerpts.length > 0) return undefined;
  if (evidence.rounds === 1 && isEmpty(evidence)) return wideRound(question);
  return isWide(question, evidence) ? undefined : readRound(question, evidence, context);
}

function searchRound(question: Question, context: PlanContext): PlannedRound {
  const { terms, intent } = question;
  const paths = question.paths.map((path) => pathGlob(context.shorten(path).replace(/^\//u, "")));
  const where = paths.length > 0 ? braces(paths) : undefined;
  const named = terms.length > 0 ? nameGlob(terms) : undefined;
  switch (intent) {
    case "overview":
      return round("Looking at what introduces this workspace", [
        glob("README*"),
        glob(MANIFESTS),
        glob("**/*"),
      ]);
    case "read":
    case "files":
      return round("Listing files", [glob(where ?? named ?? "**/*")]);
    case "exports":
      return round("Searching for exports", [
        grep(EXPORT_PATTERN, where ?? named, { head_limit: 250 }),
        glob(where ?? named ?? "**/*"),
      ]);
    case "tests":
      return round("Searching the tests", [
        glob(
          named === undefined ? where ?? TEST_FILES : braces([`${named}test*`, `*test${named}`]),
        ),
        ...(named === undefined ? [] : [glob(`**/tests/**/${named}`)]),
        ...terms.map((term) => grep(literalPattern(term.text), TEST_FILES)),
      ]);
    case "search":
      if (terms.length === 0) return round("Listing files", where ? [glob(where)] : []);
      return round(`Searching for ${quoteTerms(terms)}`, [
        grep(definitionPattern(terms), where),
        ...terms.map((term) => grep(literalPattern(term.text), where)),
        ...(where === undefined && named !== undefined
          ? [glob(named)]
          : where
          ? [glob(where)]
          : []),
      ]);
  }
}

/** Whether the search had to be widened: what was found then is near, not what was asked for. */
export function isWide(question: Question, evidence: Evidence): boolean {
  const pattern = widePattern(wideTerms(question));
  return evidence.searches.some((search) => search.pattern === pattern);
}

/** A second try with less: the parts of names, the last part of paths, the beginning of words. */
function wideRound(question: Question): PlannedRound | undefined {
  const wide = wideTerms(question);
  if (wide.length === 0) return undefined;
  return round(`Nothing found yet, trying ${quoteTerms(wide)}`, [
    grep(widePattern(wide), undefined),
    glob(nameGlob(wide)),
  ]);
}

function wideTerms(question: Question): Term[] {
  const parts = question.terms.flatMap((term) => partsOf(term.text));
  const names = question.paths.flatMap((path) => partsOf(path.split("/").at(-1) ?? ""));
  return [...new Set([...parts, ...names])].slice(0, 4).map((text) => ({ text, kind: "word" }));
}

function widePattern(terms: readonly Term[]): string {
  return `\\b(${terms.map((term) => literalPattern(term.text)).join("|")})`;
}

function readRound(
  question: Question,
  evidence: Evidence,
  context: PlanContext,
): PlannedRound | undefined {
  const listed = rankFiles(evidence.listings.flatMap((listing) => listing.files));
  switch (question.intent) {
    case "overview": {
      const readme = listed.find((path) => /(^|\/)readme[^/]*$/iu.test(path));
      const manifest = listed.find((path) => MANIFEST_NAMES.has(path.split("/").at(-1) ?? ""));
      return reading([readme, manifest].filter((path) => path !== undefined), context);
    }
    case "read":
      return reading(listed.slice(0, 1), context);
    case "files":
      return undefined;
    case "exports": {
      const door = listed.find((path) => DOORS.test(path));
      return door === undefined ? undefined : reading([door], context);
    }
    case "tests": {
      if (question.terms.length === 0 || evidence.rounds > 1) return undefined;
      const found = bestOfFiles(rankPlaces(question, evidence)).map((place) => place.path);
      const files = [...new Set([...listed.filter(isCode), ...found])].slice(0, 4);
      if (files.length === 0) return undefined;
      const where = braces(
        files.map((path) => pathGlob(context.shorten(path).replace(/^\//u, ""))),
      );
      return round("Looking for the names of those tests", [grep(TEST_PATTERN, where)]);
    }
    case "search": {
      const ranked = bestOfFiles(rankPlaces(question, evidence));
      const worst = (ranked[0]?.score ?? 0) - MAX_DISTANCE;
      const best = ranked.filter((place) => place.score >= worst).slice(0, MAX_READS);
      if (best.length === 0) return reading(listed.slice(0, 1), context);
      return round(
        `Reading ${best.map((place) => `\`${context.shorten(place.path)}\``).join(", ")}`,
        [
          ...best.map((place) => readAround(context.absolute(place.path), place.line)),
        ],
      );
    }
  }
}

function reading(files: readonly string[], context: PlanContext): PlannedRound | undefined {
  if (files.length === 0) return undefined;
  return round(
    `Reading ${files.map((path) => `\`${context.shorten(path)}\``).join(", ")}`,
    files.map((path) => read(context.absolute(path), 0, WHOLE_LINES)),
  );
}

function round(purpose: string, calls: PlannedCall[]): PlannedRound {
  return { purpose: `${purpose}.`, calls };
}

function glob(pattern: string): PlannedCall {
  return { tool: "Glob", input: { pattern } };
}

function grep(pattern: string, where: string | undefined, more = {}): PlannedCall {
  const input = { pattern, output_mode: "content", "-i": true, head_limit: HEAD_LIMIT, ...more };
  return { tool: "Grep", input: where === undefined ? input : { ...input, glob: where } };
}

function read(file_path: string, offset: number, limit: number): PlannedCall {
  return { tool: "Read", input: { file_path, offset, limit } };
}

function readAround(file_path: string, line: number): PlannedCall {
  const offset = Math.max(0, line - 1 - LINES_BEFORE);
  return read(file_path, offset, line - 1 - offset + EXCERPT_LINES);
}

function quoteTerms(terms: readonly Term[]): string {
  return terms.map((term) => `\`${term.text}\``).join(", ");
}

function partsOf(text: string): string[] {
  const words = text.replace(/([a-z\d])([A-Z])/gu, "$1 $2").split(/[^\p{L}\p{N}]+/u);
  const parts = words.length > 1 ? words : words.map((word) => word.slice(0, 5));
  return parts.filter((part) => part.length > 3 && part !== text);
}

function isCode(path: string): boolean {
  return !/\.(md|json|jsonl|txt|lock)$/u.test(path);
}

/** Files that say what a folder offers. */
const DOORS = /(^|\/)(mod|index|lib|main|__init__)\.(ts|tsx|js|jsx|mjs|rs|py)$/u;
const TEST_FILES = "*{test,spec}*";
const MANIFEST_NAMES = new Set([
  "deno.json",
  "deno.jsonc",
  "package.json",
  "Cargo.toml",
  "pyproject.toml",
  "go.mod",
  "pom.xml",
  "Gemfile",
  "composer.json",
]);
const MANIFESTS = braces([...MANIFEST_NAMES]);
