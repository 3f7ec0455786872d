/** Every operation of a store, each with what has to be there before it. @module */

import type { TicketState } from "../../lib/ticket/states.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import type { DiskStep } from "../../lib/ticket/disk.ts";
import { FIRST_ID, START, writeFile } from "./_written_root.ts";

/** The ticket that operations look at, not the one that they change. */
export const OTHER_ID = "00001KT07NV01";

/** An operation on the ticket {@linkcode FIRST_ID}. */
export interface NamedOperation {
  /** State of the ticket before; default `planning`. */
  readonly state?: TicketState;
  /** What else has to be there. */
  readonly prepare?: (store: TicketStore) => Promise<unknown>;
  readonly run: (store: TicketStore) => Promise<unknown>;
}

/** Operations by name. */
export const OPERATIONS: Readonly<Record<string, NamedOperation>> = {
  create: { run: (store) => store.create({ title: "third" }) },
  create_ready: { run: (store) => store.create({ title: "third", state: "ready", summary: "s" }) },
  comment: { run: (store) => store.comment(FIRST_ID, { body: "---\n```" }) },
  review: { run: (store) => store.review(FIRST_ID, { result: "approve", body: "Fine." }) },
  intake_ready: { run: (store) => store.intakeReady(FIRST_ID, { summary: "Worth it." }) },
  queue: { state: "ready", run: (store) => store.queue(FIRST_ID) },
  begin: { state: "queued", run: (store) => store.setState(FIRST_ID, "inprogress") },
  finish: { state: "inprogress", run: (store) => store.setState(FIRST_ID, "done") },
  plan_again: { state: "queued", run: (store) => store.setState(FIRST_ID, "planning") },
  close: { state: "done", run: (store) => store.close(FIRST_ID, { resolution: "Done." }) },
  close_again: {
    prepare: (store) => store.close(FIRST_ID, { resolution: "One." }),
    run: (store) => store.close(FIRST_ID, { resolution: "Two." }),
  },
  reopen: {
    prepare: (store) => store.close(FIRST_ID, { resolution: "One." }),
    run: (store) => store.reopen(FIRST_ID, { reason: "again" }),
  },
  relate: {
    run: (store) => store.relate(FIRST_ID, { kind: "depends_on", target: OTHER_ID }),
  },
  relate_without_folder: {
    prepare: (store) => Deno.remove(`${store.root}/${FIRST_ID}/artifacts`, { recursive: true }),
    run: (store) => store.relate(FIRST_ID, { kind: "related", target: OTHER_ID }),
  },
  unrelate: {
    prepare: (store) => store.relate(FIRST_ID, { kind: "blocks", target: OTHER_ID }),
    run: (store) => store.unrelate(FIRST_ID, { kind: "blocks", target: OTHER_ID }),
  },
  plan: { run: (store) => store.plan(FIRST_ID, { kind: "after", relatedTicket: OTHER_ID }) },
  plan_more: {
    prepare: (store) => store.plan(FIRST_ID, { kind: "after", relatedTicket: OTHER_ID }),
    run: (store) => store.plan(FIRST_ID, { kind: "waiting_capacity_note", note: "wait" }),
  },
  assign: { run: (store) => store.assign(FIRST_ID, "bob") },
  edit: { run: (store) => store.editItem(FIRST_ID, { title: "other", body: "other" }) },
  prioritize: { run: (store) => store.setPriority(FIRST_ID, "P1") },
  record_state_change: {
    run: (store) =>
      store.recordStateChange(FIRST_ID, { from: "intake", to: "planning", reason: "told" }),
  },
  record_intake_summary: { run: (store) => store.recordIntakeSummary(FIRST_ID, { summary: "s" }) },
  replace_item: {
    run: async (store) => {
      const expected = await store.itemText(FIRST_ID);
      await store.replaceItem(FIRST_ID, expected.replace("'first'", "'other'"), { expected });
    },
  },
  catch_up: {
    state: "queued",
    prepare: async (store) => {
      const path = `${store.root}/${FIRST_ID}/item.md`;
      const item = await Deno.readTextFile(path);
      await store.setState(FIRST_ID, "inprogress");
      await Deno.writeTextFile(path, item);
    },
    run: (store) => store.setState(FIRST_ID, "done"),
  },
};

/** A store whose clock stands still `seconds` after {@linkcode START}. */
export function storeAt(
  root: string,
  seconds: number,
  onWrite?: (step: DiskStep) => void,
): TicketStore {
  const now = () => START + seconds * 1000;
  return TicketStore.open(root, { author: "alice", durable: false, now, onWrite });
}

/** Makes the two tickets that an operation finds. */
export async function prepareRoot(root: string, operation: NamedOperation): Promise<void> {
  const state = operation.state ?? "planning";
  const store = storeAt(root, 0);
  await store.create({ title: "first", state, import: true });
  await store.create({ title: "second", state: "done", import: true });
  // What a killed writer may have left before counts for nothing here.
  writeFile(root, `${OTHER_ID}/artifacts/notes.md`, "kept\n");
  await operation.prepare?.(storeAt(root, 1));
}
