/**
 * Repairs what is mechanical: what follows from the files themselves, with no choice left to make.
 * Everything else stays as it is and is told again.
 *
 * Source: the issue's `doctor --fix`; decision 37.
 *
 * @module
 */

import { type OpenTicket, setFields } from "./_change.ts";
import { mendedText } from "./_event_joint.ts";
import { readGrownText } from "./_grown_text.ts";
import { lookAt, readRegularText } from "./_regular_file.ts";
import type { Disk } from "./disk.ts";
import { type DoctorOptions, runDoctor } from "./_doctor.ts";
import { isEarlier, lastTimeOf } from "./_doctor_state_rules.ts";
import { type DoctorFix, type DoctorReport, reportOf } from "./doctor_report.ts";
import { loadYaml } from "./frontmatter.ts";
import { isRecordId } from "./record_id.ts";
import { isWriterLeftover } from "./root_scan.ts";
import { changesFor } from "./_lags.ts";
import { findExactly } from "./_lookup.ts";
import { lagsOfTicket, openTicket, readFiles } from "./_open_ticket.ts";
import { endsInSeparator } from "./_text_line.ts";
import type { HeldLock } from "./_write_lock.ts";
import type { Diagnostic } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** How a store is repaired. */
export interface FixOptions extends DoctorOptions {
  /** Writes in this root. */
  readonly disk: Disk;
  /** Takes the root's lock: temporary files are nobody's only while it is held. */
  readonly lock: () => Promise<HeldLock>;
}

/**
 * Repairs a store and says what was done and what is left; a second run has nothing to do. Of a
 * thread no byte is changed but a byte order mark and a letter that was cut off: a `---` line that is
 * missing at its end is added, one that is missing in its middle is not, and a missing thread is not
 * made up.
 *
 * The lock is held for the repairs alone, not for the looks before and after: those take longer than
 * other writers wait. So a repair first looks whether its finding still holds.
 *
 * @throws {TicketError} `io` when the disk refuses. Repairs that were made before stay made.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Disk } from "./disk.ts";
 * import { fixStore } from "./_doctor_fix.ts";
 * import { WriteLock } from "./_write_lock.ts";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.mkdir(`${root}/.00001KT07NV00.new`);
 * const lock = () => new WriteLock(root).acquire();
 * const { ok, diagnostics, fixed } = await fixStore(root, { disk: new Disk(root), lock });
 * assertEquals([ok, diagnostics.length], [true, 0]);
 * assertEquals(fixed?.map(({ code }) => code), ["staging_left"]);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export async function fixStore(root: string, options: FixOptions): Promise<DoctorReport> {
  let fixed: readonly DoctorFix[] = [];
  let report = await runDoctor(root, options);
  // One repair can bring another to light: a mark at the beginning of a thread hides its events.
  for (let round = 0; round < MAX_ROUNDS && report.diagnostics.some(hasRepair); round++) {
    const done = await repairUnderLock(root, options, report.diagnostics);
    fixed = [...fixed, ...done];
    report = await runDoctor(root, options);
    if (done.length === 0) break;
  }
  return reportOf(report.diagnostics, fixed);
}

async function repairUnderLock(
  root: string,
  options: FixOptions,
  findings: readonly Diagnostic[],
): Promise<DoctorFix[]> {
  using held = await options.lock();
  // A writer that has died since may have left what the findings say nothing of.
  const still = held.isInherited
    ? (await runDoctor(root, { ...options, isAlone: true })).diagnostics
    : findings;
  return await repair(root, options.disk, still, options.signal);
}

function hasRepair({ code, path }: Diagnostic): boolean {
  return path !== null && REPAIRS.has(code);
}

const MAX_ROUNDS = 4;

/** One finding that is to be repaired. */
interface Case {
  readonly disk: Disk;
  /** What the finding names, relative to the root. */
  readonly path: string;
  /** Id of the ticket that it is about, if it is about one. */
  readonly ticket: string | null;
}

/** What was done about one finding, which may be beside the one that was to be repaired. */
type Repaired = Pick<DoctorFix, "code" | "message">;

/**
 * Repairs one finding and says what it did; `undefined` when it is not for a program to repair, a list
 * where several findings have one repair.
 */
type Repair = (found: Case) => Promise<string | readonly Repaired[] | undefined>;

/** What can be repaired, by the finding's code. */
const REPAIRS: ReadonlyMap<string, Repair> = new Map<string, Repair>([
  ["artifacts_missing", makeArtifacts],
  ["state_lags_thread", rollForward],
  ["field_lags_thread", rollForward],
  ["updated_before_created", moveTimeOn],
  ["updated_before_last_event", moveTimeOn],
  ["byte_order_mark", dropMark],
  ["thread_cut", cutThread],
  ["event_unterminated", endThread],
  ["temporary_left", removeTemporary],
  ["staging_left", removeStaging],
]);

