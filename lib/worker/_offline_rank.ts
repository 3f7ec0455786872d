/** Which places answer a question best. Part of the offline model. @module */

import type { Evidence, Hit } from "./_offline_evidence.ts";
import { DEFINITION_WORDS, nameVariants } from "./_offline_patterns.ts";
import type { Question, Term } from "./_offline_question.ts";

/** A hit with its worth. */
export interface Place extends Hit {
  score: number;
  /** Whether the line defines one of the terms. */
  isDefinition: boolean;
}

/** All hits of a question, each line once, the best first; equal ones by path and line. */
export function rankPlaces(question: Question, evidence: Evidence): Place[] {
  const hits = new Map<string, Hit>();
  for (const search of evidence.searches) {
    for (const hit of search.hits) hits.set(`${hit.path}:${hit.line}`, hit);
  }
  const termsOfFile = countTerms(question.terms, hits.values());
  return [...hits.values()]
    .map((hit) => rank(hit, question, termsOfFile.get(hit.path)?.size ?? 0))
    .sort((a, b) => b.score - a.score || compare(a.path, b.path) || a.line - b.line);
}

/** The best place of each file, the best file first. */
export function bestOfFiles(places: readonly Place[]): Place[] {
  const seen = new Set<string>();
  return places.filter((place) => !seen.has(place.path) && seen.add(place.path));
}

/** Files the best first: near the top of the tree before deep ones, generated ones last. */
export function rankFiles(files: Iterable<string>): string[] {
  return [...new Set(files)].sort((a, b) =>
    fileWorth(b) - fileWorth(a) || depth(a) - depth(b) || compare(a, b)
  );
}

function rank(hit: Hit, question: Question, termCount: number): Place {
  let score = 15 * termCount + fileWorth(hit.path);
  let isDefinition = false;
  const fileName = hit.path.slice(hit.path.lastIndexOf("/") + 1).toLowerCase();
  for (const term of question.terms) {
    if (!hit.text.toLowerCase().includes(term.text.toLowerCase())) continue;
    score += hit.text.includes(term.text) ? 8 : 4;
    if (nameVariants(term.text).some((name) => fileName.includes(name.toLowerCase()))) score += 20;
    const worth = PROSE.test(hit.path) ? 0 : definitionWorth(hit.text, term);
    if (worth > 0) isDefinition = true;
    score += worth;
  }
  if (/^#{1,6} /u.test(hit.text)) score += 20;
  if (IMPORT_LINE.test(hit.text)) score -= 12;
  if (question.intent !== "tests" && isTest(hit.path)) score -= 25;
  return { ...hit, score, isDefinition };
}

/** Files that speak of definitions and hold none. */
const PROSE = /\.(?:md|markdown|txt|rst|adoc)$/iu;

/** Lines that only bring a name in. */
const IMPORT_LINE =
  /^\s*(\*\s*)?(import\b|use\s|from\s|#include\b|\} from ")|\brequire\(|^\s*(type )?\w+,$/u;

/** A line that defines just this name is worth most, then one whose name contains the term. */
function definitionWorth(text: string, term: Term): number {
  const name = escapePattern(term.text);
  const define = `\\b(?:${DEFINITION_WORDS})\\s+(?:\\*\\s*)?`;
  // A comment defines nothing, and a variable inside a function not what people ask for.
  if (/^\s*(?:\*|\/\/|#)|^\s+(?:const|let|var|val)\b/u.test(text)) return 0;
  const exported = /^\s*(?:export|pub|public)\b/u.test(text) ? 15 : 0;
  if (new RegExp(`${define}${name}(?![\\w$])`, "u").test(text)) return 80 + exported;
  if (new RegExp(`${define}${name}(?![\\w$])`, "iu").test(text)) return 60 + exported;
  if (new RegExp(`${define}[\\w$]*${name}`, "iu").test(text)) return 30 + exported;
  return 0;
}

function countTerms(terms: readonly Term[], hits: Iterable<Hit>): Map<string, Set<Term>> {
  const byFile = new Map<string, Set<Term>>();
  for (const hit of hits) {
    const seen = byFile.get(hit.path) ?? new Set();
    byFile.set(hit.path, seen);
    const text = hit.text.toLowerCase();
    for (const term of terms) if (text.includes(term.text.toLowerCase())) seen.add(term);
  }
  return byFile;
}

function fileWorth(path: string): number {
  if (/(^|\/)(node_modules|vendor|dist|build|target|\.git)\//u.test(path)) return -80;
  if (/\.lock$|-lock\.\w+$|\.min\.\w+$|\.map$|\.snap$/u.test(path)) return -60;
  if (/(^|\/)(testdata|fixtures?|data|__snapshots__)\//u.test(path)) return -40;
  if (/changelog|history\.md$/iu.test(path)) return -30;
  return 0;
}

function isTest(path: string): boolean {
  return /(^|\/)(tests?|specs?|__tests__)\/|[._-](test|spec)\.\w+$/u.test(path);
}

function depth(path: string): number {
  return path.split("/").length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}
