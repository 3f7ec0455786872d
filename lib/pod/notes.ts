/**
 * Notifications that wait for the model: what they are, how many wait, and how they read.
 *
 * Source: controller specification, sections 4 and 5.
 *
 * @module
 */

import type { PodEvent } from "../protocol/pod_event.ts";
import type { InvokeKind } from "../protocol/event.ts";
import type { SystemItem } from "../session/item.ts";

/** The raw input of a notification; it is rendered when the model takes it. */
export type NoteContent =
  | { kind: "notification"; message: string }
  | { kind: "pod_event"; event: Exclude<PodEvent, { kind: "scope_sub_delegated" }> };

/** One waiting notification. */
export interface Note {
  content: NoteContent;
  /** Whether an idle Pod starts a turn for it. */
  autoRun: boolean;
}

/** Notes that may wait at once; the oldest goes first. */
export const NOTE_CAPACITY = 128;

/** Adds a note behind the others and drops the oldest ones over `capacity`. */
export function pushNote(
  notes: readonly Note[],
  note: Note,
  capacity: number = NOTE_CAPACITY,
): { notes: readonly Note[]; dropped: number } {
  const all = [...notes, note];
  const dropped = Math.max(0, all.length - capacity);
  return { notes: dropped > 0 ? all.slice(dropped) : all, dropped };
}

/** What makes an idle Pod active for these notes; nothing when all of them can wait. */
export function wakeUpKind(notes: readonly Note[]): InvokeKind | undefined {
  const note = notes.find((candidate) => candidate.autoRun);
  if (!note) return undefined;
  return note.content.kind === "notification" ? "notify" : "pod_event";
}

/** The line a child's report becomes. */
export function podEventLine(event: PodEvent): string {
  switch (event.kind) {
    case "turn_ended":
      return `Pod \`${event.pod_name}\` finished a turn.`;
    case "errored":
      return `Pod \`${event.pod_name}\` errored: ${event.message}`;
    case "shut_down":
      return `Pod \`${event.pod_name}\` shut down.`;
    case "scope_sub_delegated":
      return `Pod \`${event.parent_pod}\` lent scope to \`${event.sub_pod}\`.`;
  }
}

/** The text the model sees for one notification. */
export function notificationBody(text: string): string {
  return `[Notification]\n${text}\n\n` +
    "This is a notification, not a blocking request. Handle it at a natural stopping point.";
}

/** The system item that a note becomes. */
export function renderNote(content: NoteContent): SystemItem {
  return content.kind === "notification"
    ? {
      kind: "notification",
      message: content.message,
      body: notificationBody(content.message),
    }
    : {
      kind: "pod_event",
      event: content.event,
      body: notificationBody(podEventLine(content.event)),
    };
}
