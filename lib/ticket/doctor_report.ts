/** @module */

import type { Diagnostic, Severity } from "./ticket.ts";

/** A repair that was made. */
export interface DoctorFix {
  /** Code of the finding that was repaired. */
  readonly code: string;
  /** What was done. */
  readonly message: string;
  /** The file or folder, absolute. */
  readonly path: string;
}

/** The doctor's report on a store. */
export interface DoctorReport {
  /** Whether there is no error; warnings do not count. */
  readonly ok: boolean;
  /** Findings in the order of specification section 8; after repairs, those that are left. */
  readonly diagnostics: readonly Diagnostic[];
  /** What was repaired; only if repairs were asked for. */
  readonly fixed?: readonly DoctorFix[];
}

/** What a rule says about one place. */
export interface Finding {
  /** What is so and what to do about it. */
  readonly message: string;
  /** Below the ticket's folder, or below the root for rules that are not about one ticket. */
  readonly file?: string;
  /** In place of `file`, for what lies beside the root: as the root was given. */
  readonly path?: string;
  /** 1-based. */
  readonly line?: number | null;
  /** Id of the ticket; rules about one ticket leave it out. */
  readonly ticket?: string;
  /** Whether this breach is a warning, whatever the rule says. */
  readonly isMild?: boolean;
}

/**
 * One rule of the doctor, as data: the name that programs know it by, how bad a breach is, and how
 * it is found. A rule sees facts that were read before; it opens nothing itself.
 */
export interface DoctorRule<Facts> {
  /** Stable, `snake_case`. */
  readonly code: string;
  /** Severity of a breach. */
  readonly severity: Severity;
  /** Number in specification section 8; `null` for the rules that section marks as ours. */
  readonly number: number | null;
  /**
   * Whether v1 and v2 tickets are looked at as well. The reference never looks inside them (its
   * only word on them is rule 1 or 2), so there every finding is a warning. Default `false`.
   */
  readonly looksAtOldTickets?: boolean;
  /** Tells `report` about every breach. */
  readonly check: (facts: Facts, report: (finding: Finding) => void) => void;
}

/** The report of these findings. */
export function reportOf(
  diagnostics: readonly Diagnostic[],
  fixed?: readonly DoctorFix[],
): DoctorReport {
  const ok = diagnostics.every(({ severity }) => severity !== "error");
  return fixed === undefined ? { ok, diagnostics } : { ok, diagnostics, fixed };
}