async function repair(
  root: string,
  disk: Disk,
  findings: readonly Diagnostic[],
  signal: AbortSignal | undefined,
): Promise<DoctorFix[]> {
  const fixed: DoctorFix[] = [];
  // A migration removes them only if they are as it has left them.
  const moving = findings.filter(({ code }) => code === "migration_unfinished")
    .map(({ path }) => `${path}/`);
  for (const { code, path, ticket } of inOrderOfRepair(findings)) {
    const work = REPAIRS.get(code);
    if (work === undefined || path === null) continue;
    if (moving.some((folder) => `${path}/`.startsWith(folder))) continue;
    signal?.throwIfAborted();
    try {
      const done = await work({ disk, path: path.slice(root.length + 1), ticket }) ?? [];
      const repaired = typeof done === "string" ? [{ code, message: done }] : done;
      for (const { code, message } of repaired) fixed.push({ code, message, path });
    } catch (error) {
      // Something else about this ticket is in the way; its finding stays, beside that one.
      if (!(error instanceof TicketError)) throw error;
      // A full disk is everybody's; what may not be read or written is this ticket's alone.
      const isOwn = error.cause instanceof Deno.errors.PermissionDenied;
      if (error.code === "io" && !isOwn) throw error;
    }
  }
  return fixed;
}

/** What lags comes first: times tell that, of the item or of files, and other repairs change those. */
function inOrderOfRepair(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  const lags = ({ code }: Diagnostic) => REPAIRS.get(code) === rollForward;
  return [...findings.filter(lags), ...findings.filter((finding) => !lags(finding))];
}

async function makeArtifacts({ disk, path }: Case): Promise<string | undefined> {
  const [folder, artifacts] = [path, `${path}/artifacts`].map((at) => lookAt(disk.absolute(at)));
  if (folder === undefined || artifacts !== undefined) return undefined;
  await disk.makeFolder(`${path}/artifacts`);
  await disk.writeWhole(`${path}/artifacts/.gitkeep`, "");
  return 'created the folder "artifacts"';
}

/** Makes up for all that lags at one go: a part of it would move the time on and hide the rest. */
async function rollForward(found: Case): Promise<readonly Repaired[]> {
  const ticket = await openFound(found);
  if (ticket === undefined) return [];
  const lags = lagsOfTicket(found.disk.root, ticket);
  const changes = changesFor(lags);
  if (changes === undefined) return [];
  await found.disk.perform([setFields(ticket, changes)]);
  const { state, fields } = lags;
  const done = fields.map(({ field, to, line }) => ({
    code: "field_lags_thread",
    message: `set \`${field}\` to ${to ?? "nothing"}, as the thread's line ${line} records`,
  }));
  if (state === undefined) return done;
  const { from, to, line } = state;
  const message = `set \`state\` from ${from} to ${to}, as the thread's line ${line} records`;
  return [{ code: "state_lags_thread", message }, ...done];
}

async function moveTimeOn(found: Case): Promise<string | undefined> {
  const ticket = await openFound(found);
  if (ticket === undefined) return undefined;
  const { createdAt, updatedAt } = ticket.item.fields;
  // The time of an edit that was probably cut off would say that it is there.
  const isEditCut = lagsOfTicket(found.disk.root, ticket).edit !== undefined;
  const lastEvent = isEditCut ? null : lastTimeOf(ticket.thread.events);
  const latest = isEarlier(createdAt, lastEvent) ? lastEvent : createdAt ?? lastEvent;
  if (latest === null || !isEarlier(updatedAt, latest)) return undefined;
  await found.disk.perform([setFields(ticket, { updated_at: latest })]);
  return `moved \`updated_at\` from ${updatedAt} to ${latest}`;
}

async function dropMark({ disk, path }: Case): Promise<string | undefined> {
  const text = readRegularText(disk.absolute(path));
  if (!text?.startsWith(MARK)) return undefined;
  await disk.writeWhole(path, text.slice(MARK.length));
  return "removed the byte order mark";
}

async function cutThread({ disk, path }: Case): Promise<string | undefined> {
  const thread = readGrownText(disk.absolute(path), endsInSeparator);
  if (thread?.isCut !== true) return undefined;
  await disk.writeWhole(path, mendedText(thread.text, true));
  return "removed an incomplete character and ended the last event with a `---` line";
}

async function endThread({ disk, path }: Case): Promise<string | undefined> {
  const text = readRegularText(disk.absolute(path));
  if (text === undefined) return undefined;
  const mended = mendedText(text, true);
  if (!mended.startsWith(text) || mended === text) return undefined;
  await disk.append(path, mended.slice(text.length));
  return "ended the last event with a `---` line";
}

async function removeTemporary({ disk, path }: Case): Promise<string | undefined> {
  if (!isWriterLeftover(path.slice(path.lastIndexOf("/") + 1))) return undefined;
  if (lookAt(disk.absolute(path)) === undefined) return undefined;
  await disk.remove(path);
  return "removed a temporary file";
}

async function removeStaging({ disk, path }: Case): Promise<string | undefined> {
  const [, id, old] = STAGING.exec(path) ?? [];
  if (id === undefined || !isRecordId(id)) return undefined;
  if (lookAt(disk.absolute(path)) === undefined) return undefined;
  // What a migration was about to remove: only when the ticket is there in its new form.
  if (old !== undefined && lookAt(disk.absolute(`${id}/item.md`)) === undefined) return undefined;
  await disk.remove(path);
  return "removed a ticket whose creation was interrupted";
}

const MARK = "\ufeff";

/** Folders in which tickets are made, and the old ones that a migration is about to remove. */
const STAGING = /^\.(.{13})(\.old)?\.new$/;

/** The ticket of a finding about its `item.md`, as operations see it. */
async function openFound({ disk, path, ticket }: Case): Promise<OpenTicket | undefined> {
  const entry = ticket === null ? undefined : findExactly(disk.root, ticket);
  // Two folders can go by one id: only the one that was looked at is meant.
  if (entry === undefined || path !== `${entry.folder}/item.md`) return undefined;
  return openTicket(readFiles(disk.root, entry, await loadYaml()));
}
