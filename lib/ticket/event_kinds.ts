/**
 * What each kind of event is called, and every text that the store writes by itself, in both record
 * languages.
 *
 * Source: tickets specification, sections 2.6, 3.5, 5 and 9; decision 34.
 *
 * @module
 */

import type { TicketState } from "./states.ts";

/** The language of generated texts; it never restricts what users write. */
export type RecordLanguage = "english" | "japanese";

/** What is known of a kind of event. */
export interface EventKind {
  /** The heading that is written; reviews have one for each result. */
  readonly heading: Readonly<Record<RecordLanguage, string>>;
  /** The kind that it means, where it is another spelling of one. */
  readonly means?: string;
}

/** Every kind that has a meaning. Others are legal and are read as they are. */
export const EVENT_KINDS: ReadonlyMap<string, EventKind> = new Map<string, EventKind>([
  ["create", { heading: { english: "Created", japanese: "作成" } }],
  ["comment", always("Comment")],
  ["plan", always("Plan")],
  ["decision", always("Decision")],
  ["implementation_report", always("Implementation report")],
  ["review", always("Review")],
  ["state_changed", always("State changed")],
  ["intake_summary", always("Intake summary")],
  ["close", { heading: { english: "Closed", japanese: "完了" } }],
  ["closed", { heading: { english: "Closed", japanese: "完了" }, means: "close" }],
  ["status_changed", { heading: { english: "Status changed", japanese: "ステータス変更" } }],
  ["migration", always("Migrated")],
  ["item_edit", { heading: { english: "Item updated", japanese: "項目更新" } }],
]);

/** What a review can come to. */
export type ReviewResult = "approve" | "request_changes";

/** What the configured language means for generated texts: Japanese when it names it, else English. */
export function recordLanguage(configured: string | undefined): RecordLanguage {
  const language = configured?.trim().toLowerCase() ?? "";
  const isJapanese = ["japanese", "ja", "ja-jp"].includes(language) || language.includes("日本語");
  return isJapanese ? "japanese" : "english";
}

/** The kind that a written kind means: `closed` is `close`, others are what they are. */
export function meaningOfKind(kind: string): string {
  return EVENT_KINDS.get(kind)?.means ?? kind;
}

/**
 * The heading of an event that is to be written. A kind without an entry gets its own name as words.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { headingOf } from "./event_kinds.ts";
 *
 * assertEquals(headingOf("close", "japanese"), "完了");
 * const reviewResult = "request_changes";
 * assertEquals(headingOf("review", "english", { reviewResult }), "Review: request changes");
 * ```
 */
export function headingOf(
  kind: string,
  language: RecordLanguage,
  options: { readonly reviewResult?: ReviewResult | undefined } = {},
): string {
  const heading = EVENT_KINDS.get(kind)?.heading[language] ?? capitalized(words(kind));
  const { reviewResult } = options;
  return reviewResult === undefined ? heading : `${heading}: ${words(reviewResult)}`;
}

/** The body of an item for which none was given; it ends with LF. */
export function defaultItemBody(backendName: string, language: RecordLanguage): string {
  return language === "japanese"
    ? `## 背景\n\n${backendName} が作成したチケットです。\n\n## 受け入れ条件\n\n- 未定\n`
    : `## Background\n\nThis ticket was created by ${backendName}.\n\n## Acceptance criteria\n\n- TBD\n`;
}

/** Body of `create`. */
export function createBody(backendName: string, language: RecordLanguage): string {
  return language === "japanese" ? `${backendName} が作成しました。` : `Created by ${backendName}.`;
}

/** Body of the `state_changed` that queues a ticket. */
export function queueBody(queuedBy: string, language: RecordLanguage): string {
  const name = codeSpan(queuedBy);
  return language === "japanese"
    ? `${name} がチケットをキューに入れました。`
    : `Queued by ${name} for routing.`;
}

/** Body of the `state_changed` that makes a ticket ready, when none was given. */
export function intakeReadyBody(language: RecordLanguage): string {
  return language === "japanese"
    ? "計画が終わり、チケットは ready になりました。"
    : "Planning is finished; the ticket is ready.";
}

/** Body of `intake_summary` when a command line verb makes a ticket ready without words. */
export function intakeSummaryBody(actor: string, language: RecordLanguage): string {
  const name = codeSpan(actor);
  return language === "japanese"
    ? `${name} が ready に設定しました。`
    : `Marked ready with ${name}.`;
}

/** Body of a `state_changed` for which none was given. */
export function transitionBody(
  from: TicketState,
  to: TicketState,
  language: RecordLanguage,
): string {
  return language === "japanese"
    ? `状態を ${from} から ${to} に変更しました。`
    : `Moved from ${from} to ${to}.`;
}

/** Body of the `state_changed` that closes a ticket; its `close` event holds the resolution. */
export function closeBody(language: RecordLanguage): string {
  return language === "japanese" ? "チケットを closed にしました。" : "The ticket is closed.";
}

/**
 * Body of the `state_changed` that reopens a ticket. `archivedResolution` is where the resolution of
 * the closed ticket went, a path below the ticket's folder.
 */
export function reopenBody(
  reason: string,
  archivedResolution: string | undefined,
  language: RecordLanguage,
): string {
  if (archivedResolution === undefined) return reason;
  const path = codeSpan(archivedResolution);
  const sentence = language === "japanese"
    ? `以前の解決内容は ${path} にあります。`
    : `The earlier resolution is in ${path}.`;
  return `${reason}\n\n${sentence}`;
}

/** Body of `item_edit`: names the parts that were edited. */
export function itemEditBody(
  parts: readonly ("title" | "body" | "frontmatter")[],
  language: RecordLanguage,
): string {
  const list = parts.join(", ");
  return language === "japanese" ? `項目を更新しました: ${list}。` : `Item updated: ${list}.`;
}

/** Body of the `state_changed` of a field other than the state; `null` is an absent value. */
export function fieldChangeBody(
  field: string,
  from: string | null,
  to: string | null,
  language: RecordLanguage,
): string {
  const name = codeSpan(field);
  const japanese = language === "japanese";
  if (to === null) return japanese ? `${name} を削除しました。` : `Removed ${name}.`;
  if (from === null) {
    return japanese
      ? `${name} を ${codeSpan(to)} に設定しました。`
      : `Set ${name} to ${codeSpan(to)}.`;
  }
  return japanese
    ? `${name} を ${codeSpan(from)} から ${codeSpan(to)} に変更しました。`
    : `Changed ${name} from ${codeSpan(from)} to ${codeSpan(to)}.`;
}

function always(heading: string): EventKind {
  return { heading: { english: heading, japanese: heading } };
}

function words(name: string): string {
  return name.replaceAll("_", " ");
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Text as Markdown code, in a run of backticks longer than any that it holds. */
function codeSpan(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  if (runs.length === 0) return `\`${text}\``;
  const fence = "`".repeat(1 + Math.max(...runs.map((run) => run.length)));
  return `${fence} ${text} ${fence}`;
}
