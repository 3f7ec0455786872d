/** @module */

import { runCommand } from "../process/run_command.ts";
import { chooseThreeWay } from "./_three_way.ts";
import { TicketError } from "./ticket_error.ts";

/** The result of merging one file. */
export interface TextMerge {
  /** The merged text. */
  readonly text: string;
  /** Whether a person has to decide something: between git's markers, or between `states`. */
  readonly conflict: boolean;
  /**
   * Only for a thread: the states to decide between. The text has no markers then and stays
   * readable.
   */
  readonly states?: DivergedState;
}

/** The different states to which two branches moved one ticket. */
export interface DivergedState {
  /** The last one on our side. */
  readonly ours: string;
  /** The last one on their side. */
  readonly theirs: string;
}

/** The three versions of a file: the common ancestor, and what two sides made of it. */
export interface ThreeVersions {
  /** The common ancestor. */
  readonly base: string;
  /** What our side made of it. */
  readonly ours: string;
  /** What their side made of it. */
  readonly theirs: string;
}

/** Merges texts line by line. */
export type MergeLines = (versions: ThreeVersions) => Promise<TextMerge>;

/** Exit codes of `git merge-file` from here on are failures; below, the number of conflicts. */
const FAILED = 128;

/**
 * Merges texts line by line with `git merge-file`, the way git itself would.
 *
 * @throws {TicketError} `io` when git cannot do it.
 */
export async function mergeLines(versions: ThreeVersions): Promise<TextMerge> {
  const whole = chooseThreeWay(versions, Object.is);
  if (whole.kind === "value") return { text: whole.value, conflict: false };
  try {
    return await mergeByGit(versions);
  } catch (cause) {
    throw TicketError.io("git merge-file", cause);
  }
}

async function mergeByGit(versions: ThreeVersions): Promise<TextMerge> {
  const folder = await Deno.makeTempDir({ prefix: "yoi-merge-" });
  try {
    const names = ["ours", "base", "theirs"] as const;
    for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, versions[name]);
    const { status, stdout, stderr } = await runCommand({
      command: ["git", "merge-file", "-p", ...names.flatMap((name) => ["-L", name]), ...names],
      cwd: folder,
      maxOutputBytes: Infinity,
    });
    if (status.code >= FAILED) throw new Error(stderr.trim());
    return { text: stdout, conflict: status.code > 0 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
